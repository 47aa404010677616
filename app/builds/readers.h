#pragma once

#include "core/result.h"
#include "docker/builds.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <optional>

namespace builds {

/** Something new of one step of a build; the steps' common language of both builders. Times are ms since 1970. */
struct StepEvent
{
    enum class Kind {
        Step, ///< how it stands now, with everything from name to error
        Status, ///< how far one of its parts is
        Log, ///< bytes of its output, cut anywhere
    };
    Kind kind = Kind::Step;
    QString step; ///< its id: a digest, or "step 3"
    QString name{}; ///< "[build 2/4] RUN make", "Step 2/4 : RUN make"; of a Status: what it is about
    bool cached = false;
    qint64 started = 0; ///< 0: not yet
    qint64 completed = 0; ///< 0: not yet
    QString error{};
    qint64 current = 0; ///< of a Status: bytes
    qint64 total = 0; ///< 0: not known
    bool done = false; ///< of a Status
    QByteArray log{};
    qint64 skipped = 0; ///< of a Log: bytes before it that nobody had time for

    bool operator==(const StepEvent &) const = default;
};

/** One StatusResponse of BuildKit. Protocol for bytes that are none; never reads behind them. */
core::Result<QList<StepEvent>> decodeTrace(const QByteArray &protobuf);

/** Makes steps of what the classic builder tells. A value; one for each build. */
class ClassicReader
{
public:
    /** now: ms since 1970, for this builder tells no times. */
    QList<StepEvent> take(const docker::BuildMessage &message, qint64 now);
    /** The stream ended; with an error, the step it was at failed. */
    QList<StepEvent> end(const std::optional<core::Error> &error, qint64 now);

private:
    void takeLine(const QByteArray &line, qint64 now, QList<StepEvent> &events);
    void flushLog(QList<StepEvent> &events);

    StepEvent m_step; ///< the one it is at; without an id before the first
    QByteArray m_rest; ///< the begin of a line that may say something about the step
    bool m_inLine = false; ///< of the step's own output
};

} // namespace builds
