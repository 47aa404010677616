#include "docker/engine.h"
#include "dockerline/shellwords.h"
#include "inspect/frominspect.h"
#include "recipe/createbody.h"
#include "support/await.h"
#include "support/privatedaemon.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

using support::await;
using support::PrivateDaemon;
using namespace Qt::StringLiterals;

/** What `docker create` makes, Slipway makes again: the daemon must not see a difference, or it is said to be lost. */
class CreateAgainTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<PrivateDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    QTemporaryDir m_files; ///< what lines name
    inspect::DaemonTraits m_traits;

    QString create(const QString &line) const
    {
        QStringList words;
        const auto read = dockerline::shellWords(line);
        for (const dockerline::Word &word : std::get<dockerline::ShellWords>(read).words)
            words += word.text;
        const auto result = m_daemon->docker(QStringList{u"create"_s} + words);
        if (!result.ok())
            qWarning() << result.err;
        return result.text();
    }

    /** An image of bb:1 with settings of its own, as a Dockerfile would give them. */
    bool makeImage(const QString &name, const QStringList &changes) const
    {
        const QString id = m_daemon->docker({u"create"_s, u"--stop-signal=SIGINT"_s, u"bb:1"_s}).text();
        QStringList words = {u"commit"_s};
        for (const QString &change : changes)
            words += {u"--change"_s, change};
        const bool made = m_daemon->docker(words + QStringList{id, name}).ok();
        return m_daemon->docker({u"rm"_s, id}).ok() && made;
    }

    bool write(const QString &name, const QByteArray &content) const
    {
        QFile file(m_files.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    }

    static void sort(QJsonObject &object, QLatin1String key)
    {
        if (!object[key].isArray())
            return;
        QStringList texts = object[key].toVariant().toStringList();
        std::ranges::sort(texts);
        object[key] = QJsonArray::fromStringList(texts);
    }

    /** Config and HostConfig without what must differ: the name from the id, and where the client's streams go. */
    static QString comparable(const docker::ContainerDetail &container)
    {
        QJsonObject config = container.raw["Config"_L1].toObject();
        QJsonObject host = container.raw["HostConfig"_L1].toObject();
        if (config["Hostname"_L1].toString() == container.id.left(12))
            config.remove("Hostname"_L1);
        for (const auto key : {"AttachStdin"_L1, "AttachStdout"_L1, "AttachStderr"_L1, "StdinOnce"_L1})
            config.remove(key);
        if (host["NetworkMode"_L1] == "bridge"_L1) // the same network; daemons since 26 write this for both
            host[u"NetworkMode"] = u"default"_s;
        host.remove("ContainerIDFile"_L1); // of the client
        for (const auto key : {"Binds"_L1, "CapAdd"_L1, "CapDrop"_L1, "Links"_L1})
            sort(host, key);
        sort(config, "Env"_L1); // the client sends these in a random order
        return QString::fromUtf8(
            QJsonDocument(QJsonObject{{u"Config"_s, config}, {u"HostConfig"_s, host}, {u"Name"_s, container.name}})
                .toJson());
    }

    /** What is mounted in the end, whatever said so. */
    static QStringList mounted(const docker::ContainerDetail &container)
    {
        QStringList places;
        for (const docker::Mount &mount : container.mounts) {
            const bool nameless = mount.type == "volume"_L1 && mount.name.size() == 64;
            places += QStringList{mount.type, nameless ? QString() : mount.source, mount.destination,
                mount.readWrite ? u"rw"_s : u"ro"_s}
                          .join(u' ');
        }
        places.sort();
        return places;
    }

    /** What is set for the container in each of its networks. */
    static QString networked(const docker::ContainerDetail &container)
    {
        QJsonObject networks = container.raw["NetworkSettings"_L1]["Networks"_L1].toObject();
        const QStringList names = networks.keys();
        for (const QString &name : names) {
            QJsonObject endpoint = networks[name].toObject();
            QStringList aliases = endpoint["Aliases"_L1].toVariant().toStringList();
            aliases.removeOne(container.id.left(12));
            endpoint[u"Aliases"] = QJsonArray::fromStringList(aliases);
            networks[name] = endpoint;
        }
        return QString::fromUtf8(QJsonDocument(networks).toJson());
    }

    struct Twice
    {
        docker::ContainerDetail first;
        docker::ContainerDetail second;
        inspect::InspectedConfig read;
    };

    /** Creates it, reads it, removes it and creates it again from what was read. */
    std::optional<Twice> twice(const QString &line)
    {
        Twice result;
        const QString id = create(line);
        const auto first = await(m_engine->inspectContainer(id));
        if (!first.ok())
            return std::nullopt;
        const auto image = await(m_engine->inspectImage(first->imageId));
        if (!image.ok() || !await(m_engine->removeContainer(id, {true, true})).ok())
            return std::nullopt;
        result.first = *first;
        result.read = inspect::fromInspect(*first, *image, m_traits);
        const auto request = recipe::createRequest(result.read.config);
        if (!request) {
            qWarning() << request.error().message;
            return std::nullopt;
        }
        const auto created = await(m_engine->createContainer(request->body, request->name, request->platform));
        if (!created.ok()) {
            qWarning() << created.error().message;
            return std::nullopt;
        }
        const auto second = await(m_engine->inspectContainer(created->id));
        if (!second.ok() || !await(m_engine->removeContainer(created->id, {true, true})).ok())
            return std::nullopt;
        result.second = *second;
        return result;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        m_daemon = std::make_unique<PrivateDaemon>();
        QVERIFY2(m_daemon->start(), qPrintable(m_daemon->failure()));
        QVERIFY(m_daemon->makeBusybox());
        QVERIFY(makeImage(u"own:1"_s,
            {u"ENV A=1"_s, u"ENV LONG=\"a b=c\""_s, u"ENTRYPOINT [\"/bin/sh\",\"-e\"]"_s, u"CMD [\"-c\",\"env\"]"_s,
                u"USER 1000:1000"_s, u"WORKDIR /workspace"_s, u"LABEL of=image"_s, u"VOLUME /cache"_s, u"EXPOSE 6006"_s,
                u"HEALTHCHECK --interval=5s CMD true"_s}));
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
        const auto info = await(m_engine->info());
        QVERIFY(info.ok());
        m_traits = {*m_engine->version(), info->cgroupVersion};
        QVERIFY(m_daemon
                    ->docker({u"run"_s, u"-d"_s, u"--name"_s, u"other"_s, u"--ipc"_s, u"shareable"_s, u"-v"_s,
                        u"/shared"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s})
                    .ok());
        QVERIFY(m_daemon->docker({u"network"_s, u"create"_s, u"--subnet"_s, u"172.30.7.0/24"_s, u"lab"_s}).ok());
        QVERIFY(write(u"env"_s, "# of a file\nA=1\nB=two words\n"));
        QVERIFY(write(u"seccomp.json"_s, "{}"));
    }

    void cleanupTestCase()
    {
        m_engine.reset();
        m_daemon.reset();
    }

    void theSameAgain_data()
    {
        QTest::addColumn<QString>("line");
        const QStringList lines = {
            uR"(-i --rm --gpus=device=0 --name tensorflow2-container --network=host --shm-size=1g --ulimit memlock=-1 --ulimit stack=67108864 -v /tmp/slipway-workspace/:/workspace bb:1 bash -c "cd /workspace/training_repo && git pull && git checkout my_training_dev_branch && export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py --lr 3e-4")"_s,
            u"bb:1"_s,
            u"-it --rm bb:1 top -b"_s,
            u"--gpus all bb:1 true"_s,
            u"--gpus 2 bb:1 true"_s,
            uR"(--gpus '"device=0,GPU-3faa8e3c"' bb:1 true)"_s,
            u"-v /tmp:/a:ro -v named:/b -v named2:/c:ro,z -v /nameless -v /tmp:/d:rshared,rw bb:1"_s,
            u"--mount type=bind,source=/tmp,target=/t,readonly --mount type=bind,source=/,target=/host bb:1"_s,
            u"-p 8888:8888 -p 127.0.0.1:6006:6006/udp -p 9000-9002:9000-9002 -p 7000-7003:81 -p 80 -p [::1]:82:82 -p 127.0.0.1::83 bb:1"_s,
            u"--shm-size 1m -m 512m --cpus 0.37 --ulimit nofile=1024:2048 --ulimit core=0 bb:1"_s,
            u"--ipc host bb:1"_s,
            u"--ipc shareable bb:1"_s,
            u"--ipc none --network none bb:1"_s,
            u"--ipc private --shm-size 64m --network bridge bb:1"_s,
            u"--restart on-failure:3 bb:1"_s,
            u"--restart on-failure bb:1"_s,
            u"--restart unless-stopped bb:1"_s,
            u"-e A=1 -e B= -e 'C=d e\"f' -e SLIPWAY_SURELY_UNSET -l team=vision -l flag -w /x -u 1000:1000 bb:1"_s,
            u"--entrypoint /bin/ls bb:1"_s,
            u"--entrypoint /bin/ls bb:1 -l /"_s,
            uR"(bb:1 sh -c 'echo "$HOME"; exit 3')"_s,
            u"bb:1 ''"_s,
            u"own:1"_s,
            u"own:1 -c 'echo hi'"_s,
            u"own:1 -c env"_s,
            u"--entrypoint '' own:1 ls"_s,
            u"--entrypoint '' own:1 -c env"_s,
            u"--entrypoint /bin/ls own:1"_s,
            u"--entrypoint /bin/sh own:1 -c env"_s,
            u"-e A=2 -e LONG -e NEW=1 -u 0 -w / -l of=me -l mine=1 own:1"_s,
            u"-e A=1 own:1"_s,
            u"-e A=2 -e A=1 own:1"_s,
            u"-v /cache -v /more -v shared:/cache2 -p 6006:6006 own:1"_s,
            u"-v shared:/cache own:1"_s,
        };
        for (const QString &line : lines)
            QTest::newRow(qPrintable(line)) << line;
    }
    void theSameAgain()
    {
        QFETCH(QString, line);
        const auto containers = twice(line);
        QVERIFY(containers);
        QCOMPARE(comparable(containers->second), comparable(containers->first));
        QCOMPARE(mounted(containers->second), mounted(containers->first));
        QCOMPARE(containers->second.imageId, containers->first.imageId);
        QCOMPARE(containers->read.lost, QStringList());
    }

    void theReferenceLineBecomesACodeStep()
    {
        const auto containers = twice(
            uR"(--name again bb:1 bash -c "cd /workspace/repo && git pull && git checkout dev && python3 train.py")"_s);
        QVERIFY(containers);
        QVERIFY(containers->read.config.code
            == (recipe::CodeStep{u"/workspace/repo"_s, recipe::CodeStep::Update::Pull, u"dev"_s, {}, {}, {}}));
        QCOMPARE(containers->read.config.script, u"python3 train.py"_s);
        QVERIFY(containers->read.config.detach);
        QCOMPARE(containers->read.config.name, u"again"_s);
    }

    void theImagesSettingsAreLeftOut()
    {
        const auto containers = twice(u"--name plain own:1"_s);
        QVERIFY(containers);
        recipe::RunConfig expected;
        expected.image = u"own:1"_s;
        expected.name = u"plain"_s;
        expected.removeWhenFinished = false;
        QVERIFY(containers->read.config == expected);
    }

    /** Said in other words: -v for --mount type=volume. What the container sees is the same. */
    void volumesOfMount()
    {
        const auto containers
            = twice(u"--mount type=volume,source=data,target=/data,readonly --mount type=volume,target=/new"
                    " --mount source=other,target=/other,volume-nocopy bb:1"_s);
        QVERIFY(containers);
        QCOMPARE(mounted(containers->second), mounted(containers->first));
        QCOMPARE(mounted(containers->first).size(), 3);
        QCOMPARE(containers->read.lost, QStringList());
    }

    void optionsAgain_data()
    {
        QTest::addColumn<QString>("line");
        const QStringList lines = {
            u"--cap-add SYS_PTRACE --cap-add NET_ADMIN --cap-drop MKNOD"_s,
            u"--privileged"_s,
            u"--device /dev/null --device /dev/zero:/dev/z:r --device-cgroup-rule 'c 1:* rmw'"_s,
            u"--mount type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=1770 --tmpfs /u --tmpfs /w:rw,noexec,size=65536k"_s,
            u"--mount type=bind,source=/tmp,target=/t,bind-propagation=rshared"_s,
            u"--mount type=volume,source=labelled,target=/l,volume-label=a=b,volume-nocopy,readonly"_s,
            u"--health-cmd 'test -e /x || exit 1' --health-retries 2 --health-interval 30s --health-timeout=1500ms --health-start-period 1m30s"_s,
            u"--no-healthcheck"_s,
            u"--log-driver none"_s,
            u"--log-driver local --log-opt max-size=10m --log-opt max-file=3"_s,
            u"--log-opt max-size=1m"_s,
            u"--pid host --uts host"_s,
            u"--userns host"_s,
            u"--cgroupns private"_s,
            u"--cgroupns host"_s,
            u"--security-opt no-new-privileges --security-opt seccomp=unconfined --security-opt apparmor=unconfined"_s,
            u"--security-opt systempaths=unconfined --ipc host"_s,
            u"--memory 1g --memory-swap 3g --memory-reservation 512m"_s,
            u"--memory 1g --memory-swap -1 --memory-swappiness 0 --oom-kill-disable"_s,
            u"--cpu-shares 512 --cpuset-cpus 0 --cpuset-mems 0 --pids-limit 100"_s,
            u"--cpu-period 50000 --cpu-quota 25000"_s,
            u"--pids-limit -1"_s,
            u"--hostname me --domainname here"_s,
            u"--init --read-only -P --oom-score-adj 5"_s,
            u"--init=false"_s,
            u"--dns 1.1.1.1 --dns-search x --dns-option y --add-host a:1.2.3.4 --add-host six:::1"_s,
            u"--stop-signal SIGINT --stop-timeout 0"_s,
            u"--stop-timeout 10"_s,
            u"--expose 99 --expose 53/udp --expose 7000-7002 -p 80:80"_s,
            u"--group-add 5 --sysctl net.core.somaxconn=9 --runtime runc"_s,
            u"--blkio-weight 300 --device-read-bps /dev/null:1mb --device-write-iops /dev/null:10"_s,
            u"--cgroup-parent /slipway-tests"_s,
            u"--volume-driver local -v driven:/d"_s,
            u"--volumes-from other:ro"_s,
            u"--link other:data --link other"_s,
            u"--network container:other"_s,
            u"--pid container:other --ipc container:other"_s,
            u"--network lab --ip 172.30.7.5 --network-alias trainer --network-alias t2 --link other:db"_s,
            u"--cidfile %1/cid"_s.arg(m_files.path()),
            u"--env-file %1/env -l team=vision"_s.arg(m_files.path()),
            u"--label-file %1/env"_s.arg(m_files.path()),
            uR"(--gpus 'all,"capabilities=compute,utility"')"_s,
            uR"(--gpus 'driver=nvidia,"device=0,1",options=a=b')"_s,
        };
        for (const QString &line : lines)
            QTest::newRow(qPrintable(line)) << QString(line + u" bb:1"_s);
    }
    void optionsAgain()
    {
        QFETCH(QString, line);
        const auto containers = twice(line);
        QVERIFY(containers);
        QCOMPARE(comparable(containers->second), comparable(containers->first));
        QCOMPARE(mounted(containers->second), mounted(containers->first));
        QCOMPARE(networked(containers->second), networked(containers->first));
        QCOMPARE(containers->read.lost, QStringList());
    }

    void lost_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("lost");
        QTest::newRow("profile") << u"--security-opt seccomp=%1/seccomp.json bb:1"_s.arg(m_files.path())
                                 << QStringList{u"--security-opt seccomp=…"_s};
    }
    void lost()
    {
        QFETCH(QString, line);
        QFETCH(QStringList, lost);
        const auto containers = twice(line);
        QVERIFY(containers);
        QCOMPARE(containers->read.lost, lost);
    }
};

QTEST_GUILESS_MAIN(CreateAgainTest)
#include "tst_createagain.moc"
