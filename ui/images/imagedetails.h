#pragma once

#include "inventory/inventory.h"

#include <QScrollArea>

class QFormLayout;
class QLabel;

namespace images {

/** The tab that tells what the selected image is. Owned by the images page. */
class ImageDetails : public QScrollArea
{
    Q_OBJECT
public:
    explicit ImageDetails(const inventory::Inventory &inventory, QWidget *parent = nullptr);

    /** An empty id: nothing, or more than one, is selected. */
    void show(const QString &id);

private:
    void fill();

    const inventory::Inventory &m_inventory;
    QString m_id;
    QLabel *m_hint;
    QLabel *m_names;
    QLabel *m_size;
    QLabel *m_created;
    QLabel *m_users;
    QWidget *m_facts;
    QFormLayout *m_form;
};

} // namespace images
