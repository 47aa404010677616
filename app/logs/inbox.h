#pragma once

#include "core/result.h"
#include "docker/framereader.h"

#include <QByteArray>
#include <QMutex>
#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace logs {

/**
 * The one store between the thread that reads a container's streams (push) and the main thread (take): bounded, so
 * that the reader never has to wait. Above the cap the oldest bytes go and are counted. Shared by a Feed and its
 * Reader.
 */
class Inbox
{
public:
    static constexpr qint64 defaultCap = 64 * 1024 * 1024;

    enum class Source : quint8 { Logs, Attach };

    struct Piece
    {
        Source source = Source::Logs;
        int generation = 0; ///< of the stream: a later one means that it was opened again
        docker::Output output = docker::Output::Stdout;
        QByteArray bytes;
        std::optional<core::Result<void>> closed; ///< the stream's end; no bytes then
        qint64 skipped = 0; ///< bytes of this source that went before these; no other field matters then
    };

    /** woken is called by push(), in its thread, when there is something again after take() left nothing. */
    explicit Inbox(std::function<void()> woken, qint64 capBytes = defaultCap)
        : m_woken(std::move(woken))
        , m_cap(capBytes)
    {
    }

    void push(Piece piece);
    /** The oldest pieces, about that many bytes; empty when there are none. */
    std::vector<Piece> take(qint64 bytes);
    bool isEmpty();

private:
    std::function<void()> m_woken;
    qint64 m_cap;
    QMutex m_mutex;
    std::deque<Piece> m_pieces;
    std::array<qint64, 2> m_skipped{}; ///< per Source
    qint64 m_bytes = 0;
    bool m_waking = false;
};

} // namespace logs
