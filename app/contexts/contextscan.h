#pragma once

#include "contexts/ignorefile.h"
#include "core/result.h"

#include <QObject>
#include <atomic>
#include <functional>
#include <memory>

namespace contexts {

/** A part of a context by its size. */
struct ContextPart
{
    QString path; ///< as a .dockerignore calls it
    qint64 bytes = 0;
    qint64 files = 0;
    bool folder = false;

    bool operator==(const ContextPart &) const = default;
};

/** What a context is made of. */
struct ContextSummary
{
    qint64 files = 0;
    qint64 folders = 0;
    qint64 links = 0;
    qint64 bytes = 0; ///< of files, as sent
    QList<ContextPart> biggest; ///< at most 8, by size
    qint64 unreadable = 0; ///< the build cannot go on with these
    QString firstUnreadable;
    qint64 special = 0; ///< sockets, pipes, devices: left out
    QString firstSpecial;
    bool ignoreFile = false; ///< there is one

    bool operator==(const ContextSummary &) const = default;
};

/** The rules for this build with what is always sent; and whether there is a file of them. Blocks on the disk. */
core::Result<IgnoreFile> rulesFor(const QString &context, const QString &dockerfile, bool *found = nullptr);

/** Adds up what would be sent. told: now and then, with the files and bytes so far. Blocks; ends early, with Aborted,
 * when cancelled becomes true. */
core::Result<ContextSummary> scanContext(const QString &context, const QString &dockerfile,
    const std::atomic<bool> &cancelled, const std::function<void(qint64 files, qint64 bytes)> &told = {});

/** A sentence when these stop a build: the first and the count; empty when none do. */
QString unreadableSentence(const ContextSummary &summary);

/**
 * scanContext() off the window's thread. One folder at a time: start() again takes the last one back. Owned by the
 * dialog that shows its result.
 */
class ContextScan : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /** Never waits for the disk: the thread finds out by itself. */
    ~ContextScan() override;

    void start(const QString &context, const QString &dockerfile);
    void abort();
    bool running() const { return m_run != nullptr; }

Q_SIGNALS:
    void progressed(qint64 files, qint64 bytes);
    /** Not after abort(), and not of a run that start() took back. */
    void finished(const core::Result<contexts::ContextSummary> &result);

private:
    struct Run;
    std::shared_ptr<Run> m_run;
};

} // namespace contexts
