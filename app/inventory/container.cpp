#include "inventory/container.h"

#include "core/units.h"

#include <QRegularExpression>
#include <algorithm>

namespace inventory {

using namespace Qt::StringLiterals;

namespace {

constexpr ColumnMask bit(ContainerColumn column) { return ColumnMask(1) << int(column); }

Phase phaseOf(const docker::ContainerSummary &summary, int exitCode)
{
    const QString &state = summary.state;
    if (state == "running"_L1)
        return Phase::Running;
    if (state == "paused"_L1)
        return Phase::Paused;
    if (state == "restarting"_L1)
        return Phase::Restarting;
    if (state == "removing"_L1)
        return Phase::Removing;
    if (state == "exited"_L1)
        return phaseOfExit(exitCode, false);
    if (state == "dead"_L1)
        return Phase::Dead;
    return Phase::Created;
}

QString busyText(Action action)
{
    switch (action) {
    case Action::Start:
        return u"Starting…"_s;
    case Action::Stop:
        return u"Stopping…"_s;
    case Action::Restart:
        return u"Restarting…"_s;
    case Action::Kill:
        return u"Killing…"_s;
    case Action::Pause:
        return u"Pausing…"_s;
    case Action::Unpause:
        return u"Unpausing…"_s;
    case Action::Rename:
        return u"Renaming…"_s;
    case Action::Remove:
        return u"Removing…"_s;
    }
    return {};
}

} // namespace

ColumnMask Container::changedColumns(const Container &now) const
{
    if (*this == now)
        return 0;
    ColumnMask mask = 0;
    const auto mark = [&mask](bool changed, ContainerColumn column) {
        if (changed)
            mask |= bit(column);
    };
    mark(name != now.name, ContainerColumn::Name);
    mark(image != now.image, ContainerColumn::Image);
    mark(phase != now.phase || exitCode != now.exitCode || health != now.health || startedAt != now.startedAt
            || busy != now.busy || finishedAt != now.finishedAt,
        ContainerColumn::State);
    mark(gpus != now.gpus || inspected != now.inspected, ContainerColumn::Gpus);
    mark(phase != now.phase, ContainerColumn::Cpu);
    mark(phase != now.phase, ContainerColumn::Memory);
    mark(ports != now.ports, ContainerColumn::Ports);
    mark(created != now.created, ContainerColumn::Created);
    // Something no column shows (labels, tty): the row still differs, and its tooltips hang on the name.
    return mask ? mask : bit(ContainerColumn::Name);
}

bool Container::allows(Action action) const
{
    // A stop may wait for minutes: it can be cut short.
    const bool slow = busy == Action::Stop || busy == Action::Restart;
    if (busy && !(slow && (action == Action::Kill || action == Action::Remove)))
        return false;
    switch (action) {
    case Action::Start:
        return !running() && phase != Phase::Removing && phase != Phase::Dead;
    case Action::Stop:
    case Action::Kill:
        return running();
    case Action::Restart:
        return phase != Phase::Removing && phase != Phase::Dead;
    case Action::Pause:
        return phase == Phase::Running;
    case Action::Unpause:
        return phase == Phase::Paused;
    case Action::Rename:
    case Action::Remove:
        return phase != Phase::Removing;
    }
    return false;
}

Phase phaseOfExit(int exitCode, bool oomKilled)
{
    constexpr int signalBase = 128;
    constexpr int lastSignal = 64;
    if (oomKilled)
        return Phase::OutOfMemory;
    if (exitCode == 0)
        return Phase::Finished;
    return exitCode > signalBase && exitCode <= signalBase + lastSignal ? Phase::Signalled : Phase::Failed;
}

qint64 humanDuration(QStringView words)
{
    static const QRegularExpression form(u"^(?:About )?(an?|\\d+) (second|minute|hour|day|week|month|year)s?$"_s);
    const auto match = form.match(words.toString());
    if (!match.hasMatch())
        return 0; // "Less than a second" too
    static const QHash<QString, qint64> units = {{u"second"_s, 1}, {u"minute"_s, 60}, {u"hour"_s, 3600},
        {u"day"_s, 86400}, {u"week"_s, 7 * 86400}, {u"month"_s, 30 * 86400}, {u"year"_s, 365 * 86400}};
    const QString count = match.captured(1);
    return (count.startsWith(u'a') ? 1 : count.toLongLong()) * units.value(match.captured(2));
}

Container fromSummary(const docker::ContainerSummary &summary, qint64 now)
{
    // "Up 3 hours", "Up 2 minutes (healthy)", "Up 5 seconds (health: starting)", "Up 1 hour (Paused)", "Exited (137) 3
    // hours ago"
    static const QRegularExpression up(u"^Up (.+?)(?: \\((?:health: )?(\\w+)\\))?$"_s);
    static const QRegularExpression exited(u"^(?:Exited|Restarting) \\((\\d+)\\)(?: (.+) ago)?$"_s);

    Container c;
    c.id = summary.id;
    c.name = summary.name;
    c.image = summary.image;
    c.imageId = summary.imageId;
    c.command = summary.command;
    c.created = summary.created;
    c.ports = summary.ports;
    c.labels = summary.labels;
    if (const auto match = up.match(summary.status); match.hasMatch()) {
        c.startedAt = now - humanDuration(match.capturedView(1));
        if (match.capturedView(2) != "Paused"_L1)
            c.health = match.captured(2);
    } else if (const auto end = exited.match(summary.status); end.hasMatch()) {
        c.exitCode = end.captured(1).toInt();
        if (const qint64 ago = humanDuration(end.capturedView(2)))
            c.finishedAt = now - ago;
    }
    c.phase = phaseOf(summary, c.exitCode);
    return c;
}

bool sameLife(const Container &before, const Container &after, qint64 now)
{
    return before.running() == after.running() && before.exitCode == after.exitCode
        && std::abs(before.startedAt - after.startedAt) <= std::max<qint64>((now - after.startedAt) / 2, 1);
}

void addDetail(Container &c, const docker::ContainerDetail &detail)
{
    c.inspected = true;
    c.detailed = true;
    c.tty = detail.tty;
    c.autoRemove = detail.autoRemove;
    c.hasLogs = detail.logDriver != "none"_L1;
    c.gpus = gpuRequest(detail);
    c.pid = detail.pid;
    static const QRegularExpression anonymous(u"^[0-9a-f]{64}$"_s);
    c.anonymousVolumes = int(std::count_if(detail.mounts.begin(), detail.mounts.end(), [](const docker::Mount &mount) {
        return mount.type == "volume"_L1 && anonymous.match(mount.name).hasMatch();
    }));
    if (c.running() && detail.startedAt > 0)
        c.startedAt = detail.startedAt;
    if (!c.running() && detail.finishedAt > 0)
        c.finishedAt = detail.finishedAt;
    if (c.phase == Phase::Signalled || c.phase == Phase::Failed)
        c.phase = phaseOfExit(c.exitCode, detail.oomKilled);
}

QString exitText(Phase phase, int exitCode)
{
    switch (phase) {
    case Phase::Finished:
        return u"Finished (exit 0)"_s;
    case Phase::OutOfMemory:
        return u"Killed: out of memory (exit %1)"_s.arg(exitCode);
    case Phase::Signalled:
        return u"Stopped by signal %1 (exit %2)"_s.arg(exitCode - 128).arg(exitCode);
    default:
        return u"Failed (exit %1)"_s.arg(exitCode);
    }
}

QString stateText(const Container &c, qint64 now)
{
    if (c.busy)
        return busyText(*c.busy);
    switch (c.phase) {
    case Phase::Created:
        return u"Created"_s;
    case Phase::Running: {
        QString text = c.startedAt > 0 ? u"Running "_s + core::durationText(now - c.startedAt) : u"Running"_s;
        if (c.health == "unhealthy"_L1)
            text += u", unhealthy"_s;
        return text;
    }
    case Phase::Paused:
        return u"Paused"_s;
    case Phase::Restarting:
        return u"Restarting (exit %1)"_s.arg(c.exitCode);
    case Phase::Removing:
        return u"Removing…"_s;
    case Phase::Finished:
        return u"Finished"_s;
    case Phase::Failed:
        return u"Failed (exit %1)"_s.arg(c.exitCode);
    case Phase::OutOfMemory:
        return u"Killed: out of memory"_s;
    case Phase::Signalled:
        return u"Stopped by signal %1"_s.arg(c.exitCode - 128);
    case Phase::Dead:
        return u"Dead"_s;
    }
    return {};
}

QString portsText(const QList<docker::Port> &ports)
{
    QStringList texts;
    for (const docker::Port &port : ports) {
        QString text = port.publicPort ? u"%1→%2"_s.arg(port.publicPort).arg(port.privatePort)
                                       : QString::number(port.privatePort);
        if (port.type != "tcp"_L1)
            text += u'/' + port.type;
        if (!texts.contains(text)) // once for IPv4 and once for IPv6
            texts.append(text);
    }
    return texts.join(", "_L1);
}

} // namespace inventory
