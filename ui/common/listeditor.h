#pragma once

#include "common/theme.h"

#include <QList>
#include <QStringList>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace common {

/**
 * Rows of a few fields with Add and Remove: mounts, variables, ports. All values are text; a check box is "1" or empty.
 * A row may carry a note below it. Every field has its column's title as accessible name. Owned by its page.
 */
class ListEditor : public QWidget
{
    Q_OBJECT
public:
    enum class Kind { Text, Folder, Check };
    struct Column
    {
        QString title;
        QString placeholder;
        Kind kind = Kind::Text;
        int stretch = 1;
    };

    /** add: the button's text, "Add mount". */
    ListEditor(const QList<Column> &columns, const QString &add, QWidget *parent = nullptr);

    int rowCount() const { return int(m_rows.size()); }
    /** Every row as it is typed, also empty ones; as many values as columns. */
    QList<QStringList> rows() const;
    /** Replaces all rows. Silent: no changed(). */
    void setRows(const QList<QStringList> &rows);
    /** Adds a row and puts the cursor into it. */
    void addRow(const QStringList &values = {});
    /** Shown below the row; empty takes it away. */
    void setNote(int row, const QString &text, Tone tone = Tone::Warning);
    QString note(int row) const;

Q_SIGNALS:
    /** The person typed, chose, added or removed. */
    void changed();

private:
    struct Row
    {
        QWidget *line = nullptr;
        QList<QWidget *> fields;
        QLabel *note = nullptr;
    };

    void insertRow(const QStringList &values);
    QWidget *makeField(const Column &column, const QString &value, QWidget *line);
    QWidget *withPicker(QLineEdit *edit, QWidget *line);
    void removeRow(QWidget *line);
    void showTitles();

    QList<Column> m_columns;
    QList<Row> m_rows;
    QWidget *m_titles;
    QVBoxLayout *m_lines;
    QPushButton *m_add;
};

} // namespace common
