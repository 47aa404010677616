#include "builds/buildprogress.h"

#include "core/units.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QRegularExpression>
#include <algorithm>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype keptParts = 32;
constexpr qsizetype logSlack = 256 * 1024; ///< cut in lumps: not with every line
constexpr qsizetype keptSteps = 5000;

bool isCancelled(const QString &error)
{
    return error.contains("context canceled"_L1) || error.contains("Canceled"_L1) || error == "canceled"_L1;
}

void appendLog(Step &step, const QByteArray &bytes)
{
    step.log += bytes;
    if (step.log.size() <= BuildProgress::logLimit + logSlack)
        return;
    qsizetype cut = step.log.size() - BuildProgress::logLimit;
    const qsizetype line = step.log.indexOf('\n', cut);
    if (line >= 0 && line < cut + logSlack)
        cut = line + 1;
    step.log.remove(0, cut);
    step.logCut += cut;
}

} // namespace

int BuildProgress::indexOf(const QString &id)
{
    const auto known = m_index.constFind(id);
    if (known != m_index.constEnd())
        return *known;
    if (m_steps.size() >= keptSteps)
        return -1;
    const int index = int(m_steps.size());
    m_index.insert(id, index);
    Step step;
    step.id = id;
    m_steps.append(step);
    return index;
}

int BuildProgress::take(const StepEvent &event)
{
    const int index = indexOf(event.step);
    if (index < 0)
        return index;
    Step &step = m_steps[index];
    switch (event.kind) {
    case StepEvent::Kind::Step:
        takeStep(step, event);
        break;
    case StepEvent::Kind::Status:
        takeStatus(step, event);
        break;
    case StepEvent::Kind::Log:
        if (event.skipped > 0)
            step.logCut += event.skipped + std::exchange(step.log, {}).size();
        appendLog(step, event.log);
        break;
    }
    return index;
}

void BuildProgress::takeStep(Step &step, const StepEvent &event)
{
    if (step.name.isEmpty() && !event.name.isEmpty())
        takeName(step, event.name);
    if (event.started > 0 && step.started == 0)
        step.started = event.started;
    // BuildKit tells a step that it begins again after its end: the last word counts.
    step.completed = event.completed;
    step.error = event.error;
    if (!event.error.isEmpty())
        step.state = isCancelled(event.error) ? StepState::Cancelled : StepState::Failed;
    else if (event.cached)
        step.state = StepState::Cached;
    else if (event.completed > 0)
        step.state = StepState::Done;
    else if (event.started > 0)
        step.state = StepState::Running;
}

void BuildProgress::takeName(Step &step, const QString &name)
{
    // "[linux/arm64 build 2/4] RUN make", "[internal] load metadata for …", "Step 2/4 : RUN make"
    static const QRegularExpression buildKit(u"^\\[(?:[a-z0-9]+/[a-z0-9/]+ )?(?:(\\S+) +)?(\\d+)/(\\d+)\\] (.*)$"_s,
        QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression classic(
        u"^(?:Step|STEP) (\\d+)/(\\d+) ?: (.*)$"_s, QRegularExpression::DotMatchesEverythingOption);
    if (const auto match = buildKit.match(name); match.hasMatch()) {
        step.stage = match.captured(1);
        step.number = match.captured(2).toInt();
        step.total = match.captured(3).toInt();
        step.name = match.captured(4).simplified();
        step.line = m_dockerfile.lineOfBuildKitStep(step.stage, step.number, step.name);
    } else if (const auto plain = classic.match(name); plain.hasMatch()) {
        step.number = plain.captured(1).toInt();
        step.total = plain.captured(2).toInt();
        step.name = plain.captured(3).simplified();
        step.line = m_dockerfile.lineOfClassicStep(step.number);
    } else {
        step.name = name.simplified();
        if (step.name.startsWith("[internal] "_L1))
            step.name = step.name.mid(11);
    }
}

void BuildProgress::takeStatus(Step &step, const StepEvent &event)
{
    const auto known = std::ranges::find(step.parts, event.name, &StepPart::name);
    if (known != step.parts.end()) {
        *known = {event.name, event.current, event.total, event.done};
        return;
    }
    if (step.parts.size() >= keptParts)
        step.parts.removeFirst();
    step.parts.append({event.name, event.current, event.total, event.done});
}

QList<int> BuildProgress::end(bool succeeded)
{
    QList<int> changed;
    for (int i = 0; i < m_steps.size(); ++i) {
        if (m_steps[i].state != StepState::Running && m_steps[i].state != StepState::Waiting)
            continue;
        // The last words of a step may be cut off by the end of the whole.
        m_steps[i].state = succeeded && m_steps[i].started > 0 ? StepState::Done : StepState::Cancelled;
        changed.append(i);
    }
    return changed;
}

void BuildProgress::forgetLogs()
{
    for (Step &step : m_steps) {
        step.log.clear();
        step.logCut = 0;
    }
}

int BuildProgress::failed() const
{
    const auto it = std::ranges::find(m_steps, StepState::Failed, &Step::state);
    return it == m_steps.end() ? -1 : int(it - m_steps.begin());
}

int BuildProgress::done() const
{
    return int(std::ranges::count_if(
        m_steps, [](const Step &step) { return step.state == StepState::Done || step.state == StepState::Cached; }));
}

QJsonArray BuildProgress::toJson() const
{
    QJsonArray array;
    for (const Step &step : m_steps) {
        array.append(QJsonObject{{"id"_L1, step.id}, {"stage"_L1, step.stage}, {"name"_L1, step.name},
            {"number"_L1, step.number}, {"total"_L1, step.total}, {"state"_L1, int(step.state)},
            {"started"_L1, double(step.started)}, {"completed"_L1, double(step.completed)}, {"error"_L1, step.error},
            {"line"_L1, step.line}});
    }
    return array;
}

BuildProgress BuildProgress::fromJson(const QJsonArray &array)
{
    BuildProgress made;
    for (const QJsonValue &value : array) {
        const QJsonObject object = value.toObject();
        const int index = made.indexOf(object["id"_L1].toString());
        if (index < 0)
            break;
        Step &step = made.m_steps[index];
        step.stage = object["stage"_L1].toString();
        step.name = object["name"_L1].toString();
        step.number = object["number"_L1].toInt();
        step.total = object["total"_L1].toInt();
        step.state = StepState(qBound(0, object["state"_L1].toInt(), int(StepState::Cancelled)));
        step.started = qint64(object["started"_L1].toDouble());
        step.completed = qint64(object["completed"_L1].toDouble());
        step.error = object["error"_L1].toString();
        step.line = object["line"_L1].toInt();
    }
    return made;
}

QString stateText(StepState state)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("builds::Step", text); };
    switch (state) {
    case StepState::Waiting:
        return tr("Waiting");
    case StepState::Running:
        return tr("Running");
    case StepState::Done:
        return tr("Done");
    case StepState::Cached:
        return tr("Cached");
    case StepState::Failed:
        return tr("Failed");
    case StepState::Cancelled:
        return tr("Cancelled");
    }
    return {};
}

QString timeText(const Step &step, qint64 now)
{
    if (step.started == 0 || step.state == StepState::Waiting || step.state == StepState::Cached)
        return {};
    if (step.completed == 0 && step.state != StepState::Running)
        return {};
    const qint64 ms = qMax<qint64>(0, (step.completed > 0 ? step.completed : now) - step.started);
    return ms < 9950 ? u"%1 s"_s.arg(double(ms) / 1000, 0, 'f', 1) : core::durationText(ms / 1000);
}

} // namespace builds
