#include "docker/framereader.h"

#include <QtEndian>
#include <algorithm>

namespace docker {

QList<FrameReader::Frame> FrameReader::feed(QByteArrayView bytes)
{
    constexpr qsizetype headerSize = 8;
    QList<Frame> frames;
    while (!bytes.isEmpty()) {
        if (m_left > 0) {
            const qsizetype size = std::min<qsizetype>(m_left, bytes.size());
            // Neighbouring pieces of one output go out as one: a burst of small frames costs one signal.
            if (!frames.isEmpty() && frames.last().from == m_from)
                frames.last().bytes += bytes.first(size);
            else
                frames.append({m_from, bytes.first(size).toByteArray()});
            bytes = bytes.sliced(size);
            m_left -= quint32(size);
            continue;
        }
        const qsizetype missing = std::min(headerSize - m_header.size(), bytes.size());
        m_header += bytes.first(missing);
        bytes = bytes.sliced(missing);
        if (m_header.size() == headerSize) {
            // 0 is stdin's echo, 1 stdout, 2 stderr, 3 an error of the daemon itself (newer daemons).
            m_from = m_header[0] >= 2 ? Output::Stderr : Output::Stdout;
            m_left = qFromBigEndian<quint32>(m_header.constData() + 4);
            m_header.clear();
        }
    }
    return frames;
}

} // namespace docker
