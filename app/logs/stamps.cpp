#include "logs/stamps.h"

#include <QDateTime>
#include <algorithm>

namespace logs {

namespace {

constexpr char form[] = "0000-00-00T00:00:00.000000000Z ";
constexpr qsizetype formSize = sizeof form - 1;

/** Where a stamp not older than `oldest` stands in the text, or a cut one may; −1 if nowhere. */
qsizetype findStamp(QByteArrayView text, QByteArrayView oldest)
{
    for (qsizetype at = text.indexOf("Z "); at >= 0; at = text.indexOf("Z ", at + 1)) {
        const qsizetype begin = at - (formSize - 2);
        if (begin >= 0 && looksLikeStamp(text.sliced(begin)) && text.sliced(begin, formSize - 1).compare(oldest) >= 0)
            return begin;
    }
    return -1;
}

/** Bytes at the end of the text that may be the beginning of a stamp. */
qsizetype cutStampLength(QByteArrayView text)
{
    for (qsizetype n = std::min(formSize - 1, text.size()); n > 0; --n)
        if (looksLikeStamp(text.last(n)))
            return n;
    return 0;
}

} // namespace

QByteArray runBegin(const QString &startedAt)
{
    constexpr int margin = 50; // ms
    const QDateTime time = QDateTime::fromString(startedAt, Qt::ISODateWithMs);
    if (!time.isValid() || time.toSecsSinceEpoch() <= 0)
        return {};
    return time.toUTC().addMSecs(-margin).toString(u"yyyy-MM-ddTHH:mm:ss.zzz").toLatin1() + "000000Z";
}

bool looksLikeStamp(QByteArrayView bytes)
{
    const qsizetype n = std::min(formSize, bytes.size());
    for (qsizetype i = 0; i < n; ++i) {
        const bool digit = bytes[i] >= '0' && bytes[i] <= '9';
        if (form[i] == '0' ? !digit : bytes[i] != form[i])
            return false;
    }
    return true;
}

void StampStripper::count(QByteArrayView stamp)
{
    if (!stamp.isEmpty() && stamp.compare(m_countBefore) < 0)
        ++m_counted;
}

void StampStripper::begin(Line &line, QByteArrayView stamp, qsizetype textBefore)
{
    count(stamp);
    // Of what has no stamp nobody can tell: it counts.
    if (!m_runBegin.isEmpty() && (stamp.isEmpty() || stamp.compare(m_runBegin) >= 0)) {
        m_runBegin.clear();
        m_runBeginsAt = textBefore;
    }
    if (!stamp.isEmpty() && !m_joinAt.isEmpty())
        m_gap = stamp.compare(std::exchange(m_joinAt, {})) > 0;
    line.inLine = true;
    line.stamp = stamp.toByteArray();
    line.leftOut
        = std::exchange(line.leaveOutFirst, false) || (!line.seenBefore.isEmpty() && line.stamp <= line.seenBefore);
}

QByteArray StampStripper::strip(docker::Output from, QByteArrayView bytes)
{
    Line &line = m_lines[size_t(from)];
    QByteArray joined;
    if (!line.held.isEmpty()) {
        joined = line.held + bytes;
        line.held.clear();
        bytes = joined;
    }
    QByteArray out;
    out.reserve(bytes.size());
    while (!bytes.isEmpty()) {
        if (!line.inLine && !line.lost) {
            if (bytes.size() < formSize && looksLikeStamp(bytes)) {
                line.held = bytes.toByteArray();
                break;
            }
            const bool stamped = looksLikeStamp(bytes);
            begin(line, stamped ? bytes.first(formSize - 1) : QByteArrayView(), out.size());
            if (stamped)
                bytes = bytes.sliced(formSize);
            continue;
        }
        const qsizetype lineFeed = bytes.indexOf('\n');
        QByteArrayView text = lineFeed < 0 ? bytes : bytes.first(lineFeed + 1);
        const qsizetype next = line.stamp.isEmpty() || line.lost ? -1 : findStamp(text, line.stamp);
        if (next >= 0)
            text = text.first(next);
        else if (lineFeed < 0 && !line.stamp.isEmpty())
            text = text.chopped(cutStampLength(text));
        if (!line.leftOut && !line.lost)
            out += text;
        bytes = bytes.sliced(text.size());
        if (next >= 0) {
            const QByteArrayView stamp = bytes.first(formSize - 1);
            if (stamp != QByteArrayView(line.stamp)) { // the last line of a run had no line feed
                if (!line.leftOut) {
                    out += '\n';
                    line.lastSeen = line.stamp;
                }
                begin(line, stamp, out.size());
            } else {
                count(stamp);
            }
            bytes = bytes.sliced(formSize);
        } else if (lineFeed >= 0) {
            if (!line.leftOut && !line.lost && !line.stamp.isEmpty())
                line.lastSeen = line.stamp;
            line.inLine = line.lost = false;
        } else {
            line.held = bytes.toByteArray();
            break;
        }
    }
    return out;
}

void StampStripper::reopen()
{
    for (Line &line : m_lines) {
        line.held.clear();
        line.stamp.clear();
        line.seenBefore = line.lastSeen;
        line.inLine = line.lost = false;
    }
    m_joinAt = lastSeen();
    m_gap = false;
}

std::array<QByteArray, 3> StampStripper::finish()
{
    std::array<QByteArray, 3> held;
    for (size_t i = 0; i < held.size(); ++i) {
        Line &line = m_lines[i];
        if (!line.inLine)
            continue;
        if (!line.leftOut) {
            held[i] = line.held;
            line.lastSeen = std::max(line.lastSeen, line.stamp);
        }
    }
    reopen();
    return held;
}

void StampStripper::resync()
{
    for (Line &line : m_lines) {
        line.held.clear();
        line.lost = true;
    }
}

bool StampStripper::seenAny() const
{
    return std::any_of(m_lines.begin(), m_lines.end(), [](const Line &line) { return !line.lastSeen.isEmpty(); });
}

QByteArray StampStripper::lastSeen() const
{
    QByteArray last;
    for (const Line &line : m_lines)
        last = std::max(last, line.lastSeen);
    return last;
}

QByteArray StampStripper::since() const
{
    const QByteArray last = lastSeen();
    const QDateTime time = QDateTime::fromString(QString::fromLatin1(last.left(19) + 'Z'), Qt::ISODate);
    return QByteArray::number(time.toSecsSinceEpoch() - 2) + '.' + last.mid(20, 9);
}

} // namespace logs
