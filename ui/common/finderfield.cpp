#include "common/finderfield.h"

#include "common/theme.h"

#include <QAbstractItemView>
#include <QAbstractListModel>
#include <QApplication>
#include <QCompleter>
#include <QKeyEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QStyledItemDelegate>
#include <algorithm>

namespace common {

namespace {

enum Role { TitleRole = Qt::UserRole + 1, TextRole, NoteRole };

constexpr int rowsInSight = 9;

/** Title, text and note in one row: the title stands out, the others are muted. */
class FinderDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {40 * grid, std::max(3 * grid, option.fontMetrics.height() + grid)};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem plain = option;
        initStyleOption(&plain, index);
        plain.text.clear();
        // A popup's rows count as selected without its window being the active one.
        plain.state |= QStyle::State_Active;
        const QWidget *view = option.widget;
        (view ? view->style() : QApplication::style())->drawControl(QStyle::CE_ItemViewItem, &plain, painter, view);

        const bool selected = plain.state & QStyle::State_Selected;
        const QPalette &palette = plain.palette;
        const QColor text = palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
        const QColor muted = selected ? text : toneColor(Tone::Muted, palette);
        const QRect row = plain.rect.adjusted(grid, 0, -grid, 0);
        const auto write = [&](QRect where, const QString &what, const QColor &color) {
            painter->setPen(color);
            painter->drawText(where, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                painter->fontMetrics().elidedText(what, Qt::ElideRight, where.width()));
        };
        painter->save();
        QRect title = row;
        title.setWidth(25 * grid);
        painter->setFont(monospaceFont());
        write(title, index.data(TitleRole).toString(), text);
        painter->setFont(plain.font);
        QRect rest = row;
        rest.setLeft(title.right() + grid);
        const QString note = index.data(NoteRole).toString();
        if (!note.isEmpty()) {
            const int width = painter->fontMetrics().horizontalAdvance(note) + grid / 2;
            QRect end = rest;
            end.setLeft(rest.right() - width);
            write(end, note, selected ? text : toneColor(Tone::Accent, palette));
            rest.setRight(end.left() - grid);
        }
        write(rest, index.data(TextRole).toString(), muted);
        painter->restore();
    }
};

} // namespace

/** The entries that fit what is typed, best first. Owned by its field. */
class FinderModel : public QAbstractListModel
{
public:
    using QAbstractListModel::QAbstractListModel;

    void setEntries(const QList<FinderField::Entry> &entries)
    {
        m_all = entries;
        find(m_typed);
    }

    void find(const QString &typed)
    {
        m_typed = typed;
        const QStringList words = typed.toLower().simplified().split(u' ', Qt::SkipEmptyParts);
        QList<std::pair<int, qsizetype>> fitting;
        for (qsizetype i = 0; i < m_all.size(); ++i) {
            if (const int rank = rankOf(m_all[i], words); rank >= 0)
                fitting += {rank, i};
        }
        std::stable_sort(
            fitting.begin(), fitting.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
        beginResetModel();
        m_shown.clear();
        for (const auto &[rank, i] : fitting)
            m_shown += m_all[i];
        endResetModel();
    }

    const FinderField::Entry &entry(int row) const { return m_shown[row]; }

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_shown.size()); }

    QVariant data(const QModelIndex &index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const FinderField::Entry &entry = m_shown[index.row()];
        switch (role) {
        case Qt::DisplayRole: // what a screen reader says
            return QStringList{entry.title, entry.note.isEmpty() ? entry.text : entry.note}.join(QStringLiteral(": "));
        case Qt::ToolTipRole:
        case TextRole:
            return entry.text;
        case TitleRole:
            return entry.title;
        case NoteRole:
            return entry.note;
        default:
            return {};
        }
    }

private:
    /** −1: does not fit; the smaller, the better. */
    static int rankOf(const FinderField::Entry &entry, const QStringList &words)
    {
        const QString title = entry.title.toLower();
        const QString all = title + u' ' + entry.text.toLower() + u' ' + entry.words.toLower();
        int rank = 0;
        for (const QString &word : words) {
            if (!all.contains(word))
                return -1;
            const qsizetype at = title.indexOf(word);
            // "--cap-add" begins with "cap", too.
            const bool begins
                = at >= 0 && !QStringView(title).left(at).contains(QRegularExpression(QStringLiteral("\\w")));
            rank += begins ? 0 : at >= 0 ? 1 : 2;
        }
        return rank;
    }

    QList<FinderField::Entry> m_all;
    QList<FinderField::Entry> m_shown;
    QString m_typed;
};

FinderField::FinderField(QWidget *parent)
    : QLineEdit(parent)
    , m_model(new FinderModel(this))
    , m_completer(new QCompleter(m_model, this))
{
    setClearButtonEnabled(true);
    // The completer only shows the list; what is in it, the model knows better.
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(rowsInSight);
    m_completer->setWidget(this);
    m_completer->popup()->setItemDelegate(new FinderDelegate(this));
    connect(this, &QLineEdit::textEdited, this, &FinderField::list);
    connect(m_completer, qOverload<const QModelIndex &>(&QCompleter::activated), this, &FinderField::choose);
}

void FinderField::setEntries(const QList<Entry> &entries) { m_model->setEntries(entries); }

QAbstractItemModel *FinderField::model() const { return m_model; }

void FinderField::list()
{
    m_model->find(text());
    if (m_model->rowCount() == 0)
        return m_completer->popup()->hide();
    m_completer->popup()->setAccessibleName(accessibleName());
    m_completer->complete();
    // Enter takes the best one.
    m_completer->popup()->setCurrentIndex(m_completer->completionModel()->index(0, 0));
}

void FinderField::choose(const QModelIndex &index)
{
    // The completer's model has the rows of ours in the same order.
    const QString key = m_model->entry(index.row()).key;
    m_completer->popup()->hide();
    clear();
    m_model->find({});
    Q_EMIT chosen(key);
}

void FinderField::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if ((enter || event->key() == Qt::Key_Escape) && m_completer->popup()->isVisible())
        return event->ignore(); // the list takes it
    if (enter && !text().isEmpty())
        return list(); // and not the dialog's default button
    if (event->key() == Qt::Key_Down)
        return list();
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void FinderField::mousePressEvent(QMouseEvent *event)
{
    QLineEdit::mousePressEvent(event);
    list();
}

} // namespace common
