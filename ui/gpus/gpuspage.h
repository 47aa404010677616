#pragma once

#include "inventory/gpustate.h"
#include "settings/settings.h"

#include <QSet>
#include <QWidget>
#include <optional>

namespace common {
class EmptyState;
class MessageBar;
class TableView;
} // namespace common

namespace models {
class GpuProcessesModel;
class GpusModel;
class TableFilter;
} // namespace models

class QSplitter;

namespace gpus {

class GpuPlots;
class ProcessFilter;

/**
 * The GPUs page. The person wants to see which GPUs are there, how busy they are and have been, who is on them with how
 * much memory, and to get from a process to its container. Choosing GPUs in the table narrows plots and processes down
 * to them. Shows a GpuState; owned by the main window.
 */
class GpusPage : public QWidget
{
    Q_OBJECT
public:
    GpusPage(inventory::GpuState &state, settings::Settings &settings, QWidget *parent = nullptr);
    ~GpusPage() override;

    void setFilter(const QString &text);
    /** Selects that GPU's row. */
    void select(const QString &uuid);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    void containerRequested(const QString &id);

private:
    void buildTable();
    void buildProcesses();
    void showGpus();
    void showTrouble();
    void showFault();
    void fitTable();
    QWidget *makeIdleLine();
    void narrow();
    void openContainer(const QModelIndex &index);
    void showProcessMenu(const QPoint &at);
    QSet<QString> selectedGpus() const;

    inventory::GpuState &m_state;
    settings::Settings &m_settings;
    models::GpusModel *m_model;
    models::TableFilter *m_filter;
    models::GpuProcessesModel *m_processes;
    ProcessFilter *m_processFilter;
    common::MessageBar *m_bar; ///< another vendor's GPUs cannot be asked
    common::MessageBar *m_faultBar; ///< the driver reported a fault of a GPU
    std::optional<inventory::GpuFault> m_fault; ///< the one in that bar, also once it is closed
    common::TableView *m_table;
    common::EmptyState *m_empty;
    GpuPlots *m_plots;
    common::TableView *m_processTable;
    common::EmptyState *m_noProcess;
    QWidget *m_below; ///< plots and processes: not there without a GPU
    QSplitter *m_splitter;
    bool m_ownSizes = false; ///< the person moved it
};

} // namespace gpus
