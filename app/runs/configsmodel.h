#pragma once

#include "models/rowsmodel.h"
#include "runs/library.h"

namespace runs {

/** The table of saved configurations. IdRole is the name, StateRole 1 for one that cannot be read. Data only. Owned by
 * its page. */
class ConfigsModel : public models::RowsModel<SavedConfig>
{
    Q_OBJECT
public:
    /** library must outlive the model. */
    explicit ConfigsModel(const Library &library, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const SavedConfig &at(int row) const { return rows()[row]; }
    /** Ages are counted from here (Unix seconds). */
    void setNow(qint64 now);

private:
    QString text(const SavedConfig &config, ConfigColumn column) const;

    qint64 m_now;
};

} // namespace runs
