#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <deque>
#include <vector>

namespace logs {

/** Where a line comes from. Note: Slipway's own words between the container's lines. */
enum class LineKind : quint8 { Stdout, Stderr, Note };

/**
 * The finished lines of a log: bytes in chunks of 1 MiB with the ends of their lines, numbered from 0, a number never
 * used again. Above the cap the oldest chunk goes. Knows nothing of terminals. Owned by a Document.
 */
class LineStore
{
public:
    static constexpr qsizetype chunkBytes = 1024 * 1024;
    static constexpr qint64 defaultCap = 256 * chunkBytes;

    /** capBytes: of lines and their ends, at least one chunk is kept. */
    explicit LineStore(qint64 capBytes = defaultCap)
        : m_cap(capBytes)
    {
    }

    qint64 append(QByteArrayView line, LineKind kind);
    /** Changes a line that is still kept; another is ignored. Cheap near the end of its chunk. */
    void replace(qint64 number, QByteArrayView line);

    qint64 firstLine() const { return m_first; }
    /** One past the last. */
    qint64 endLine() const { return m_end; }
    /** Empty when no longer kept. Valid until the next change. */
    QByteArrayView line(qint64 number) const;
    LineKind kind(qint64 number) const;
    /** Bytes in use. */
    qint64 bytes() const { return m_bytes; }

private:
    struct LineEnd
    {
        quint32 end : 30;
        quint32 kind : 2;
    };
    struct Chunk
    {
        qint64 first = 0;
        QByteArray bytes;
        std::vector<LineEnd> ends;
    };
    const Chunk *chunkOf(qint64 number) const;
    void dropOldest();

    std::deque<Chunk> m_chunks;
    qint64 m_first = 0;
    qint64 m_end = 0;
    qint64 m_bytes = 0;
    qint64 m_cap;
};

} // namespace logs
