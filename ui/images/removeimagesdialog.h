#pragma once

#include "images/removal.h"

#include <QDialog>

namespace images {

/**
 * Asks before images are removed: what goes, what stays, who needs it, what Docker will refuse. Deletes itself. Owned
 * by the page.
 */
class RemoveImagesDialog : public QDialog
{
    Q_OBJECT
public:
    explicit RemoveImagesDialog(const Removal &removal, QWidget *parent = nullptr);

Q_SIGNALS:
    /** Of the protected ones among them; the dialog has closed. */
    void unprotectRequested();
    void confirmed(const QStringList &references, const QStringList &rest);
};

} // namespace images
