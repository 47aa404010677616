#pragma once

#include "core/result.h"
#include "docker/apiversion.h"
#include "docker/framereader.h"
#include "docker/types.h"

#include <QObject>
#include <QPointer>
#include <optional>

namespace http {
class ByteStream;
struct ResponseHead;
} // namespace http

namespace docker {

/** Base of the Engine's streams: closed() exactly once, stop() to end early. Owned by whoever opened it. */
class Stream : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    ~Stream() override;

    /** closed(Aborted) follows, never inside this call. Also stops a stream that still waits for its version. */
    void stop();

Q_SIGNALS:
    /** The daemon accepted it: from here on nothing is missed. */
    void opened();
    /** Success: the stream is complete. Unreachable: the connection was lost in mid-stream. */
    void closed(const core::Result<void> &result);

protected:
    virtual void take(const QByteArray &bytes) = 0;
    /** version: the one that was spoken. */
    virtual void takeHead(const http::ResponseHead &, ApiVersion /*version*/) { }
    /** What the end means where the stream's last words say it. */
    virtual core::Result<void> verdict(const core::Result<void> &end) { return end; }

    QPointer<http::ByteStream> m_bytes; ///< child; none while the version is being asked

private:
    friend class Engine;
    void attachTo(http::ByteStream *bytes, ApiVersion version);
    void close(const core::Result<void> &result);

    bool m_closed = false;
};

/** A container's output: of logs (history, then live when followed) or attach (live only). */
class OutputStream : public Stream
{
    Q_OBJECT
public:
    /**
     * tty: the container has a terminal, so the bytes are raw; else they come in frames. From API 1.42 the daemon says
     * which, and that counts.
     */
    OutputStream(bool tty, QObject *parent);
    /** Bytes to the container's standard input (attach with stdin). */
    void write(const QByteArray &bytes);

Q_SIGNALS:
    /** A piece of one output as it came: cut anywhere, not decoded. */
    void output(docker::Output from, const QByteArray &bytes);

protected:
    void take(const QByteArray &bytes) override;
    void takeHead(const http::ResponseHead &head, ApiVersion version) override;

private:
    bool m_tty;
    FrameReader m_frames;
};

/** GET /events. */
class EventStream : public Stream
{
    Q_OBJECT
public:
    using Stream::Stream;

Q_SIGNALS:
    void event(const docker::Event &event);

protected:
    void take(const QByteArray &bytes) override;

private:
    QByteArray m_line;
};

/**
 * What the daemon tells of long work, one JSON object a line. It has answered with success by then, so a refusal is the
 * Error that a line stands for; closed() has it. Base of the streams of pulls, loads and builds.
 */
class ReportStream : public Stream
{
    Q_OBJECT
public:
    using Stream::Stream;

protected:
    void take(const QByteArray &bytes) override;
    core::Result<void> verdict(const core::Result<void> &end) override;
    /** Says the line to whoever listens, after which this may be gone; or the Error it stands for. */
    virtual core::Result<void> tell(const QByteArray &line) = 0;

private:
    void takeLine(const QByteArray &line);

    QByteArray m_line;
    std::optional<core::Error> m_failure;
};

/**
 * POST /images/create: pulls an image. A registry may be silent for long, so nothing here times out. stop() ends the
 * pull; whether the daemon keeps layers that are complete is up to its store (20.10 drops them).
 */
class PullStream : public ReportStream
{
    Q_OBJECT
public:
    using ReportStream::ReportStream;

Q_SIGNALS:
    void step(const docker::PullStep &step);

protected:
    core::Result<void> tell(const QByteArray &line) override;
};

/** POST /containers/{id}/wait: opened() once the daemon watches, one object at the end. */
class WaitStream : public Stream
{
    Q_OBJECT
public:
    using Stream::Stream;

    const QByteArray &body() const { return m_body; }

protected:
    void take(const QByteArray &bytes) override { m_body += bytes; }

private:
    QByteArray m_body;
};

/** GET /containers/{id}/stats: one sample a second. */
class StatsStream : public Stream
{
    Q_OBJECT
public:
    using Stream::Stream;

Q_SIGNALS:
    void sample(const docker::Stats &stats);

protected:
    void take(const QByteArray &bytes) override;

private:
    QByteArray m_line;
};

} // namespace docker
