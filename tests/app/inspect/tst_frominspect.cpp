#include "inspect/frominspect.h"

#include "docker/parse.h"
#include "dockerline/dockerparser.h"
#include "recipe/createbody.h"
#include "support/generate.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <algorithm>

using namespace inspect;
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

/** What is left when the ways to say the same are made one: unset and default, orders that mean nothing. */
QJsonObject comparable(QJsonObject body)
{
    body = detached(body);
    QJsonObject host = body["HostConfig"_L1].toObject();
    for (const auto key : {"ConsoleSize"_L1, "CgroupnsMode"_L1, "ContainerIDFile"_L1})
        host.remove(key);
    if (host["MemorySwap"_L1].toInteger() == 2 * host["Memory"_L1].toInteger()) // filled in by the daemon
        host[u"MemorySwap"] = 0;
    QJsonArray mounts;
    for (const QJsonValue &value : host["Mounts"_L1].toArray()) {
        QJsonObject mount = value.toObject();
        if (mount["BindOptions"_L1].toObject().isEmpty())
            mount.remove("BindOptions"_L1);
        mounts += mount;
    }
    host[u"Mounts"] = mounts;
    body[u"HostConfig"] = host;
    return body;
}

/** Docker's client sends the text of a profile and takes only a file; and networks that the daemon refuses. */
bool cannotBeSaid(const QString &line)
{
    return line.contains(u".json") || line.contains(u"--network bridge --network host");
}

/** Lines that say a default, say something twice, or have a shorter way to say the same; and nonsense that passes
 * Docker's client, but no daemon. */
bool saidInOtherWords(const QString &line)
{
    static const QStringList parts = {u"--env-file"_s, u"--log-driver json-file"_s, u"--isolation=default"_s,
        u"--network default"_s, u"--network bridge"_s, u"--runtime runc"_s, u"--mount type=volume"_s, u"--mount dst="_s,
        u"--mount src="_s, u"--link /a:/c/b"_s, u"--restart \"\""_s, u"--restart ''"_s, u"--restart no:5"_s,
        u"--restart on-failure:-5"_s, u"--cpus -1"_s};
    return std::ranges::any_of(parts, [&line](const QString &part) { return line.contains(part); });
}

QStringList optionTexts(const RunConfig &config)
{
    QStringList texts;
    for (const Option &option : config.options)
        texts += option.name + u'=' + option.value;
    return texts;
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
            const QJsonObject endpoints = sent.body["NetworkingConfig"_L1]["EndpointsConfig"_L1].toObject();
            DaemonTraits newest;
            newest.api = docker::newestApi;
            const InspectedConfig read = fromInspect(
                container(withoutHost(sent.body), sent.body["HostConfig"_L1].toObject(), endpoints), {}, newest);
            QVERIFY(read.config.detach);
            const QJsonObject again = createRequest(read.config, empty)->body;
            QCOMPARE(diff(detached(again), detached(sent.body)), QString());
            QVERIFY2(read.lost.isEmpty(), qPrintable(QString::number(seed) + u' ' + read.lost.join(u' ')));
        }
    }

    void theRecordedLines_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QJsonObject>("sent");
        for (const auto *name : {"run-flags", "run-lines"}) {
            QFile file(
                QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/%1.jsonl").arg(QLatin1String(name)));
            QVERIFY(file.open(QIODevice::ReadOnly));
            while (!file.atEnd()) {
                const QJsonObject recorded = QJsonDocument::fromJson(file.readLine()).object();
                const QJsonObject sent = recorded["request"_L1]["body"_L1].toObject();
                if (!sent.isEmpty())
                    QTest::newRow(qPrintable(recorded["id"_L1].toString())) << recorded["cmd"_L1].toString() << sent;
            }
        }
    }
    /** A daemon that answers with just what Docker's client sent it gets the same again. */
    void theRecordedLines()
    {
        QFETCH(QString, line);
        QFETCH(QJsonObject, sent);
        const QJsonObject endpoints = sent["NetworkingConfig"_L1]["EndpointsConfig"_L1].toObject();
        DaemonTraits newest;
        newest.api = docker::newestApi;
        const InspectedConfig read
            = fromInspect(container(withoutHost(sent), sent["HostConfig"_L1].toObject(), endpoints), {}, newest);
        QVERIFY2(read.lost.isEmpty() || cannotBeSaid(line), qPrintable(line + u" lost "_s + read.lost.join(u' ')));
        if (!read.lost.isEmpty() || saidInOtherWords(line))
            return;
        const auto again = createRequest(read.config, {});
        QVERIFY2(again.ok(), qPrintable(line));
        QVERIFY2(diff(comparable(again->body), comparable(sent)).isEmpty(),
            qPrintable(line + u'\n' + diff(comparable(again->body), comparable(sent))));
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
        const QJsonObject labels{{u"a"_s, u"b"_s}, {u"io.slipway.run"_s, u"1"_s},
            {u"io.slipway.recipe"_s, u"{'slipway':1,'env':[{'name':'KEY','secret':true}]}"_s.replace(u'\'', u'"')}};
        const QJsonObject config{
            {u"Image"_s, u"i"_s}, {u"Env"_s, QJsonArray{u"KEY=hush"_s, u"A=1"_s}}, {u"Labels"_s, labels}};
        const auto read = fromInspect(container(config, {}), {});
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
        QTest::addColumn<QStringList>("said");
        const auto row = [](const char *requests, const char *value, const QStringList &said = {}) {
            QTest::newRow(requests) << QString::fromUtf8(requests) << QString::fromUtf8(value) << said;
        };
        row(R"({"Count":-1,"DeviceIDs":null,"Capabilities":[["gpu"]],"Options":{}})", "all");
        row(R"({"Count":2,"Capabilities":[["gpu"]]})", "2");
        row(R"({"Count":0,"Capabilities":[["gpu"]]})", "0");
        row(R"({"DeviceIDs":["0","GPU-3f"],"Capabilities":[["gpu"]]})", R"("device=0,GPU-3f")");
        row(R"({"Count":1,"DeviceIDs":["0"],"Capabilities":[["gpu"]]})", "", {u"gpus=1,device=0"_s});
        row(R"({"Driver":"nvidia","Count":-1,"Capabilities":[["gpu"]]})", "", {u"gpus=all,driver=nvidia"_s});
        row(R"({"Count":-1,"Capabilities":[["compute","utility","gpu"]],"Options":{"a":"b","c":"d,e"}})", "",
            {uR"(gpus=all,"capabilities=compute,utility","options=a=b,""c=d,e""")"_s});
        row(R"({"Driver":"cdi","DeviceIDs":["nvidia.com/gpu=0","nvidia.com/gpu=1"]})", "",
            {u"device=nvidia.com/gpu=0"_s, u"device=nvidia.com/gpu=1"_s});
        row(R"({"Count":1,"Capabilities":[["gpu"]]},{"Count":2,"Capabilities":[["gpu"]]})", "1", {u"gpus=2"_s});
    }
    void gpus()
    {
        QFETCH(QString, requests);
        QFETCH(QString, value);
        const QByteArray host = R"({"DeviceRequests":[)" + requests.toUtf8() + "]}";
        const auto read = fromInspect(container(object(R"({"Image":"i"})"), object(host.constData())), {});
        RunConfig expected;
        if (!value.isEmpty())
            expected
                = std::get<ParsedLine>(parseDockerRun(QStringList{u"docker"_s, u"run"_s, u"--gpus"_s, value, u"i"_s}))
                      .config;
        QVERIFY(read.config.gpus == expected.gpus);
        QTEST(optionTexts(read.config), "said");
        QCOMPARE(read.lost, QStringList());
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
            "MaskedPaths":null,"Tmpfs":{},"Init":null,"SomethingNew":{}})");
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
            {}, DaemonTraits{docker::oldestApi, host.contains(u"\"CgroupnsMode\":\"host\"") ? 1 : 2});
        QCOMPARE(read.lost, QStringList());
        RunConfig expected;
        expected.image = u"i"_s;
        expected.name = u"run-1"_s;
        expected.removeWhenFinished = false;
        expected.ipc = read.config.ipc;
        QVERIFY(read.config == expected);
    }

    void said_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QStringList>("said"); ///< what stands in the line
        const auto host = [](const char *json, const QStringList &said) {
            QTest::newRow(json) << u"{}"_s << QString::fromUtf8(json) << said;
        };
        const auto config = [](const char *json, const QStringList &said) {
            QTest::newRow(json) << QString::fromUtf8(json) << u"{}"_s << said;
        };
        host(R"({"CapAdd":["CAP_SYS_PTRACE","ALL"]})", {u"cap-add=SYS_PTRACE"_s, u"cap-add=ALL"_s});
        host(R"({"Privileged":true,"SecurityOpt":["label=disable"]})", {u"privileged=true"_s});
        host(R"({"SecurityOpt":["label=disable","no-new-privileges"]})",
            {u"security-opt=label=disable"_s, u"security-opt=no-new-privileges"_s});
        host(R"({"MaskedPaths":[],"ReadonlyPaths":[]})", {u"security-opt=systempaths=unconfined"_s});
        host(R"({"Devices":[{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/fuse","CgroupPermissions":"rwm"},
            {"PathOnHost":"/dev/a","PathInContainer":"/dev/b","CgroupPermissions":"r"}]})",
            {u"device=/dev/fuse"_s, u"device=/dev/a:/dev/b:r"_s});
        host(R"({"LogConfig":{"Type":"none"}})", {u"log-driver=none"_s});
        host(R"({"LogConfig":{"Type":"json-file","Config":{"max-size":"1m"}}})", {u"log-opt=max-size=1m"_s});
        host(R"({"Memory":5,"MemorySwap":-1})", {u"memory-swap=-1"_s});
        host(R"({"MemorySwappiness":0})", {u"memory-swappiness=0"_s});
        host(R"({"MemoryReservation":536870912})", {u"memory-reservation=512m"_s});
        host(R"({"PidsLimit":9})", {u"pids-limit=9"_s});
        host(R"({"Runtime":"nvidia"})", {u"runtime=nvidia"_s});
        host(R"({"Init":false})", {u"init=false"_s});
        host(R"({"CgroupnsMode":"host"})", {u"cgroupns=host"_s});
        host(R"({"Tmpfs":{"/t":"","/u":"size=1g"}})", {u"tmpfs=/t"_s, u"tmpfs=/u:size=1g"_s});
        host(R"({"PidMode":"host"})", {u"pid=host"_s});
        host(R"({"Links":["/db:/run-1/data"]})", {u"link=db:data"_s});
        host(R"({"BlkioDeviceReadBps":[{"Path":"/dev/sda","Rate":1048576}]})", {u"device-read-bps=/dev/sda:1048576"_s});
        host(R"({"Mounts":[{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":1024,"Mode":1023}}]})",
            {u"mount=type=tmpfs,target=/t,tmpfs-mode=1777,tmpfs-size=1k"_s});
        host(R"({"Mounts":[{"Type":"bind","Source":"/s","Target":"/t","BindOptions":{"Propagation":"rshared"}}]})",
            {u"mount=type=bind,bind-propagation=rshared,source=/s,target=/t"_s});
        host(R"({"Mounts":[{"Type":"bind","Source":"/s","Target":"/t","BindOptions":{"NonRecursive":true}}]})",
            {u"mount=type=bind,bind-recursive=disabled,source=/s,target=/t"_s});
        host(R"({"Mounts":[{"Type":"volume","Source":"s","Target":"/t","VolumeOptions":{"Subpath":"x"}}]})",
            {u"mount=type=volume,source=s,target=/t,volume-subpath=x"_s});
        host(R"({"Mounts":[{"Type":"volume","Source":"s","Target":"/t","VolumeOptions":{"Labels":{"a":"b,c"},
            "DriverConfig":{"Name":"nfs","Options":{"o":"addr=1"}}}}]})",
            {u"mount=type=volume,source=s,target=/t,volume-driver=nfs,volume-opt=o=addr=1,\"volume-label=a=b,c\""_s});
        config(R"({"Hostname":"me"})", {u"hostname=me"_s});
        config(R"({"ExposedPorts":{"80/tcp":{},"53/udp":{}}})", {u"expose=53/udp"_s, u"expose=80"_s});
        config(R"({"StopTimeout":0,"StopSignal":"SIGINT"})", {u"stop-timeout=0"_s, u"stop-signal=SIGINT"_s});
        config(R"({"Healthcheck":{"Test":["NONE"]}})", {u"no-healthcheck=true"_s});
        config(
            R"({"Healthcheck":{"Test":["CMD-SHELL","x y"],"Retries":2,"Interval":90000000000,"Timeout":1500000000}})",
            {u"health-cmd=x y"_s, u"health-interval=90s"_s, u"health-timeout=1500ms"_s, u"health-retries=2"_s});
        config(R"({"MacAddress":"02:42:ac:11:00:02"})", {u"mac-address=02:42:ac:11:00:02"_s});
    }
    void said()
    {
        QFETCH(QString, config);
        QFETCH(QString, host);
        QFETCH(QStringList, said);
        const auto read
            = fromInspect(container(object(config.toUtf8().constData()), object(host.toUtf8().constData())), {});
        QCOMPARE(read.lost, QStringList());
        QCOMPARE(optionTexts(read.config), said);
    }

    void lost_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("lost");
        const auto host = [](const char *json, const QString &lost) {
            QTest::newRow(json) << u"{}"_s << QString::fromUtf8(json) << lost;
        };
        host(R"({"Binds":["/a:/b:rw:xx"]})", u"--volume /a:/b:rw:xx"_s);
        host(R"({"OfTomorrow":7})", u"OfTomorrow"_s);
        host(R"({"MaskedPaths":[],"ReadonlyPaths":["/proc/bus"]})", u"MaskedPaths"_s);
        host(R"({"SecurityOpt":["seccomp={}"]})", u"--security-opt seccomp=…"_s);
        host(R"({"UsernsMode":"keep-id"})", u"--userns"_s);
        host(R"({"Annotations":{"a":"b"}})", u"--annotation"_s); // this daemon's API is too old
        host(R"({"CpuCount":2})", u"--cpu-count"_s);
        host(R"({"Tmpfs":{"/a:b":""}})", u"--tmpfs"_s);
        host(R"({"Mounts":[{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"Options":[["noexec"]]}}]})",
            u"--mount Options"_s);
        host(R"({"Mounts":[{"Type":"bind","Source":"/a:b","Target":"/t","BindOptions":{"CreateMountpoint":true}}]})",
            u"--mount bind-create-src"_s);
        host(R"({"DeviceRequests":[{"Count":-1,"Capabilities":[["tpu"]]}]})", u"--gpus (without gpu)"_s);
        QTest::newRow("a test of words") << u"{\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}}"_s << u"{}"_s
                                         << u"--health-cmd"_s;
    }
    void lost()
    {
        QFETCH(QString, config);
        QFETCH(QString, host);
        QFETCH(QString, lost);
        const auto read
            = fromInspect(container(object(config.toUtf8().constData()), object(host.toUtf8().constData())), {});
        QCOMPARE(read.lost, QStringList{lost});
    }

    void networks_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("networks");
        QTest::addColumn<QString>("network");
        QTest::addColumn<QStringList>("said");
        QTest::addColumn<QStringList>("lost");
        const auto row = [](const char *mode, const char *networks, const QString &network, const QStringList &said,
                             const QStringList &lost = {}) {
            QTest::newRow(networks) << QString::fromUtf8(mode) << QString::fromUtf8(networks) << network << said
                                    << lost;
        };
        row("lab", R"({"lab":{"IPAMConfig":{"IPv4Address":"10.0.0.2"},"Aliases":["DB","0123456789ab"]}})", u"lab"_s,
            {u"ip=10.0.0.2"_s, u"network-alias=DB"_s});
        row("lab", R"({"lab":{},"other":{"Aliases":["web"]},"plain":{}})", u"lab"_s,
            {u"network=name=other,alias=web"_s, u"network=plain"_s});
        row("lab", R"({"lab":{"DriverOpts":{"a":"b"},"GwPriority":5,"Links":["db:data"]}})", QString(),
            {u"network=name=lab,driver-opt=a=b,gw-priority=5"_s, u"link=db:data"_s});
        row("lab", R"({"lab":{},"Other":{"Aliases":["WEB"]}})", u"lab"_s, {}, {u"--network Other"_s});
        row("feed12", R"({"lab":{"NetworkID":"feed1234"}})", u"feed12"_s, {});
        row("default", R"({"bridge":{"GwPriority":0}})", QString(), {});
        row("container:x", "{}", u"container:x"_s, {});
    }
    void networks()
    {
        QFETCH(QString, mode);
        QFETCH(QString, networks);
        DaemonTraits newest;
        newest.api = docker::newestApi;
        const auto read = fromInspect(container(object(R"({"Image":"i"})"), QJsonObject{{u"NetworkMode"_s, mode}},
                                          object(networks.toUtf8().constData())),
            {}, newest);
        QTEST(read.config.network, "network");
        QTEST(optionTexts(read.config), "said");
        QTEST(read.lost, "lost");
    }

    void anOldDaemonTakesOneNetwork()
    {
        const auto read = fromInspect(container(object(R"({"Image":"i"})"), object(R"({"NetworkMode":"lab"})"),
                                          object(R"({"lab":{},"other":{}})")),
            {});
        QCOMPARE(read.config.network, u"lab"_s);
        QCOMPARE(read.lost, QStringList{u"--network other"_s});
    }

    /** There the daemon writes down a name that nobody chose. */
    void theHostsNameIsNobodys()
    {
        const auto shared = container(object(R"({"Hostname":"machine"})"), object(R"({"NetworkMode":"host"})"));
        const auto read = fromInspect(shared, {});
        QCOMPARE(read.lost, QStringList());
        QCOMPARE(optionTexts(read.config), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestFromInspect)
#include "tst_frominspect.moc"
