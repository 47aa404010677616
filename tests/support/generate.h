#pragma once

#include "recipe/runconfig.h"
#include "recipe/values.h"

#include <QRandomGenerator>

/** Makes run configurations that Docker's line can say exactly: what a parser gives back for some line. */
class Generator
{
public:
    explicit Generator(quint32 seed)
        : m_random(seed)
    {
    }

    recipe::RunConfig config();

private:
    bool chance(int percent) { return m_random.bounded(100) < percent; }
    int upTo(int most) { return m_random.bounded(most + 1); }
    QString pick(const QStringList &list) { return list[m_random.bounded(list.size())]; }
    /** Text full of what shells and CSV find special. */
    QString nasty();
    QString path()
    {
        return QStringLiteral("/")
            + pick({QStringLiteral("data"), QStringLiteral("a b"), QStringLiteral("it's,\"x\""),
                QStringLiteral("w/$HOME")});
    }
    void command(recipe::RunConfig &config);
    void mounts(recipe::RunConfig &config);
    void resources(recipe::RunConfig &config);
    void options(recipe::RunConfig &config);
    recipe::Option option();

    QRandomGenerator m_random;
};

inline QString Generator::nasty()
{
    static const QStringList parts = {QStringLiteral("a"), QStringLiteral(" "), QStringLiteral("'"),
        QStringLiteral("\""), QStringLiteral("$X"), QStringLiteral("\\"), QStringLiteral("\n"), QStringLiteral("!"),
        QStringLiteral("`"), QStringLiteral("--x="), QStringLiteral("é"), QStringLiteral("*"), QStringLiteral("~"),
        QStringLiteral("#"), QStringLiteral(";"), QStringLiteral("&&"), QStringLiteral("=")};
    QString text;
    for (int i = upTo(6); i >= 0; --i)
        text += pick(parts);
    return text;
}

inline void Generator::command(recipe::RunConfig &config)
{
    if (chance(30)) {
        for (int i = upTo(4); i > 0; --i)
            config.command += nasty();
        return;
    }
    config.useShell = true;
    config.shell = pick({QStringLiteral("bash"), QStringLiteral("sh"), QStringLiteral("/bin/bash")});
    config.script = chance(50) ? QStringLiteral("python3 train.py") : QString(QStringLiteral("x") + nasty());
    if (chance(50))
        return;
    config.code.folder = path();
    config.code.update = recipe::CodeStep::Update(upTo(2));
    if (chance(50))
        config.code.checkout = pick({QStringLiteral("main"), QStringLiteral("my branch's"), QStringLiteral("v1.0")});
    if (chance(30))
        config.code.commit = QStringLiteral("0123456789abcdef0123456789abcdef01234567");
    if (chance(30)) {
        config.code.source = recipe::CodeStep::Source::Clone;
        config.code.update = recipe::CodeStep::Update::None;
        config.code.url
            = pick({QStringLiteral("https://example.org/a.git"), QStringLiteral("git@example.org:a b/c"), path()});
    }
}

inline void Generator::mounts(recipe::RunConfig &config)
{
    for (int i = upTo(3); i > 0; --i) {
        recipe::Mount mount;
        mount.source = path();
        mount.target = path();
        mount.readOnly = chance(50);
        mount.mustExist = chance(30);
        if (!mount.mustExist && chance(30))
            mount.options = QStringLiteral("rshared");
        if (chance(10))
            mount = {{}, path(), false, false, {}};
        if (!config.mounts.contains(mount)) // Docker keeps them in a set
            config.mounts += mount;
    }
}

inline void Generator::resources(recipe::RunConfig &config)
{
    config.interactive = chance(50);
    config.tty = chance(50);
    config.detach = chance(50);
    config.removeWhenFinished = chance(50);
    config.network = pick({QString(), QStringLiteral("host"), QStringLiteral("none"), QStringLiteral("lab")});
    if (chance(30))
        config.ports = QStringList{QStringLiteral("8888:8888"), QStringLiteral("127.0.0.1:6006:6006/udp")};
    config.shmSize = chance(50) ? qint64(upTo(100)) << 20 : upTo(5000);
    config.memory = qint64(upTo(64)) << 30;
    config.cpus = upTo(800) / 100.0;
    if (chance(50))
        config.ulimits = {{QStringLiteral("memlock"), -1, -1}, {QStringLiteral("nofile"), 1024, 65536}};
    config.ipc = pick({QString(), QStringLiteral("host")});
    if (!config.removeWhenFinished) // Docker refuses both
        config.restart = pick({QString(), QStringLiteral("unless-stopped"), QStringLiteral("on-failure:3")});
}

inline recipe::RunConfig Generator::config()
{
    recipe::RunConfig config;
    config.image = pick({QStringLiteral("ubuntu"), QStringLiteral("nvcr.io/nvidia/pytorch:24.05-py3"),
        QStringLiteral("localhost:5000/a/b@sha256:0123456789abcdef0123456789abcdef")});
    config.name = pick({QString(), QStringLiteral("run-1")});
    config.platform = pick({QString(), QStringLiteral("linux/arm64/v8")});
    using Kind = recipe::GpuRequest::Kind;
    config.gpus.kind = Kind(upTo(3));
    if (config.gpus.kind == Kind::Count)
        config.gpus.count = upTo(8);
    if (config.gpus.kind == Kind::Devices)
        config.gpus.devices = chance(50) ? QStringList{QStringLiteral("0")}
                                         : QStringList{QStringLiteral("1"), QStringLiteral("GPU-3faa8e3c")};
    mounts(config);
    command(config);
    if (chance(20))
        config.entrypoint = pick({QString(), QStringLiteral("/bin/sh"), nasty()});
    config.workingDir = pick({QString(), path()});
    config.user = pick({QString(), QStringLiteral("1000:1000")});
    for (int i = upTo(3); i > 0; --i)
        config.env += {QStringLiteral("V%1").arg(i), chance(80) ? std::optional(nasty()) : std::nullopt};
    if (chance(30))
        config.labels = {{QStringLiteral("team"), nasty()}, {QStringLiteral("flag"), QString()}};
    resources(config);
    options(config);
    return config;
}

/** Of any kind, and that goes with any other: lists and those that may stand once, plain and nasty values. */
inline recipe::Option Generator::option()
{
    static const QStringList plain = {QStringLiteral("add-host=db:10.0.0.5"), QStringLiteral("blkio-weight=300"),
        QStringLiteral("blkio-weight-device=/dev/sda:200"), QStringLiteral("cap-add=SYS_PTRACE"),
        QStringLiteral("cap-add=all"), QStringLiteral("cap-drop=MKNOD"), QStringLiteral("cgroupns=host"),
        QStringLiteral("cpu-period=50000"), QStringLiteral("cpu-quota=25000"), QStringLiteral("cpu-shares=512"),
        QStringLiteral("cpuset-cpus=0-3,8"), QStringLiteral("detach-keys=ctrl-x"), QStringLiteral("device=/dev/fuse"),
        QStringLiteral("device=/dev/a:/dev/b:r"), QStringLiteral("device=nvidia.com/gpu=0"),
        QStringLiteral("device-cgroup-rule=c 1:* rwm"), QStringLiteral("device-read-bps=/dev/sda:1mb"),
        QStringLiteral("device-write-iops=/dev/sda:10"), QStringLiteral("dns=::1"), QStringLiteral("dns-search=."),
        QStringLiteral("expose=53/udp"), QStringLiteral("expose=7000-7002"),
        QStringLiteral("gpus=all,\"capabilities=compute,utility\""), QStringLiteral("health-interval=1m30s"),
        QStringLiteral("health-retries=3"), QStringLiteral("health-start-period=1500ms"), QStringLiteral("init=true"),
        QStringLiteral("init=false"), QStringLiteral("kernel-memory=64m"), QStringLiteral("link=db:data"),
        QStringLiteral("log-driver=local"), QStringLiteral("memory-reservation=1g"), QStringLiteral("memory-swap=-1"),
        QStringLiteral("memory-swappiness=0"), QStringLiteral("oom-kill-disable=true"),
        QStringLiteral("oom-score-adj=-5"), QStringLiteral("pid=host"), QStringLiteral("pids-limit=100"),
        QStringLiteral("privileged=true"), QStringLiteral("publish-all=true"), QStringLiteral("pull=never"),
        QStringLiteral("read-only=true"), QStringLiteral("runtime=nvidia"),
        QStringLiteral("security-opt=no-new-privileges"), QStringLiteral("security-opt=systempaths=unconfined"),
        QStringLiteral("sig-proxy=false"), QStringLiteral("stop-signal=SIGINT"), QStringLiteral("stop-timeout=0"),
        QStringLiteral("userns=host"), QStringLiteral("volume-driver=local"), QStringLiteral("volumes-from=other:ro")};
    static const QStringList free = {QStringLiteral("cgroup-parent="), QStringLiteral("dns-option="),
        QStringLiteral("domainname="), QStringLiteral("group-add="), QStringLiteral("health-cmd="),
        QStringLiteral("log-opt=tag="), QStringLiteral("security-opt=label="), QStringLiteral("storage-opt=size="),
        QStringLiteral("sysctl=net.core.somaxconn="), QStringLiteral("tmpfs=/run:")};
    if (chance(10))
        return {QStringLiteral("mount"),
            QStringLiteral("type=tmpfs,") + recipe::csvField(QStringLiteral("target=") + path())};
    const QString text = chance(60) ? pick(plain) : QString(pick(free) + nasty());
    return {text.section(QLatin1Char('='), 0, 0), text.section(QLatin1Char('='), 1)};
}

inline void Generator::options(recipe::RunConfig &config)
{
    static const QStringList lists = {QStringLiteral("device"), QStringLiteral("dns-option"), QStringLiteral("expose"),
        QStringLiteral("group-add"), QStringLiteral("mount"), QStringLiteral("security-opt")};
    for (int i = upTo(6); i > 0; --i) {
        const recipe::Option next = option();
        if (!lists.contains(next.name)) // the last one counts
            config.options.removeIf([&next](const recipe::Option &other) { return other.name == next.name; });
        config.options += next;
    }
    if (config.network != QLatin1String("host") && chance(20))
        config.options += {QStringLiteral("hostname"), nasty()};
    if (config.network != QLatin1String("lab") || chance(50))
        return;
    config.options += {QStringLiteral("network-alias"), nasty()};
    config.options += {QStringLiteral("ip"), QStringLiteral("172.30.0.5")};
    if (chance(50))
        config.options += {QStringLiteral("network"), QStringLiteral("name=other,alias=web")};
}
