#pragma once

#include "inventory/inventory.h"
#include "transfers/knownimages.h"
#include "transfers/transfers.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace common {
class ChoiceEdit;
class TableView;
} // namespace common

namespace models {
class TableFilter;
}

namespace transfers {

/**
 * Asks which image to pull: any by its name, which is checked while it is typed, or one of the well-known. Says where
 * it will come from, whether it is here already and what room there is. Deletes itself when closed; open() it.
 */
class PullDialog : public QDialog
{
    Q_OBJECT
public:
    struct Parts
    {
        const inventory::Inventory &inventory;
        Transfers &transfers;
    };

    /** reference: to begin with. */
    PullDialog(const Parts &parts, const QString &reference, QWidget *parent);

    void accept() override;

Q_SIGNALS:
    void pullRequested(const docker::ImageReference &image, const QString &platform);

private:
    QWidget *buildKnown();
    QWidget *buildPlatform();
    void reconsider();
    void tellRoom();
    std::optional<docker::ImageReference> reference() const;
    const KnownImage *known() const;

    Parts m_parts;
    KnownImagesModel *m_known;
    models::TableFilter *m_filter;
    QLineEdit *m_reference;
    QLabel *m_says = nullptr;
    QLabel *m_roomSays = nullptr;
    QLineEdit *m_find;
    common::TableView *m_table;
    QToolButton *m_unfold;
    common::ChoiceEdit *m_platform;
    QPushButton *m_pull;
    Room m_room;
};

/** "Comes from Docker Hub as …"; or what is wrong with the name, in a sentence. */
QString originText(const docker::ImageReference &image);
QString faultOf(const QString &reference);

} // namespace transfers
