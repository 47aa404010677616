#include "logs/inbox.h"

#include <algorithm>

namespace logs {

namespace {

/** Small pieces of one output are joined up to this size: a flood of lines must not be a flood of allocations. */
constexpr qsizetype joinedPiece = 64 * 1024;

} // namespace

void Inbox::push(Piece piece)
{
    bool wake = false;
    {
        const QMutexLocker lock(&m_mutex);
        m_bytes += piece.bytes.size();
        Piece *last = m_pieces.empty() ? nullptr : &m_pieces.back();
        if (last && !last->closed && !piece.closed && last->source == piece.source && last->output == piece.output
            && last->generation == piece.generation && last->bytes.size() + piece.bytes.size() <= joinedPiece)
            last->bytes += piece.bytes;
        else
            m_pieces.push_back(std::move(piece));
        // What is at the front is the oldest; the ends of streams are kept.
        for (auto it = m_pieces.begin(); m_bytes > m_cap && it != m_pieces.end();) {
            m_bytes -= it->bytes.size();
            m_skipped[size_t(it->source)] += it->bytes.size();
            it = it->closed ? std::next(it) : m_pieces.erase(it);
        }
        wake = !std::exchange(m_waking, true);
    }
    if (wake)
        m_woken();
}

std::vector<Inbox::Piece> Inbox::take(qint64 bytes)
{
    std::vector<Piece> taken;
    const QMutexLocker lock(&m_mutex);
    for (const Source source : {Source::Logs, Source::Attach})
        if (const qint64 skipped = std::exchange(m_skipped[size_t(source)], 0)) {
            Piece piece;
            piece.source = source;
            piece.skipped = skipped;
            taken.push_back(piece);
        }
    qint64 size = 0;
    while (!m_pieces.empty() && size < bytes) {
        size += m_pieces.front().bytes.size();
        taken.push_back(std::move(m_pieces.front()));
        m_pieces.pop_front();
    }
    m_bytes -= size;
    if (taken.empty())
        m_waking = false;
    return taken;
}

bool Inbox::isEmpty()
{
    const QMutexLocker lock(&m_mutex);
    return m_pieces.empty();
}

} // namespace logs
