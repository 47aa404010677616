#pragma once

#include <QLineEdit>
#include <QList>

class QAbstractItemModel;
class QCompleter;

namespace common {

class FinderModel;

/**
 * A field that finds one of many entries by any part of its title or text and says which was chosen: type, go with the
 * arrows, Enter. Down alone lists them all. It empties itself; what is done with the choice is its owner's.
 */
class FinderField : public QLineEdit
{
    Q_OBJECT
public:
    struct Entry
    {
        QString key; ///< what chosen() says
        QString title; ///< "--cap-add"
        QString text; ///< one line on it
        QString note; ///< in place of choosing it means something else: "on the GPUs step"
        QString words; ///< more that it is found by, never shown
    };

    explicit FinderField(QWidget *parent = nullptr);

    void setEntries(const QList<Entry> &entries);
    /** What it lists now, best first: titles that begin with what is typed, titles that hold it, the others. */
    QAbstractItemModel *model() const;

Q_SIGNALS:
    void chosen(const QString &key);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void list();
    void choose(const QModelIndex &index);

    FinderModel *m_model;
    QCompleter *m_completer;
};

} // namespace common
