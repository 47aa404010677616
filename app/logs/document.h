#pragma once

#include "docker/framereader.h"
#include "logs/linestore.h"
#include "logs/screen.h"

#include <QMap>
#include <QObject>
#include <array>

namespace logs {

/** The note between a container's runs. */
inline constexpr QStringView startedAgain = u"Started again";

/**
 * A container's log as lines: the finished ones in a bounded LineStore and, numbered after them, the unfinished one of
 * each output. Bytes come cut anywhere; changes are published by flush(), once a batch. A stored line is UTF-8 with
 * SGR sequences: decode() it to show it. Main thread. Owned by a Feed.
 */
class Document : public QObject
{
    Q_OBJECT
public:
    struct Line
    {
        QByteArrayView bytes; ///< valid until the document changes
        LineKind kind = LineKind::Stdout;
    };

    explicit Document(QObject *parent = nullptr)
        : Document(LineStore::defaultCap, parent)
    {
    }
    explicit Document(qint64 capBytes, QObject *parent = nullptr);
    ~Document() override;

    /** More of an output. */
    void append(docker::Output from, QByteArrayView bytes);
    /**
     * More of an output as a faster but less complete source shows it: only what follows its last line feed counts,
     * and it is shown in place of the unfinished line until clearLive().
     */
    void appendLive(docker::Output from, QByteArrayView bytes);
    void clearLive();
    /** A line of Slipway's own. */
    void appendNote(const QString &text);
    /** Slipway's words before the first line, whichever is the first: what is not here. */
    void setHeadNote(const QString &text);
    /** Drops what came after each output's last line feed: it will come again. */
    void restartLines();
    /** What comes until beginRun() is of an earlier run of the container. */
    void beginEarlierRun();
    /** What comes from now on is of the container's last run. */
    void beginRun();
    /** Lines with a lower number are of an earlier run. */
    qint64 runBegin() const { return m_runBegin; }
    /** Nothing more comes: what is unfinished becomes lines. */
    void finishLines();
    /** Publishes what changed. Until then readers see the state of the last flush() only by their own count of lines.
     */
    void flush();

    /** The note before the first line, if there is one, has the number before it, so −1 is a number too. */
    qint64 firstLine() const { return m_store.firstLine() - (m_headNote.isEmpty() ? 0 : 1); }
    /** One past the last finished line. */
    qint64 finishedEnd() const { return m_store.endLine(); }
    /** One past the last line, unfinished ones included: they change their number when others are finished first. */
    qint64 endLine() const { return m_store.endLine() + m_openCount; }
    bool isEmpty() const { return endLine() == firstLine(); }
    Line line(qint64 number) const;
    qint64 bytes() const { return m_store.bytes(); }

Q_SIGNALS:
    /** Finished lines, numbered from first on. */
    void linesAdded(qint64 first, qint64 count);
    /** Any line from this one on may look different or, if unfinished, be gone. */
    void tailChanged(qint64 first);
    /** Lines before this one are no longer kept. */
    void linesDropped(qint64 firstKept);

private:
    class Output;
    static constexpr int outputs = 3;
    Output &output(docker::Output from) { return *m_outputs[size_t(from)]; }
    void edited(qint64 line);

    LineStore m_store;
    QByteArray m_headNote;
    std::array<std::unique_ptr<Output>, outputs> m_outputs;
    std::array<std::pair<QByteArray, LineKind>, outputs> m_openRows; ///< as of the last flush()
    int m_openCount = 0;
    qint64 m_runBegin = 0;
    qint64 m_publishedFirst = 0;
    qint64 m_publishedEnd = 0;
    qint64 m_editedFrom; ///< lowest line edited since the last flush()
};

} // namespace logs
