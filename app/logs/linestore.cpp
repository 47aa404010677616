#include "logs/linestore.h"

#include <algorithm>

namespace logs {

qint64 LineStore::append(QByteArrayView line, LineKind kind)
{
    if (m_chunks.empty() || m_chunks.back().bytes.size() + line.size() > chunkBytes
        || qsizetype(m_chunks.back().ends.size()) >= chunkBytes) { // a million empty lines are a chunk too
        m_chunks.push_back({m_end, {}, {}});
        m_chunks.back().bytes.reserve(std::max(chunkBytes, line.size()));
        m_bytes += qint64(sizeof(Chunk));
    }
    Chunk &chunk = m_chunks.back();
    chunk.bytes.append(line.data(), line.size());
    chunk.ends.push_back({quint32(chunk.bytes.size()) & 0x3fffffff, quint32(kind) & 3});
    m_bytes += line.size() + qint64(sizeof(LineEnd));
    const qint64 number = m_end++;
    if (m_bytes > m_cap)
        dropOldest();
    return number;
}

void LineStore::dropOldest()
{
    while (m_bytes > m_cap && m_chunks.size() > 1) {
        const Chunk &oldest = m_chunks.front();
        m_bytes -= oldest.bytes.size() + qint64(oldest.ends.size() * sizeof(LineEnd) + sizeof(Chunk));
        m_chunks.pop_front();
    }
    m_first = m_chunks.front().first;
}

const LineStore::Chunk *LineStore::chunkOf(qint64 number) const
{
    if (number < m_first || number >= m_end)
        return nullptr;
    const auto after = std::upper_bound(
        m_chunks.begin(), m_chunks.end(), number, [](qint64 n, const Chunk &chunk) { return n < chunk.first; });
    return &*std::prev(after);
}

QByteArrayView LineStore::line(qint64 number) const
{
    const Chunk *chunk = chunkOf(number);
    if (!chunk)
        return {};
    const auto index = size_t(number - chunk->first);
    const qsizetype begin = index == 0 ? 0 : qsizetype(chunk->ends[index - 1].end);
    return QByteArrayView(chunk->bytes).sliced(begin, qsizetype(chunk->ends[index].end) - begin);
}

LineKind LineStore::kind(qint64 number) const
{
    const Chunk *chunk = chunkOf(number);
    return chunk ? LineKind(chunk->ends[size_t(number - chunk->first)].kind) : LineKind::Note;
}

void LineStore::replace(qint64 number, QByteArrayView line)
{
    auto *chunk = const_cast<Chunk *>(chunkOf(number));
    if (!chunk)
        return;
    const auto index = size_t(number - chunk->first);
    const qsizetype begin = index == 0 ? 0 : qsizetype(chunk->ends[index - 1].end);
    const qsizetype before = qsizetype(chunk->ends[index].end) - begin;
    chunk->bytes.replace(begin, before, line);
    const qint64 grown = line.size() - before;
    for (size_t i = index; i < chunk->ends.size(); ++i)
        chunk->ends[i].end = quint32(qint64(chunk->ends[i].end) + grown) & 0x3fffffff;
    m_bytes += grown;
}

} // namespace logs
