#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <functional>
#include <memory>
#include <optional>

struct archive;
struct stat;

namespace archives {

/** What is to be packed next: something below the root, or (with content) a file that lies nowhere. Paths are the
 * system's bytes, without a leading slash. */
struct PackEntry
{
    QByteArray path; ///< in the archive
    QByteArray source{}; ///< where it lies; empty: below the root, by its path
    std::optional<QByteArray> content{};
};

/** What an archive has otherwise than its owner may think. */
struct PackRemark
{
    enum class Kind {
        NotAFile, ///< a socket, pipe or device: left out
        Vanished, ///< between being listed and being read: left out
        Shrank, ///< while being read: filled up with zeros
        Grew, ///< while being read: cut
    };
    Kind kind;
    QByteArray path;

    bool operator==(const PackRemark &) const = default;
};

/**
 * A tar archive of a folder, made piece by piece with libarchive: one piece in memory, however large the files. Links
 * stay links, hard ones too; names stay bytes (GNU format); owner and group are 0, as Docker's client has them. What
 * cannot be read is an error, whatever changes meanwhile is a remark: the archive stays whole. Blocks on the disk.
 */
class FolderTar
{
public:
    /** Unset at the end. */
    using Source = std::function<core::Result<std::optional<PackEntry>>()>;

    FolderTar(const QByteArray &root, Source source);
    ~FolderTar();
    Q_DISABLE_COPY_MOVE(FolderTar)

    /** The next piece, some 256 KiB; empty at the end. */
    core::Result<QByteArray> next();

    /** Bytes of files packed so far. */
    qint64 packed() const { return m_packed; }
    /** The first few. */
    const QList<PackRemark> &remarks() const { return m_remarks; }
    qint64 remarkCount() const { return m_remarkCount; }

private:
    core::Result<void> packMore();
    core::Result<void> packEntry(const PackEntry &entry);
    core::Result<void> packContent(const PackEntry &entry);
    core::Result<void> packFolder(const PackEntry &entry, const struct stat &status);
    core::Result<void> packLink(const PackEntry &entry, const QByteArray &source, const struct stat &status);
    core::Result<void> packFile(const PackEntry &entry, const QByteArray &source);
    core::Result<void> packPiece();
    core::Result<void> header(const PackEntry &entry, const struct stat &status, const QByteArray &target);
    core::Result<void> written(bool ok);
    bool isSecondName(const PackEntry &entry, const struct stat &status, QByteArray *first);
    void endFile();
    void remark(PackRemark::Kind kind, const QByteArray &path);

    archive *m_archive;
    QByteArray m_root;
    Source m_source;
    QByteArray m_out;
    QByteArray m_buffer;
    QByteArray m_path; ///< of the file being packed
    QByteArray m_shrunkPath; ///< the last one that did
    int m_file = -1;
    qint64 m_left = 0; ///< of what its header promises
    bool m_closed = false;
    bool m_ending = false;
    qint64 m_packed = 0;
    QHash<std::pair<quint64, quint64>, QByteArray> m_firstNames; ///< of files with several names, by device and inode
    QList<PackRemark> m_remarks;
    qint64 m_remarkCount = 0;
};

} // namespace archives
