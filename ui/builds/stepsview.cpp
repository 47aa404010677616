#include "builds/stepsview.h"

#include "builds/stepsmodel.h"
#include "common/statedelegate.h"
#include "common/theme.h"

#include <QHeaderView>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

common::CellLook lookOf(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return {u"appointment-new-symbolic"_s, common::Tone::Muted};
    case StepState::Running:
        return {u"media-playback-start-symbolic"_s, common::Tone::Running};
    case StepState::Done:
        return {u"emblem-ok-symbolic"_s, common::Tone::Finished};
    case StepState::Cached:
        return {u"emblem-ok-symbolic"_s, common::Tone::Muted};
    case StepState::Failed:
        return {u"dialog-error-symbolic"_s, common::Tone::Failed};
    case StepState::Cancelled:
        return {u"process-stop-symbolic"_s, common::Tone::Muted};
    }
    return {};
}

/** Rows as high as the tables' own. Owned by its view. */
class RowDelegate : public QStyledItemDelegate
{
public:
    RowDelegate(int height, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_height(height)
    {
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index).expandedTo({0, m_height});
    }

private:
    int m_height;
};

} // namespace

StepsView::StepsView(StepsModel *model, int rowHeight, QWidget *parent)
    : QTreeView(parent)
{
    setAccessibleName(tr("Steps"));
    setModel(model);
    // A stage is open from its first step on, until the person closes it.
    connect(model, &StepsModel::rowsInserted, this, [this, model](const QModelIndex &stage, int first, int last) {
        if (stage.isValid() && model->rowCount(stage) == last - first + 1)
            expand(stage);
    });
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setAlternatingRowColors(true);
    setIndentation(2 * common::grid);
    setItemDelegate(new RowDelegate(rowHeight, this));
    setItemDelegateForColumn(StepsModel::State,
        new common::StateDelegate(
            [](const QModelIndex &index) { return lookOf(StepState(index.data(StepsModel::StateRole).toInt())); },
            this));
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(4 * common::grid);
    header()->setSectionResizeMode(StepsModel::Name, QHeaderView::Stretch);
    header()->resizeSection(StepsModel::State, fontMetrics().horizontalAdvance(u"Cancelled"_s) + 5 * common::grid);
    header()->resizeSection(StepsModel::Time, fontMetrics().horizontalAdvance(u"59 min"_s) + 2 * common::grid);
    header()->resizeSection(StepsModel::Line, fontMetrics().horizontalAdvance(u"Line"_s) + 2 * common::grid);
}

} // namespace builds
