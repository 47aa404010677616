#include "recipe/createbody.h"
#include "recipe/optiontable.h"

#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace recipe;
using namespace Qt::StringLiterals;

/** The table against Docker's own help, and how one option is looked up, checked and kept. */
class TestOptionTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /** Recorded from `docker run --help` of 28.2.2: shorthand, name, type and words of each option. */
    void hasEveryOptionOfDockersHelp()
    {
        QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/run-help.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        size_t count = 0;
        while (!file.atEnd()) {
            const QStringList parts = QString::fromUtf8(file.readLine()).chopped(1).split(u'\t');
            QCOMPARE(parts.size(), 4);
            const DockerOption *option = dockerOption(parts[1]);
            QVERIFY2(option, qPrintable(parts[1]));
            QCOMPARE(option->name, parts[1]);
            QCOMPARE(option->shorthand ? QString(QLatin1Char(option->shorthand)) : u"-"_s, parts[0]);
            QCOMPARE(option->flag(), parts[2] == u"-");
            QCOMPARE(QString(option->about), parts[3]);
            QVERIFY(!option->flag() == !option->hint.isEmpty());
            QVERIFY(!groupTitle(option->group).isEmpty());
            if (option->shorthand)
                QCOMPARE(dockerShorthand(QLatin1Char(option->shorthand)), option);
            ++count;
        }
        QCOMPARE(dockerOptions().size(), count);
    }

    void knowsOlderNames()
    {
        QCOMPARE(dockerOption("net"), dockerOption("network"));
        QCOMPARE(dockerOption("net-alias"), dockerOption("network-alias"));
        QCOMPARE(dockerOption("dns-opt"), dockerOption("dns-option"));
        QVERIFY(!dockerOption("nett") && !dockerShorthand(u'Z'));
    }

    void findsTheNearestName()
    {
        QCOMPARE(nearestOption(u"shmsize"_s), dockerOption("shm-size"));
        QCOMPARE(nearestOption(u"gpu"_s), dockerOption("gpus"));
        QCOMPARE(nearestOption(u"enviroment"_s), nullptr);
        QCOMPARE(nearestOption(u"xyz"_s), nullptr);
    }

    void keepsTheLastOfWhatStandsOnce()
    {
        RunConfig config;
        for (const char *value : {"host", "container:x"})
            QCOMPARE(dockerOption("pid")->read(config, QLatin1String(value)), QString());
        for (const char *value : {"A", "B"})
            QCOMPARE(dockerOption("cap-add")->read(config, QLatin1String(value)), QString());
        QVERIFY(!dockerOption("pid")->read(config, u"nonsense"_s).isEmpty());
        QCOMPARE(config.options,
            (QList<Option>{{u"pid"_s, u"container:x"_s}, {u"cap-add"_s, u"A"_s}, {u"cap-add"_s, u"B"_s}}));
    }

    /** GPUs, mounts and networks that a field can say stay in it, until one comes that it cannot say. */
    void keepsTheOrderOfSeveralRequests()
    {
        RunConfig config;
        for (const char *value : {"all", "device=0", "driver=x"})
            QCOMPARE(dockerOption("gpus")->read(config, QLatin1String(value)), QString());
        QCOMPARE(config.gpus.kind, GpuRequest::Kind::All);
        QCOMPARE(config.options, (QList<Option>{{u"gpus"_s, u"device=0"_s}, {u"gpus"_s, u"driver=x"_s}}));
        const auto request = createRequest(config);
        const QJsonArray list = request->body["HostConfig"_L1]["DeviceRequests"_L1].toArray();
        QCOMPARE(list.size(), 3);
        QCOMPARE(list[0]["Count"_L1].toInt(), -1);
        QCOMPARE(list[2]["Driver"_L1].toString(), u"x"_s);
    }

    void saysWhichDaemonIsNeeded()
    {
        RunConfig config;
        config.options = {{u"annotation"_s, u"a=b"_s}};
        const auto fault = optionFault(config);
        QVERIFY(fault);
        QCOMPARE(fault->option, u"annotation"_s);
        QVERIFY2(fault->message.contains(u"1.43"), qPrintable(fault->message));
        ShellContext newer;
        newer.api = {1, 43};
        QVERIFY(!optionFault(config, newer));
        config.options = {{u"nonsense"_s, {}}};
        QVERIFY(!createRequest(config).ok());
    }

    void readsOnlyWholeFiles()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"a.env"_s);
        QVERIFY(!readLocalFile(path).ok());
        QVERIFY(!readLocalFile(folder.path()).ok());
        QVERIFY(!readLocalFile(u"/dev/zero"_s).ok());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("A=1\n");
        file.flush();
        QCOMPARE(*readLocalFile(path), QByteArray("A=1\n"));
        QVERIFY(file.resize((4 << 20) + 1));
        QVERIFY(!readLocalFile(path).ok());
        ShellContext context;
        context.folder = folder.path();
        QCOMPARE(context.absolute(u"./x/../a.env"_s), path);
        QCOMPARE(context.absolute(u"/a"_s), u"/a"_s);
    }
};

QTEST_GUILESS_MAIN(TestOptionTable)
#include "tst_optiontable.moc"
