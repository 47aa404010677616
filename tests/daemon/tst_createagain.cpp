#include "docker/engine.h"
#include "dockerline/shellwords.h"
#include "launch/frominspect.h"
#include "recipe/createbody.h"
#include "support/await.h"
#include "support/privatedaemon.h"

#include <QJsonArray>
#include <QJsonDocument>
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
        sort(config, "Env"_L1); // the client sends these in a random order
        sort(host, "Binds"_L1);
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

    struct Twice
    {
        docker::ContainerDetail first;
        docker::ContainerDetail second;
        launch::InspectedConfig read;
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
        result.read = launch::fromInspect(*first, *image);
        const recipe::CreateRequest request = *recipe::createRequest(result.read.config);
        const auto created = await(m_engine->createContainer(request.body, request.name, request.platform));
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

    void lost_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("lost");
        const auto row = [](const QString &line, const QStringList &lost) {
            QTest::newRow(qPrintable(line)) << QString(line + u" bb:1"_s) << lost;
        };
        row(u"--cap-add SYS_PTRACE --cap-add NET_ADMIN --cap-drop MKNOD"_s, {u"--cap-add"_s, u"--cap-drop"_s});
        row(u"--privileged"_s, {u"--privileged"_s});
        row(u"--device /dev/null"_s, {u"--device"_s});
        row(u"--device nvidia.com/gpu=0"_s, {u"--device"_s});
        row(u"--mount type=tmpfs,target=/t --tmpfs /u"_s, {u"--mount type=tmpfs"_s, u"--tmpfs"_s});
        row(u"--mount type=bind,source=/tmp,target=/t,bind-propagation=rshared"_s,
            {u"--mount bind-propagation=rshared"_s});
        row(u"--health-cmd true --health-retries 2"_s, {u"--health-cmd"_s, u"--health-retries"_s});
        row(u"--no-healthcheck"_s, {u"--no-healthcheck"_s});
        row(u"--log-driver none"_s, {u"--log-driver"_s});
        row(u"--log-opt max-size=1m"_s, {u"--log-opt"_s});
        row(u"--pid host --uts host"_s, {u"--pid"_s, u"--uts"_s});
        row(u"--security-opt no-new-privileges"_s, {u"--security-opt"_s});
        row(u"--security-opt systempaths=unconfined"_s, {u"--security-opt"_s});
        row(u"--memory 1g --memory-swap 3g --memory-reservation 512m"_s,
            {u"--memory-reservation"_s, u"--memory-swap"_s});
        row(u"--cpu-shares 512 --cpuset-cpus 0 --pids-limit 100"_s,
            {u"--cpu-shares"_s, u"--cpuset-cpus"_s, u"--pids-limit"_s});
        row(u"--hostname me --domainname here"_s, {u"--domainname"_s, u"--hostname"_s});
        row(u"--init --read-only -P --oom-score-adj 5"_s,
            {u"--init"_s, u"--oom-score-adj"_s, u"--publish-all"_s, u"--read-only"_s});
        row(u"--dns 1.1.1.1 --dns-search x --dns-option y --add-host a:1.2.3.4"_s,
            {u"--add-host"_s, u"--dns"_s, u"--dns-option"_s, u"--dns-search"_s});
        row(u"--stop-signal SIGINT --stop-timeout 0"_s, {u"--stop-signal"_s, u"--stop-timeout"_s});
        row(u"--expose 99 -p 80:80"_s, {u"--expose"_s});
        row(u"--group-add 5 --sysctl net.core.somaxconn=9"_s, {u"--group-add"_s, u"--sysctl"_s});
        row(uR"(--gpus 'all,"capabilities=compute,utility"')"_s, {u"--gpus capabilities"_s});
    }
    void lost()
    {
        QFETCH(QString, line);
        QFETCH(QStringList, lost);
        const auto containers = twice(line);
        QVERIFY(containers);
        QStringList found = containers->read.lost;
        found.sort();
        lost.sort();
        QCOMPARE(found, lost);
    }
};

QTEST_GUILESS_MAIN(CreateAgainTest)
#include "tst_createagain.moc"
