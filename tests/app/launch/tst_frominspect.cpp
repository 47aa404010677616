#include "launch/frominspect.h"

#include "docker/parse.h"
#include "dockerline/dockerparser.h"
#include "launch/lostoptions.h"
#include "recipe/createbody.h"
#include "support/generate.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace launch;
using namespace recipe;
using namespace dockerline;
using namespace Qt::StringLiterals;

namespace {

QJsonObject object(const char *json)
{
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(json, &fault);
    if (fault.error != QJsonParseError::NoError)
        qFatal("%s: %s", json, qPrintable(fault.errorString()));
    return document.object();
}

/** As the daemon would answer for a container with this Config and HostConfig. */
docker::ContainerDetail container(const QJsonObject &config, const QJsonObject &host, const QJsonObject &networks = {})
{
    const QJsonObject raw{{u"Id"_s, u"0123456789abcdef0123"_s}, {u"Name"_s, u"/run-1"_s}, {u"Config"_s, config},
        {u"HostConfig"_s, host}, {u"NetworkSettings"_s, QJsonObject{{u"Networks"_s, networks}}}};
    docker::ContainerDetail detail;
    detail.id = raw["Id"_L1].toString();
    detail.name = u"run-1"_s;
    detail.image = config["Image"_L1].toString();
    detail.raw = raw;
    return detail;
}

docker::ImageDetail image(const QJsonObject &config)
{
    return *docker::parseImageDetail(QJsonDocument(QJsonObject{{u"Config"_s, config}}).toJson());
}

/** The Config of a create request, which says HostConfig and networks beside it. */
QJsonObject withoutHost(QJsonObject body)
{
    body.remove("HostConfig"_L1);
    body.remove("NetworkingConfig"_L1);
    return body;
}

/** Without what says only where the client's own streams go. */
QJsonObject detached(QJsonObject body)
{
    for (const auto key : {"AttachStdin"_L1, "AttachStdout"_L1, "AttachStderr"_L1, "StdinOnce"_L1})
        body.remove(key);
    return body;
}

QString text(const QJsonObject &object) { return QString::fromUtf8(QJsonDocument(object).toJson()); }

QString diff(const QJsonObject &a, const QJsonObject &b)
{
    QStringList lines;
    for (const QString &key : a.keys() + b.keys()) {
        if (a[key] == b[key])
            continue;
        if (key == "HostConfig"_L1)
            lines += diff(a[key].toObject(), b[key].toObject());
        else
            lines += text(QJsonObject{{key, QJsonArray{a[key], b[key]}}});
    }
    lines.removeDuplicates();
    return lines.join(u'\n');
}

} // namespace

/** From made-up answers of the daemon; tst_createagain asks a real one. */
class TestFromInspect : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasSentIsReadBack()
    {
        ShellContext empty;
        empty.environment = {};
        for (quint32 seed = 0; seed < 400; ++seed) {
            RunConfig config = Generator(seed).config();
            for (Mount &mount : config.mounts) {
                if (mount.source.isEmpty()) // check() refuses two mounts at one place
                    mount.target = u"/nameless"_s;
            }
            if (config.shmSize == 64 << 20) // Docker's own
                config.shmSize = 0;
            const CreateRequest sent = *createRequest(config, empty);
            const InspectedConfig read
                = fromInspect(container(withoutHost(sent.body), sent.body["HostConfig"_L1].toObject()), {});
            QVERIFY(read.config.detach);
            const QJsonObject again = createRequest(read.config, empty)->body;
            QCOMPARE(diff(detached(again), detached(sent.body)), QString());
            QVERIFY2(read.lost.isEmpty(), qPrintable(QString::number(seed) + u' ' + read.lost.join(u' ')));
        }
    }

    /** Every recorded line of docker run either comes back whole, or something is said to be lost. */
    void theRecordedLines()
    {
        QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/run-flags.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int whole = 0;
        int lost = 0;
        while (!file.atEnd()) {
            const QJsonObject recorded = QJsonDocument::fromJson(file.readLine()).object();
            const QJsonObject sent = recorded["request"_L1].toObject()["body"_L1].toObject();
            if (sent.isEmpty())
                continue;
            const auto parsed = parseDockerRun(recorded["argv"_L1].toVariant().toStringList());
            const InspectedConfig read
                = fromInspect(container(withoutHost(sent), sent["HostConfig"_L1].toObject(),
                                  sent["NetworkingConfig"_L1].toObject()["EndpointsConfig"_L1].toObject()),
                    {});
            // What stands among the further options is not read back from a container.
            if (const auto *line = std::get_if<ParsedLine>(&parsed); line && line->config.options.isEmpty()) {
                QVERIFY2(read.lost.isEmpty(),
                    qPrintable(recorded["cmd"_L1].toString() + u" lost "_s + read.lost.join(u' ')));
                ++whole;
            }
            lost += read.lost.isEmpty() ? 0 : 1;
            if (!read.lost.isEmpty())
                continue;
            QJsonObject ours = detached(createRequest(read.config, {})->body);
            QJsonObject theirs = detached(sent);
            for (QJsonObject *body :
                {&ours, &theirs}) { // unset and default are the same; the terminal's size is nobody's
                QJsonObject host = (*body)["HostConfig"_L1].toObject();
                host.remove("ConsoleSize"_L1);
                host.remove("CgroupnsMode"_L1);
                (*body)["HostConfig"_L1] = host;
            }
            // The one that is said in other words: -v for the same volume.
            // And -e of a name that stands in a file too: the later one is enough.
            const QString line = recorded["cmd"_L1].toString();
            if (!line.contains(u"--mount type=volume") && !line.contains(u"--env-file"))
                QCOMPARE(diff(ours, theirs), QString());
        }
        QVERIFY2(whole > 50, qPrintable(QString::number(whole)));
        QVERIFY2(lost > 25, qPrintable(QString::number(lost)));
    }

    void theImagesOwn_data()
    {
        QTest::addColumn<QString>("ofContainer");
        QTest::addColumn<QString>("line"); ///< what docker run would be told
        const auto row = [](const char *name, const char *config, const char *line) {
            QTest::newRow(name) << QString::fromUtf8(config) << QString::fromUtf8(line);
        };
        row("all the image's", R"({"Env":["A=1","PATH=/bin"],"Entrypoint":["/e","x"],"Cmd":["c","d"],"User":"5",
            "WorkingDir":"/w","Labels":{"a":"b"},"Volumes":{"/v":{}},"ExposedPorts":{"80/tcp":{}},"StopSignal":"SIGINT",
            "Healthcheck":{"Test":["CMD","t"],"Interval":5}})",
            "docker run img");
        row("own command", R"({"Entrypoint":["/e","x"],"Cmd":["z"]})", "docker run img z");
        row("own entrypoint", R"({"Entrypoint":["/f"],"Cmd":null})", "docker run --entrypoint /f img");
        row("own entrypoint, image's words", R"({"Entrypoint":["/f"],"Cmd":["c","d"]})",
            "docker run --entrypoint /f img c d");
        row("entrypoint of two words", R"({"Entrypoint":["/f","g"],"Cmd":["z"]})",
            "docker run --entrypoint /f img g z");
        row("no entrypoint", R"({"Entrypoint":null,"Cmd":["c","d"]})", "docker run --entrypoint= img c d");
        row("an empty entrypoint", R"({"Entrypoint":[""],"Cmd":["c"]})", "docker run --entrypoint= img c");
        row("image's entrypoint without its command", R"({"Entrypoint":["/e","x"],"Cmd":[]})",
            "docker run --entrypoint /e img x");
        row("environment", R"({"Entrypoint":["/e","x"],"Cmd":["c","d"],"Env":["B=","A=2","C","PATH=/bin"]})",
            "docker run -e B= -e A=2 -e C img");
        row("set twice", R"({"Entrypoint":["/e","x"],"Cmd":["c","d"],"Env":["A=2","A=1","PATH=/bin"]})",
            "docker run -e A=2 -e A=1 img");
        row("user, folder, label, volume", R"({"Entrypoint":["/e","x"],"Cmd":["c","d"],"User":"6","WorkingDir":"/x",
            "Labels":{"a":"c","k":"","z":"="},"Volumes":{"/v":{},"/n":{}}})",
            "docker run -u 6 -w /x -l a=c -l k -l z== -v /n img");
    }
    void theImagesOwn()
    {
        QFETCH(QString, ofContainer);
        QFETCH(QString, line);
        QJsonObject config = object(ofContainer.toUtf8().constData());
        config[u"Image"] = u"img"_s;
        if (!config.contains(u"StopSignal"))
            config[u"StopSignal"] = u"SIGINT"_s;
        const auto ofImage
            = image(object(R"({"Env":["A=1","PATH=/bin"],"Entrypoint":["/e","x"],"Cmd":["c","d"],"User":"5",
            "WorkingDir":"/w","Labels":{"a":"b"},"Volumes":{"/v":{}},"ExposedPorts":{"80/tcp":{}},"StopSignal":"SIGINT",
            "Healthcheck":{"Test":["CMD","t"],"Interval":5}})"));
        for (const auto key : {"User"_L1, "WorkingDir"_L1}) {
            if (!config.contains(key))
                config[key] = ofImage.raw["Config"_L1].toObject()[key];
        }
        const auto parsed = parseDockerRun(line);
        QVERIFY(std::holds_alternative<ParsedLine>(parsed));
        RunConfig expected = std::get<ParsedLine>(parsed).config;
        expected.name = u"run-1"_s;
        expected.detach = true;
        const InspectedConfig read = fromInspect(container(config, {}), ofImage);
        QCOMPARE(text(createRequest(read.config, {})->body), text(createRequest(expected, {})->body));
        QVERIFY(read.config == expected);
        QCOMPARE(read.lost, QStringList());
    }

    void secretsStaySecrets()
    {
        const auto read = fromInspect(container(object(R"({"Image":"i","Env":["KEY=hush","A=1"],"Labels":{"a":"b",
            "io.slipway.run":"1","io.slipway.recipe":"{\"slipway\":1,\"env\":[{\"name\":\"KEY\",\"secret\":true}]}"}})"),
                                          {}),
            {});
        QCOMPARE(read.config.env, (QList<EnvVar>{{u"KEY"_s, u"hush"_s, true}, {u"A"_s, u"1"_s}}));
        QCOMPARE(read.config.labels, (QList<QPair<QString, QString>>{{u"a"_s, u"b"_s}}));
    }

    void aGoneImageLeavesNothingOut()
    {
        const auto read = fromInspect(
            container(object(R"({"Image":"sha256:ab","Env":["A=1"],"Cmd":["c"],"User":"5","Labels":{"a":"b"}})"), {}),
            {});
        QCOMPARE(read.config.image, u"sha256:ab"_s);
        QCOMPARE(read.config.command, QStringList{u"c"_s});
        QCOMPARE(read.config.env.size(), 1);
        QCOMPARE(read.config.user, u"5"_s);
        QCOMPARE(read.config.labels.size(), 1);
    }

    void theCodeStep()
    {
        const auto read = fromInspect(container(object(R"({"Image":"i","Cmd":["bash","-c",
            "cd /workspace/repo && git pull && git checkout dev && export A=1 && python3 train.py"]})"),
                                          {}),
            {});
        QCOMPARE(read.config.code, (CodeStep{u"/workspace/repo"_s, CodeStep::Update::Pull, u"dev"_s, {}, {}, {}}));
        QVERIFY(read.config.useShell);
        QCOMPARE(read.config.script, u"export A=1 && python3 train.py"_s);
    }

    void mounts()
    {
        const auto read = fromInspect(container(object(R"({"Image":"i","Volumes":{"/b":{},"/nameless":{}}})"),
                                          object(R"({"Binds":["/a:/b","vol:/c:z,ro"],"Mounts":[
                {"Type":"bind","Source":"/s","Target":"/t","ReadOnly":true,"BindOptions":{"Propagation":"rprivate"}},
                {"Type":"bind","Source":"/s","Target":"/made","BindOptions":{"CreateMountpoint":true}},
                {"Type":"volume","Source":"named","Target":"/v","VolumeOptions":{"NoCopy":true}},
                {"Type":"volume","Target":"/w"}]})")),
            {});
        const QList<Mount> expected = {{u"/a"_s, u"/b"_s, false, false, {}},
            {u"vol"_s, u"/c"_s, true, false, u"z,ro"_s}, {u"/s"_s, u"/t"_s, true, true, {}},
            {u"/s"_s, u"/made"_s, false, false, {}}, {u"named"_s, u"/v"_s, false, false, u"nocopy"_s},
            {{}, u"/w"_s, false, false, {}}, {{}, u"/nameless"_s, false, false, {}}};
        QVERIFY(read.config.mounts == expected);
        QCOMPARE(read.lost, QStringList());
    }

    void gpus_data()
    {
        QTest::addColumn<QString>("requests");
        QTest::addColumn<QString>("value"); ///< behind --gpus
        QTest::addColumn<QStringList>("lost");
        const auto row = [](const char *requests, const char *value, const QStringList &lost = {}) {
            QTest::newRow(requests) << QString::fromUtf8(requests) << QString::fromUtf8(value) << lost;
        };
        row(R"({"Count":-1,"DeviceIDs":null,"Capabilities":[["gpu"]],"Options":{}})", "all");
        row(R"({"Count":2,"Capabilities":[["gpu"]]})", "2");
        row(R"({"Count":0,"Capabilities":[["gpu"]]})", "0");
        row(R"({"DeviceIDs":["0","GPU-3f"],"Capabilities":[["gpu"]]})", R"("device=0,GPU-3f")");
        row(R"({"Count":1,"DeviceIDs":["0"],"Capabilities":[["gpu"]]})", "device=0", {u"--gpus count=1"_s});
        row(R"({"Driver":"nvidia","Count":-1,"Capabilities":[["gpu"]]})", "all", {u"--gpus driver=nvidia"_s});
        row(R"({"Count":-1,"Capabilities":[["utility","gpu"]],"Options":{"a":"b"}})", "all",
            {u"--gpus capabilities"_s, u"--gpus options"_s});
        row(R"({"Driver":"cdi","DeviceIDs":["nvidia.com/gpu=0"]})", "", {u"--device"_s});
        row(R"({"Count":-1,"Capabilities":[["tpu"]]})", "", {u"--gpus (without gpu)"_s});
        row(R"({"Count":1,"Capabilities":[["gpu"]]},{"Count":2,"Capabilities":[["gpu"]]})", "1",
            {u"--gpus (a second one)"_s});
    }
    void gpus()
    {
        QFETCH(QString, requests);
        QFETCH(QString, value);
        QFETCH(QStringList, lost);
        const QByteArray host = R"({"DeviceRequests":[)" + requests.toUtf8() + "]}";
        const auto read = fromInspect(container(object(R"({"Image":"i"})"), object(host.constData())), {});
        RunConfig expected;
        if (!value.isEmpty())
            expected
                = std::get<ParsedLine>(parseDockerRun(QStringList{u"docker"_s, u"run"_s, u"--gpus"_s, value, u"i"_s}))
                      .config;
        QVERIFY(read.config.gpus == expected.gpus);
        QCOMPARE(read.lost, lost);
    }

    void hostConfig()
    {
        const auto read = fromInspect(
            container(object(R"({"Image":"i","Tty":true,"OpenStdin":true})"),
                object(
                    R"({"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":""},{"HostIp":"::1","HostPort":"81"}],
                "53/udp":[{"HostIp":"","HostPort":"5300"}],"22/tcp":[{}],"23/tcp":null},
                "Ulimits":[{"Name":"memlock","Soft":-1,"Hard":-1}],"ShmSize":1073741824,"Memory":1073741824,
                "MemorySwap":2147483648,"NanoCpus":1500000001,"IpcMode":"shareable","NetworkMode":"container:x",
                "RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3}})")),
            {});
        QCOMPARE(read.lost, QStringList());
        const RunConfig &config = read.config;
        QCOMPARE(config.ports, (QStringList{u"22"_s, u"5300:53/udp"_s, u"127.0.0.1::80"_s, u"[::1]:81:80"_s}));
        QVERIFY(config.ulimits == (QList<Ulimit>{{u"memlock"_s, -1, -1}}));
        QCOMPARE(config.shmSize, qint64(1) << 30);
        QCOMPARE(config.memory, qint64(1) << 30);
        QCOMPARE(createRequest(config, {})->body["HostConfig"_L1]["NanoCpus"_L1].toInteger(), 1500000001);
        QCOMPARE(config.ipc, u"shareable"_s);
        QCOMPARE(config.network, u"container:x"_s);
        QCOMPARE(config.restart, u"on-failure:3"_s);
        QVERIFY(!config.removeWhenFinished && config.tty && config.interactive && config.detach);
        QCOMPARE(config.name, u"run-1"_s);
    }

    /** As old and new daemons write "nothing". */
    void defaultsAreNoLoss_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("20.10") << QStringLiteral(
            R"({"LogConfig":{"Type":"json-file","Config":{}},"NetworkMode":"default",
            "RestartPolicy":{"Name":"no"},"VolumesFrom":null,"CapAdd":null,"CgroupnsMode":"host","Dns":[],"IpcMode":"private",
            "ShmSize":67108864,"Runtime":"runc","ConsoleSize":[0,0],"Isolation":"","KernelMemory":0,"MemorySwappiness":null,
            "OomKillDisable":false,"PidsLimit":null,"MaskedPaths":["/proc/asound"],"ReadonlyPaths":["/proc/bus"]})");
        QTest::newRow("29") << QStringLiteral(R"({"LogConfig":{"Type":"","Config":null},"NetworkMode":"bridge",
            "RestartPolicy":{"Name":"","MaximumRetryCount":0},"Annotations":null,"CgroupnsMode":"private","ConsoleSize":[24,80],
            "Runtime":"io.containerd.runc.v2","Isolation":"default","MemorySwappiness":-1,"OomKillDisable":null,"PidsLimit":0,
            "MaskedPaths":null,"Tmpfs":{},"Init":false,"SomethingNew":{}})");
        QTest::newRow("shared ipc") << QStringLiteral(R"({"IpcMode":"host","SecurityOpt":["label=disable"]})");
        QTest::newRow("nothing") << QStringLiteral("{}");
        QTest::newRow("wrong types") << QStringLiteral(
            R"({"Binds":3,"Mounts":"x","PortBindings":[1],"DeviceRequests":{},
            "Ulimits":"?","LogConfig":1,"RestartPolicy":[],"SecurityOpt":"","ShmSize":"big","NetworkMode":null})");
    }
    void defaultsAreNoLoss()
    {
        QFETCH(QString, host);
        const auto read = fromInspect(
            container(object(R"({"Image":"i","Hostname":"0123456789ab","StopSignal":"SIGTERM",
            "AttachStdout":true,"Healthcheck":null,"MacAddress":"","OnBuild":null})"),
                object(host.toUtf8().constData()),
                object(R"({"bridge":{"IPAMConfig":{},"Links":null,"Aliases":["0123456789ab"],"DriverOpts":null}})")),
            {});
        QCOMPARE(read.lost, QStringList());
        RunConfig expected;
        expected.image = u"i"_s;
        expected.name = u"run-1"_s;
        expected.removeWhenFinished = false;
        expected.ipc = read.config.ipc;
        QVERIFY(read.config == expected);
    }

    void lost_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QStringList>("lost");
        const auto host = [](const char *json, const QString &lost) {
            QTest::newRow(json) << u"{}"_s << QString::fromUtf8(json) << QStringList{lost};
        };
        const auto config = [](const char *json, const QStringList &lost) {
            QTest::newRow(json) << QString::fromUtf8(json) << u"{}"_s << lost;
        };
        host(R"({"CapAdd":["SYS_PTRACE"]})", u"--cap-add"_s);
        host(R"({"Privileged":true,"SecurityOpt":["label=disable"]})", u"--privileged"_s);
        host(R"({"SecurityOpt":["label=disable","no-new-privileges"]})", u"--security-opt"_s);
        host(R"({"MaskedPaths":[],"ReadonlyPaths":[]})", u"--security-opt"_s);
        host(R"({"Devices":[{"PathOnHost":"/dev/fuse"}]})", u"--device"_s);
        host(R"({"LogConfig":{"Type":"none"}})", u"--log-driver"_s);
        host(R"({"LogConfig":{"Type":"json-file","Config":{"max-size":"1m"}}})", u"--log-opt"_s);
        host(R"({"Memory":5,"MemorySwap":-1})", u"--memory-swap"_s);
        host(R"({"MemorySwappiness":0})", u"--memory-swappiness"_s);
        host(R"({"PidsLimit":9})", u"--pids-limit"_s);
        host(R"({"Runtime":"nvidia"})", u"--runtime"_s);
        host(R"({"Tmpfs":{"/t":""}})", u"--tmpfs"_s);
        host(R"({"PidMode":"host"})", u"--pid"_s);
        host(R"({"Mounts":[{"Type":"tmpfs","Target":"/t"}]})", u"--mount type=tmpfs"_s);
        host(R"({"Mounts":[{"Type":"bind","Source":"/s","Target":"/t","BindOptions":{"Propagation":"rshared"}}]})",
            u"--mount bind-propagation=rshared"_s);
        host(R"({"Mounts":[{"Type":"bind","Source":"/s","Target":"/t","BindOptions":{"NonRecursive":true}}]})",
            u"--mount bind-recursive"_s);
        host(R"({"Mounts":[{"Type":"volume","Source":"s","Target":"/t","VolumeOptions":{"Subpath":"x"}}]})",
            u"--mount volume-subpath"_s);
        host(
            R"({"Mounts":[{"Type":"volume","Source":"s","Target":"/t","VolumeOptions":{"DriverConfig":{"Name":"nfs"}}}]})",
            u"--mount volume-driver=nfs"_s);
        host(R"({"Binds":["C:\\a:C:\\b"]})", u"--volume C:\\a:C:\\b"_s);
        host(R"({"OfTomorrow":7})", u"OfTomorrow"_s);
        config(R"({"Hostname":"me"})", {u"--hostname"_s});
        config(R"({"ExposedPorts":{"80/tcp":{}}})", {u"--expose"_s});
        config(R"({"StopTimeout":0,"StopSignal":"SIGINT"})", {u"--stop-timeout"_s, u"--stop-signal"_s});
        config(R"({"Healthcheck":{"Test":["NONE"]}})", {u"--no-healthcheck"_s});
        config(R"({"Healthcheck":{"Test":["CMD","x"],"Retries":2}})", {u"--health-cmd"_s, u"--health-retries"_s});
        config(R"({"MacAddress":"02:42:ac:11:00:02"})", {u"--mac-address"_s});
    }
    void lost()
    {
        QFETCH(QString, config);
        QFETCH(QString, host);
        QFETCH(QStringList, lost);
        const auto read
            = fromInspect(container(object(config.toUtf8().constData()), object(host.toUtf8().constData())), {});
        QCOMPARE(read.lost, lost);
    }

    void networksThatCannotBeSaid()
    {
        const auto lost = [](const char *mode, const char *networks) {
            return lostOptions(container({}, object(mode), object(networks)).raw, {});
        };
        QCOMPARE(
            lost(R"({"NetworkMode":"lab"})", R"({"lab":{"IPAMConfig":{"IPv4Address":"10.0.0.2"},"Aliases":["db"]}})"),
            (QStringList{u"--ip"_s, u"--network-alias"_s}));
        QCOMPARE(
            lost(R"({"NetworkMode":"lab"})", R"({"lab":{},"other":{}})"), QStringList{u"--network (a second one)"_s});
        QCOMPARE(lost(R"({"NetworkMode":"feed12"})", R"({"lab":{"NetworkID":"feed1234"}})"), QStringList());
        // There the daemon writes down a name that nobody chose.
        const auto shared = container(object(R"({"Hostname":"machine"})"), object(R"({"NetworkMode":"host"})"));
        QCOMPARE(fromInspect(shared, {}).lost, QStringList());
    }
};

QTEST_GUILESS_MAIN(TestFromInspect)
#include "tst_frominspect.moc"
