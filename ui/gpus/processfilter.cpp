#include "gpus/processfilter.h"

#include "models/gpuprocessesmodel.h"

namespace gpus {

void ProcessFilter::setGpus(const QSet<QString> &uuids)
{
    if (uuids == m_gpus)
        return;
    m_gpus = uuids;
    invalidateFilter();
}

bool ProcessFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (!m_gpus.isEmpty()) {
        const auto *processes = qobject_cast<const models::GpuProcessesModel *>(sourceModel());
        if (processes && !m_gpus.contains(processes->at(row).gpu) && !m_gpus.contains(processes->at(row).mig))
            return false;
    }
    return models::TableFilter::filterAcceptsRow(row, parent);
}

} // namespace gpus
