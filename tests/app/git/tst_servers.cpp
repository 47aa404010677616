#include "git/refs.h"

#include "support/await.h"
#include "support/gitrig.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <memory>

using namespace git;
using namespace Qt::StringLiterals;
using core::ErrorKind;
using support::await;

/** Serves the files of a folder to who knows the password (git's plain HTTP protocol), or answers any status. */
class HttpServer : public QTcpServer
{
public:
    HttpServer(const QString &folder, const QByteArray &status)
        : m_folder(folder)
        , m_status(status)
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                request += socket->readAll();
                if (request.endsWith("\r\n\r\n"))
                    answer(socket, std::exchange(request, {}));
            });
        });
    }
    QString url(const QString &user = {}) const
    {
        return u"http://"_s + (user.isEmpty() ? user : QString(user + u'@')) + u"127.0.0.1:"_s
            + QString::number(serverPort()) + u"/repo.git"_s;
    }

    QByteArray request;
    bool secretSeen = false; ///< on any command line of this machine

private:
    void answer(QTcpSocket *socket, const QByteArray &head)
    {
        lookAtCommandLines();
        const bool knows = head.contains("Authorization: Basic YWRhOnNlIGNyQHQ=");
        QFile file(m_folder + QString::fromUtf8(head.split(' ').value(1).split('?').first()).mid(9));
        QByteArray body;
        QByteArray status = m_status;
        if (status == "401" && knows) {
            status = file.open(QIODevice::ReadOnly) ? "200" : "404";
            body = file.readAll();
        }
        socket->write("HTTP/1.1 " + status + " x\r\nContent-Type: text/plain\r\nConnection: close\r\n"
            + "WWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n"
            + body);
        socket->disconnectFromHost();
    }
    void lookAtCommandLines()
    {
        QDirIterator it(u"/proc"_s, QDir::Dirs | QDir::NoDotAndDotDot);
        while (it.hasNext()) {
            QFile line(it.next() + u"/cmdline"_s);
            if (line.open(QIODevice::ReadOnly)) {
                const QByteArray words = line.readAll();
                secretSeen = secretSeen || words.contains("se%20cr") || words.contains("se cr@t");
            }
        }
    }

    QString m_folder;
    QByteArray m_status;
};

/** An sshd of the test's own on a free port of this machine, that lets in one key. Stopped with the object. */
class Sshd
{
public:
    explicit Sshd(GitRig &rig)
    {
        const QString folder = rig.folder(u"ssh"_s);
        QDir().mkpath(folder);
        for (const QString &key : {u"host"_s, u"mine"_s, u"wrong"_s})
            rig.run(u"ssh-keygen"_s, {u"-q"_s, u"-t"_s, u"ed25519"_s, u"-N"_s, u""_s, u"-f"_s, key}, folder);
        QFile::copy(folder + u"/mine.pub"_s, folder + u"/authorized"_s);
        QTcpServer free;
        free.listen(QHostAddress::LocalHost);
        port = free.serverPort();
        free.close();
        rig.write(folder + u"/sshd_config"_s,
            u"Port %1\nListenAddress 127.0.0.1\nHostKey %2/host\nAuthorizedKeysFile %2/authorized\nPidFile %2/pid\n"
            "StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
            "PermitRootLogin yes\n"_s.arg(port)
                .arg(folder)
                .toUtf8());
        QFile host(folder + u"/host.pub"_s);
        if (!host.open(QIODevice::ReadOnly))
            return;
        const QByteArray known = "[127.0.0.1]:" + QByteArray::number(port) + ' ' + host.readAll();
        rig.write(folder + u"/known"_s, known);
        for (const QString &key : {u"mine"_s, u"wrong"_s})
            rig.write(folder + u"/config-"_s + key,
                u"Host *\nIdentityFile %1/%2\nIdentitiesOnly yes\nIdentityAgent none\nUserKnownHostsFile %1/known\n"_s
                    .arg(folder, key)
                    .toUtf8());
        QDir().mkpath(u"/run/sshd"_s); // its separation of privileges wants it; who is not root needs none
        m_process.start(u"/usr/sbin/sshd"_s, {u"-D"_s, u"-e"_s, u"-f"_s, folder + u"/sshd_config"_s});
        up = QTest::qWaitFor([&] { return m_process.readAllStandardError().contains("listening"); });
    }
    ~Sshd()
    {
        m_process.terminate();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(Sshd)

    bool up = false;
    quint16 port = 0;

private:
    QProcess m_process;
};

/** Refs of servers, over ssh and HTTP, and each way in which that fails: the real words of git, ssh and curl. */
class TestServers : public QObject
{
    Q_OBJECT

    GitRig m_rig;
    QString m_repo;
    std::unique_ptr<Sshd> m_sshd;

    core::Result<QString> main(const GitRig &rig, const QString &url)
    {
        Git git(rig.environment());
        const auto result = await(resolveRemote(git, url, u"main"_s), 30000);
        return result;
    }
    QString sshUrl() const
    {
        return u"ssh://%1@127.0.0.1:%2%3"_s.arg(qEnvironmentVariable("USER", u"root"_s)).arg(m_sshd->port).arg(m_repo);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_rig.repository(u"work"_s);
        m_repo = m_rig.folder(u"repo.git"_s);
        m_rig.git(m_rig.folder(QString()), {u"clone"_s, u"-q"_s, u"--bare"_s, u"work"_s, m_repo});
        m_rig.git(m_repo, {u"update-server-info"_s});
        m_sshd = std::make_unique<Sshd>(m_rig);
        QVERIFY2(m_sshd->up, "sshd does not start: is openssh-server installed?");
    }

    void asksOverSshAsThePersonConfiguredIt()
    {
        GitRig rig;
        rig.git(rig.folder(QString()),
            {u"config"_s, u"--global"_s, u"core.sshCommand"_s,
                u"ssh -F '%1'"_s.arg(m_rig.folder(u"ssh/config-mine"_s))});
        const auto result = main(rig, sshUrl());
        QVERIFY2(result.ok(), result ? "" : qPrintable(result.error().detail));
        QCOMPARE(*result, m_rig.hash(m_repo, u"main"_s));
    }

    void saysThatTheKeyIsWrong()
    {
        GitRig rig;
        rig.set("GIT_SSH_COMMAND", u"ssh -F '%1'"_s.arg(m_rig.folder(u"ssh/config-wrong"_s)));
        const auto result = main(rig, sshUrl());
        QVERIFY(!result.ok());
        QCOMPARE(result.error().kind, ErrorKind::Unauthorized);
        QVERIFY2(result.error().message.contains(u"ssh keys"_s), qPrintable(result.error().detail));
    }

    void saysThatTheHostIsUnknown()
    {
        GitRig rig; // with ssh as Slipway calls it: a question here would wait for ever
        QElapsedTimer watch;
        watch.start();
        const auto result = main(rig, sshUrl());
        QVERIFY(!result.ok());
        QCOMPARE(result.error().kind, ErrorKind::Unauthorized);
        QVERIFY2(result.error().message.contains(u"not known here yet"_s), qPrintable(result.error().detail));
        QVERIFY(watch.elapsed() < 15000);
    }

    void saysThatThereIsNoRepositoryOverSsh()
    {
        GitRig rig;
        rig.set("GIT_SSH_COMMAND", u"ssh -F '%1'"_s.arg(m_rig.folder(u"ssh/config-mine"_s)));
        const auto result = main(rig, sshUrl() + u"-not"_s);
        QCOMPARE(result.error().kind, ErrorKind::NotFound);
        QVERIFY2(result.error().message.contains(u"repo.git-not"_s), qPrintable(result.error().message));
    }

    void aPasswordInTheAddressReachesTheServerOnly()
    {
        HttpServer server(m_repo, "401");
        const auto result = main(m_rig, server.url(u"ada:se%20cr%40t"_s));
        QVERIFY2(result.ok(), result ? "" : qPrintable(result.error().detail));
        QCOMPARE(*result, m_rig.hash(m_repo, u"main"_s));
        QVERIFY(!server.secretSeen);
        const auto wrong = main(m_rig, server.url(u"ada:wrong-se%20cr"_s));
        QCOMPARE(wrong.error().kind, ErrorKind::Unauthorized);
        QVERIFY(!wrong.error().message.contains(u"wrong-se"_s) && !wrong.error().detail.contains(u"wrong-se"_s));
        QVERIFY(!server.secretSeen);
    }

    void thePersonsCredentialHelperIsAsked()
    {
        GitRig rig;
        rig.git(rig.folder(QString()),
            {u"config"_s, u"--global"_s, u"credential.helper"_s,
                u"!f() { test $1 = get && printf 'username=ada\\npassword=se cr@t\\n'; }; f"_s});
        HttpServer server(m_repo, "401");
        QVERIFY(main(rig, server.url()).ok());
    }

    void saysWhatTheServerRefuses_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("http");
        QTest::newRow("private") << QByteArray("401") << int(ErrorKind::Unauthorized) << 401;
        QTest::newRow("forbidden") << QByteArray("403") << int(ErrorKind::Denied) << 403;
        QTest::newRow("not there") << QByteArray("404") << int(ErrorKind::NotFound) << 404;
        QTest::newRow("broken") << QByteArray("502") << int(ErrorKind::Unreachable) << 0;
        QTest::newRow("no repository") << QByteArray("200") << int(ErrorKind::NotFound) << 0;
    }
    void saysWhatTheServerRefuses()
    {
        QFETCH(QByteArray, status);
        HttpServer server(m_repo, status);
        const auto result = main(m_rig, server.url());
        QVERIFY(!result.ok());
        QFETCH(int, kind);
        QVERIFY2(int(result.error().kind) == kind, qPrintable(result.error().message + result.error().detail));
        QTEST(result.error().httpStatus, "http");
    }

    void saysThatNobodyAnswers()
    {
        QTcpServer free;
        free.listen(QHostAddress::LocalHost);
        const quint16 port = free.serverPort();
        free.close();
        for (const QString &scheme : {u"http"_s, u"git"_s, u"ssh"_s}) {
            const auto result = main(m_rig, u"%1://127.0.0.1:%2/x.git"_s.arg(scheme).arg(port));
            QVERIFY(!result.ok());
            QVERIFY2(result.error().kind == ErrorKind::Unreachable, qPrintable(result.error().detail));
        }
    }

    void saysThatThereIsNoSuchHost()
    {
        for (const QString &url : {u"https://nowhere.invalid/x.git"_s, u"git@nowhere.invalid:x.git"_s}) {
            QElapsedTimer watch;
            watch.start();
            const auto result = main(m_rig, url);
            QVERIFY(!result.ok());
            QVERIFY2(result.error().kind == ErrorKind::Unreachable || result.error().kind == ErrorKind::Timeout,
                qPrintable(result.error().detail));
            QVERIFY(watch.elapsed() < 25000);
        }
    }

    void aServerThatSaysNothingCanBeLeft()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        Git git(m_rig.environment());
        core::Result<Refs> result = Refs();
        bool answered = false;
        const auto aborter = remoteRefs(git, u"http://127.0.0.1:%1/x.git"_s.arg(silent.serverPort()))
                                 .then(this, [&](const core::Result<Refs> &r) {
                                     result = r;
                                     answered = true;
                                 });
        QTRY_VERIFY(silent.hasPendingConnections());
        QVERIFY(!answered);
        aborter.abort();
        QTRY_VERIFY(answered);
        QCOMPARE(result.error().kind, ErrorKind::Aborted);
        QTRY_VERIFY(git.children().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestServers)
#include "tst_servers.moc"
