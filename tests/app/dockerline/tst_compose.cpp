#include "dockerline/compose.h"

#include "dockerline/dockerparser.h"

#include "support/generate.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <yaml-cpp/yaml.h>

using namespace Qt::StringLiterals;
using namespace recipe;
using namespace dockerline;

namespace {

/** Of a machine that sets no variable. */
CreateRequest requestFor(const RunConfig &config)
{
    ShellContext context;
    context.environment = QProcessEnvironment();
    const auto request = createRequest(config, context);
    return request ? *request : CreateRequest();
}

CreateRequest requestFor(const QString &line)
{
    ShellContext context;
    context.folder = u"/cwd"_s;
    const auto parsed = parseDockerRun(line, context);
    if (const auto *error = std::get_if<ParseError>(&parsed)) {
        qWarning() << line << error->message;
        return {};
    }
    return requestFor(std::get<ParsedLine>(parsed).config);
}

QStringList texts(const YAML::Node &list)
{
    QStringList result;
    for (const YAML::Node &item : list)
        result += QString::fromStdString(item.as<std::string>()).replace(u"$$"_s, u"$"_s);
    return result;
}

QStringList texts(const QJsonValue &list) { return list.toVariant().toStringList(); }

} // namespace

/** What composeFile() writes, read back with a YAML reader. */
class TestCompose : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysTheReferenceLine()
    {
        const QString file = composeFile(requestFor(
            u"docker run -i -d --rm --gpus='\"device=0,1\"' --name train --network=host --shm-size=1g --ulimit "
            u"memlock=-1 "
            "--ulimit nofile=10:20 -v /home/me/w/:/w -v data:/d:ro --cpus 2.5 "
            "-e A=1 -e TOKEN -p 80:80 -p [::1]:7000-7001:7000-7001/udp --mount type=bind,source=/m,target=/m,readonly "
            "--entrypoint '' tf:2.15 bash -c \"cd /w && echo \\$HOME: 'x'\""_s));
        QFile expected(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/reference-compose.yaml"));
        QVERIFY(expected.open(QIODevice::ReadOnly));
        QCOMPARE(file, QString::fromUtf8(expected.readAll()));
    }

    void namesWhatComposeCannotSay()
    {
        CreateRequest request = requestFor(u"docker run x"_s);
        QVERIFY(!composeFile(request).contains(u'#'));
        QJsonObject host = request.body.value(u"HostConfig"_s).toObject();
        host[u"CpusetMems"] = u"0-1"_s;
        host[u"PublishAllPorts"] = true;
        host[u"SomethingNew"] = QJsonObject{{u"A"_s, 1}};
        request.body[u"HostConfig"] = host;
        QVERIFY(composeFile(request).startsWith(u"# Compose has no CpusetMems: \"0-1\"\n"
                                                "# Compose has no PublishAllPorts: true\n"
                                                "# Compose has no SomethingNew: {\"A\":1}\nservices:\n"_s));
    }

    /** Fields that no option of these tests sets, as Docker's client would send them. */
    void saysRarerFields()
    {
        CreateRequest request = requestFor(u"docker run --network lab x"_s);
        const QByteArray fields = QByteArray(
            "{'CapAdd': ['CAP_SYS_PTRACE'], 'Init': true, 'Runtime': 'nvidia',"
            "'Devices': [{'PathOnHost': '/dev/a', 'PathInContainer': '/dev/b', 'CgroupPermissions': 'r'}],"
            "'DeviceRequests': [{'Driver': 'cdi', 'DeviceIDs': ['nvidia.com/gpu=0']},"
            "{'Driver': '', 'Count': -1, 'Capabilities': [['gpu']]}],"
            "'LogConfig': {'Type': 'json-file', 'Config': {'max-size': '10m'}}, 'Tmpfs': {'/run': 'size=1g', '/t': ''},"
            "'SecurityOpt': ['label=disable', 'seccomp={}'], 'BlkioDeviceReadBps': [{'Path': '/dev/sda', 'Rate': 9}],"
            "'NetworkMode': 'lab', 'RestartPolicy': {'Name': 'no', 'MaximumRetryCount': 0}, 'AutoRemove': false}")
                                      .replace('\'', '"');
        request.body[u"HostConfig"] = QJsonDocument::fromJson(fields).object();
        request.body[u"Healthcheck"] = QJsonObject{{u"Test"_s, QJsonArray{u"CMD-SHELL"_s, u"true"_s}},
            {u"Interval"_s, 1500000000}, {u"Timeout"_s, 3000000000LL}, {u"Retries"_s, 2}};
        const QString file = composeFile(request);
        const YAML::Node root = YAML::Load(file.toStdString());
        const YAML::Node service = root["services"]["run"];
        QCOMPARE(texts(service["cap_add"]), QStringList{u"CAP_SYS_PTRACE"_s});
        QVERIFY(service["init"].as<bool>());
        QCOMPARE(texts(service["devices"]), QStringList({u"nvidia.com/gpu=0"_s, u"/dev/a:/dev/b:r"_s}));
        const YAML::Node gpu = service["deploy"]["resources"]["reservations"]["devices"][0];
        QCOMPARE(gpu["count"].as<std::string>(), std::string("all"));
        QCOMPARE(service["logging"]["options"]["max-size"].as<std::string>(), std::string("10m"));
        QCOMPARE(texts(service["tmpfs"]), QStringList({u"/run:size=1g"_s, u"/t"_s}));
        QCOMPARE(texts(service["security_opt"]), QStringList{u"label=disable"_s});
        QVERIFY(file.startsWith(u"# --security-opt seccomp:"_s));
        QCOMPARE(service["blkio_config"]["device_read_bps"][0]["rate"].as<int>(), 9);
        QCOMPARE(service["healthcheck"]["interval"].as<std::string>(), std::string("1500000us"));
        QCOMPARE(service["healthcheck"]["timeout"].as<std::string>(), std::string("3s"));
        QVERIFY(service["networks"]["lab"].IsMap());
        QVERIFY(root["networks"]["lab"]["external"].as<bool>());
    }

    /** Every recorded line, and what a generator makes up: the file is YAML, and says the words that matter. */
    void isYaml_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/run-flags.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        while (!file.atEnd()) {
            const QJsonObject recorded = QJsonDocument::fromJson(file.readLine()).object();
            const QJsonObject body = recorded.value("request"_L1).toObject().value("body"_L1).toObject();
            if (!body.isEmpty())
                QTest::newRow(qPrintable(recorded.value("id"_L1).toString())) << body;
        }
        for (quint32 seed = 0; seed < 200; ++seed)
            QTest::addRow("generated %u", seed) << requestFor(Generator(seed).config()).body;
    }
    void isYaml()
    {
        QFETCH(QJsonObject, body);
        const QString file = composeFile({body, u"it"_s, u"linux/amd64"_s});
        const YAML::Node root = YAML::Load(file.toStdString());
        const YAML::Node service = root["services"]["it"];
        QCOMPARE(service["image"].as<std::string>(), body.value("Image"_L1).toString().toStdString());
        QCOMPARE(service["platform"].as<std::string>(), std::string("linux/amd64"));
        QCOMPARE(texts(service["command"]), texts(body.value("Cmd"_L1)));
        QCOMPARE(texts(service["environment"]), texts(body.value("Env"_L1)));
        const QJsonObject host = body.value("HostConfig"_L1).toObject();
        const QStringList volumes = texts(host.value("Binds"_L1));
        for (qsizetype i = 0; i < volumes.size(); ++i)
            QCOMPARE(service["volumes"][size_t(i)].as<std::string>(),
                QString(volumes[i]).replace(u"$"_s, u"$$"_s).toStdString());
        qint64 requests = 0;
        for (const QJsonValue &request : host.value("DeviceRequests"_L1).toArray())
            requests += request.toObject().value("Driver"_L1).toString() != "cdi"_L1;
        QCOMPARE(service["deploy"].IsDefined(), requests > 0);
        if (requests > 0)
            QCOMPARE(qint64(service["deploy"]["resources"]["reservations"]["devices"].size()), requests);
        if (const qint64 bytes = host.value("ShmSize"_L1).toInteger(); bytes > 0)
            QCOMPARE(service["shm_size"].as<qint64>(), bytes);
        QVERIFY2(!file.contains(u"Compose has no Attach"_s) && !file.contains(u"MemorySwappiness"_s), qPrintable(file));
    }
};

QTEST_GUILESS_MAIN(TestCompose)
#include "tst_compose.moc"
