#include "models/gpuprocessesmodel.h"

#include "core/units.h"
#include "inventory/gpustate.h"

#include <QDateTime>
#include <QLocale>
#include <array>

namespace models {

using inventory::GpuProcess;
using inventory::GpuProcessColumn;
using namespace Qt::StringLiterals;

namespace {

constexpr std::array headings
    = {"GPU"_L1, "PID"_L1, "Container"_L1, "User"_L1, "Command"_L1, "Memory"_L1, "Utilisation"_L1, "Since"_L1};
static_assert(headings.size() == inventory::gpuProcessColumnCount);

int alignment(GpuProcessColumn column)
{
    const bool number = column == GpuProcessColumn::Pid || column == GpuProcessColumn::Memory
        || column == GpuProcessColumn::Utilisation;
    return int(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
}

QString orNone(const QString &text) { return text.isEmpty() ? core::noValue() : text; }

} // namespace

GpuProcessesModel::GpuProcessesModel(const inventory::GpuState &state, QObject *parent)
    : RowsModel(parent)
    , m_now(QDateTime::currentSecsSinceEpoch())
{
    take(state.processes());
    connect(&state, &inventory::GpuState::changed, this, [this, &state] { take(state.processes()); });
}

void GpuProcessesModel::take(const QList<GpuProcess> &processes)
{
    m_now = QDateTime::currentSecsSinceEpoch();
    QList<GpuProcess> now = rows();
    const inventory::ListChange change = inventory::update(now, processes);
    apply(change, now);
}

int GpuProcessesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : inventory::gpuProcessColumnCount;
}

QVariant GpuProcessesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const GpuProcess &process = at(index.row());
    const auto column = GpuProcessColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(process, column);
    case Qt::ToolTipRole:
        return toolTip(process, column);
    case Qt::TextAlignmentRole:
        return alignment(column);
    case SortRole:
        return sortKey(process, column);
    case IdRole:
        return process.key();
    default:
        return {};
    }
}

QString GpuProcessesModel::text(const GpuProcess &p, GpuProcessColumn column) const
{
    switch (column) {
    case GpuProcessColumn::Gpu:
        return p.place;
    case GpuProcessColumn::Pid:
        return QString::number(p.pid);
    case GpuProcessColumn::Container:
        return p.idle ? p.containerName + u" (idle)"_s : orNone(p.containerName);
    case GpuProcessColumn::User:
        return orNone(p.user);
    case GpuProcessColumn::Command:
        return orNone(p.command);
    case GpuProcessColumn::Memory:
        return core::bytesText(p.memory);
    case GpuProcessColumn::Utilisation:
        return core::percentText(p.utilisation);
    case GpuProcessColumn::Since:
        return core::ageText(p.since, m_now);
    }
    return {};
}

QVariant GpuProcessesModel::sortKey(const GpuProcess &p, GpuProcessColumn column) const
{
    switch (column) {
    case GpuProcessColumn::Pid:
        return p.pid;
    case GpuProcessColumn::Memory:
        return p.memory;
    case GpuProcessColumn::Utilisation:
        return p.utilisation;
    case GpuProcessColumn::Since:
        return p.since;
    default:
        return text(p, column);
    }
}

QString GpuProcessesModel::toolTip(const GpuProcess &p, GpuProcessColumn column) const
{
    switch (column) {
    case GpuProcessColumn::Gpu:
        return p.mig.isEmpty() ? p.gpu : p.mig;
    case GpuProcessColumn::Container:
        return p.containerId.left(12);
    case GpuProcessColumn::Since:
        return p.since > 0 ? QLocale::system().toString(QDateTime::fromSecsSinceEpoch(p.since), QLocale::LongFormat)
                           : QString();
    case GpuProcessColumn::Command:
        return p.command;
    default:
        return {};
    }
}

QVariant GpuProcessesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= inventory::gpuProcessColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return QString(headings[size_t(section)]);
    return role == Qt::TextAlignmentRole ? QVariant(alignment(GpuProcessColumn(section))) : QVariant();
}

void GpuProcessesModel::setNow(qint64 now)
{
    m_now = now;
    constexpr int since = int(GpuProcessColumn::Since);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, since), index(rowCount() - 1, since), {Qt::DisplayRole});
}

} // namespace models
