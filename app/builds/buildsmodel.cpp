#include "builds/buildsmodel.h"

#include "core/units.h"

#include <QDateTime>
#include <QLocale>

namespace builds {

using namespace Qt::StringLiterals;

BuildsModel::BuildsModel(const Builds &builds, QObject *parent)
    : QAbstractTableModel(parent)
    , m_builds(builds)
    , m_now(QDateTime::currentMSecsSinceEpoch())
{
    connect(&builds, &Builds::aboutToAdd, this,
        [this](int first, int count) { beginInsertRows({}, first, first + count - 1); });
    connect(&builds, &Builds::added, this, &BuildsModel::endInsertRows);
    connect(&builds, &Builds::aboutToRemove, this, [this](int row) { beginRemoveRows({}, row, row); });
    connect(&builds, &Builds::removed, this, &BuildsModel::endRemoveRows);
    connect(&builds, &Builds::changed, this, [this](int row) {
        m_now = QDateTime::currentMSecsSinceEpoch();
        if (row >= 0)
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    });
}

int BuildsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_builds.records().size());
}

int BuildsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QVariant BuildsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const BuildRecord &record = m_builds.records()[index.row()];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(record, index.column());
    case Qt::ToolTipRole:
        if (index.column() == Started)
            return QLocale().toString(QDateTime::fromMSecsSinceEpoch(record.started), QLocale::LongFormat);
        if (index.column() == Name)
            return QString(record.request.title() + u'\n' + record.request.context);
        return index.column() == State ? record.error : text(record, index.column());
    case IdRole:
        return record.id;
    case StateRole:
        return int(record.state);
    default:
        return {};
    }
}

/** By the clock: of several builds within a minute each is told from the others. */
QString BuildsModel::startedText(qint64 started) const
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(started);
    const bool today = time.date() == QDateTime::fromMSecsSinceEpoch(m_now).date();
    return today ? time.toString(u"HH:mm:ss"_s) : QLocale().toString(time, u"d MMM HH:mm"_s);
}

QString BuildsModel::text(const BuildRecord &record, int column) const
{
    switch (column) {
    case Name:
        return record.request.title();
    case State: {
        const BuildJob *job = m_builds.job(record.id);
        return job ? job->statusText() : stateText(record.state);
    }
    case Started:
        return startedText(record.started);
    case Duration:
        if (record.finished == 0 && record.state != BuildState::Running)
            return core::noValue();
        return core::durationText(((record.finished > 0 ? record.finished : m_now) - record.started) / 1000);
    case Folder:
        return record.request.context;
    default:
        return {};
    }
}

QVariant BuildsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static const QStringList headings{tr("Name"), tr("Started"), tr("State"), tr("Duration"), tr("Folder")};
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return headings.value(section);
}

void BuildsModel::setNow(qint64 now)
{
    m_now = now;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Started), index(rowCount() - 1, Duration), {Qt::DisplayRole});
}

} // namespace builds
