#include "accounts/accounts.h"
#include "docker/engine.h"
#include "docker/registry.h"
#include "support/await.h"
#include "support/privatedaemon.h"
#include "support/privatekeyring.h"

#include <QDirIterator>
#include <QLoggingCategory>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using accounts::Account;
using accounts::Accounts;
using accounts::SecretStore;
using support::await;
using support::CommandResult;
using support::PrivateDaemon;
using support::PrivateKeyring;
using support::runCommand;
using namespace Qt::StringLiterals;

namespace {
const QString host = u"localhost:5000"_s;
const QString user = u"ada"_s;
const QString password = u"correct-horse:bättery+staple/"_s;

/** What the store keeps of the daemon's talk: everything of the program that logs, in one file. */
void logInto(const QString &path)
{
    static QFile file;
    file.setFileName(path);
    if (file.open(QIODevice::WriteOnly | QIODevice::Append))
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext &context, const QString &text) {
            file.write(QByteArray(context.category) + ": " + text.toUtf8() + '\n');
            file.flush();
        });
}
} // namespace

/**
 * Accounts against a real daemon, a real registry with a password, a real keyring and Docker's own client. At the end:
 * the password is nowhere on disk, in no log and on no command line.
 */
class AccountsTest : public QObject
{
    Q_OBJECT

    PrivateKeyring m_keyring; ///< before anything meets a bus
    PrivateDaemon m_daemon;
    QProcess m_registry; ///< in the daemon's network, where nobody else has its port
    QProcess m_plain; ///< another, at an address where Docker expects TLS
    QProcess m_unknown; ///< another, with a certificate that nobody has signed
    std::unique_ptr<docker::Engine> m_engine;

    /** The program, as it would be after a start. */
    struct Session
    {
        explicit Session(docker::Engine &engine)
            : accounts(engine, secrets, settings)
        {
        }
        settings::Settings settings;
        SecretStore secrets;
        Accounts accounts;
    };

    QString file(const QString &name) const { return m_keyring.folder() + u'/' + name; }
    bool startRegistry(QProcess &process, const QString &name, const QByteArray &http)
    {
        QFile config(file(name + ".yml"_L1));
        if (!config.open(QIODevice::WriteOnly))
            return false;
        config.write("version: 0.1\nhttp: {" + http + "}\nstorage: {filesystem: {rootdirectory: '"
            + file(name).toLocal8Bit() + "'}}\nauth: {htpasswd: {realm: r, path: '" + file(u"htpasswd"_s).toLocal8Bit()
            + "'}}\n");
        config.close();
        process.setStandardOutputFile(QProcess::nullDevice());
        process.setStandardErrorFile(QProcess::nullDevice());
        process.start(u"nsenter"_s,
            {u"--net="_s + m_daemon.networkNamespace(), u"--"_s, QStandardPaths::findExecutable(u"docker-registry"_s),
                u"serve"_s, config.fileName()});
        return process.waitForStarted();
    }
    core::Result<accounts::Stored> signIn(
        Session &session, const QString &registry, const QString &name, const QString &secret)
    {
        return await(session.accounts.signIn(registry, name, secret), 30000);
    }
    bool pull(Session &session)
    {
        const auto auth = await(session.accounts.authFor(host));
        if (!auth)
            return false;
        auto *stream = m_engine->pullImage(host + "/team/bb"_L1, u"1"_s, {}, m_engine.get(), *auth);
        bool ok = false;
        connect(stream, &docker::PullStream::closed, this, [&ok](const core::Result<void> &end) { ok = end.ok(); });
        return support::awaitSignal(stream, &docker::PullStream::closed, 30000) && ok;
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const QString &reason : {PrivateDaemon::skipReason(), PrivateKeyring::skipReason()}) {
            if (!reason.isEmpty())
                QSKIP(qPrintable(reason));
        }
        for (const char *name : {"docker-registry", "htpasswd", "openssl"}) {
            if (QStandardPaths::findExecutable(QString::fromLatin1(name)).isEmpty())
                QSKIP(qPrintable(u"there is no %1 here"_s.arg(QString::fromLatin1(name))));
        }
        QVERIFY(m_keyring.startBus());
        QVERIFY2(m_daemon.start(), qPrintable(m_daemon.failure()));
        const CommandResult hashed
            = runCommand(u"htpasswd"_s, {u"-n"_s, u"-i"_s, u"-B"_s, u"-C"_s, u"4"_s, user}, password.toUtf8() + '\n');
        QFile htpasswd(file(u"htpasswd"_s));
        QVERIFY(hashed.ok() && htpasswd.open(QIODevice::WriteOnly));
        htpasswd.write(hashed.out);
        htpasswd.close();
        QVERIFY(startRegistry(m_registry, u"registry"_s, "addr: '127.0.0.1:5000'"));
        // Docker takes plain HTTP from 127.0.0.0/8 without a word; elsewhere it wants TLS.
        QVERIFY(runCommand(u"nsenter"_s,
            {u"--net="_s + m_daemon.networkNamespace(), u"--"_s, u"ip"_s, u"addr"_s, u"add"_s, u"10.9.9.9/32"_s,
                u"dev"_s, u"lo"_s})
                    .ok());
        QVERIFY(startRegistry(m_plain, u"plain"_s, "addr: '10.9.9.9:5001'"));
        QVERIFY(runCommand(u"openssl"_s,
            {u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-days"_s, u"1"_s, u"-subj"_s, u"/CN=r"_s,
                u"-addext"_s, u"subjectAltName=IP:10.9.9.9"_s, u"-keyout"_s, file(u"key.pem"_s), u"-out"_s,
                file(u"cert.pem"_s)})
                    .ok());
        QVERIFY(startRegistry(m_unknown, u"unknown"_s,
            "addr: '10.9.9.9:5002', tls: {certificate: '" + file(u"cert.pem"_s).toLocal8Bit() + "', key: '"
                + file(u"key.pem"_s).toLocal8Bit() + "'}"));
        logInto(file(u"log"_s));
        QLoggingCategory::setFilterRules(u"*=true"_s);
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon.socketPath()});
    }
    void cleanupTestCase()
    {
        qInstallMessageHandler(nullptr);
        m_engine.reset();
        for (QProcess *process : {&m_registry, &m_plain, &m_unknown}) {
            process->kill();
            process->waitForFinished();
        }
    }

    void withoutAKeyringTheSessionKeepsIt()
    {
        QVERIFY(m_daemon.makeBusybox(host + "/team/bb:1"_L1));
        {
            Session session(*m_engine);
            QTRY_VERIFY_WITH_TIMEOUT(signIn(session, host, user, password).ok(), 20000);
            QCOMPARE(session.accounts.list(), (QList<Account>{{host, user, Account::Where::Session, {}}}));
            const auto auth = await(session.accounts.authFor(host));
            QCOMPARE(auth->password, password);
            auto *push
                = docker::pushImage(*m_engine, *docker::ImageReference::parse(host + "/team/bb:1"_L1), *auth, this);
            core::Result<void> end;
            connect(
                push, &docker::PullStream::closed, this, [&end](const core::Result<void> &result) { end = result; });
            QVERIFY(support::awaitSignal(push, &docker::PullStream::closed, 30000));
            QVERIFY(end.ok());
            m_daemon.docker({u"rmi"_s, host + "/team/bb:1"_L1});
            QVERIFY(pull(session));
        }
        Session next(*m_engine);
        QVERIFY(next.accounts.list().isEmpty());
        QVERIFY(await(next.accounts.authFor(host))->isEmpty());
        QVERIFY(!pull(next));
    }

    void theKeyringKeepsItForTheNextStart()
    {
        QVERIFY(m_keyring.startKeyring());
        {
            Session session(*m_engine);
            const auto wrong = signIn(session, host, user, u"wrong"_s);
            QVERIFY(!wrong.ok());
            QCOMPARE(wrong.error().kind, core::ErrorKind::Unauthorized);
            QVERIFY(session.accounts.list().isEmpty());
            const auto stored = signIn(session, "http://"_L1 + host + "/v2/"_L1, user, password);
            QVERIFY(stored.ok());
            QVERIFY2(stored->inKeyring, qPrintable(stored->why));
            QCOMPARE(m_keyring.lookup("registry/"_L1 + host), password);
        }
        Session next(*m_engine);
        QCOMPARE(next.accounts.list(), (QList<Account>{{host, user, Account::Where::Keyring, {}}}));
        m_daemon.docker({u"rmi"_s, host + "/team/bb:1"_L1});
        QVERIFY(pull(next));
        QVERIFY(m_daemon.docker({u"inspect"_s, host + "/team/bb:1"_L1}).ok());
    }

    void aLockedKeyringIsSaidAndForgetsNothing()
    {
        QVERIFY(m_keyring.lock());
        Session session(*m_engine);
        const auto auth = await(session.accounts.authFor(host));
        QVERIFY(!auth.ok());
        QVERIFY2(auth.error().message.contains(u"locked"), qPrintable(auth.error().message));
        QCOMPARE(await(session.accounts.signOut(host)).error().kind, core::ErrorKind::Denied);
        QCOMPARE(session.accounts.list(), (QList<Account>{{host, user, Account::Where::Keyring, {}}}));
        // Signing in anew helps for now.
        const auto stored = signIn(session, host, user, password);
        QVERIFY(stored.ok() && !stored->inKeyring);
        QCOMPARE(session.accounts.list(), (QList<Account>{{host, user, Account::Where::Session, {}}}));
        QVERIFY(pull(session));

        QVERIFY(m_keyring.unlock());
        Session next(*m_engine);
        QCOMPARE(await(next.accounts.authFor(host))->password, password);
    }

    void dockersOwnSignInIsUsedAndLeftAlone()
    {
        qputenv("DOCKER_CONFIG", QFile::encodeName(m_daemon.folder() + "/config"_L1));
        const CommandResult login
            = m_daemon.docker({u"login"_s, u"-u"_s, user, u"--password-stdin"_s, host}, password.toUtf8());
        QVERIFY2(login.ok(), login.err.constData());
        QFile config(m_daemon.folder() + "/config/config.json"_L1);
        QVERIFY(config.open(QIODevice::ReadOnly));
        const QByteArray before = config.readAll();
        QVERIFY(before.contains(host.toUtf8()));
        config.close();

        Session session(*m_engine);
        session.accounts.refresh();
        const Account dockers{host, user, Account::Where::DockerConfig, {}, false};
        QTRY_COMPARE(session.accounts.list(), (QList<Account>{{host, user, Account::Where::Keyring, {}}, dockers}));
        QVERIFY(await(session.accounts.signOut(host)).ok());
        QCOMPARE(m_keyring.lookup("registry/"_L1 + host), QString());
        QCOMPARE(session.accounts.list(), (QList<Account>{{host, user, Account::Where::DockerConfig, {}}}));
        m_daemon.docker({u"rmi"_s, host + "/team/bb:1"_L1});
        QVERIFY(pull(session));
        QVERIFY(config.open(QIODevice::ReadOnly));
        QCOMPARE(config.readAll(), before);
        QVERIFY(m_daemon.docker({u"logout"_s, host}).ok());
        QTRY_VERIFY(session.accounts.list().isEmpty()); // it notices
        qunsetenv("DOCKER_CONFIG");
    }

    void whatGoesWrongIsToldApart_data()
    {
        QTest::addColumn<QString>("registry");
        QTest::addColumn<QString>("words");
        QTest::newRow("plain HTTP") << u"10.9.9.9:5001"_s << u"HTTP response to HTTPS client"_s;
        QTest::newRow("unknown certificate") << u"10.9.9.9:5002"_s << u"x509: "_s;
        QTest::newRow("nobody there") << u"127.0.0.1:5999"_s << u"connection refused"_s;
        QTest::newRow("no such machine") << u"registry.invalid"_s << u"lookup registry.invalid"_s;
    }
    void whatGoesWrongIsToldApart()
    {
        QFETCH(QString, registry);
        QFETCH(QString, words);
        Session session(*m_engine);
        const auto answer = signIn(session, registry, user, password);
        QVERIFY(!answer.ok());
        QVERIFY2(answer.error().message.contains(words), qPrintable(answer.error().message));
        QVERIFY(answer.error().kind != core::ErrorKind::Unauthorized);
        QVERIFY(session.accounts.list().isEmpty());
    }

    void theSecretIsNowhere()
    {
        Session session(*m_engine);
        QVERIFY(signIn(session, host, user, password)->inKeyring);
        QVERIFY(pull(session));
        QFile log(file(u"log"_s));
        QVERIFY(log.open(QIODevice::ReadOnly));
        QVERIFY(log.readAll().contains("/auth")); // so it did log
        const QList<QByteArray> forms{password.toUtf8(), password.toUtf8().toPercentEncoding(),
            (user + u':' + password).toUtf8().toBase64().chopped(4),
            docker::RegistryAuth{host, user, password, {}}.header().mid(24, 40), "b\\u00e4ttery", "correct-horse"};
        int searched = 0;
        for (QDirIterator it(
                 m_keyring.folder(), QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
             it.hasNext();) {
            QFile found(it.next());
            if (!QFileInfo(found).isFile() || !found.open(QIODevice::ReadOnly))
                continue;
            const QByteArray bytes = found.readAll();
            for (const QByteArray &form : forms)
                QVERIFY2(!bytes.contains(form), qPrintable(found.fileName() + u' ' + QString::fromUtf8(form)));
            ++searched;
        }
        QVERIFY(searched > 5);
        for (const QString &process : QDir(u"/proc"_s).entryList(QDir::Dirs)) {
            QFile line("/proc/"_L1 + process + "/cmdline"_L1);
            if (line.open(QIODevice::ReadOnly))
                QVERIFY(!line.readAll().contains(password.toUtf8()));
        }
    }
};

QTEST_GUILESS_MAIN(AccountsTest)
#include "tst_accounts.moc"
