#include "dockerline/plainwords.h"

#include <QTest>

using namespace dockerline;
using namespace recipe;
using namespace Qt::StringLiterals;

/** A configuration in plain words: each part is told in its place, what is not asked for is not, nothing is endless. */
class PlainWordsTest : public QObject
{
    Q_OBJECT
private:
    static QString told(const RunConfig &config, Part part)
    {
        for (const PartWords &words : plainWords(config)) {
            if (words.part == part)
                return words.words.join(u" | "_s);
        }
        return {};
    }

private Q_SLOTS:
    void gpus_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("count");
        QTest::addColumn<QStringList>("devices");
        QTest::addColumn<QString>("words");
        using Kind = GpuRequest::Kind;
        QTest::newRow("none") << int(Kind::None) << 0 << QStringList() << QString();
        QTest::newRow("all") << int(Kind::All) << 0 << QStringList() << u"All GPUs"_s;
        QTest::newRow("one") << int(Kind::Count) << 1 << QStringList() << u"The first GPU"_s;
        QTest::newRow("two") << int(Kind::Count) << 2 << QStringList() << u"The first 2 GPUs"_s;
        QTest::newRow("that") << int(Kind::Devices) << 0 << QStringList{u"0"_s} << u"GPU 0"_s;
        QTest::newRow("those") << int(Kind::Devices) << 0 << QStringList{u"0"_s, u"2"_s, u"3"_s}
                               << u"GPUs 0, 2 and 3"_s;
        QTest::newRow("any") << int(Kind::Any) << 2 << QStringList() << u"Any 2 free GPUs"_s;
    }
    void gpus()
    {
        QFETCH(int, kind);
        QFETCH(int, count);
        QFETCH(QStringList, devices);
        RunConfig config;
        config.gpus = {GpuRequest::Kind(kind), count, devices};
        QTEST(told(config, Part::Gpus), "words");
    }

    void mounts()
    {
        RunConfig config;
        config.mounts
            = {{u"/home/me/ws"_s, u"/workspace"_s, false, false, {}}, {u"data"_s, u"/data"_s, true, false, u"z"_s},
                {{}, u"/tmp/x"_s, false, false, {}}, {u"/d"_s, u"/e"_s, false, true, {}}};
        QCOMPARE(told(config, Part::Mounts),
            u"Mount /home/me/ws → /workspace | Volume data → /data (read-only, z) | A new volume → /tmp/x | "
            "Mount /d → /e (must exist)"_s);
    }

    void theEndOfTheRunIsAlwaysTold()
    {
        RunConfig config;
        QVERIFY(told(config, Part::Resources).startsWith(u"Removed when it ends"_s));
        config.removeWhenFinished = false;
        QVERIFY(told(config, Part::Resources).startsWith(u"Stays when it ends"_s));
    }

    void everythingElse()
    {
        RunConfig config;
        config.image = u"a:1"_s;
        config.platform = u"linux/arm64"_s;
        config.code.folder = u"/w"_s;
        config.code.checkout = u"dev"_s;
        config.useShell = true;
        config.script = u"export A=1\npython3 x.py"_s;
        config.entrypoint = u"/bin/tini"_s;
        config.workingDir = u"/w"_s;
        config.user = u"1000"_s;
        config.env = {{u"A"_s, u"1"_s}, {u"B"_s, std::nullopt}, {u"C"_s, u"hush"_s, true}};
        config.name = u"vit"_s;
        config.interactive = true;
        config.tty = true;
        config.restart = u"on-failure:3"_s;
        config.network = u"host"_s;
        config.ports = {u"1:1"_s};
        config.shmSize = qint64(1) << 30;
        config.memory = qint64(16) << 30;
        config.cpus = 2.5;
        config.ulimits = {{u"memlock"_s, -1, -1}, {u"nofile"_s, 1, 2}, {u"stack"_s, 67108864, 67108864}};
        config.ipc = u"host"_s;
        config.labels = {{u"k"_s, u"v"_s}};
        config.options = {{u"cap-add"_s, u"SYS_PTRACE"_s}, {u"init"_s, u"true"_s}};
        QCOMPARE(told(config, Part::Image), u"a:1 | For linux/arm64"_s);
        QCOMPARE(told(config, Part::Code), u"In /w | git pull | Check out dev"_s);
        QCOMPARE(told(config, Part::Command),
            u"bash runs: export A=1 python3 x.py | Entry point: /bin/tini | In the folder /w | As user 1000 | "
            "Variable A=1 | Variable B, as it is set where Slipway runs | Secret variable C"_s);
        QCOMPARE(told(config, Part::Resources),
            u"Named vit | Removed when it ends | Runs in the background | Its input stays open | Has a terminal | "
            "Restarted up to 3 times after a failure | 1 GiB of shared memory | At most 16 GiB of memory | "
            "At most 2.5 CPUs | The host's shared memory (IPC) | Unlimited memlock | Limit nofile=1:2 | A stack of 64 "
            "MiB | "
            "The host's own network | Port 1:1 | Label k=v | --cap-add=SYS_PTRACE | --init"_s);
    }

    void nothingIsEndless()
    {
        RunConfig config;
        config.command = QStringList(50000, u"word"_s);
        for (int i = 0; i < 5000; ++i)
            config.env += EnvVar{u"A%1"_s.arg(i), QString(100, u'x')};
        const QString words = told(config, Part::Command);
        QVERIFY2(words.size() < 10000, qPrintable(QString::number(words.size())));
        QVERIFY(words.endsWith(u"and 4961 more"_s));
    }
};

QTEST_APPLESS_MAIN(PlainWordsTest)
#include "tst_plainwords.moc"
