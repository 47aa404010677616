#include "launch/machinefacts.h"

#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <unistd.h>

using namespace launch;
using namespace Qt::StringLiterals;

/** What is read of the machine itself: ports, folders, and whether Docker runs here. */
class MachineFactsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsProcNetTcp()
    {
        const QByteArray table
            = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
              "   0: 0100007F:22B8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1\n"
              "   1: 00000000:1776 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1\n"
              "   2: 0100007F:22B8 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 3 1\n";
        QCOMPARE(listeningPorts(table),
            (QList<TakenPort>{{8888, u"127.0.0.1"_s, u"tcp"_s, {}}, {6006, u"0.0.0.0"_s, u"tcp"_s, {}}}));
        const QByteArray six
            = "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A x\n"
              "   1: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A x\n";
        QCOMPARE(listeningPorts(six), (QList<TakenPort>{{8080, u"::1"_s, u"tcp"_s, {}}, {22, u"::"_s, u"tcp"_s, {}}}));
        QVERIFY(listeningPorts("garbage\n 0: zz 0 0A\n").isEmpty());
    }

    void seesWhatListensHere()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const TakenPort own{server.serverPort(), u"127.0.0.1"_s, u"tcp"_s, {}};
        QVERIFY(readListeningPorts().contains(own));
        server.close();
        QVERIFY(!readListeningPorts().contains(own));
    }

    void looksUpAndMakesFolders()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"a/b"_s);
        QVERIFY(!lookUpFolder(path).exists);
        QVERIFY(makeFolder(path).ok());
        const HostFolder made = lookUpFolder(path);
        QVERIFY(made.exists);
        QCOMPARE(made.owner, uint(::geteuid()));
        QVERIFY(makeFolder(path).ok());
        QFile file(folder.filePath(u"file"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto refused = makeFolder(file.fileName() + u"/c"_s);
        QVERIFY(!refused);
        QVERIFY(refused.error().message.contains(file.fileName()));
    }

    void knowsWhoMayWrite()
    {
        const HostFolder folder{true, 1000, 100, 0775};
        QCOMPARE(folder.writableBy(0, {}), std::optional(true));
        QCOMPARE(folder.writableBy(1000, {}), std::optional(true));
        QCOMPARE(folder.writableBy(7, 100), std::optional(true));
        QCOMPARE(folder.writableBy(7, 7), std::optional(false));
        QCOMPARE(folder.writableBy(7, {}), std::optional<bool>());
        QCOMPARE((HostFolder{true, 1000, 100, 0755}.writableBy(7, {})), std::optional(false));
        QCOMPARE((HostFolder{true, 1000, 100, 0555}.writableBy(1000, 100)), std::optional(false));
    }

    void learnsWhetherDockerIsHere()
    {
        docker::Info info;
        info.name = u"box"_s;
        info.cpus = 8;
        MachineFacts facts;
        learn(facts, info, u"box"_s, {1000, 1000});
        QCOMPARE(facts.cpus, 8);
        QCOMPARE(facts.rootIsRoot, std::optional(true));
        QCOMPARE(facts.person, std::optional(Person{1000, 1000}));
        info.name = u"docker-desktop"_s;
        info.rootless = true;
        learn(facts, info, u"box"_s, {1000, 1000});
        QVERIFY(!facts.person);
        QCOMPARE(facts.rootIsRoot, std::optional(false));
    }

    void knowsWhoWrites()
    {
        MachineFacts facts;
        facts.images = {{u"a"_s, {{}, u"1000:100"_s}}, {u"b"_s, {{}, u"jovyan"_s}}};
        const auto writer = [&](const QString &image, const QString &user) {
            recipe::RunConfig config;
            config.image = image;
            config.user = user;
            return writerOf(config, facts);
        };
        QCOMPARE(writer(u"c"_s, {}), std::optional(Person{0, 0}));
        QCOMPARE(writer(u"a"_s, {}), std::optional(Person{1000, 100}));
        QCOMPARE(writer(u"a"_s, u"7"_s), std::optional(Person{7, {}}));
        QCOMPARE(writer(u"b"_s, {}), std::optional<Person>());
        QCOMPARE(writer(u"b"_s, u"root"_s), std::optional(Person{0, 0}));
    }
};

QTEST_GUILESS_MAIN(MachineFactsTest)
#include "tst_machinefacts.moc"
