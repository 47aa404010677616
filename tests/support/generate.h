#pragma once

#include "recipe/runconfig.h"

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
    return config;
}
