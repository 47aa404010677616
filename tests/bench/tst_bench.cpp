#include "support/privatedaemon.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using support::CommandResult;
using support::PrivateDaemon;
using namespace Qt::StringLiterals;

/** That slipway-bench measures what it says; not how fast that is. */
class BenchTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QVERIFY2(m_daemon.start(), qPrintable(m_daemon.failure()));
        QVERIFY2(m_daemon.makeBusybox(), qPrintable(m_daemon.failure()));
        QVERIFY(m_daemon.docker({u"run"_s, u"--name"_s, u"counts"_s, u"bb:1"_s, u"seq"_s, u"5000"_s}).ok());
    }

    void log()
    {
        const QJsonObject said = measure({u"log"_s, u"--container"_s, u"counts"_s});
        QCOMPARE(said.value(u"lines").toInteger(), 5000);
        constexpr int digits = 23893 - 5000; // of `seq 5000`, without the line feeds
        constexpr int stampAndFeed = 31 + 1;
        QCOMPARE(said.value(u"bytes").toInteger(), digits + 5000 * stampAndFeed);
        QCOMPARE(said.value(u"skipped").toInteger(-1), 0);
        QVERIFY(said.value(u"seconds").toDouble() > 0);
        QVERIFY(said.value(u"peakRss").toInteger() > 1024 * 1024);
    }

    void list()
    {
        const QJsonObject said = measure({u"list"_s});
        QCOMPARE(said.value(u"rows").toInt(), 1);
        QVERIFY(said.value(u"seconds").toDouble() > 0);
    }

    void build()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(u"Dockerfile"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("FROM bb:1\nRUN true\n");
        file.close();
        const QJsonObject said = measure({u"build"_s, u"--context"_s, folder.path()});
        QVERIFY(said.value(u"seconds").toDouble() > 0);
        QCOMPARE(said.value(u"bytes").toInt(), 19);
        QVERIFY(said.value(u"steps").toInt() > 1);
    }

    void failures()
    {
        QCOMPARE(run({u"log"_s, u"--container"_s, u"nobody"_s}).exitCode, 1);
        QCOMPARE(run({u"log"_s}).exitCode, 2);
        QCOMPARE(support::runCommand(program(), {u"list"_s, u"--host"_s, u"unix:///no/such/socket"_s}).exitCode, 1);
    }

private:
    static QString program() { return QStringLiteral(SLIPWAY_BENCH); }
    CommandResult run(const QStringList &words) const
    {
        return support::runCommand(program(), words + QStringList{u"--host"_s, m_daemon.host()});
    }
    QJsonObject measure(const QStringList &words) const
    {
        const CommandResult said = run(words);
        if (!said.ok())
            qWarning("%s", said.err.constData());
        return QJsonDocument::fromJson(said.out).object();
    }

    PrivateDaemon m_daemon;
};

QTEST_GUILESS_MAIN(BenchTest)
#include "tst_bench.moc"
