#pragma once

#include <QComboBox>

class QAbstractItemModel;
class QCompleter;
class QTreeView;

namespace common {

/**
 * A field for any text that offers the rows of a table: its list shows all columns, typing finds rows by any part of
 * the first. The model may change at any time; what is typed stays.
 */
class TableCombo : public QComboBox
{
    Q_OBJECT
public:
    explicit TableCombo(QWidget *parent = nullptr);

    void setTable(QAbstractItemModel *model);

    void showPopup() override;

private:
    QTreeView *makeView();
    void keepTyped(const QString &typed);

    QString m_typed; ///< while the model is changing
    bool m_wereBlocked = false;
    QTreeView *m_list;
    QTreeView *m_found;
    QCompleter *m_completer;
};

} // namespace common
