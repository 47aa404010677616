#include "builds/readers.h"

#include "session/protobuf.h"

#include <QRegularExpression>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

using session::eachField;
using session::Field;

QString textOf(QByteArrayView bytes) { return QString::fromUtf8(bytes); }

/** google.protobuf.Timestamp as ms since 1970. */
qint64 timeOf(QByteArrayView bytes, bool &ok)
{
    constexpr qint64 farthest = qint64(1) << 40; // seconds: no overflow below
    qint64 seconds = 0;
    qint64 nanoseconds = 0;
    ok &= eachField(bytes, [&](const Field &field) {
        if (field.number == 1)
            seconds = qint64(field.value);
        else if (field.number == 2)
            nanoseconds = qint64(field.value);
    });
    const bool possible = seconds > 0 && seconds < farthest && nanoseconds >= 0 && nanoseconds < 1'000'000'000;
    return possible ? seconds * 1000 + nanoseconds / 1'000'000 : 0;
}

StepEvent vertexOf(QByteArrayView bytes, bool &ok)
{
    StepEvent event;
    ok &= eachField(bytes, [&](const Field &field) {
        switch (field.number) {
        case 1:
            event.step = textOf(field.bytes);
            break;
        case 3:
            event.name = textOf(field.bytes);
            break;
        case 4:
            event.cached = field.value != 0;
            break;
        case 5:
            event.started = timeOf(field.bytes, ok);
            break;
        case 6:
            event.completed = timeOf(field.bytes, ok);
            break;
        case 7:
            event.error = textOf(field.bytes);
            break;
        default:
            break;
        }
    });
    return event;
}

StepEvent statusOf(QByteArrayView bytes, bool &ok)
{
    StepEvent event;
    event.kind = StepEvent::Kind::Status;
    QString fallback;
    ok &= eachField(bytes, [&](const Field &field) {
        switch (field.number) {
        case 1:
            fallback = textOf(field.bytes);
            break;
        case 2:
            event.step = textOf(field.bytes);
            break;
        case 3:
            event.name = textOf(field.bytes);
            break;
        case 4:
            event.current = qMax<qint64>(0, qint64(field.value));
            break;
        case 5:
            event.total = qMax<qint64>(0, qint64(field.value));
            break;
        case 7:
            event.started = timeOf(field.bytes, ok);
            break;
        case 8:
            event.completed = timeOf(field.bytes, ok);
            event.done = event.completed > 0;
            break;
        default:
            break;
        }
    });
    if (!fallback.isEmpty())
        event.name = fallback; // the ID tells several of one name apart
    return event;
}

StepEvent logOf(QByteArrayView bytes, bool &ok)
{
    StepEvent event;
    event.kind = StepEvent::Kind::Log;
    ok &= eachField(bytes, [&](const Field &field) {
        if (field.number == 1)
            event.step = textOf(field.bytes);
        else if (field.number == 4)
            event.log = field.bytes.toByteArray();
    });
    return event;
}

} // namespace

core::Result<QList<StepEvent>> decodeTrace(const QByteArray &protobuf)
{
    QList<StepEvent> events;
    bool ok = true;
    ok &= eachField(protobuf, [&](const Field &field) {
        StepEvent event;
        if (field.number == 1)
            event = vertexOf(field.bytes, ok);
        else if (field.number == 2)
            event = statusOf(field.bytes, ok);
        else if (field.number == 3)
            event = logOf(field.bytes, ok);
        if (!event.step.isEmpty())
            events.append(event);
    });
    if (!ok)
        return core::Error{core::ErrorKind::Protocol, 0, u"a build's trace is no StatusResponse"_s, {}};
    return events;
}

// ---- the classic builder

QList<StepEvent> ClassicReader::take(const docker::BuildMessage &message, qint64 now)
{
    using Kind = docker::BuildMessage::Kind;
    QList<StepEvent> events;
    if (message.kind == Kind::Status && !m_step.step.isEmpty()) {
        StepEvent event;
        event.kind = StepEvent::Kind::Status;
        event.step = m_step.step;
        event.name = message.step.id.isEmpty() ? message.step.status
                                               : QString(message.step.id + u": "_s + message.step.status);
        event.current = qMax<qint64>(0, message.step.current);
        event.total = qMax<qint64>(0, message.step.total);
        event.done = message.step.total <= 0;
        events.append(event);
    }
    if (message.kind != Kind::Text)
        return events;
    // The builder's own words begin a message, also after output without a line end.
    for (const char *word : {"Step ", "STEP ", " ---> ", "Removing intermediate container ", "Successfully "}) {
        if (m_inLine && message.bytes.startsWith(word))
            m_inLine = false;
    }
    m_rest += message.bytes;
    qsizetype begin = 0;
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n', begin)) {
        takeLine(m_rest.mid(begin, end + 1 - begin), now, events);
        begin = end + 1;
    }
    m_rest.remove(0, begin);
    // A line that cannot be the builder's own goes out as it comes: progress bars have no line ends.
    if (!m_rest.isEmpty()
        && (m_inLine
            || !(QByteArrayView("Step ").startsWith(m_rest.left(5)) || m_rest.startsWith(" --")
                || m_rest.startsWith("Removing ") || m_rest.startsWith("Successfully ") || m_rest.startsWith("Step "))))
        flushLog(events);
    return events;
}

void ClassicReader::flushLog(QList<StepEvent> &events)
{
    if (!m_step.step.isEmpty() && !m_rest.isEmpty()) {
        StepEvent event;
        event.kind = StepEvent::Kind::Log;
        event.step = m_step.step;
        event.log = std::exchange(m_rest, {});
        m_inLine = !event.log.endsWith('\n');
        events.append(event);
    }
    m_rest.clear();
}

void ClassicReader::takeLine(const QByteArray &line, qint64 now, QList<StepEvent> &events)
{
    // Podman's says STEP. Of the words only those that are the builder's own: pip is successful too.
    static const QRegularExpression begin(u"^(?:Step|STEP) (\\d+)/\\d+ ?: "_s);
    static const QRegularExpression ownWords(u"^(---> |Removing intermediate container [0-9a-f]{12}$"
                                             "|Successfully (built [0-9a-f]{12}|tagged \\S+)$)"_s);
    const bool own = !m_inLine;
    m_inLine = false;
    const QString text = QString::fromUtf8(line).trimmed();
    if (const auto match = begin.match(text); own && match.hasMatch()) {
        if (!m_step.step.isEmpty()) {
            m_step.completed = now;
            events.append(m_step);
        }
        m_step = {};
        m_step.step = u"step "_s + match.captured(1);
        m_step.name = text;
        m_step.started = now;
        events.append(m_step);
    } else if (own && text == "---> Using cache"_L1) {
        m_step.cached = true;
        events.append(m_step);
    } else if (own && (ownWords.match(text).hasMatch())) {
        // Nothing the step has said.
    } else if (!m_step.step.isEmpty()) {
        StepEvent event;
        event.kind = StepEvent::Kind::Log;
        event.step = m_step.step;
        event.log = line;
        events.append(event);
    }
}

QList<StepEvent> ClassicReader::end(const std::optional<core::Error> &error, qint64 now)
{
    QList<StepEvent> events;
    flushLog(events);
    if (m_step.step.isEmpty())
        return events;
    m_step.completed = now;
    if (error)
        m_step.error = error->message;
    events.append(m_step);
    return events;
}

} // namespace builds
