#pragma once

#include "models/tablefilter.h"

#include <QSet>

namespace gpus {

/** The processes of some GPUs, or of all. Owned by the GPUs page. */
class ProcessFilter : public models::TableFilter
{
    Q_OBJECT
public:
    using models::TableFilter::TableFilter;

    /** By uuid of a GPU or a MIG device; empty: all. */
    void setGpus(const QSet<QString> &uuids);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QSet<QString> m_gpus;
};

} // namespace gpus
