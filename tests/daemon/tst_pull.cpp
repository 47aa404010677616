#include "support/privatedaemon.h"

#include "runs/store.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using support::CommandResult;
using support::PrivateDaemon;
using namespace Qt::StringLiterals;

/** `slipway launch` of an image that only a registry has: a real registry and a real daemon. */
class PullTest : public QObject
{
    Q_OBJECT

    PrivateDaemon m_daemon;
    QTemporaryDir m_home;
    QProcess m_registry; ///< in the daemon's network, where nobody else has its port

    static QString image(const QString &tag) { return u"localhost:5000/team/bb:"_s + tag; }
    CommandResult launch(const QStringList &words) const
    {
        return support::runCommand(QStringLiteral(SLIPWAY_PROGRAM),
            QStringList{u"launch"_s, u"--host"_s, m_daemon.host(), u"--"_s, u"docker"_s, u"run"_s, u"--network=none"_s}
                + words);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        const QString registry = QStandardPaths::findExecutable(u"docker-registry"_s);
        if (registry.isEmpty())
            QSKIP("there is no docker-registry here");
        qputenv("XDG_CONFIG_HOME", m_home.filePath(u"config"_s).toLocal8Bit());
        qputenv("XDG_DATA_HOME", m_home.filePath(u"data"_s).toLocal8Bit());
        QVERIFY2(m_daemon.start(), qPrintable(m_daemon.failure()));
        QVERIFY2(m_daemon.makeBusybox(image(u"1"_s)), qPrintable(m_daemon.failure()));
        QFile config(m_home.filePath(u"registry.yml"_s));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("version: 0.1\nhttp: {addr: '127.0.0.1:5000'}\nstorage: {filesystem: {rootdirectory: '"
            + m_home.filePath(u"registry"_s).toLocal8Bit() + "'}}\n");
        config.close();
        m_registry.setStandardOutputFile(QProcess::nullDevice());
        m_registry.setStandardErrorFile(m_home.filePath(u"registry.log"_s));
        // nsenter becomes the registry, so that its end is the registry's.
        m_registry.start(u"nsenter"_s,
            {u"--net="_s + m_daemon.networkNamespace(), u"--"_s, registry, u"serve"_s, config.fileName()});
        QVERIFY(m_registry.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(m_daemon.docker({u"push"_s, image(u"1"_s)}).ok(), 20000);
    }
    void init() { m_daemon.docker({u"rmi"_s, u"-f"_s, image(u"1"_s)}); }
    void cleanupTestCase()
    {
        m_registry.kill();
        m_registry.waitForFinished();
    }

    void pullsAndRuns()
    {
        QVERIFY(!m_daemon.docker({u"inspect"_s, image(u"1"_s)}).ok());
        const CommandResult run = launch({image(u"1"_s), u"sh"_s, u"-c"_s, u"echo pulled; exit 4"_s});
        QVERIFY2(run.exitCode == 4, run.err.constData());
        QCOMPARE(run.text(), u"pulled"_s);
        runs::Store store(m_home.filePath(u"data/slipway/history.sqlite"_s));
        QVERIFY(store.open().ok());
        const auto records = store.all();
        QVERIFY(records.ok() && records->size() == 1);
        QVERIFY2(records->first().imageDigest.startsWith(u"localhost:5000/team/bb@sha256:"_s),
            qPrintable(records->first().imageDigest));
    }

    void obeysNever()
    {
        const CommandResult run = launch({u"--pull=never"_s, image(u"1"_s), u"true"_s});
        QCOMPARE(run.exitCode, 125);
        QVERIFY2(run.err.contains(QByteArray("there is no image " + image(u"1"_s).toUtf8())), run.err.constData());
    }

    void aMissingTagIsOneSentence()
    {
        const CommandResult run = launch({image(u"nope"_s), u"true"_s});
        QCOMPARE(run.exitCode, 125);
        QCOMPARE(run.err,
            QByteArray("slipway: Could not launch: the registry has no image " + image(u"nope"_s).toUtf8()
                + ". Check the name and the tag.\n"));
        QVERIFY(run.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(PullTest)
#include "tst_pull.moc"
