#pragma once

#include "builds/builds.h"

#include <QAbstractTableModel>

namespace builds {

/** The table of builds. Data only; IdRole is the build's id, StateRole a BuildState. Owned by its panel. */
class BuildsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Started, State, Duration, Folder, ColumnCount };
    enum Role { IdRole = Qt::UserRole + 1, StateRole };

    /** builds must outlive it. */
    explicit BuildsModel(const Builds &builds, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /** Durations are counted from here (ms since 1970). */
    void setNow(qint64 now);

private:
    QString startedText(qint64 started) const;
    QString text(const BuildRecord &record, int column) const;

    const Builds &m_builds;
    qint64 m_now;
};

} // namespace builds
