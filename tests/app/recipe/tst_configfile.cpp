#include "recipe/configfile.h"

#include <QTest>

using namespace recipe;

class TestConfigFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAHandWrittenFile()
    {
        const auto file = fromJson(R"({
            "slipway": 1, "image": "bb:1", "gpus": [0, "GPU-1"], "shmSize": "1g", "memory": 1024, "cpus": 2.5,
            "mounts": [{"source": "/data", "target": "/d", "readOnly": true}], "env": ["A=1", "B"], "ulimits": ["memlock=-1"],
            "code": {"folder": "/w", "checkout": "main"}, "script": "python t.py", "name": null
        })");
        QVERIFY2(file.ok(), qPrintable(file.ok() ? QString() : file.error().message));
        QCOMPARE(file->warnings, QStringList());
        const RunConfig &config = file->config;
        QCOMPARE(
            config.gpus, (GpuRequest{GpuRequest::Kind::Devices, 0, {QStringLiteral("0"), QStringLiteral("GPU-1")}}));
        QCOMPARE(config.shmSize, qint64(1) << 30);
        QCOMPARE(config.memory, 1024);
        QCOMPARE(config.env,
            (QList<EnvVar>{{QStringLiteral("A"), QStringLiteral("1")}, {QStringLiteral("B"), std::nullopt}}));
        QCOMPARE(config.ulimits, (QList<Ulimit>{{QStringLiteral("memlock"), -1, -1}}));
        QVERIFY(config.useShell && config.code.update == CodeStep::Update::Pull && config.detach);
        QVERIFY(fromJson(toJson(config))->config == config);
    }

    void keepsAnyGpus()
    {
        RunConfig config;
        config.image = QStringLiteral("bb:1");
        config.gpus = {GpuRequest::Kind::Any, 2, {}, qint64(20) << 30};
        QVERIFY(toJson(config).contains("\"minFree\": \"20g\""));
        const auto file = fromJson(toJson(config));
        QVERIFY(file.ok() && file->warnings.isEmpty());
        QCOMPARE(file->config.gpus, config.gpus);
    }

    void keepsTheCodeStep()
    {
        RunConfig config;
        config.code = {QStringLiteral("/w"), CodeStep::Update::Fetch, QStringLiteral("main"), QString(40, u'a'),
            CodeStep::Source::Clone, QStringLiteral("git@h:a/b")};
        const auto file = fromJson(toJson(config));
        QVERIFY(file.ok() && file->warnings.isEmpty());
        QVERIFY(file->config.code == config.code);
        // As it was written before there were other ways than to pull or not.
        for (const bool pull : {true, false}) {
            const auto old = fromJson(pull ? R"({"slipway": 1, "code": {"folder": "/w", "pull": true}})"
                                           : R"({"slipway": 1, "code": {"folder": "/w", "pull": false}})");
            QVERIFY(old.ok() && old->warnings.isEmpty());
            QCOMPARE(int(old->config.code.update), int(pull ? CodeStep::Update::Pull : CodeStep::Update::None));
        }
    }

    void writesOnlyWhatDiffers()
    {
        RunConfig config;
        config.image = QStringLiteral("bb:1");
        QCOMPARE(toJson(config), QByteArray("{\n    \"image\": \"bb:1\",\n    \"slipway\": 1\n}\n"));
    }

    void namesWhatItDoesNotKnow()
    {
        const auto file
            = fromJson(R"({"slipway": 1, "imgae": "x", "code": {"branch": "y"}, "mounts": [{"ro": true}]})");
        QVERIFY(file.ok());
        QCOMPARE(file->warnings.size(), 3);
        const QString all = file->warnings.join(u' ');
        for (const char *field : {"“imgae”", "“code.branch”", "“mounts[0].ro”"})
            QVERIFY2(all.contains(QString::fromUtf8(field)), qPrintable(all));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *json, const char *says) {
            QTest::newRow(says) << QByteArray(json) << QString::fromUtf8(says);
        };
        row("", "line 1 is not JSON");
        row("{\n\"slipway\": 1,\n}", "line 3 is not JSON");
        row("[]", "one JSON object");
        row("{}", "“slipway” with its version is missing");
        row(R"({"slipway": 2})", "has version 2");
        row(R"({"slipway": 1, "image": 3})", "“image” should be a text");
        row(R"({"slipway": 1, "tty": "yes"})", "“tty” should be true or false");
        row(R"({"slipway": 1, "command": "x"})", "“command” should be a list");
        row(R"({"slipway": 1, "command": ["x", 1]})", "“command[1]” should be a text");
        row(R"({"slipway": 1, "shmSize": "big"})", "“shmSize” should be a size");
        row(R"({"slipway": 1, "memory": -1})", "“memory” should be a size");
        row(R"({"slipway": 1, "memory": 1.5})", "“memory” should be a size");
        row(R"({"slipway": 1, "cpus": "2"})", "“cpus” should be a number");
        row(R"({"slipway": 1, "gpus": true})", "“gpus” should be \"all\"");
        row(R"({"slipway": 1, "gpus": [true]})", "“gpus[0]” should be a GPU's number");
        row(R"({"slipway": 1, "gpus": {"any": 0}})", "“gpus.any” should be a number of GPUs");
        row(R"({"slipway": 1, "gpus": {"any": 1, "minFree": "x"}})", "“gpus.minFree” should be a size");
        row(R"({"slipway": 1, "code": "/w"})", "“code” should be an object");
        row(R"({"slipway": 1, "code": {"pull": 1}})", "“code.pull” should be true or false");
        row(R"({"slipway": 1, "code": {"update": "rebase"}})", "“code.update” should be \"none\"");
        row(R"({"slipway": 1, "code": {"source": 1}})", "“code.source” should be \"present\"");
        row(R"({"slipway": 1, "mounts": [{"target": 1}]})", "“mounts[0].target” should be a text");
        row(R"({"slipway": 1, "mounts": ["/a:/b"]})", "“mounts[0]” should be an object");
        row(R"({"slipway": 1, "ulimits": ["memlock"]})", "“ulimits[0]” is wrong: --ulimit wants");
        row(R"({"slipway": 1, "env": ["=1"]})", "“env[0]” is wrong");
        row(R"({"slipway": 1, "env": [{"name": "A", "secret": true, "value": "x"}]})", "“env[0].value” is a secret's");
        row(R"({"slipway": 1, "env": [{"value": "x"}]})", "“env[0].name” is wrong");
        row(R"({"slipway": 1, "env": [3]})", "“env[0]” should be a text");
        row(R"({"slipway": 1, "parameters": [{"name": "A B"}]})", "“parameters[0].name” should be letters");
        row(R"({"slipway": 1, "parameters": [{"name": "A"}, {"name": "A"}]})", "“parameters[1].name” is there twice");
        row(R"({"slipway": 1, "parameters": [{"name": "A", "default": 3}]})",
            "“parameters[0].default” should be a text");
        row(R"({"slipway": 1, "entrypoint": []})", "“entrypoint” should be a text");
    }
    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, says);
        const auto file = fromJson(json);
        QVERIFY(!file.ok());
        QCOMPARE(file.error().kind, core::ErrorKind::Protocol);
        QVERIFY2(file.error().message.contains(says), qPrintable(file.error().message));
    }

    void saysTheLine_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("line");
        QTest::newRow("a field") << QByteArray("{\n\"slipway\": 1,\n\n\"tty\": 3\n}") << 4;
        QTest::newRow("behind strings that look like it")
            << QByteArray("{\n\"slipway\": 1, \"x\": \"\\\"tty\\\": {[,\",\n\"y\": [{\"tty\": 1}, 2],\n\"tty\": 3}")
            << 4;
        QTest::newRow("in a list") << QByteArray(
            "{\"slipway\": 1, \"mounts\": [\n{\"target\": \"/a\"},\n{\n\"source\": \"/b\",\n\"target\": 5}]}")
                                   << 5;
        QTest::newRow("a missing one") << QByteArray("{\"slipway\": 1,\n\"parameters\": [\n{}]}") << 3;
        QTest::newRow("written with escapes") << QByteArray("{\"slipway\": 1,\n\"t\\u0074y\": 3}") << 2;
    }
    void saysTheLine()
    {
        QFETCH(QByteArray, json);
        QFETCH(int, line);
        const auto file = fromJson(json);
        QVERIFY(!file.ok());
        const QString wanted = QStringLiteral("(line %1).").arg(line);
        QVERIFY2(file.error().message.endsWith(wanted), qPrintable(file.error().message));
    }

    void keepsWhatItDoesNotKnow()
    {
        auto file = fromJson(R"({"slipway": 1, "image": "x", "note.a": [1, {"b": null}], "code": {"branch": "y"},
            "mounts": [{"target": "/a"}, {"target": "/b", "why": "c"}], "env": [{"name": "A", "value": "1", "from": "d"}],
            "parameters": [{"name": "LR", "unit": "1"}], "gpus": {"any": 1, "model": "H100"}, "description": "Mine"})");
        QVERIFY2(file.ok(), qPrintable(file.ok() ? QString() : file.error().message));
        QCOMPARE(file->unknown.size(), 6);
        QCOMPARE(file->description, QStringLiteral("Mine"));
        const auto again = fromJson(toJson(*file));
        QVERIFY(again.ok());
        QVERIFY(again->config == file->config);
        QCOMPARE(again->unknown, file->unknown);

        // It follows the mount it belongs to, and goes with it.
        file->config.mounts.removeFirst();
        file->config.gpus = {};
        const auto fewer = fromJson(toJson(*file));
        QCOMPARE(fewer->unknown.size(), 5);
        QVERIFY(toJson(*fewer).contains("\"why\": \"c\""));
        file->config.mounts.clear();
        file->config.env.clear();
        const auto fewest = fromJson(toJson(*file));
        QVERIFY(fewest.ok() && fewest->config.mounts.isEmpty() && fewest->config.gpus == GpuRequest{});
        QCOMPARE(fewest->unknown.size(), 3);
    }

    void keepsParametersAndNoSecrets()
    {
        RunConfig config;
        config.image = QStringLiteral("x");
        config.parameters = {{QStringLiteral("LR"), QStringLiteral("3e-4"), QStringLiteral("Rate")},
            {QStringLiteral("SEED"), std::nullopt, {}}};
        config.env
            = {{QStringLiteral("KEY"), QStringLiteral("hush"), true}, {QStringLiteral("A"), QStringLiteral("1")}};
        const QByteArray json = toJson(config);
        QVERIFY(!json.contains("hush"));
        const auto file = fromJson(json);
        QVERIFY2(file.ok(), qPrintable(file.ok() ? QString() : file.error().message));
        config.env[0].value.reset();
        QVERIFY(file->config == config);
    }

    void survivesEveryCut()
    {
        const QByteArray json = R"({"slipway": 1, "gpus": [0], "mounts": [{"source": "/data"}], "env": ["A=1"]})";
        for (qsizetype i = 0; i < json.size(); ++i)
            QVERIFY(!fromJson(json.left(i)).ok());
        QVERIFY(fromJson(json).ok());
    }
};

QTEST_GUILESS_MAIN(TestConfigFile)
#include "tst_configfile.moc"
