#include "runs/runsmodel.h"

#include "core/units.h"
#include "runs/labels.h"

#include <QDateTime>
#include <QLocale>
#include <QSet>
#include <array>

namespace runs {

using namespace Qt::StringLiterals;

namespace {
constexpr std::array headings
    = {"Name"_L1, "Image"_L1, "State"_L1, "GPUs"_L1, "Started"_L1, "Duration"_L1, "Origin"_L1};
static_assert(headings.size() == runColumnCount);

qint64 begin(const Record &record) { return record.started > 0 ? record.started : record.created; }
} // namespace

RunsModel::RunsModel(
    const History &history, const inventory::Inventory &inventory, const QString &host, QObject *parent)
    : RowsModel(parent)
    , m_history(history)
    , m_inventory(inventory)
    , m_host(host)
    , m_now(QDateTime::currentSecsSinceEpoch())
{
    connect(&history, &History::changed, this, &RunsModel::merge);
    connect(&inventory, &inventory::Inventory::containersChanged, this, &RunsModel::merge);
    merge();
}

void RunsModel::merge()
{
    QList<Record> fresh = m_history.records();
    QSet<QString> known;
    for (const Record &record : std::as_const(fresh))
        known.insert(record.id);
    for (const inventory::Container &container : m_inventory.containers()) {
        const auto labelled = fromLabels(container, m_host);
        // Before the file was read, everything would seem to be from elsewhere.
        if (labelled && m_history.loaded() && !known.contains(labelled->id))
            fresh += *labelled;
    }
    QList<Record> shown = rows();
    const inventory::ListChange change = inventory::update(shown, fresh);
    m_now = QDateTime::currentSecsSinceEpoch();
    if (!change.empty())
        apply(change, shown);
}

int RunsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : runColumnCount; }

QVariant RunsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Record &record = at(index.row());
    const auto column = RunColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(record, column);
    case Qt::ToolTipRole:
        return toolTip(record, column);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (column == RunColumn::Duration ? Qt::AlignRight : Qt::AlignLeft));
    case models::SortRole:
        return sortKey(record, column);
    case models::IdRole:
        return record.id;
    case models::StateRole:
        return int(phaseOf(record));
    default:
        return {};
    }
}

QString RunsModel::text(const Record &record, RunColumn column) const
{
    switch (column) {
    case RunColumn::Name:
        return title(record);
    case RunColumn::Image:
        return record.image;
    case RunColumn::State:
        return stageText(record, m_now);
    case RunColumn::Gpus:
        return record.gpus.isEmpty() ? core::noValue() : record.gpus.join(u',');
    case RunColumn::Started:
        return core::ageText(begin(record), m_now);
    case RunColumn::Duration: {
        const qint64 seconds = duration(record, m_now);
        return seconds < 0 ? core::noValue() : core::durationText(seconds);
    }
    case RunColumn::Origin:
        return record.elsewhere ? tr("Elsewhere") : originText(record);
    }
    return {};
}

QString RunsModel::toolTip(const Record &record, RunColumn column) const
{
    switch (column) {
    case RunColumn::Name:
        return record.containerName;
    case RunColumn::Image:
        return record.imageDigest.isEmpty() ? record.imageId : record.imageDigest;
    case RunColumn::State:
        return endSentence(record);
    case RunColumn::Started:
        return begin(record) > 0 ? QLocale().toString(QDateTime::fromSecsSinceEpoch(begin(record)), QLocale::LongFormat)
                                 : QString();
    case RunColumn::Origin:
        return record.elsewhere ? tr("It is not in the history here; this is what its container's labels say.")
                                : QString();
    case RunColumn::Gpus:
    case RunColumn::Duration:
        break;
    }
    return {};
}

QVariant RunsModel::sortKey(const Record &record, RunColumn column) const
{
    switch (column) {
    case RunColumn::Started:
        return begin(record);
    case RunColumn::Duration:
        return duration(record, m_now);
    case RunColumn::State:
        return int(phaseOf(record));
    case RunColumn::Name:
    case RunColumn::Image:
    case RunColumn::Gpus:
    case RunColumn::Origin:
        break;
    }
    return text(record, column);
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= runColumnCount)
        return {};
    return QString(headings[size_t(section)]);
}

void RunsModel::setNow(qint64 now)
{
    m_now = now;
    if (!rows().isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, runColumnCount - 1), {Qt::DisplayRole});
}

inventory::Phase phaseOf(const Record &record)
{
    switch (record.stage) {
    case Stage::Launching:
        return inventory::Phase::Created;
    case Stage::Running:
        return inventory::Phase::Running;
    case Stage::Ended:
        return inventory::phaseOfExit(record.exitCode, record.oomKilled);
    case Stage::NotStarted:
        return inventory::Phase::Failed;
    case Stage::EndUnknown:
        return inventory::Phase::Dead;
    }
    return inventory::Phase::Created;
}

} // namespace runs
