#include "dockerline/dockerline.h"

#include "dockerline/dockerparser.h"
#include "recipe/configfile.h"
#include "recipe/createbody.h"
#include "recipe/startcommand.h"

#include "support/generate.h"

#include <QTest>

using namespace recipe;
using namespace dockerline;

static const QString referenceLine = QStringLiteral(
    "docker run -i -d --rm --gpus=device=0 --name tensorflow2-container --network=host --shm-size=1g --ulimit "
    "memlock=-1 "
    "--ulimit stack=67108864 -v /home/me/workspace/:/workspace tensorflow/tensorflow:2.15.0-gpu bash -c \"cd "
    "/workspace/training_repo && git pull && git checkout my_training_dev_branch && export PYTHONPATH=/workspace && "
    "python3 "
    "/workspace/training_repo/train.py --epochs 3\"");

class TestDockerLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAndWritesTheReferenceLine()
    {
        const auto parsed = parseDockerRun(referenceLine);
        QVERIFY(std::holds_alternative<ParsedLine>(parsed));
        const RunConfig config = std::get<ParsedLine>(parsed).config;
        QCOMPARE(std::get<ParsedLine>(parsed).warnings, QStringList());
        QCOMPARE(config.gpus, (GpuRequest{GpuRequest::Kind::Devices, 0, {QStringLiteral("0")}}));
        QCOMPARE(config.code,
            (CodeStep{QStringLiteral("/workspace/training_repo"), CodeStep::Update::Pull,
                QStringLiteral("my_training_dev_branch"), {}, {}, {}}));
        QCOMPARE(config.script,
            QStringLiteral("export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py --epochs 3"));
        QCOMPARE(config.shmSize, qint64(1) << 30);
        QVERIFY(config.interactive && config.detach && config.removeWhenFinished && !config.tty);
        QCOMPARE(dockerRunLine(config), referenceLine);
    }

    void saysEveryPart()
    {
        RunConfig config;
        QCOMPARE(dockerRunLine(config), QStringLiteral("docker run -d --rm IMAGE"));
        config.image = QStringLiteral("bb:1");
        config.detach = config.removeWhenFinished = false;
        config.gpus = {GpuRequest::Kind::Devices, 0, {QStringLiteral("0"), QStringLiteral("1")}};
        config.mounts = {{QStringLiteral("/a b"), QStringLiteral("/c"), true, false, QStringLiteral("z")},
            {QStringLiteral("/x,y"), QStringLiteral("/t"), true, true, {}},
            {{}, QStringLiteral("/anon"), false, false, {}}};
        config.entrypoint = QString();
        config.cpus = 2.5;
        config.command = {QStringLiteral("--help")};
        QCOMPARE(dockerRunLine(config),
            QStringLiteral("docker run --gpus='\"device=0,1\"' --cpus=2.5 -v \"/a b:/c:ro,z\" --mount "
                           "'type=bind,\"source=/x,y\",target=/t,readonly' -v /anon --entrypoint '' bb:1 --help"));
    }

    /** Line, words, file: each way and back gives the same configuration. */
    void keepsGeneratedConfigurations()
    {
        for (quint32 seed = 0; seed < 1000; ++seed) {
            const RunConfig config = Generator(seed).config();
            const QString line = dockerRunLine(config);
            const auto parsed = parseDockerRun(line);
            if (const auto *error = std::get_if<ParseError>(&parsed))
                QFAIL(qPrintable(
                    QStringLiteral("seed %1: %2\n%3 at %4").arg(seed).arg(line, error->message).arg(error->position)));
            const RunConfig &again = std::get<ParsedLine>(parsed).config;
            QCOMPARE(dockerRunLine(again), line);
            QCOMPARE(createRequest(again)->body, createRequest(config)->body);
            QVERIFY2(std::get<ParsedLine>(parseDockerRun(dockerRunWords(config))).config == again, qPrintable(line));
            const auto script = parseDockerRun(dockerRunScript(config));
            QVERIFY2(std::holds_alternative<ParsedLine>(script), qPrintable(dockerRunScript(config)));
            QVERIFY2(std::get<ParsedLine>(script).config == again, qPrintable(line));
            // Nothing but the split between command, script and code step may differ, and that only by being finer.
            RunConfig sameWords = again;
            setStartCommand(sameWords, {});
            RunConfig original = config;
            setStartCommand(original, {});
            original.shell = sameWords.shell;
            QVERIFY2(sameWords == original, qPrintable(line));
            const auto file = fromJson(toJson(config));
            QVERIFY2(file.ok(), qPrintable(QStringLiteral("seed %1").arg(seed)));
            QVERIFY2(file->config == config, qPrintable(line));
        }
    }
};

QTEST_GUILESS_MAIN(TestDockerLine)
#include "tst_dockerline.moc"
