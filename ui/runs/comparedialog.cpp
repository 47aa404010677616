#include "runs/comparedialog.h"

#include "common/emptystate.h"
#include "common/tableview.h"
#include "common/theme.h"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace runs {

namespace {

/** "vit-3, 24 Nov 14:02": two runs of one configuration have one name. */
QString headingOf(const Record &record)
{
    const QDateTime when = QDateTime::fromSecsSinceEpoch(record.started > 0 ? record.started : record.created);
    return QStringLiteral("%1, %2").arg(title(record), QLocale().toString(when, QStringLiteral("d MMM HH:mm")));
}

} // namespace

CompareDialog::CompareDialog(const Record &left, const Record &right, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Compare %1 with %2").arg(headingOf(left), headingOf(right)));
    const QList<Difference> differences = compare(left, right);
    auto *model = new QStandardItemModel(this);
    model->setHorizontalHeaderLabels({tr("What differs"), headingOf(left), headingOf(right)});
    for (const Difference &difference : differences) {
        QList<QStandardItem *> cells;
        for (const QString &text : {difference.field, difference.left, difference.right}) {
            auto *cell = new QStandardItem(text);
            cell->setEditable(false);
            cells += cell;
        }
        model->appendRow(cells);
    }
    auto *table = new common::TableView(this);
    table->setAccessibleName(tr("Differences"));
    table->setSortingEnabled(false);
    table->setWordWrap(true);
    table->setModel(model);
    table->horizontalHeader()->setStretchLastSection(true);
    auto *empty = new common::EmptyState(table);
    empty->setContent(QStringLiteral("dialog-ok-apply"),
        tr("Nothing differs: both were told the same and ran on the same image and commit."));
    table->setEmptyState(empty);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(table, 1);
    layout->addWidget(buttons);
    resize(100 * common::grid, 50 * common::grid);
}

} // namespace runs
