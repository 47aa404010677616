#pragma once

#include "builds/dockerfile.h"
#include "builds/readers.h"

#include <QHash>
#include <QJsonArray>
#include <QList>
#include <QString>

namespace builds {

/** How a step stands. */
enum class StepState { Waiting, Running, Done, Cached, Failed, Cancelled };

/** A part of a step: a layer that comes, "exporting layers". */
struct StepPart
{
    QString name;
    qint64 current = 0; ///< bytes
    qint64 total = 0; ///< 0: not known
    bool done = false;

    bool operator==(const StepPart &) const = default;
};

/** One step of a build. Times are ms since 1970. */
struct Step
{
    QString id;
    QString stage; ///< "build", "stage-1"; empty where there is one only, and for the builder's own steps
    QString name; ///< "RUN make", "load remote build context"
    int number = 0; ///< in its stage; 0: the builder's own
    int total = 0;
    StepState state = StepState::Waiting;
    qint64 started = 0;
    qint64 completed = 0;
    QString error;
    int line = 0; ///< of the Dockerfile, from 1; 0: of none
    QList<StepPart> parts; ///< the last ones
    QByteArray log; ///< its end: at most logLimit
    qint64 logCut = 0; ///< bytes at its begin that are not kept

    bool operator==(const Step &) const = default;
};

/**
 * The steps of a build as they are told, both builders'. Bounded: each step keeps the end of its log. A value without
 * threads; owned by a BuildJob, or made again from what was kept of a past build.
 */
class BuildProgress
{
public:
    static constexpr qsizetype logLimit = 2 * 1024 * 1024;

    /** For the lines of steps. */
    void setDockerfile(const Dockerfile &dockerfile) { m_dockerfile = dockerfile; }
    const Dockerfile &dockerfile() const { return m_dockerfile; }

    /** Returns the step's index. */
    int take(const StepEvent &event);
    /** The build is over: what still waited was cancelled, and what still ran, unless all went well. Returns which
     * steps changed. */
    QList<int> end(bool succeeded);
    /** What the steps printed goes: it may be much. */
    void forgetLogs();

    /** In the order in which they were first heard of. */
    const QList<Step> &steps() const { return m_steps; }
    /** The step that failed first; −1 when none did. */
    int failed() const;
    int done() const;

    /** Without logs, for the history. */
    QJsonArray toJson() const;
    static BuildProgress fromJson(const QJsonArray &array);

private:
    int indexOf(const QString &id);
    void takeStep(Step &step, const StepEvent &event);
    void takeName(Step &step, const QString &name);
    static void takeStatus(Step &step, const StepEvent &event);

    Dockerfile m_dockerfile;
    QList<Step> m_steps;
    QHash<QString, int> m_index;
};

/** "Running", "Cached". */
QString stateText(StepState state);
/** How long it took, or runs already: "1.4 s", "12 s"; empty before it began. now: ms since 1970. */
QString timeText(const Step &step, qint64 now);

} // namespace builds
