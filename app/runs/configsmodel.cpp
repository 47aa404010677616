#include "runs/configsmodel.h"

#include "core/units.h"
#include "recipe/notation.h"
#include "recipe/startcommand.h"

#include <QDateTime>
#include <array>

namespace runs {

using namespace Qt::StringLiterals;

namespace {
constexpr std::array headings = {"Name"_L1, "Image"_L1, "GPUs"_L1, "Command"_L1, "Changed"_L1};
static_assert(headings.size() == configColumnCount);

QString gpusText(const recipe::GpuRequest &gpus)
{
    using Kind = recipe::GpuRequest::Kind;
    switch (gpus.kind) {
    case Kind::None:
        return core::noValue();
    case Kind::All:
        return ConfigsModel::tr("all");
    case Kind::Count:
        return QString::number(gpus.count);
    case Kind::Any:
        return ConfigsModel::tr("any %1").arg(gpus.count);
    case Kind::Devices:
        break;
    }
    return gpus.devices.join(u',');
}
} // namespace

ConfigsModel::ConfigsModel(const Library &library, QObject *parent)
    : RowsModel(parent)
    , m_now(QDateTime::currentSecsSinceEpoch())
{
    apply({{}, {}, library.configs().size()}, library.configs());
    connect(&library, &Library::changed, this, [this, &library](const inventory::ListChange &change) {
        m_now = QDateTime::currentSecsSinceEpoch();
        apply(change, library.configs());
    });
}

int ConfigsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : configColumnCount; }

QVariant ConfigsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const SavedConfig &config = at(index.row());
    const auto column = ConfigColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(config, column);
    case Qt::ToolTipRole:
        return config.readable() ? config.file.description : config.trouble;
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | Qt::AlignLeft);
    case models::SortRole:
        return column == ConfigColumn::Changed ? QVariant(config.modified) : QVariant(text(config, column));
    case models::IdRole:
        return config.name;
    case models::StateRole:
        return config.readable() ? 0 : 1;
    default:
        return {};
    }
}

QString ConfigsModel::text(const SavedConfig &config, ConfigColumn column) const
{
    const recipe::RunConfig &run = config.file.config;
    switch (column) {
    case ConfigColumn::Name:
        return config.name;
    case ConfigColumn::Image:
        return config.readable() ? run.image : tr("Cannot be read");
    case ConfigColumn::Gpus:
        return gpusText(run.gpus);
    case ConfigColumn::Command:
        return (run.useShell ? run.script : recipe::shellJoin(run.command)).simplified();
    case ConfigColumn::Changed:
        return core::ageText(config.modified, m_now);
    }
    return {};
}

QVariant ConfigsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= configColumnCount)
        return {};
    return QString(headings[size_t(section)]);
}

void ConfigsModel::setNow(qint64 now)
{
    m_now = now;
    if (!rows().isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, configColumnCount - 1), {Qt::DisplayRole});
}

} // namespace runs
