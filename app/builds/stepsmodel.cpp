#include "builds/stepsmodel.h"

#include "core/units.h"

#include <QDateTime>
#include <algorithm>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

/** An index holds its row at the top plus one; rows at the top hold 0. */
constexpr quintptr atTop = 0;

QString partText(const Step &step)
{
    for (auto it = step.parts.crbegin(); it != step.parts.crend(); ++it) {
        if (it->done)
            continue;
        if (it->total > 0)
            return u"%1 %2 of %3"_s.arg(it->name, core::bytesText(it->current), core::bytesText(it->total));
        return it->current > 0 ? u"%1 %2"_s.arg(it->name, core::bytesText(it->current)) : it->name;
    }
    return {};
}

/** In a person's words where the builder's own tell nothing. */
QString nameText(const Step &step)
{
    if (step.name == "load remote build context"_L1)
        return StepsModel::tr("Receive the folder");
    if (step.name == "copy /context /"_L1)
        return StepsModel::tr("Unpack the folder");
    if (step.name == "exporting to image"_L1)
        return StepsModel::tr("Make the image");
    if (step.name.startsWith("load build definition from "_L1))
        return StepsModel::tr("Read the Dockerfile");
    if (step.name == "load .dockerignore"_L1)
        return StepsModel::tr("Read .dockerignore");
    if (step.name == "load build context"_L1)
        return StepsModel::tr("Send the folder");
    for (const QLatin1String begin : {"load metadata for "_L1, "FROM "_L1}) {
        if (!step.name.startsWith(begin))
            continue;
        QString image = step.name.sliced(begin.size());
        for (const QLatin1String hub : {"docker.io/library/"_L1, "docker.io/"_L1}) {
            if (image.startsWith(hub))
                image.remove(0, hub.size()); // as people write it
        }
        return begin == "FROM "_L1 ? begin + image : StepsModel::tr("Look up %1").arg(image);
    }
    return step.name;
}

} // namespace

StepsModel::StepsModel(const Builds &builds, QObject *parent)
    : QAbstractItemModel(parent)
    , m_builds(builds)
    , m_now(QDateTime::currentMSecsSinceEpoch())
{
    connect(&builds, &Builds::stepsChanged, this, [this](const QString &id, const QList<int> &changed) {
        if (id != m_build)
            return;
        m_now = QDateTime::currentMSecsSinceEpoch();
        catchUp();
        for (const int step : changed)
            announce(step);
    });
}

const QList<Step> &StepsModel::steps() const
{
    const BuildRecord *record = m_builds.find(m_build);
    return record ? m_builds.progress(*record).steps() : m_none;
}

void StepsModel::setBuild(const QString &id)
{
    if (id == m_build)
        return;
    beginResetModel();
    m_build.clear();
    m_tops.clear();
    m_places.clear();
    endResetModel();
    m_build = id;
    catchUp();
}

void StepsModel::catchUp()
{
    for (int step = int(m_places.size()); step < steps().size(); ++step)
        place(step);
}

/** BuildKit tells steps out of order: its number says where, and the builder's own come as they are told. */
void StepsModel::placeAtTop(int step)
{
    const bool stages = std::ranges::any_of(m_tops, [](const Top &top) { return top.step < 0; });
    const int number = steps()[step].number;
    // Never above a stage: what stands below it is found by its row.
    const auto before = stages || number == 0
        ? m_tops.end()
        : std::ranges::find_if(m_tops, [&](const Top &top) { return steps()[top.step].number > number; });
    const int row = int(before - m_tops.begin());
    beginInsertRows({}, row, row);
    for (auto &place : m_places)
        place.first += place.first >= row ? 1 : 0;
    m_places.append({row, -1});
    m_tops.insert(before, Top{{}, step, {}});
    endInsertRows();
}

void StepsModel::place(int step)
{
    const QString stage = steps()[step].stage;
    const auto known = stage.isEmpty()
        ? m_tops.end()
        : std::ranges::find_if(m_tops, [&stage](const Top &top) { return top.step < 0 && top.stage == stage; });
    if (known == m_tops.end() && stage.isEmpty()) {
        return placeAtTop(step);
    }
    const int top = int(known - m_tops.begin());
    if (known == m_tops.end()) {
        beginInsertRows({}, top, top);
        m_tops.push_back({stage, -1, {}});
        endInsertRows();
    }
    QList<int> &below = m_tops[size_t(top)].steps;
    const auto before
        = std::ranges::find_if(below, [&](int other) { return steps()[other].number > steps()[step].number; });
    const int row = int(before - below.begin());
    beginInsertRows(createIndex(top, 0, atTop), row, row);
    for (int moved = row; moved < below.size(); ++moved)
        ++m_places[below[moved]].second;
    below.insert(row, step);
    m_places.append({top, row});
    endInsertRows();
}

QModelIndex StepsModel::indexOfStep(int step) const
{
    if (step < 0 || step >= m_places.size())
        return {};
    const auto [top, row] = m_places[step];
    return row < 0 ? createIndex(top, 0, atTop) : createIndex(row, 0, quintptr(top) + 1);
}

void StepsModel::announce(int step)
{
    const QModelIndex at = indexOfStep(step);
    if (!at.isValid())
        return;
    Q_EMIT dataChanged(at, at.siblingAtColumn(ColumnCount - 1));
    if (const QModelIndex stage = at.parent(); stage.isValid())
        Q_EMIT dataChanged(stage, stage.siblingAtColumn(ColumnCount - 1));
}

QModelIndex StepsModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : atTop);
}

QModelIndex StepsModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == atTop)
        return {};
    return createIndex(int(index.internalId() - 1), 0, atTop);
}

int StepsModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_tops.size());
    if (parent.internalId() != atTop || parent.column() != 0)
        return 0;
    return int(m_tops[size_t(parent.row())].steps.size());
}

int StepsModel::columnCount(const QModelIndex &) const { return ColumnCount; }

QVariant StepsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const bool below = index.internalId() != atTop;
    const Top &top = m_tops[below ? size_t(index.internalId() - 1) : size_t(index.row())];
    const int number = below ? top.steps[index.row()] : top.step;
    if (number < 0)
        return stageData(top, index.column(), role);
    if (number >= steps().size())
        return {};
    const Step &step = steps()[number];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(step, index.column());
    case Qt::ToolTipRole:
        return index.column() == Name ? (step.error.isEmpty() ? step.name : step.error) : QVariant();
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (index.column() >= Time ? Qt::AlignRight : Qt::AlignLeft));
    case StepRole:
        return number;
    case StateRole:
        return int(step.state);
    default:
        return {};
    }
}

QVariant StepsModel::stageData(const Top &top, int column, int role) const
{
    const StepState state = stageState(top);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return column == Name ? tr("Stage %1").arg(top.stage) : column == State ? stateText(state) : QString();
    case StepRole:
        return -1;
    case StateRole:
        return int(state);
    default:
        return {};
    }
}

/** What a person wants to know of it first: a failure, then that it runs. */
StepState StepsModel::stageState(const Top &top) const
{
    const auto any = [&](StepState state) {
        return std::ranges::any_of(
            top.steps, [&](int step) { return step < steps().size() && steps()[step].state == state; });
    };
    for (const StepState state : {StepState::Failed, StepState::Running, StepState::Cancelled}) {
        if (any(state))
            return state;
    }
    if (any(StepState::Waiting))
        return any(StepState::Done) || any(StepState::Cached) ? StepState::Running : StepState::Waiting;
    return any(StepState::Done) ? StepState::Done : StepState::Cached;
}

QString StepsModel::text(const Step &step, int column) const
{
    switch (column) {
    case Name:
        return step.number > 0 ? u"%1/%2  %3"_s.arg(step.number).arg(step.total).arg(nameText(step)) : nameText(step);
    case State: {
        const QString part = step.state == StepState::Running ? partText(step) : QString();
        return part.isEmpty() ? stateText(step.state) : part;
    }
    case Time:
        return timeText(step, m_now);
    case Line:
        return step.line > 0 ? QString::number(step.line) : QString();
    default:
        return {};
    }
}

QVariant StepsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static const QStringList headings{tr("Step"), tr("State"), tr("Time"), tr("Line")};
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return headings.value(section);
}

void StepsModel::setNow(qint64 now)
{
    m_now = now;
    for (int step = 0; step < m_places.size() && step < steps().size(); ++step) {
        if (steps()[step].state == StepState::Running)
            announce(step);
    }
}

} // namespace builds
