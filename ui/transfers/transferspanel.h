#pragma once

#include "settings/settings.h"
#include "transfers/transfers.h"

#include <QWidget>

class QPushButton;

namespace common {
class ElidedLabel;
class EmptyState;
struct ErrorText;
class MessageBar;
class TableView;
} // namespace common

namespace models {
class TableFilter;
}

namespace transfers {

class LayersModel;
class TransfersModel;

/**
 * The pulls and pushes of this session: the person wants to see that it goes on, how long it will take, and, where it
 * does not, what to do. The selected one has its layers beside the list. Hidden it costs nothing. Owned by the window.
 */
class TransfersPanel : public QWidget
{
    Q_OBJECT
public:
    TransfersPanel(Transfers &transfers, settings::Settings &settings, QWidget *parent = nullptr);
    ~TransfersPanel() override;

    void select(int id);
    /** Tries again what that registry has refused to whoever it was asked as before. */
    void signedIn(const QString &registry);
    /** Of something that is no transfer. */
    void showError(const common::ErrorText &text);

Q_SIGNALS:
    void pullRequested();
    /** A finished pull's image is to be run. */
    void runRequested(const QString &reference);
    /** The registry of that image wants another account. Only while somebody listens there is a button for it. */
    void signInRequested(const QString &reference);

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *buildList();
    QWidget *buildDetails();
    QPushButton *addButton(const QString &text, const QString &icon, QWidget *parent);
    const Transfer *selected() const;
    void showSelected();
    void showBar(const Transfer *transfer);
    void showFailure(const Transfer &transfer);
    void actOnBar();

    Transfers &m_transfers;
    settings::Settings &m_settings;
    TransfersModel *m_model;
    models::TableFilter *m_sorter;
    LayersModel *m_layers;
    common::TableView *m_table;
    common::EmptyState *m_empty;
    common::MessageBar *m_bar;
    QString m_barShows; ///< what the bar tells, so that it is told once
    common::ElidedLabel *m_title;
    common::ElidedLabel *m_progress;
    common::TableView *m_layerTable;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_retry = nullptr;
    QPushButton *m_remove = nullptr;
    QPushButton *m_run = nullptr;
    bool m_unseen = false; ///< something changed while the panel was hidden
};

} // namespace transfers
