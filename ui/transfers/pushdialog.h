#pragma once

#include "inventory/inventory.h"
#include "transfers/transfers.h"

#include <QDialog>
#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace transfers {

/**
 * Asks which image to push and under which name; says where it goes, as whom, and that it gets that name here too.
 * Deletes itself when closed; open() it.
 */
class PushDialog : public QDialog
{
    Q_OBJECT
public:
    struct Parts
    {
        const inventory::Inventory &inventory;
        Transfers &transfers;
    };

    /** local: the image's name here, to begin with. */
    PushDialog(const Parts &parts, const QString &local, QWidget *parent);

    void accept() override;

Q_SIGNALS:
    void pushRequested(const QString &local, const docker::ImageReference &target);

private:
    void reconsider();
    void fit();
    void askAccount();
    QString faultOfTarget() const;
    std::optional<docker::ImageReference> target() const;

    Parts m_parts;
    QComboBox *m_local;
    QLineEdit *m_target;
    QLabel *m_says;
    QLabel *m_accountSays;
    QPushButton *m_push;
    QTimer m_settled; ///< until nothing more is typed: a keyring may ask somebody
    QString m_registry; ///< whose account is shown
};

} // namespace transfers
