#include "transfers/transfersmodel.h"

#include "core/units.h"
#include "transfers/transfers.h"

#include <algorithm>
#include <limits>

namespace transfers {

using namespace Qt::StringLiterals;

namespace {

/** Without the layers, whose bar is below it: the column is to fit beside the others. */
QString briefly(const QString &progress)
{
    const qsizetype bytes = progress.indexOf(u", "_s);
    return bytes < 0 ? progress : progress.mid(bytes + 2);
}

} // namespace

TransfersModel::TransfersModel(const Transfers &transfers, QObject *parent)
    : QAbstractTableModel(parent)
    , m_transfers(transfers)
    , m_rows(int(transfers.all().size()))
{
    connect(&transfers, &Transfers::added, this, [this] {
        beginInsertRows({}, m_rows, m_rows);
        ++m_rows;
        endInsertRows();
    });
    connect(&transfers, &Transfers::removing, this, [this](int, int row) { beginRemoveRows({}, row, row); });
    connect(&transfers, &Transfers::removed, this, [this] {
        --m_rows;
        endRemoveRows();
    });
    connect(&transfers, &Transfers::changed, this, [this](int id) {
        if (const int row = rowOf(id); row >= 0 && row < m_rows)
            Q_EMIT dataChanged(index(row, int(TransferColumn::Progress)), index(row, int(TransferColumn::State)));
    });
}

int TransfersModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : m_rows; }

int TransfersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(TransferColumn::Count);
}

int TransfersModel::rowOf(int id) const
{
    const auto &all = m_transfers.all();
    const auto found = std::ranges::find(all, id, &Transfer::id);
    return found == all.end() ? -1 : int(found - all.begin());
}

QVariant TransfersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || index.row() >= m_transfers.all().size())
        return {};
    const Transfer &transfer = m_transfers.all()[index.row()];
    const auto column = TransferColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text(index.row(), column);
    case Qt::ToolTipRole:
        if (column == TransferColumn::Progress && !transfer.progress.text().isEmpty())
            return transfer.progress.text();
        return column == TransferColumn::Image ? QVariant(transfer.image.full()) : QVariant();
    case Qt::TextAlignmentRole:
        if (column == TransferColumn::Speed || column == TransferColumn::Left)
            return int(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case SortRole:
        return sortKey(index.row(), column);
    case IdRole:
        return transfer.id;
    case StateRole:
        return int(transfer.state);
    case FractionRole:
        if (transfer.state == Transfer::State::Done)
            return 1.0;
        if (const auto fraction = transfer.progress.fraction())
            return *fraction;
        return {};
    default:
        return {};
    }
}

QString TransfersModel::text(int row, TransferColumn column) const
{
    const Transfer &transfer = m_transfers.all()[row];
    const auto orNone = [](const QString &text) { return text.isEmpty() ? core::noValue() : text; };
    switch (column) {
    case TransferColumn::Image:
        return transfer.image.text();
    case TransferColumn::What:
        return transfer.what == Transfer::What::Pull ? tr("Pull") : tr("Push");
    case TransferColumn::Progress:
        return orNone(briefly(transfer.progress.text()));
    case TransferColumn::Speed:
        return orNone(speedText(transfer));
    case TransferColumn::Left:
        return orNone(leftText(transfer));
    case TransferColumn::State:
        return stateText(transfer);
    case TransferColumn::Count:
        break;
    }
    return {};
}

QVariant TransfersModel::sortKey(int row, TransferColumn column) const
{
    const Transfer &transfer = m_transfers.all()[row];
    switch (column) {
    case TransferColumn::Progress:
        return transfer.state == Transfer::State::Done ? 1.0 : transfer.progress.fraction().value_or(-1);
    case TransferColumn::Speed:
        return transfer.speed.value_or(-1);
    case TransferColumn::Left:
        return transfer.secondsLeft.value_or(std::numeric_limits<qint64>::max());
    default:
        return text(row, column);
    }
}

QVariant TransfersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= int(TransferColumn::Count))
        return {};
    if (role == Qt::TextAlignmentRole
        && (section == int(TransferColumn::Speed) || section == int(TransferColumn::Left)))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    static const QStringList names{tr("Image"), tr("What"), tr("Progress"), tr("Speed"), tr("Left"), tr("State")};
    return names[section];
}

} // namespace transfers
