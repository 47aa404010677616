#include "cleanup/candidatesmodel.h"

#include "core/units.h"
#include "inventory/listchange.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>

namespace cleanup {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array headings = {"Name"_L1, "Size"_L1, "Age"_L1, "Last use"_L1, "Why"_L1};
static_assert(headings.size() == columnCount);

bool locked(const Candidate &item) { return item.verdict == Verdict::Protected; }
/** What the box of its group ticks along. */
bool follows(const Candidate &item) { return !locked(item) && !item.stern; }

/** A total in the width of a figure. */
QString shortText(const Total &total)
{
    if (total.atMost == 0)
        return {};
    const QString most = core::bytesText(total.atMost);
    return total.unknown > 0            ? u"≥ %1"_s.arg(core::bytesText(total.atLeast))
        : total.atLeast == total.atMost ? most
                                        : u"≤ %1"_s.arg(most);
}

QString timeText(qint64 time)
{
    return time > 0 ? QLocale::system().toString(QDateTime::fromSecsSinceEpoch(time), QLocale::LongFormat) : QString();
}

} // namespace

CandidatesModel::CandidatesModel(QObject *parent)
    : QAbstractItemModel(parent)
{
}

// ---- rows

void CandidatesModel::setCandidates(const QList<Candidate> &list, qint64 now)
{
    m_now = now;
    std::array<QList<Candidate>, kindCount> fresh;
    for (const Candidate &item : list)
        fresh[size_t(item.kind)].append(item);
    const QSet<QString> before = m_ticked;
    for (int kind = 0; kind < kindCount; ++kind)
        updateGroup(Kind(kind), fresh[size_t(kind)]);
    if (m_ticked != before)
        Q_EMIT ticksChanged();
}

void CandidatesModel::updateGroup(Kind kind, const QList<Candidate> &fresh)
{
    QList<Candidate> &rows = m_groups[size_t(kind)];
    QList<Candidate> now = rows;
    const inventory::ListChange change = inventory::update(now, fresh);
    if (change.empty())
        return;
    const QModelIndex group = indexOf(kind);
    for (const auto &run : change.removed) {
        beginRemoveRows(group, int(run.first), int(run.first + run.count - 1));
        for (qsizetype i = run.first; i < run.first + run.count; ++i)
            m_ticked.remove(rows[i].key());
        rows.remove(run.first, run.count);
        endRemoveRows();
    }
    for (const auto &run : change.changed) {
        std::copy_n(now.begin() + run.first, run.count, rows.begin() + run.first);
        for (qsizetype i = run.first; i < run.first + run.count; ++i) {
            if (locked(rows[i])) // since it was ticked
                m_ticked.remove(rows[i].key());
        }
        Q_EMIT dataChanged(
            index(int(run.first), 0, group), index(int(run.first + run.count - 1), columnCount() - 1, group));
    }
    if (change.added > 0) {
        const auto first = rows.size();
        beginInsertRows(group, int(first), int(first + change.added - 1));
        rows.append(now.mid(first, change.added));
        endInsertRows();
    }
    Q_EMIT dataChanged(group, group.siblingAtColumn(columnCount() - 1));
}

void CandidatesModel::setNow(qint64 now)
{
    m_now = now;
    for (int kind = 0; kind < kindCount; ++kind) {
        const QModelIndex group = indexOf(Kind(kind));
        if (const int rows = rowCount(group); rows > 0)
            Q_EMIT dataChanged(index(0, int(Column::Age), group), index(rows - 1, int(Column::LastUse), group));
    }
}

void CandidatesModel::setSizesKnown(bool known)
{
    m_sizesKnown = known;
    const QModelIndex group = indexOf(Kind::BuildCache);
    Q_EMIT dataChanged(group, group.siblingAtColumn(columnCount() - 1));
}

// ---- ticks

QList<Candidate> CandidatesModel::ticked() const
{
    QList<Candidate> items;
    for (const QList<Candidate> &group : m_groups) {
        for (const Candidate &item : group) {
            if (isTicked(item))
                items.append(item);
        }
    }
    return items;
}

bool CandidatesModel::tick(const Candidate &item, bool on)
{
    const QString key = item.key();
    if (m_ticked.contains(key) == on || (on && locked(item)))
        return false;
    if (on)
        m_ticked.insert(key);
    else
        m_ticked.remove(key);
    return true;
}

void CandidatesModel::tickAlso(const std::function<bool(const Candidate &)> &fits)
{
    for (int kind = 0; kind < kindCount; ++kind) {
        bool different = false;
        for (const Candidate &item : std::as_const(m_groups[size_t(kind)]))
            different = (fits(item) && tick(item, true)) || different;
        if (different)
            announce(indexOf(Kind(kind)));
    }
    Q_EMIT ticksChanged();
}

void CandidatesModel::untickAll()
{
    m_ticked.clear();
    for (int kind = 0; kind < kindCount; ++kind)
        announce(indexOf(Kind(kind)));
    Q_EMIT ticksChanged();
}

void CandidatesModel::announce(const QModelIndex &group)
{
    Q_EMIT dataChanged(group, group.siblingAtColumn(columnCount() - 1));
    if (const int rows = rowCount(group); rows > 0)
        Q_EMIT dataChanged(index(0, 0, group), index(rows - 1, 0, group), {Qt::CheckStateRole});
}

Qt::CheckState CandidatesModel::groupState(Kind kind) const
{
    const QList<Candidate> &group = m_groups[size_t(kind)];
    const auto on = std::count_if(group.begin(), group.end(), [this](const Candidate &item) { return isTicked(item); });
    return on == 0 ? Qt::Unchecked : on == group.size() ? Qt::Checked : Qt::PartiallyChecked;
}

bool CandidatesModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || index.column() != 0 || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const bool on = value.toInt() != Qt::Unchecked;
    const QModelIndex group = index.parent().isValid() ? index.parent() : index;
    bool different = false;
    if (group == index) {
        const QList<Candidate> &items = m_groups[size_t(index.row())];
        const bool all = std::none_of(
            items.begin(), items.end(), [this](const Candidate &item) { return follows(item) && !isTicked(item); });
        // Partly ticked with all that it may tick: the next click takes them off again.
        for (const Candidate &item : items)
            different = tick(item, on && (follows(item) ? !all : !all && isTicked(item))) || different;
    } else {
        different = tick(m_groups[size_t(group.row())][index.row()], on);
    }
    if (!different)
        return false;
    announce(group);
    Q_EMIT ticksChanged();
    return true;
}

Qt::ItemFlags CandidatesModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (index.column() != 0)
        return flags;
    const bool group = !index.parent().isValid();
    const auto &rows = m_groups[size_t(group ? index.row() : index.parent().row())];
    const bool can = group ? std::any_of(rows.begin(), rows.end(), follows) : !locked(rows[index.row()]);
    return can ? flags | Qt::ItemIsUserCheckable : flags;
}

// ---- the tree

QModelIndex CandidatesModel::indexOf(Kind kind) const { return index(int(kind), 0); }

/** internalId: 0 of a group, 1 + kind of what is in one. */
QModelIndex CandidatesModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(1 + parent.row()) : quintptr(0));
}

QModelIndex CandidatesModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return {};
    return createIndex(int(index.internalId()) - 1, 0, quintptr(0));
}

int CandidatesModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return kindCount;
    if (parent.internalId() != 0 || parent.column() != 0)
        return 0;
    return int(m_groups[size_t(parent.row())].size());
}

int CandidatesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() && parent.internalId() != 0 ? 0 : cleanup::columnCount;
}

QVariant CandidatesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto column = Column(index.column());
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (column == Column::Size ? Qt::AlignRight : Qt::AlignLeft));
    if (!index.parent().isValid())
        return groupData(Kind(index.row()), column, role);
    return itemData(m_groups[size_t(index.parent().row())][index.row()], column, role);
}

QVariant CandidatesModel::groupData(Kind kind, Column column, int role) const
{
    const QList<Candidate> &group = m_groups[size_t(kind)];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        if (column == Column::Name)
            return u"%1 (%2)"_s.arg(kindTitle(kind)).arg(group.size());
        if (column == Column::Size)
            return shortText(totalOf(group));
        if (column == Column::Why && kind == Kind::BuildCache && !m_sizesKnown)
            return u"Docker lists it only with its sizes: Compute sizes…"_s;
        if (column == Column::Why && kind == Kind::UnusedVolume && !group.isEmpty())
            return u"those with a name are ticked one by one"_s;
        return {};
    case Qt::ToolTipRole:
        return column == Column::Size ? bytesText(totalOf(group)) : QString();
    case Qt::CheckStateRole:
        return column == Column::Name && !group.isEmpty() ? QVariant(int(groupState(kind))) : QVariant();
    case KindRole:
    case SortRole:
        return int(kind);
    default:
        return {};
    }
}

QString CandidatesModel::text(const Candidate &item, Column column) const
{
    switch (column) {
    case Column::Name:
        return item.name;
    case Column::Size:
        return item.kind == Kind::UnusedNetwork ? core::noValue() : core::bytesText(item.size);
    case Column::Age:
        return core::ageText(item.created, m_now);
    case Column::LastUse:
        return core::ageText(item.lastUse, m_now);
    case Column::Why:
        return item.reason;
    }
    return {};
}

QVariant CandidatesModel::itemData(const Candidate &item, Column column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(item, column);
    case Qt::ToolTipRole:
        if (column == Column::Name)
            return u"%1\n%2"_s.arg(item.references.isEmpty() ? item.name : item.references.join(u'\n'), item.id);
        if (column == Column::Age || column == Column::LastUse)
            return timeText(column == Column::Age ? item.created : item.lastUse);
        if (column == Column::Size && item.surelyFree >= 0 && item.surelyFree != item.size)
            return u"%1 of it are nowhere else"_s.arg(core::bytesText(item.surelyFree));
        return text(item, column);
    case Qt::CheckStateRole:
        if (column != Column::Name || locked(item)) // no box where none can be ticked
            return {};
        return int(isTicked(item) ? Qt::Checked : Qt::Unchecked);
    case SortRole:
        if (column == Column::Size)
            return item.size;
        if (column == Column::Age || column == Column::LastUse)
            return column == Column::Age ? item.created : item.lastUse;
        return text(item, column);
    case VerdictRole:
        return int(item.verdict);
    case KindRole:
        return int(item.kind);
    case CandidateItemRole:
        return QVariant::fromValue(item);
    default:
        return {};
    }
}

QVariant CandidatesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= cleanup::columnCount)
        return {};
    if (role == Qt::DisplayRole)
        return QString(headings[size_t(section)]);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (Column(section) == Column::Size ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

} // namespace cleanup
