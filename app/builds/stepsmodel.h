#pragma once

#include "builds/builds.h"

#include <QAbstractItemModel>
#include <QTimer>
#include <vector>

namespace builds {

/**
 * The steps of one build as a tree: of a build with several stages a row for each with its steps below, the builder's
 * own steps and those of a single stage at the top. Those with a number stand in its order. Data only; StateRole is a
 * StepState (of a stage: of its steps together), StepRole the step's index in the build (−1 for a stage). Owned by its
 * panel.
 */
class StepsModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { Name, State, Time, Line, ColumnCount };
    enum Role { StepRole = Qt::UserRole + 1, StateRole };

    /** builds must outlive it. */
    explicit StepsModel(const Builds &builds, QObject *parent = nullptr);

    /** Empty: of none. */
    void setBuild(const QString &id);
    const QString &build() const { return m_build; }
    /** Of the step with this index in the build. */
    QModelIndex indexOfStep(int step) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /** Running steps are timed from here (ms since 1970). */
    void setNow(qint64 now);

private:
    /** A row at the top. */
    struct Top
    {
        QString stage; ///< of a stage's row
        int step = -1; ///< of a step's row
        QList<int> steps; ///< of a stage's row
    };
    const QList<Step> &steps() const;
    void catchUp();
    void place(int step);
    void placeAtTop(int step);
    void announce(int step);
    StepState stageState(const Top &top) const;
    QString text(const Step &step, int column) const;
    QVariant stageData(const Top &top, int column, int role) const;

    const Builds &m_builds;
    QString m_build;
    QList<Step> m_none;
    std::vector<Top> m_tops;
    QList<QPair<int, int>> m_places; ///< by step: row at the top, row below (−1: at the top)
    qint64 m_now;
};

} // namespace builds
