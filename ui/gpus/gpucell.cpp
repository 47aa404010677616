#include "gpus/gpucell.h"

#include "core/units.h"
#include "inventory/gpurequest.h"

#include <algorithm>

namespace gpus {

using namespace Qt::StringLiterals;

namespace {

/** Below these nobody is meant who is not seen: a driver keeps some memory, a desktop moves some pixels. */
constexpr qint64 quietMemory = qint64(1) << 30;
constexpr int quietUtilisation = 5;

QString names(const QList<inventory::GpuUser> &users)
{
    QStringList list;
    for (const inventory::GpuUser &user : users) {
        if (!list.contains(user.name))
            list += user.name;
    }
    return list.join(u", "_s);
}

void sayWho(GpuCell &cell, const gpu::Gpu &gpu, const QList<inventory::GpuUser> &users)
{
    using State = GpuCell::State;
    if (gpu.lost) {
        cell.state = State::Lost;
        cell.who = u"lost"_s;
    } else if (gpu.asleep) {
        cell.state = State::Asleep;
        cell.who = u"asleep"_s;
    } else if (!users.isEmpty()) {
        const bool idle = std::ranges::all_of(users, &inventory::GpuUser::idle);
        cell.state = idle ? State::Idle : State::Used;
        cell.who = idle ? u"idle, held"_s : names(users);
    } else if (gpu.utilisation > quietUtilisation || (gpu.memoryUsed > quietMemory && !gpu.unifiedMemory)) {
        cell.state = State::Used;
        cell.who = u"in use"_s;
    } else {
        cell.who = gpu.memoryFree() < 0 ? u"free"_s : u"free %1"_s.arg(core::bytesText(gpu.memoryFree()));
    }
}

QString toolTipOf(const GpuCell &cell, const gpu::Gpu &gpu, const QList<inventory::GpuUser> &users)
{
    QStringList lines{gpu.name.isEmpty() ? cell.title : QString(cell.title + u": "_s + gpu.name)};
    if (!gpu.error.isEmpty())
        lines += gpu.error;
    if (gpu.utilisation >= 0)
        lines += u"%1 busy"_s.arg(core::percentText(gpu.utilisation));
    if (gpu.memoryTotal >= 0 && gpu.memoryUsed >= 0)
        lines += u"%1 of %2 used"_s.arg(core::bytesText(gpu.memoryUsed), core::bytesText(gpu.memoryTotal));
    if (gpu.temperature >= 0)
        lines += u"%1 °C"_s.arg(gpu.temperature);
    for (const inventory::GpuUser &user : users) {
        const bool told = user.idle || user.memory < 0;
        lines += told ? user.text() : QString(user.text() + u": "_s + core::bytesText(user.memory));
    }
    return lines.join(u'\n');
}

} // namespace

/** Both in the total's unit, so that the text is as wide whatever is used. */
QString GpuCell::memoryText() const
{
    if (memoryUsed < 0 || memoryTotal <= 0)
        return {};
    const QString total = core::bytesText(memoryTotal);
    double used = double(memoryUsed);
    for (qint64 rest = memoryTotal; rest >= 1024; rest /= 1024)
        used /= 1024;
    const bool small = used > 0.05 && used < 9.95;
    return QString::number(used, 'f', small ? 1 : 0) + u'/' + total;
}

QString GpuCell::text() const
{
    QStringList parts;
    if (utilisation >= 0)
        parts += core::percentText(utilisation);
    if (const QString memory = memoryText(); !memory.isEmpty())
        parts += memory;
    parts += who;
    return title + u": "_s + parts.join(u", "_s);
}

QList<GpuCell> gpuCells(
    const gpu::Snapshot &snapshot, const std::function<QList<inventory::GpuUser>(const QString &)> &usersOf)
{
    QList<GpuCell> cells;
    for (const gpu::Gpu &gpu : snapshot.gpus) {
        const QList<inventory::GpuUser> users = usersOf(gpu.uuid);
        GpuCell cell;
        cell.uuid = gpu.uuid;
        cell.number = QString::number(gpu.index);
        const QString place = inventory::gpuPlace(snapshot, gpu); // with the vendor's name where it is not clear
        cell.title = place == cell.number ? u"GPU %1"_s.arg(place) : place;
        cell.utilisation = gpu.utilisation;
        cell.memoryUsed = gpu.memoryUsed;
        cell.memoryTotal = gpu.memoryTotal;
        sayWho(cell, gpu, users);
        cell.toolTip = toolTipOf(cell, gpu, users);
        cells += cell;
    }
    return cells;
}

} // namespace gpus
