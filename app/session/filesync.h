#pragma once

#include "core/result.h"
#include "session/grpcserver.h"

#include <QByteArray>
#include <QHash>
#include <QQueue>
#include <QStringList>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <sys/stat.h>

namespace session {

/** Which files the builder asks for. Patterns are those of a .dockerignore. */
struct FileRequest
{
    QByteArray folder; ///< "context", "dockerfile"
    QStringList includes; ///< only these and what is below them; empty: all
    QStringList excludes;
    QStringList follows; ///< as includes, and what links there lead to
};

/** What a call's metadata ask for. Source: buildkit's session/filesync. */
FileRequest fileRequest(const Metadata &metadata);

/** A file, folder or link that is offered. */
struct FileEntry
{
    QByteArray path; ///< below the folder, the system's bytes
    struct stat status = {};
};

/** The files of one request, folders before what is in them, by names. Owned by its FileSync. */
class FileSource
{
public:
    virtual ~FileSource() = default;
    /** Unset at the end, and where it pauses(): the search takes long, so that others have their turn. Blocks on the
     * disk, for moments. */
    virtual core::Result<std::optional<FileEntry>> next() = 0;
    virtual bool pauses() const { return false; }
    /** The folder itself, with its '/'. */
    virtual QByteArray root() const = 0;
};

/** Files that were removed or changed while they were sent. Shared by the calls of a build. */
struct FileRemarks
{
    qint64 count = 0;
    QByteArray first; ///< path
    bool firstVanished = false;
};

/**
 * One DiffCopy of BuildKit's FileSync: offers the files of a folder, sends the bytes of those that the builder does not
 * have from an earlier build, one piece at a time. Owners and groups are root's, as Docker's client has it. What is no
 * file, folder or link is not offered; extended attributes are not sent, as in an archive of ours. Source:
 * tonistiigi/fsutil (send.go, its .proto files).
 */
class FileSync : public GrpcCall
{
public:
    /** sent: bytes of files, added up. */
    FileSync(std::unique_ptr<FileSource> source, std::shared_ptr<std::atomic<qint64>> sent,
        std::shared_ptr<FileRemarks> remarks);
    ~FileSync() override;

    void take(const QByteArray &message) override;
    Next next(QByteArray &message) override;
    GrpcStatus status() const override { return m_status; }

private:
    struct OpenFile;

    bool offer(QByteArray &message);
    bool sendPiece(QByteArray &message);
    int open();
    void closeFile();
    void remark(bool vanished, const QByteArray &path);
    void fail(const core::Error &error, QByteArray &message);

    std::unique_ptr<FileSource> m_source; ///< none: all is offered
    std::shared_ptr<std::atomic<qint64>> m_sent;
    std::shared_ptr<FileRemarks> m_remarks;
    QByteArray m_root;
    quint32 m_nextId = 0; ///< of the entries, in order
    QHash<quint32, QByteArray> m_files; ///< by id: offered and not asked for
    QHash<QPair<quint64, quint64>, QByteArray> m_links; ///< by device and inode: the first of a file's names
    QQueue<QPair<quint32, QByteArray>> m_wanted; ///< by id: asked for, and not sent
    std::unique_ptr<OpenFile> m_file;
    bool m_offerTurn = true; ///< offers and pieces take turns: the builder waits for both
    bool m_finishing = false; ///< the builder has all
    bool m_ended = false;
    GrpcStatus m_status;
};

} // namespace session
