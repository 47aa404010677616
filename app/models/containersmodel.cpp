#include "models/containersmodel.h"

#include "core/units.h"
#include "inventory/gpustate.h"
#include "models/imagename.h"

#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>
#include <array>

namespace models {

using inventory::Container;
using inventory::ContainerColumn;
using namespace Qt::StringLiterals;

namespace {

constexpr std::array headings
    = {"Name"_L1, "Image"_L1, "State"_L1, "GPUs"_L1, "CPU"_L1, "Memory"_L1, "GPU memory"_L1, "Ports"_L1, "Created"_L1};
static_assert(headings.size() == inventory::containerColumnCount);

QString dateText(qint64 seconds)
{
    return QLocale::system().toString(QDateTime::fromSecsSinceEpoch(seconds), QLocale::LongFormat);
}

bool isNumber(ContainerColumn column)
{
    return column == ContainerColumn::Cpu || column == ContainerColumn::Memory || column == ContainerColumn::GpuMemory;
}

} // namespace

ContainersModel::ContainersModel(
    const inventory::Inventory &inventory, const inventory::LiveFigures &figures, QObject *parent)
    : RowsModel(parent)
    , m_inventory(inventory)
    , m_figures(figures)
    , m_now(QDateTime::currentSecsSinceEpoch())
{
    apply({{}, {}, inventory.containers().size()}, inventory.containers());
    connect(&inventory, &inventory::Inventory::containersChanged, this,
        [this, &inventory](const inventory::ListChange &change) {
            m_now = QDateTime::currentSecsSinceEpoch();
            apply(change, inventory.containers());
        });
    connect(&figures, &inventory::LiveFigures::ticked, this, &ContainersModel::figuresTicked);
}

int ContainersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : inventory::containerColumnCount;
}

QVariant ContainersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Container &container = at(index.row());
    const auto column = ContainerColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(container, column);
    case Qt::ToolTipRole:
        return toolTip(container, column);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    case SortRole:
        return sortKey(container, column);
    case IdRole:
        return container.id;
    case StateRole:
        return int(container.phase);
    default:
        return {};
    }
}

/** Of an image that was asked for by its id or digest, the name it had then or has now. */
QString ContainersModel::imageText(const Container &container) const
{
    static const QRegularExpression digits(u"^(sha256:)?([0-9a-f]{12})[0-9a-f]*$"_s);
    const auto id = digits.match(container.image);
    const qsizetype digest = container.image.indexOf("@sha256:"_L1);
    if (!id.hasMatch() && digest < 0)
        return container.image;
    if (const QString name = container.labels.value(imageNameLabel); !name.isEmpty())
        return name;
    for (const inventory::Image &image : m_inventory.images()) {
        if (image.id == container.imageId && !image.repository.isEmpty())
            return image.reference();
    }
    return id.hasMatch() ? id.captured(2) : container.image.left(digest);
}

QVariant ContainersModel::text(const Container &c, ContainerColumn column) const
{
    switch (column) {
    case ContainerColumn::Name:
        return c.name;
    case ContainerColumn::Image:
        return imageText(c);
    case ContainerColumn::State:
        return inventory::stateText(c, m_now);
    case ContainerColumn::Gpus:
        return gpusText(c);
    case ContainerColumn::Cpu:
        return core::percentText(m_figures.figures(c.id).cpu);
    case ContainerColumn::Memory:
        return core::bytesText(m_figures.figures(c.id).memory);
    case ContainerColumn::GpuMemory: {
        const QString memory = m_gpus.value(c.id).memoryText();
        return memory.isEmpty() ? core::noValue() : memory;
    }
    case ContainerColumn::Ports:
        return inventory::portsText(c.ports);
    case ContainerColumn::Created:
        return core::ageText(c.created, m_now);
    }
    return {};
}

QVariant ContainersModel::sortKey(const Container &c, ContainerColumn column) const
{
    switch (column) {
    case ContainerColumn::State:
        // Running ones together, the longest first; then the ended ones, the latest first.
        return c.running() ? c.startedAt - (qint64(1) << 40) : -c.finishedAt;
    case ContainerColumn::Cpu:
        return m_figures.figures(c.id).cpu;
    case ContainerColumn::Memory:
        return m_figures.figures(c.id).memory;
    case ContainerColumn::GpuMemory:
        return m_gpus.value(c.id).memory;
    case ContainerColumn::Ports:
        return c.ports.isEmpty() ? 0 : std::max(c.ports.first().publicPort, c.ports.first().privatePort);
    case ContainerColumn::Created:
        return c.created;
    default:
        return text(c, column);
    }
}

QString ContainersModel::toolTip(const Container &c, ContainerColumn column) const
{
    switch (column) {
    case ContainerColumn::Name:
        return u"%1\n%2\n%3"_s.arg(c.name, c.id.left(12), c.command);
    case ContainerColumn::State:
        if (c.running() && c.startedAt > 0)
            return u"Started %1"_s.arg(dateText(c.startedAt));
        return c.finishedAt > 0 ? u"%1, %2"_s.arg(inventory::exitText(c.phase, c.exitCode), dateText(c.finishedAt))
                                : QString();
    case ContainerColumn::Created:
        return c.created > 0 ? dateText(c.created) : QString();
    case ContainerColumn::Image:
    case ContainerColumn::Ports:
        return text(c, column).toString();
    case ContainerColumn::Gpus:
    case ContainerColumn::GpuMemory:
        return gpusToolTip(c);
    default:
        return {};
    }
}

QVariant ContainersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= inventory::containerColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return QString(headings[size_t(section)]);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isNumber(ContainerColumn(section)) ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

void ContainersModel::setNow(qint64 now)
{
    m_now = now;
    if (rowCount() == 0)
        return;
    for (const auto column : {ContainerColumn::State, ContainerColumn::Created})
        Q_EMIT dataChanged(index(0, int(column)), index(rowCount() - 1, int(column)), {Qt::DisplayRole});
}

void ContainersModel::setGpus(const inventory::GpuState &gpus)
{
    gpusChanged(gpus.containers());
    connect(&gpus, &inventory::GpuState::changed, this, [this, &gpus] { gpusChanged(gpus.containers()); });
}

void ContainersModel::gpusChanged(const QHash<QString, inventory::ContainerGpu> &now)
{
    if (m_gpus == now)
        return;
    const auto before = std::exchange(m_gpus, now);
    constexpr auto columns = inventory::ColumnMask(1) << int(ContainerColumn::Gpus)
        | inventory::ColumnMask(1) << int(ContainerColumn::GpuMemory);
    QList<inventory::ListChange::Run> runs;
    for (int row = 0; row < rowCount(); ++row) {
        if (before.value(at(row).id) != m_gpus.value(at(row).id))
            inventory::appendRow(runs, row, columns);
    }
    announce(runs);
}

QString ContainersModel::gpusText(const Container &c) const
{
    const auto use = m_gpus.constFind(c.id);
    const QString text = use == m_gpus.constEnd() ? c.gpus.text() : use->gpusText(c.running());
    return text.isEmpty() ? core::noValue() : text;
}

QString ContainersModel::gpusToolTip(const Container &c) const
{
    const inventory::ContainerGpu use = m_gpus.value(c.id);
    QStringList lines;
    const QString asked = c.gpus.text();
    if (!asked.isEmpty())
        lines.append(use.asked.isEmpty() || use.asked == asked ? u"Asked for: %1"_s.arg(asked)
                                                               : u"Asked for: %1 (%2)"_s.arg(use.asked, asked));
    if (!use.indexes.isEmpty())
        lines.append(u"Uses: %1"_s.arg(use.indexes.join(u", "_s)));
    else if (c.running() && m_gpus.contains(c.id))
        lines.append(u"Uses none now"_s);
    if (use.memory >= 0)
        lines.append(u"Holds %1 of GPU memory"_s.arg(core::bytesText(use.memory)));
    if (use.share() >= 0)
        lines.append((use.indexes.size() == 1 ? u"Its processes keep the GPU busy for %1 of the time"_s
                                              : u"Its processes keep these GPUs busy for %1 of the time, on average"_s)
                         .arg(core::percentText(use.share())));
    if (use.idle)
        lines.append(u"Has computed nothing for %1"_s.arg(core::durationText(use.idleFor)));
    return lines.join(u'\n');
}

void ContainersModel::figuresTicked(const QSet<QString> &ids)
{
    // At most a screenful of rows, all on one tick.
    QList<inventory::ListChange::Run> runs;
    for (int row = 0; row < rowCount(); ++row) {
        if (ids.contains(at(row).id))
            inventory::appendRow(runs, row, 1);
    }
    for (const auto &run : std::as_const(runs)) {
        Q_EMIT dataChanged(index(int(run.first), int(ContainerColumn::Cpu)),
            index(int(run.first + run.count - 1), int(ContainerColumn::Memory)), {Qt::DisplayRole, SortRole});
    }
}

} // namespace models
