#include "models/gpusmodel.h"

#include "core/units.h"
#include "inventory/gpustate.h"
#include "inventory/gpuwords.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace models {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array headings
    = {"GPU"_L1, "Name"_L1, "Utilisation"_L1, "Memory"_L1, "Temperature"_L1, "Power"_L1, "Used by"_L1};
static_assert(headings.size() == gpuColumnCount);

int alignment(GpuColumn column)
{
    const bool left = column == GpuColumn::Gpu || column == GpuColumn::Name || column == GpuColumn::UsedBy;
    return int(Qt::AlignVCenter | (left ? Qt::AlignLeft : Qt::AlignRight));
}

/** "40 GiB / 80 GiB", as far as known. */
QString outOf(const QString &value, const QString &limit)
{
    return limit == core::noValue() ? value : value + u" / "_s + limit;
}

QString watts(double power) { return power < 0 ? core::noValue() : u"%1 W"_s.arg(std::lround(power)); }

void addUsers(GpuRow &row, const inventory::GpuState &state)
{
    const auto users = state.users(row.uuid);
    for (const inventory::GpuUser &user : users)
        row.usedBy.append(user.text());
    for (const QString &name : state.waiting(row.uuid))
        row.usedBy.append(u"%1 (asked for it, unused)"_s.arg(name));
    row.users = users.size();
    const bool idle = std::all_of(users.begin(), users.end(), [](const auto &user) { return user.idle; });
    if (row.phase == GpuPhase::Free && !users.isEmpty())
        row.phase = idle ? GpuPhase::Idle : GpuPhase::Used;
}

QStringList notesOf(const gpu::Gpu &gpu)
{
    QStringList notes;
    if (!gpu.error.isEmpty())
        notes.append(gpu.error);
    if (!gpu.throttled.isEmpty())
        notes.append(u"Slowed down: "_s + gpu.throttled.join(u", "_s));
    if (gpu.xid)
        notes.append(inventory::xidSentence(gpu.xid->code));
    return notes;
}

GpuRow gpuRow(const gpu::Gpu &gpu, const inventory::GpuState &state)
{
    GpuRow row;
    row.uuid = row.gpu = gpu.uuid;
    row.place = inventory::gpuPlace(state.snapshot(), gpu);
    row.name = gpu.name;
    if (gpu.lost)
        row.phase = GpuPhase::Lost;
    else if (gpu.asleep)
        row.phase = GpuPhase::Asleep;
    row.error = gpu.error;
    row.utilisation = gpu.utilisation;
    row.memoryUsed = gpu.memoryUsed;
    row.memoryTotal = gpu.memoryTotal;
    row.temperature = gpu.temperature;
    row.power = gpu.power;
    row.powerLimit = gpu.powerLimit;
    row.notes = notesOf(gpu);
    addUsers(row, state);
    return row;
}

GpuRow migRow(const gpu::Gpu &gpu, qsizetype device, const inventory::GpuState &state)
{
    const gpu::MigDevice &mig = gpu.migDevices[device];
    GpuRow row;
    row.uuid = mig.uuid;
    row.gpu = gpu.uuid;
    row.place = inventory::migPlace(state.snapshot(), gpu, device);
    row.name = mig.profile.isEmpty() ? u"MIG device"_s : u"MIG "_s + mig.profile;
    row.memoryUsed = mig.memoryUsed;
    row.memoryTotal = mig.memoryTotal;
    addUsers(row, state);
    return row;
}

QString utilisationText(const GpuRow &row)
{
    if (row.phase == GpuPhase::Lost)
        return u"lost"_s;
    return row.phase == GpuPhase::Asleep ? u"asleep"_s : core::percentText(row.utilisation);
}

QString toolTip(const GpuRow &row, GpuColumn column)
{
    switch (column) {
    case GpuColumn::Gpu:
        return row.uuid;
    case GpuColumn::Memory:
        return row.memoryUsed >= 0 && row.memoryTotal > 0
            ? u"%1 free"_s.arg(core::bytesText(std::max<qint64>(0, row.memoryTotal - row.memoryUsed)))
            : QString();
    case GpuColumn::UsedBy:
        return row.usedBy.join(u'\n');
    default:
        return row.notes.join(u'\n');
    }
}

} // namespace

inventory::ColumnMask GpuRow::changedColumns(const GpuRow &now) const
{
    inventory::ColumnMask mask = 0;
    const auto mark = [&mask](bool changed, GpuColumn column) {
        if (changed)
            mask |= inventory::ColumnMask(1) << int(column);
    };
    mark(place != now.place || order != now.order || phase != now.phase || gpu != now.gpu, GpuColumn::Gpu);
    mark(name != now.name || notes != now.notes || error != now.error, GpuColumn::Name);
    mark(utilisation != now.utilisation || phase != now.phase, GpuColumn::Utilisation);
    mark(memoryUsed != now.memoryUsed || memoryTotal != now.memoryTotal, GpuColumn::Memory);
    mark(temperature != now.temperature, GpuColumn::Temperature);
    mark(std::abs(power - now.power) > 0 || std::abs(powerLimit - now.powerLimit) > 0, GpuColumn::Power);
    mark(usedBy != now.usedBy || users != now.users || phase != now.phase, GpuColumn::UsedBy);
    return mask;
}

QList<GpuRow> gpuRows(const inventory::GpuState &state)
{
    QList<GpuRow> rows;
    for (const gpu::Gpu &gpu : state.snapshot().gpus) {
        rows.append(gpuRow(gpu, state));
        for (qsizetype i = 0; i < gpu.migDevices.size(); ++i)
            rows.append(migRow(gpu, i, state));
    }
    for (qsizetype i = 0; i < rows.size(); ++i)
        rows[i].order = i;
    return rows;
}

QString gpuCellText(const GpuRow &row, GpuColumn column)
{
    switch (column) {
    case GpuColumn::Gpu:
        return row.isMig() ? u"    "_s + row.place : row.place;
    case GpuColumn::Name:
        return row.name;
    case GpuColumn::Utilisation:
        return utilisationText(row);
    case GpuColumn::Memory:
        return outOf(core::bytesText(row.memoryUsed), core::bytesText(row.memoryTotal));
    case GpuColumn::Temperature:
        return row.temperature < 0 ? core::noValue() : u"%1 °C"_s.arg(row.temperature);
    case GpuColumn::Power:
        return outOf(watts(row.power), watts(row.powerLimit));
    case GpuColumn::UsedBy:
        return row.usedBy.isEmpty() ? core::noValue() : row.usedBy.join(u", "_s);
    }
    return {};
}

QString gpuHeading(GpuColumn column) { return headings[size_t(column)]; }

GpusModel::GpusModel(const inventory::GpuState &state, QObject *parent)
    : RowsModel(parent)
    , m_state(state)
{
    take();
    connect(&state, &inventory::GpuState::changed, this, &GpusModel::take);
}

void GpusModel::take()
{
    const QList<GpuRow> fresh = gpuRows(m_state);
    const bool sameGpus = std::equal(rows().begin(), rows().end(), fresh.begin(), fresh.end(),
        [](const GpuRow &a, const GpuRow &b) { return a.uuid == b.uuid; });
    QList<GpuRow> now = rows();
    inventory::ListChange change;
    if (sameGpus) {
        change = inventory::update(now, fresh);
    } else {
        // New MIG devices belong under their GPU, not at the end.
        if (!now.isEmpty())
            change.removed.append({0, now.size()});
        change.added = fresh.size();
        now = fresh;
    }
    apply(change, now);
}

int GpusModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : gpuColumnCount; }

QVariant GpusModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const GpuRow &row = at(index.row());
    const auto column = GpuColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return gpuCellText(row, column);
    case Qt::AccessibleTextRole:
        return gpuCellText(row, column).trimmed();
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::TextAlignmentRole:
        return alignment(column);
    case SortRole:
        return sortKey(index.row(), column);
    case IdRole:
        return row.uuid;
    case StateRole:
        return int(row.phase);
    default:
        return {};
    }
}

QVariant GpusModel::sortKey(int row, GpuColumn column) const
{
    // A MIG device has its GPU's key: equal rows keep their order, so it stays below its GPU.
    while (at(row).isMig())
        --row;
    const GpuRow &gpu = at(row);
    switch (column) {
    case GpuColumn::Gpu:
        return gpu.order;
    case GpuColumn::Utilisation:
        return gpu.utilisation;
    case GpuColumn::Memory:
        return gpu.memoryUsed;
    case GpuColumn::Temperature:
        return gpu.temperature;
    case GpuColumn::Power:
        return gpu.power;
    case GpuColumn::Name:
    case GpuColumn::UsedBy:
        return gpuCellText(gpu, column);
    }
    return {};
}

QVariant GpusModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= gpuColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return gpuHeading(GpuColumn(section));
    return role == Qt::TextAlignmentRole ? QVariant(alignment(GpuColumn(section))) : QVariant();
}

} // namespace models
