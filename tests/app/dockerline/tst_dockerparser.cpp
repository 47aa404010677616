#include "dockerline/dockerparser.h"

#include <QTest>

using namespace recipe;
using namespace dockerline;

static RunConfig parsed(const char *line)
{
    const auto result = parseDockerRun(QString::fromUtf8(line));
    if (const auto *error = std::get_if<ParseError>(&result)) {
        qWarning() << line << error->message;
        return {};
    }
    return std::get<ParsedLine>(result).config;
}

class TestDockerParser : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void acceptsManyBeginnings()
    {
        for (const char *line :
            {"docker run x", "sudo docker run x", "sudo -E docker container run x", "/usr/bin/docker run x",
                "$ docker run x", "sudo -u me docker run x", "podman run x", "# a comment\ndocker run \\\n  x # end\n"})
            QCOMPARE(parsed(line).image, QStringLiteral("x"));
    }

    void readsShorthands()
    {
        RunConfig config = parsed("docker run -itd -p8080:80 -eA=1 -e=B=2 -uroot -w/x -v/a:/b -m1g bb:1 true");
        QVERIFY(config.interactive && config.tty && config.detach && !config.removeWhenFinished);
        QCOMPARE(config.ports, QStringList{QStringLiteral("8080:80")});
        QCOMPARE(config.env,
            (QList<EnvVar>{{QStringLiteral("A"), QStringLiteral("1")}, {QStringLiteral("B"), QStringLiteral("2")}}));
        QCOMPARE(config.user, QStringLiteral("root"));
        QCOMPARE(config.mounts, (QList<Mount>{{QStringLiteral("/a"), QStringLiteral("/b"), false, false, {}}}));
        QCOMPARE(config.memory, qint64(1) << 30);
        config = parsed("docker run -itp 80:80 -d=false x");
        QVERIFY(config.interactive && config.tty && !config.detach);
        QCOMPARE(config.ports, QStringList{QStringLiteral("80:80")});
    }

    void readsFlagsAndEmptyValues()
    {
        QVERIFY(!parsed("docker run --rm --rm=false x").removeWhenFinished);
        QVERIFY(parsed("docker run --rm=1 x").removeWhenFinished);
        // The value is empty, and the image is not taken for it.
        const RunConfig config = parsed("docker run --entrypoint= bb:1 ls");
        QCOMPARE(config.entrypoint, std::optional(QString()));
        QCOMPARE(config.image, QStringLiteral("bb:1"));
        QCOMPARE(config.command, QStringList{QStringLiteral("ls")});
        QCOMPARE(parsed("docker run -e --rm x").env, (QList<EnvVar>{{QStringLiteral("--rm"), std::nullopt}}));
    }

    void stopsAtTheImage()
    {
        const RunConfig config = parsed("docker run -d -- x -- --rm -v");
        QCOMPARE(config.image, QStringLiteral("x"));
        QCOMPARE(config.command, QStringList({QStringLiteral("--"), QStringLiteral("--rm"), QStringLiteral("-v")}));
        QVERIFY(!config.removeWhenFinished);
    }

    void readsGpus_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("count");
        QTest::addColumn<QStringList>("devices");
        using Kind = GpuRequest::Kind;
        const QStringList both = {QStringLiteral("0"), QStringLiteral("1")};
        QTest::newRow("all") << QStringLiteral("--gpus all") << int(Kind::All) << 0 << QStringList();
        QTest::newRow("-1") << QStringLiteral("--gpus=-1") << int(Kind::All) << 0 << QStringList();
        QTest::newRow("count") << QStringLiteral("--gpus 2") << int(Kind::Count) << 2 << QStringList();
        QTest::newRow("one") << QStringLiteral("--gpus=device=0") << int(Kind::Devices) << 0
                             << QStringList{QStringLiteral("0")};
        QTest::newRow("both quotes") << QStringLiteral("--gpus '\"device=0,1\"'") << int(Kind::Devices) << 0 << both;
        QTest::newRow("escaped") << QStringLiteral("--gpus \\\"device=0,1\\\"") << int(Kind::Devices) << 0 << both;
        QTest::newRow("in double") << QStringLiteral("--gpus \"\\\"device=0,1\\\"\"") << int(Kind::Devices) << 0
                                   << both;
        QTest::newRow("joined") << QStringLiteral("--gpus='\"device=0,1\"'") << int(Kind::Devices) << 0 << both;
        QTest::newRow("mig") << QStringLiteral("--gpus device=MIG-1f/2") << int(Kind::Devices) << 0
                             << QStringList{QStringLiteral("MIG-1f/2")};
    }
    void readsGpus()
    {
        QFETCH(QString, option);
        const GpuRequest gpus = parsed(qPrintable(QStringLiteral("docker run %1 x").arg(option))).gpus;
        QTEST(int(gpus.kind), "kind");
        QTEST(gpus.count, "count");
        QTEST(gpus.devices, "devices");
    }

    void pointsAtWhatIsWrong_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *line, const char *where, const char *says) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(where) << QString::fromUtf8(says);
        };
        row("docker run --xyz 3 x", "--xyz", "Docker has no option --xyz.");
        row("docker run --shmsize 1g x", "--shmsize", "Did you mean --shm-size?");
        row("docker run --gpu=all x", "--gpu=all", "Did you mean --gpus?");
        row("docker run --rm --help", "--help", "only prints");
        row("docker run --xyz=3 x", "--xyz=3", "Docker has no option --xyz.");
        row("docker run -i 'a b' -z", "", "");
        row("docker run -iZ x", "-iZ", "Docker has no option -Z.");
        row("docker run --shm-size huge x", "huge", "not “huge”");
        row("docker run --shm-size='hu ge' x", "--shm-size='hu ge'", "not “hu ge”");
        row("docker run --name", "--name", "--name needs a value.");
        row("docker run -it", "", "The image is missing.");
        row("docker run ''", "''", "empty");
        row("docker run --rm=maybe x", "--rm=maybe", "--rm is on or off");
        row("docker ps -a", "ps", "not “docker ps”");
        row("docker -H tcp://x run y", "-H", "before “run”");
        row("ls -l", "ls", "should begin with");
        row("", "", "should begin with");
        row("docker run --gpus all,all x", "all,all", "only once");
        row("docker run --gpus foo=bar x", "foo=bar", "no “foo”");
        row("docker run -v /a:/b:/c:/d x", "/a:/b:/c:/d", "-v wants");
        row("docker run --mount type=tmpfs,target=/x,foo=1 y", "type=tmpfs,target=/x,foo=1", "no “foo”");
        row("docker run -p web:80 x", "web:80", "not “web:80”");
        row("docker run --ulimit memlck=-1 x", "memlck=-1", "no limit “memlck”");
        row("docker run --ulimit nofile=10:5 x", "nofile=10:5", "above the hard one");
        row("docker run --network a --network host x", "host", "do not go together");
        row("docker run --network a --network-alias=b --network a x", "a", "twice");
        row("docker run --restart on-failure:x x", "on-failure:x", "not “on-failure:x”");
        row("docker run --restart always --rm x", "always", "--rm and --restart");
        row("docker run -d -a stdin x", "stdin", "--attach and --detach");
        row("docker run --no-healthcheck --health-retries=3 x", "--no-healthcheck", "do not go together");
        row("docker run --log-driver none --log-opt a=b x", "a=b", "takes no --log-opt");
        row("docker run --annotation a=b x", "a=b", "API 1.43");
        row("docker run --cpu-count=2 x", "--cpu-count=2", "Windows");
        row("docker run --env-file /no/such/file x", "/no/such/file", "does not exist");
        row("docker run --pull sometimes x", "sometimes", "not “sometimes”");
        row("docker run --health-interval 30 x", "30", "not “30”");
        row("docker run --cpus two x", "two", "not “two”");
        row("docker run -e =1 x", "=1", "NAME");
        row("docker run x | tee log", "|", "without the shell's “|”");
    }
    void pointsAtWhatIsWrong()
    {
        QFETCH(QString, line);
        QFETCH(QString, where);
        QFETCH(QString, says);
        const auto result = parseDockerRun(line);
        if (says.isEmpty()) {
            QVERIFY(std::holds_alternative<ParsedLine>(result));
            return;
        }
        QVERIFY(std::holds_alternative<ParseError>(result));
        const ParseError &error = std::get<ParseError>(result);
        QCOMPARE(line.mid(error.position, error.length), where);
        QVERIFY2(error.message.contains(says), qPrintable(error.message));
    }

    void resolvesFolders()
    {
        ShellContext context;
        context.folder = QStringLiteral("/cwd");
        const auto result
            = parseDockerRun(QStringLiteral("docker run -v ./rel:/a -v .:/b -v \"$PWD/x\":/c -v rel:/d x"), context);
        QStringList sources;
        for (const Mount &mount : std::get<ParsedLine>(result).config.mounts)
            sources += mount.source;
        QCOMPARE(sources,
            QStringList(
                {QStringLiteral("/cwd/rel"), QStringLiteral("/cwd"), QStringLiteral("/cwd/x"), QStringLiteral("rel")}));
    }

    void handsOnWhatStandsInFront()
    {
        QCOMPARE(parsed("A=1 docker run -e A -e B x").env,
            (QList<EnvVar>{{QStringLiteral("A"), QStringLiteral("1")}, {QStringLiteral("B"), std::nullopt}}));
        QCOMPARE(parsed("cd /data && docker run -v ./in:/in x").mounts.first().source, QStringLiteral("/data/in"));
    }

    void keepsUnknownVariables()
    {
        ShellContext context;
        context.environment.clear();
        const QString line = QStringLiteral("docker run -v $DATA:/x -p $PORT:80 x");
        const auto refused = parseDockerRun(line, context);
        const ParseError &error = std::get<ParseError>(refused);
        QCOMPARE(line.mid(error.position, error.length), QStringLiteral("$PORT"));
        QVERIFY2(error.message.contains(QStringLiteral("PORT is not set")), qPrintable(error.message));
        context.environment.insert(QStringLiteral("PORT"), QStringLiteral("8080"));
        const auto result = parseDockerRun(line, context);
        const auto &taken = std::get<ParsedLine>(result);
        QCOMPARE(taken.config.mounts.first().source, QStringLiteral("${DATA}"));
        QCOMPARE(taken.config.ports, QStringList{QStringLiteral("8080:80")});
        QCOMPARE(taken.unknownVariables, (QList<UnknownVariable>{{QStringLiteral("DATA"), 14, 5}}));
        QCOMPARE(taken.warnings.size(), 1);
    }

    void keepsWhatNoFieldSays()
    {
        const RunConfig config
            = parsed("docker run --init --cap-add A --pid host --cap-add=B --pid=container:x --net a --dns-opt=y x");
        QCOMPARE(config.options,
            (QList<Option>{{QStringLiteral("init"), QStringLiteral("true")},
                {QStringLiteral("cap-add"), QStringLiteral("A")}, {QStringLiteral("cap-add"), QStringLiteral("B")},
                {QStringLiteral("pid"), QStringLiteral("container:x")},
                {QStringLiteral("dns-option"), QStringLiteral("y")}}));
        QCOMPARE(config.network, QStringLiteral("a"));
    }

    void understandsNvidiaDocker()
    {
        const auto result = parseDockerRun(QStringLiteral("nvidia-docker run --rm x"));
        const ParsedLine &line = std::get<ParsedLine>(result);
        QCOMPARE(line.config.options, (QList<Option>{{QStringLiteral("runtime"), QStringLiteral("nvidia")}}));
        QCOMPARE(line.warnings.size(), 1);
    }

    void warnsOfWhatTheDaemonWillRefuse()
    {
        for (const char *text : {"docker run --gpus device=0,1 x", "docker run -v '~/a':/b x"}) {
            const auto result = parseDockerRun(QString::fromUtf8(text));
            QCOMPARE(std::get<ParsedLine>(result).warnings.size(), 1);
        }
        const auto quoted = parseDockerRun(QStringLiteral("docker run --gpus '\"device=0,1\"' x"));
        QCOMPARE(std::get<ParsedLine>(quoted).warnings.size(), 0);
    }

    void warnsAboutCreate()
    {
        const auto result = parseDockerRun(QStringLiteral("docker create x"));
        QCOMPARE(std::get<ParsedLine>(result).warnings.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestDockerParser)
#include "tst_dockerparser.moc"
