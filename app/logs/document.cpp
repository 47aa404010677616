#include "logs/document.h"

#include <limits>
#include <optional>

namespace logs {

namespace {

constexpr qint64 nothing = std::numeric_limits<qint64>::max();

/** Of a live line without a line feed only this much is kept, from a carriage return on: hours of a progress bar. */
constexpr qsizetype longestLive = 256 * 1024;

} // namespace

/**
 * One output's screen over the store, and the screen of its live unfinished line: a copy that goes on from the last
 * line feed and whose edits of finished lines are kept apart, since they are not the truth yet.
 */
class Document::Output
{
public:
    Output(Document &document, LineKind kind)
        : m_document(document)
        , m_kind(kind)
        , m_sink(*this)
        , m_liveSink(*this)
    {
    }

    void append(QByteArrayView bytes)
    {
        m_screen.feed(bytes, m_sink);
        m_stale = true;
    }

    void appendLive(QByteArrayView bytes)
    {
        const qsizetype lineFeed = bytes.lastIndexOf('\n');
        if (lineFeed >= 0) {
            m_live.clear();
            m_stale = true;
            bytes = bytes.sliced(lineFeed + 1);
        }
        m_live += bytes;
        if (m_live.size() > longestLive) {
            const qsizetype from = std::max<qsizetype>(m_live.lastIndexOf('\r'), m_live.size() - longestLive / 2);
            m_live.remove(0, from);
            m_stale = true;
        }
    }

    void clearLive()
    {
        m_live.clear();
        m_stale = true;
    }

    void restartLine()
    {
        m_screen.restartLine(m_sink);
        m_stale = true;
    }

    void finish()
    {
        m_screen.finish(m_sink);
        clearLive();
    }

    /** The unfinished line as it is to be shown. */
    QByteArray openRow()
    {
        if (m_stale)
            dropLiveScreen();
        m_stale = false;
        if (m_live.isEmpty())
            return m_screen.openRow();
        if (!m_liveScreen) {
            m_liveScreen = m_screen;
            m_liveScreen->restartLine(m_liveSink);
            m_liveShown = 0;
        }
        m_liveScreen->feed(QByteArrayView(m_live).sliced(m_liveShown), m_liveSink);
        m_liveShown = m_live.size();
        return m_liveScreen->openRow();
    }

    LineKind kind() const { return m_kind; }
    const QByteArray *edit(qint64 line) const
    {
        const auto it = m_edits.constFind(line);
        return it == m_edits.cend() ? nullptr : &*it;
    }

private:
    struct Sink : LineSink
    {
        explicit Sink(Output &o)
            : output(o)
        {
        }
        qint64 commit(QByteArrayView line) override { return output.m_document.m_store.append(line, output.m_kind); }
        void replace(qint64 number, QByteArrayView line) override
        {
            output.m_document.m_store.replace(number, line);
            output.m_document.edited(number);
        }
        QByteArrayView read(qint64 number) const override { return output.m_document.m_store.line(number); }
        Output &output;
    };

    struct LiveSink : Sink
    {
        using Sink::Sink;
        // Has no line feeds; only a line beyond all bounds comes here, and it is the truth's business.
        qint64 commit(QByteArrayView) override { return -1; }
        void replace(qint64 number, QByteArrayView line) override
        {
            output.m_edits.insert(number, line.toByteArray());
            output.m_document.edited(number);
        }
        QByteArrayView read(qint64 number) const override
        {
            const QByteArray *edit = output.edit(number);
            return edit ? QByteArrayView(*edit) : Sink::read(number);
        }
    };

    void dropLiveScreen()
    {
        m_liveScreen.reset();
        if (!m_edits.isEmpty())
            m_document.edited(m_edits.firstKey());
        m_edits.clear();
    }

    Document &m_document;
    LineKind m_kind;
    Screen m_screen;
    QByteArray m_live; ///< since the live source's last line feed
    qsizetype m_liveShown = 0; ///< bytes of m_live that m_liveScreen has
    std::optional<Screen> m_liveScreen;
    QMap<qint64, QByteArray> m_edits; ///< finished lines as m_liveScreen shows them
    bool m_stale = false; ///< m_liveScreen no longer fits m_screen or m_live
    Sink m_sink;
    LiveSink m_liveSink;
};

Document::Document(qint64 capBytes, QObject *parent)
    : QObject(parent)
    , m_store(capBytes)
    , m_editedFrom(nothing)
{
    const std::array kinds = {LineKind::Stdout, LineKind::Stdout, LineKind::Stderr}; // in docker::Output's order
    for (size_t i = 0; i < kinds.size(); ++i)
        m_outputs[i] = std::make_unique<Output>(*this, kinds[i]);
}

Document::~Document() = default;

void Document::append(docker::Output from, QByteArrayView bytes) { output(from).append(bytes); }

void Document::appendLive(docker::Output from, QByteArrayView bytes) { output(from).appendLive(bytes); }

void Document::clearLive()
{
    for (const auto &output : m_outputs)
        output->clearLive();
}

void Document::appendNote(const QString &text) { m_store.append(text.toUtf8(), LineKind::Note); }

void Document::setHeadNote(const QString &text)
{
    m_headNote = text.toUtf8();
    edited(firstLine());
}

void Document::restartLines()
{
    for (const auto &output : m_outputs)
        output->restartLine();
}

void Document::beginEarlierRun() { m_runBegin = nothing; }

void Document::beginRun()
{
    finishLines();
    m_runBegin = m_store.endLine();
}

void Document::finishLines()
{
    for (const auto &output : m_outputs)
        output->finish();
}

void Document::edited(qint64 line) { m_editedFrom = std::min(m_editedFrom, line); }

Document::Line Document::line(qint64 number) const
{
    if (number >= m_store.endLine()) {
        const qint64 index = number - m_store.endLine();
        if (index >= m_openCount)
            return {{}, LineKind::Note};
        const auto &[bytes, kind] = m_openRows[size_t(index)];
        return {bytes, kind};
    }
    if (number < m_store.firstLine())
        return {number == firstLine() ? QByteArrayView(m_headNote) : QByteArrayView(), LineKind::Note};
    for (const auto &output : m_outputs)
        if (const QByteArray *edit = output->edit(number))
            return {*edit, m_store.kind(number)};
    return {m_store.line(number), m_store.kind(number)};
}

void Document::flush()
{
    const auto before = m_openRows;
    const int countBefore = m_openCount;
    m_openCount = 0;
    for (const auto &output : m_outputs) {
        QByteArray row = output->openRow();
        if (!row.isEmpty())
            m_openRows[size_t(m_openCount++)] = {std::move(row), output->kind()};
    }
    const bool openSame
        = m_openCount == countBefore && std::equal(before.begin(), before.begin() + countBefore, m_openRows.begin());

    const qint64 first = m_store.firstLine();
    const qint64 added = std::max(m_publishedEnd, first);
    const qint64 count = m_store.endLine() - added;
    const qint64 changed = std::min(m_editedFrom, openSame ? nothing : m_publishedEnd);
    const bool dropped = first != m_publishedFirst;
    m_publishedFirst = first;
    m_publishedEnd = m_store.endLine();
    m_editedFrom = nothing;
    if (dropped)
        Q_EMIT linesDropped(firstLine());
    if (count > 0)
        Q_EMIT linesAdded(added, count);
    if (changed != nothing)
        Q_EMIT tailChanged(std::max(changed, firstLine()));
}

} // namespace logs
