#include "docker/engine.h"
#include "dockerline/dockerparser.h"
#include "recipe/createbody.h"
#include "support/await.h"
#include "support/privatedaemon.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

using support::await;
using support::PrivateDaemon;
using namespace Qt::StringLiterals;

/** A line executed by Slipway and by the `docker` program: the daemon must show the same container. */
class SameLinesTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<PrivateDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    recipe::ShellContext m_context;
    QTemporaryDir m_files; ///< what lines name; the folder they are typed in

    bool write(const QString &name, const QByteArray &content) const
    {
        QFile file(m_files.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    }

    /** The value without what differs from one container to the next, lists without an order sorted. */
    static QJsonValue comparable(const QString &key, const QJsonValue &value)
    {
        static const QStringList own = {u"Created"_s, u"Name"_s, u"Pid"_s, u"StartedAt"_s, u"FinishedAt"_s,
            u"IPAddress"_s, u"MacAddress"_s, u"GlobalIPv6Address"_s, u"GraphDriver"_s};
        static const QStringList unordered = {u"Env"_s, u"Binds"_s, u"CapAdd"_s, u"CapDrop"_s, u"Mounts"_s};
        if (own.contains(key))
            return QJsonValue::Undefined;
        if (value.isObject()) {
            QJsonObject object;
            const QJsonObject source = value.toObject();
            for (auto it = source.begin(); it != source.end(); ++it) {
                const QJsonValue inside = comparable(it.key(), it.value());
                if (!inside.isUndefined())
                    object[it.key()] = inside;
            }
            return object;
        }
        if (!value.isArray())
            return value;
        QList<QByteArray> entries;
        for (const QJsonValue &entry : value.toArray())
            entries += QJsonDocument(QJsonArray{comparable({}, entry)}).toJson(QJsonDocument::Compact);
        if (unordered.contains(key))
            std::ranges::sort(entries);
        QJsonArray array;
        for (const QByteArray &entry : std::as_const(entries))
            array += QJsonDocument::fromJson(entry).array().at(0);
        // Docker's clients before 25 leave the prefix to the daemon, which knows both.
        if (key == "CapAdd"_L1 || key == "CapDrop"_L1) {
            for (auto &&entry : array)
                entry = entry.toString().remove("CAP_"_L1).toUpper();
        }
        return array;
    }

    QStringList shown(const QString &id)
    {
        const auto container = await(m_engine->inspectContainer(id));
        if (!container.ok())
            return {};
        const QJsonObject object = comparable({}, container->raw).toObject();
        QString text = QString::fromUtf8(QJsonDocument(object).toJson());
        text.replace(container->id.left(12), u"SHORT-ID"_s);
        static const QRegularExpression ids(u"[0-9a-f]{64}|SHORT-ID[0-9a-f]{52}|/netns/[0-9a-f]{12}"_s);
        return text.replace(ids, u"ID"_s).split(u'\n');
    }

    /** By a shell and the `docker` program: what it shows of the new container. */
    QStringList byDocker(const QString &line)
    {
        const auto result = support::runCommand(u"/bin/sh"_s,
            {u"-c"_s, u"cd \"$1\" && export DOCKER_HOST=\"$2\" && "_s + line, u"sh"_s, m_files.path(),
                m_daemon->host()});
        const QString id = result.text().section(u'\n', -1);
        const QStringList container = shown(id);
        const bool removed = m_daemon->docker({u"rm"_s, u"-f"_s, u"-v"_s, id}).ok();
        if (result.ok() && removed)
            return container;
        qWarning() << result.err;
        return {};
    }

    QStringList bySlipway(const QString &line)
    {
        const auto parsed = dockerline::parseDockerRun(line, m_context);
        const auto *read = std::get_if<dockerline::ParsedLine>(&parsed);
        if (!read)
            return {std::get<dockerline::ParseError>(parsed).message};
        const auto request = recipe::createRequest(read->config, m_context);
        if (!request)
            return {request.error().message};
        const auto created = await(m_engine->createContainer(request->body, request->name, request->platform));
        if (!created.ok())
            return {created.error().message};
        if (line.startsWith("docker run"_L1)) {
            const auto started = await(m_engine->startContainer(created->id));
            if (!started.ok())
                return {started.error().message};
        }
        const QStringList container = shown(created->id);
        return await(m_engine->removeContainer(created->id, {true, true})).ok() ? container : QStringList();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        m_daemon = std::make_unique<PrivateDaemon>();
        QVERIFY2(m_daemon->start(), qPrintable(m_daemon->failure()));
        QVERIFY(m_daemon->makeBusybox());
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
        QVERIFY(await(m_engine->info()).ok());
        m_context.folder = m_files.path();
        m_context.api = {m_engine->version()->major, m_engine->version()->minor};
        QVERIFY(m_daemon
                    ->docker({u"run"_s, u"-d"_s, u"--name"_s, u"other"_s, u"--ipc"_s, u"shareable"_s, u"-v"_s,
                        u"/shared"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s})
                    .ok());
        QVERIFY(m_daemon->docker({u"network"_s, u"create"_s, u"--subnet"_s, u"172.30.8.0/24"_s, u"lab"_s}).ok());
        QVERIFY(write(u"env"_s, "# of a file\nA=1\nHOME\nB=two words\n"));
        QVERIFY(write(u"profile"_s, "{\n  \"defaultAction\": \"SCMP_ACT_ALLOW\"\n}\n"));
    }

    void cleanupTestCase()
    {
        m_engine.reset();
        m_daemon.reset();
    }

    void same_data()
    {
        QTest::addColumn<QString>("line");
        const QStringList created = {
            u"bb:1"_s,
            u"-it --rm bb:1 top -b"_s,
            u"--gpus all bb:1 nvidia-smi"_s,
            u"--gpus 2 bb:1"_s,
            uR"(--gpus '"device=0,1"' bb:1)"_s,
            uR"(--gpus 'all,"capabilities=compute,utility"' bb:1)"_s,
            uR"(--gpus 'driver=nvidia,count=1,options=a=b' bb:1)"_s,
            u"-v /tmp:/a:ro -v named:/b -v ./here:/h -v /nameless -v /tmp:/d:rshared,rw bb:1"_s,
            u"--mount type=bind,source=/tmp,target=/t,readonly --mount type=volume,source=data,target=/d,volume-nocopy bb:1"_s,
            u"--mount type=tmpfs,destination=/scratch,tmpfs-size=64m,tmpfs-mode=1770 bb:1"_s,
            u"--tmpfs /run:rw,noexec,size=65536k --tmpfs /tmp bb:1"_s,
            u"--shm-size=1g --ipc=host bb:1"_s,
            u"--ulimit memlock=-1 --ulimit stack=67108864 --ulimit nofile=1024:65536 bb:1"_s,
            u"--memory=512m --memory-swap=1g --memory-reservation=256m bb:1"_s,
            u"-m 1g --memory-swap -1 --memory-swappiness 10 bb:1"_s,
            u"--cpus 0.37 --cpuset-cpus=0 --cpuset-mems=0 bb:1"_s,
            u"--cpu-shares 512 --pids-limit 100 --oom-score-adj 5 bb:1"_s,
            u"--cpu-period 50000 --cpu-quota 25000 bb:1"_s,
            u"-e A=1 -e B='two words' -e C= -e HOME -e SLIPWAY_SURELY_UNSET bb:1"_s,
            u"--env-file env -e Z=1 bb:1"_s,
            u"-l team=nlp --label 'run=r 1' --label flag --label-file env bb:1"_s,
            u"-u 1000:1000 -w /workspace bb:1"_s,
            u"--entrypoint /bin/sh bb:1 -c 'echo hi; exit 3'"_s,
            u"--entrypoint '' bb:1 ls"_s,
            uR"(bb:1 sh -c 'echo "a b" $HOME > /tmp/x && ls -la | head')"_s,
            uR"(bb:1 sh -c "echo $HOME \$HOME")"_s,
            u"--network=host bb:1"_s,
            u"--net none bb:1"_s,
            u"--network container:other bb:1"_s,
            u"--network lab --network-alias trainer --ip 172.30.8.5 bb:1"_s,
            u"--network lab --link other:db bb:1"_s,
            u"--name linked --link other:data bb:1"_s,
            u"-p 8888:8888 -p 127.0.0.1:6006:6006/udp -p 9000-9002:9000-9002 -p 80 bb:1"_s,
            u"-P --expose 99 --expose 7000-7002/udp bb:1"_s,
            u"--add-host db:10.0.0.5 --dns 8.8.8.8 --dns-search corp.example --dns-option ndots:2 bb:1"_s,
            u"-h trainer --domainname lab.example bb:1"_s,
            u"--pid=host --uts host --userns host bb:1"_s,
            u"--cgroupns private bb:1"_s,
            u"--privileged bb:1"_s,
            u"--read-only --init bb:1"_s,
            u"--cap-add SYS_ADMIN --cap-add=NET_RAW --cap-drop ALL bb:1"_s,
            u"--security-opt no-new-privileges --security-opt systempaths=unconfined bb:1"_s,
            u"--security-opt seccomp=profile bb:1"_s,
            u"--device /dev/fuse:/dev/x:rw --device=/dev/null:/dev/y --device /dev/zero:r --device-cgroup-rule 'c 1:* rmw' bb:1"_s,
            u"--device-read-bps /dev/null:1mb --device-write-iops /dev/null:10 --blkio-weight 300 bb:1"_s,
            u"--restart on-failure:5 bb:1"_s,
            u"--restart unless-stopped bb:1"_s,
            u"--stop-signal SIGINT --stop-timeout 30 bb:1"_s,
            u"--health-cmd 'test -e /x || exit 1' --health-interval 30s --health-timeout=5s --health-retries 3 --health-start-period 1m30s bb:1"_s,
            u"--no-healthcheck bb:1"_s,
            u"--log-opt max-size=10m --log-opt max-file=3 bb:1"_s,
            u"--log-driver none bb:1"_s,
            u"--group-add 44 --sysctl net.core.somaxconn=1024 --runtime runc bb:1"_s,
            u"--volumes-from other:ro --volume-driver local bb:1"_s,
            u"-eA=1 -uroot -w/x -v/a:/b -p80:80 -m1g -hhost bb:1"_s,
        };
        for (const QString &line : created)
            QTest::newRow(qPrintable(line)) << QString(u"docker create "_s + line);
        const QStringList started = {
            u"bb:1 sleep 1000"_s,
            u"--rm -e A=1 -v named:/b bb:1 sleep 1000"_s,
            u"-it --gpus all bb:1 sh"_s,
            u"-p 127.0.0.1:8899:80 -m 64m --pids-limit 50 bb:1 sleep 1000"_s,
            u"--network lab --network-alias t --tmpfs /x --read-only bb:1 sleep 1000"_s,
            u"--network host --ipc host --shm-size 1g --ulimit nofile=64:128 bb:1 sleep 1000"_s,
        };
        for (const QString &line : started)
            QTest::newRow(qPrintable(QString(u"run "_s + line))) << QString(u"docker run -d "_s + line);
    }
    void same()
    {
        QFETCH(QString, line);
        const QStringList theirs = byDocker(line);
        QVERIFY2(theirs.size() > 50, "The docker program made no container.");
        const QStringList ours = bySlipway(line);
        QVERIFY2(ours.size() > 50, qPrintable(ours.join(u'\n'))); // else why there is none
        QCOMPARE(ours, theirs);
    }
};

QTEST_GUILESS_MAIN(SameLinesTest)
#include "tst_samelines.moc"
