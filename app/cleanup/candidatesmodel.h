#pragma once

#include "cleanup/candidate.h"

#include <QAbstractItemModel>
#include <QSet>
#include <array>

namespace cleanup {

/** Columns of the tree of what can go. */
enum class Column { Name, Size, Age, LastUse, Why };
inline constexpr int columnCount = 5;

/** Roles beyond Qt's. */
enum CandidateRole {
    SortRole = Qt::UserRole, ///< numbers stay numbers
    CandidateItemRole, ///< the Candidate; invalid of a group
    VerdictRole, ///< int of Verdict; invalid of a group
    KindRole, ///< int of Kind
};

/**
 * What can go as a tree of groups with check boxes: a group's ticks and unticks all in it, but never volumes that
 * somebody named, and nothing that is protected. Starts with nothing ticked; what vanishes loses its tick. Groups with
 * nothing in them are there all the same, so that nothing moves. Owned by the page.
 */
class CandidatesModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    explicit CandidatesModel(QObject *parent = nullptr);

    /** Changes rows as little as it takes. now: Unix seconds, from which ages count. */
    void setCandidates(const QList<Candidate> &list, qint64 now);
    void setNow(qint64 now);

    QList<Candidate> ticked() const;
    bool isTicked(const Candidate &candidate) const { return m_ticked.contains(candidate.key()); }
    /** Ticks what fits, and leaves the other ticks. Protected things never. */
    void tickAlso(const std::function<bool(const Candidate &)> &fits);
    void untickAll();
    /** What can be in no list before sizes were computed: the build cache. */
    void setSizesKnown(bool known);

    QModelIndex indexOf(Kind kind) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void ticksChanged();

private:
    QVariant groupData(Kind kind, Column column, int role) const;
    QVariant itemData(const Candidate &item, Column column, int role) const;
    QString text(const Candidate &item, Column column) const;
    Qt::CheckState groupState(Kind kind) const;
    void updateGroup(Kind kind, const QList<Candidate> &fresh);
    bool tick(const Candidate &item, bool on);
    void announce(const QModelIndex &group);

    std::array<QList<Candidate>, kindCount> m_groups;
    QSet<QString> m_ticked; ///< keys
    qint64 m_now = 0;
    bool m_sizesKnown = false;
};

} // namespace cleanup
