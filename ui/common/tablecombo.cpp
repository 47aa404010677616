#include "common/tablecombo.h"

#include "common/theme.h"

#include <QCompleter>
#include <QHeaderView>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QTreeView>

namespace common {

namespace {
constexpr int firstColumn = 26 * grid;
constexpr int middleColumn = 12 * grid;
} // namespace

TableCombo::TableCombo(QWidget *parent)
    : QComboBox(parent)
    , m_list(makeView())
    , m_found(makeView())
    , m_completer(new QCompleter(this))
{
    setEditable(true);
    setInsertPolicy(QComboBox::NoInsert);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon); // however long a name is
    setMinimumContentsLength(16);
    setView(m_list);
    m_completer->setFilterMode(Qt::MatchContains);
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_completer->setPopup(m_found);
    setCompleter(m_completer);
}

QTreeView *TableCombo::makeView()
{
    auto *view = new QTreeView(this);
    view->setRootIsDecorated(false);
    view->setUniformRowHeights(true);
    view->setAllColumnsShowFocus(true);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setTextElideMode(Qt::ElideRight);
    view->header()->hide();
    view->header()->setStretchLastSection(true);
    view->header()->setDefaultSectionSize(middleColumn);
    return view;
}

void TableCombo::setTable(QAbstractItemModel *model)
{
    const QString typed = lineEdit()->text();
    // Before the combo box hears of it: it takes the first row of what is filled in as chosen.
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
        m_typed = lineEdit()->text();
        m_wereBlocked = blockSignals(true);
    });
    setModel(model);
    setModelColumn(0);
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        keepTyped(m_typed);
        blockSignals(m_wereBlocked);
    });
    keepTyped(typed);
    m_completer->setModel(model);
    for (QTreeView *view : {m_list, m_found})
        view->header()->resizeSection(0, firstColumn);
}

void TableCombo::keepTyped(const QString &typed)
{
    const QSignalBlocker blocker(this);
    setCurrentIndex(-1);
    setEditText(typed);
}

void TableCombo::showPopup()
{
    m_list->header()->resizeSection(0, firstColumn);
    QComboBox::showPopup();
}

} // namespace common
