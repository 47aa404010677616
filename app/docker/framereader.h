#pragma once

#include <QByteArray>
#include <QList>

namespace docker {

/** Which of a container's outputs a piece of log came from; Terminal is the merged one of a container with a TTY. */
enum class Output : quint8 { Terminal, Stdout, Stderr };

/**
 * Takes apart the multiplexed output of a container without a TTY: frames of 8 bytes [stream, 0, 0, 0, length big
 * endian] and payload, cut anywhere (Docker API, ContainerAttach). A payload is handed out as it comes, not collected.
 */
class FrameReader
{
public:
    struct Frame
    {
        Output from = Output::Stdout;
        QByteArray bytes; ///< a piece of a payload
    };

    QList<Frame> feed(QByteArrayView bytes);

private:
    QByteArray m_header; ///< of the next frame, while shorter than 8 bytes
    Output m_from = Output::Stdout;
    quint32 m_left = 0; ///< payload bytes of the current frame still to come
};

} // namespace docker
