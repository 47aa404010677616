#include "gpu/drmclients.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <array>
#include <unistd.h>

namespace gpu {

namespace {

/** "123 KiB", "5 MiB", "77": bytes. */
qint64 bytesOf(const QString &value)
{
    const qint64 number = value.section(u' ', 0, 0).toLongLong();
    const QString unit = value.section(u' ', 1, 1);
    if (unit == u"KiB")
        return number * 1024;
    return unit == u"MiB" ? number * 1024 * 1024 : number;
}

/** "vram", "vram0", "local0": the card's own memory, not the machine's ("gtt", "system0"). */
bool ownMemory(const QString &region)
{
    return region.startsWith(QStringLiteral("vram")) || region.startsWith(QStringLiteral("local"));
}

bool computes(const QString &engine)
{
    return engine == u"compute" || engine == u"ccs" || engine.startsWith(QStringLiteral("comp_"));
}

/** By the engines it ever used; none while it used none. */
std::optional<ProcessKind> kindOf(const DrmClient &client)
{
    bool compute = false;
    bool graphics = false;
    for (const auto &engines : {client.busyNs, client.cycles}) {
        for (auto it = engines.begin(); it != engines.end(); ++it)
            (computes(it.key()) ? compute : graphics) |= it.value() > 0;
    }
    if (compute)
        return graphics ? ProcessKind::Both : ProcessKind::Compute;
    return graphics ? std::optional(ProcessKind::Graphics) : std::nullopt;
}

QString linkTarget(const QString &path)
{
    std::array<char, 256> target{};
    const auto length = readlink(QFile::encodeName(path).constData(), target.data(), target.size());
    return length > 0 ? QFile::decodeName(QByteArray(target.data(), length)) : QString();
}

} // namespace

DrmClient DrmClient::parse(const QString &text)
{
    DrmClient client;
    // Drivers tell the same memory under several words; the first of these that is there counts.
    qint64 resident = unknown;
    qint64 memory = unknown;
    qint64 total = unknown;
    const auto add = [](qint64 &sum, qint64 bytes) { sum = std::max<qint64>(sum, 0) + bytes; };
    for (const QString &line : text.split(u'\n')) {
        const QString key = line.section(u':', 0, 0);
        const QString value = line.section(u':', 1).trimmed();
        if (key == u"drm-driver")
            client.driver = value;
        else if (key == u"drm-pdev")
            client.pciBusId = value.toLower();
        else if (key == u"drm-client-id")
            client.id = value;
        else if (key.startsWith(QStringLiteral("drm-engine-capacity-")))
            continue;
        else if (key.startsWith(QStringLiteral("drm-engine-")))
            client.busyNs.insert(key.mid(11), value.section(u' ', 0, 0).toLongLong());
        else if (key.startsWith(QStringLiteral("drm-cycles-")))
            client.cycles.insert(key.mid(11), value.toLongLong());
        else if (key.startsWith(QStringLiteral("drm-total-cycles-")))
            client.totalCycles.insert(key.mid(17), value.toLongLong());
        else if (key.startsWith(QStringLiteral("drm-resident-")) && ownMemory(key.mid(13)))
            add(resident, bytesOf(value));
        else if (key.startsWith(QStringLiteral("drm-memory-")) && ownMemory(key.mid(11)))
            add(memory, bytesOf(value));
        else if (key.startsWith(QStringLiteral("drm-total-")) && ownMemory(key.mid(10)))
            add(total, bytesOf(value));
    }
    client.memory = resident >= 0 ? resident : memory >= 0 ? memory : total;
    return client;
}

void DrmClients::readProcess(qint64 pid, QMap<QString, Seen> &clients)
{
    const QString process = m_roots.proc + u'/' + QString::number(pid);
    const QDir files(process + QStringLiteral("/fd"));
    m_known.insert(pid);
    m_users.remove(pid);
    if (!QFileInfo(files.path()).isReadable()) {
        m_sawAll = m_sawAll && !QFileInfo::exists(process); // one that just ended hides nothing
        return;
    }
    for (const QString &fd : files.entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)) {
        if (!linkTarget(files.filePath(fd)).startsWith(QStringLiteral("/dev/dri/")))
            continue;
        m_users.insert(pid);
        const DrmClient client = DrmClient::parse(readText(process + QStringLiteral("/fdinfo/") + fd));
        if (client.driver.isEmpty())
            continue;
        const QString key = client.pciBusId + u' ' + client.id;
        if (!clients.contains(key)) // a file handed on stands with each of its holders: it is the first one's
            clients.insert(key, {pid, client});
    }
}

/** Percent of each kind of engine that the client was busy for in that time. */
QHash<QString, double> DrmClients::shares(const DrmClient &before, const DrmClient &now, qint64 ms)
{
    QHash<QString, double> shares;
    for (auto it = now.busyNs.begin(); it != now.busyNs.end(); ++it) {
        const qint64 busy = it.value() - before.busyNs.value(it.key(), it.value());
        if (ms > 0)
            shares.insert(it.key(), std::max(0.0, double(busy) / 1e6 / double(ms) * 100));
    }
    for (auto it = now.cycles.begin(); it != now.cycles.end(); ++it) {
        const qint64 total = now.totalCycles.value(it.key()) - before.totalCycles.value(it.key());
        const qint64 busy = it.value() - before.cycles.value(it.key(), it.value());
        shares.insert(it.key(), total > 0 ? std::max(0.0, double(busy) / double(total) * 100) : 0.0);
    }
    return shares;
}

void DrmClients::refresh(Depth depth)
{
    QSet<qint64> pids;
    for (const QString &name : QDir(m_roots.proc).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (const qint64 pid = name.toLongLong())
            pids.insert(pid);
    }
    if (depth == Depth::Slow) {
        m_known.clear();
        m_sawAll = true;
    }
    m_known.intersect(pids);
    m_users.intersect(pids);
    QList<qint64> look(pids.begin(), pids.end());
    std::sort(look.begin(), look.end());
    QMap<QString, Seen> clients;
    for (const qint64 pid : look) {
        if (!m_known.contains(pid) || m_users.contains(pid))
            readProcess(pid, clients);
    }
    const qint64 now = monotonicMs();
    account(clients, m_read ? now - m_read : 0);
    m_clients = clients;
    m_read = now;
}

/** Adds the clients up, by process and by GPU; `ms` since those of before, 0 when there were none. */
void DrmClients::account(const QMap<QString, Seen> &clients, qint64 ms)
{
    m_processes.clear();
    m_utilisation.clear();
    QHash<QString, QHash<QString, double>> engines; // by GPU: all clients together
    for (auto it = clients.begin(); it != clients.end(); ++it) {
        const DrmClient &client = it->client;
        QList<Process> &list = m_processes[client.pciBusId];
        auto process = std::find_if(list.begin(), list.end(), [&](const Process &one) { return one.pid == it->pid; });
        if (process == list.end()) {
            Process fresh;
            fresh.pid = it->pid;
            fresh.kind = ProcessKind::Graphics;
            list.append(fresh);
            process = list.end() - 1;
        }
        if (client.memory >= 0)
            process->memory = std::max<qint64>(process->memory, 0) + client.memory;
        if (const auto kind = kindOf(client))
            process->kind = *kind;
        const auto before = m_clients.constFind(it.key());
        if (before == m_clients.constEnd() || ms <= 0)
            continue;
        const auto share = shares(before->client, client, ms);
        double most = 0;
        for (auto engine = share.begin(); engine != share.end(); ++engine) {
            most = std::max(most, engine.value());
            engines[client.pciBusId][engine.key()] += engine.value();
        }
        process->utilisation = std::min(100, std::max(process->utilisation, 0) + qRound(most));
    }
    for (auto it = engines.begin(); it != engines.end(); ++it)
        m_utilisation.insert(
            it.key(), it->isEmpty() ? 0 : std::min(100, qRound(*std::max_element(it->begin(), it->end()))));
}

} // namespace gpu
