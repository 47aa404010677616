#include "archives/foldertar.h"

#include <QFile>
#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace archives {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype pieceSize = 256 * 1024;
constexpr qsizetype keptRemarks = 20;

core::Error cannotRead(const QByteArray &path, int number)
{
    return {number == EACCES || number == EPERM ? core::ErrorKind::Denied : core::ErrorKind::Protocol, 0,
        u"%1: %2"_s.arg(QString::fromLocal8Bit(path), QString::fromLocal8Bit(std::strerror(number))), {}};
}

} // namespace

FolderTar::FolderTar(const QByteArray &root, Source source)
    : m_archive(archive_write_new())
    , m_root(root.endsWith('/') ? root : root + '/')
    , m_source(std::move(source))
    , m_buffer(pieceSize, Qt::Uninitialized)
{
    // GNU: names of any length as bytes; ustar ends at 255, and pax wants names it can call UTF-8.
    archive_write_set_format_gnutar(m_archive);
    archive_write_add_filter_none(m_archive);
    archive_write_set_bytes_per_block(m_archive, 0);
    archive_write_set_bytes_in_last_block(m_archive, 1);
    const auto append = [](archive *, void *self, const void *data, size_t size) -> la_ssize_t {
        auto *tar = static_cast<FolderTar *>(self);
        if (tar->m_ending) // an archive nobody wants any more is not filled up
            return -1;
        tar->m_out.append(static_cast<const char *>(data), qsizetype(size));
        return la_ssize_t(size);
    };
    archive_write_open(m_archive, this, nullptr, append, nullptr);
}

FolderTar::~FolderTar()
{
    endFile();
    m_ending = true;
    archive_write_free(m_archive);
}

core::Result<QByteArray> FolderTar::next()
{
    m_out.clear();
    m_out.reserve(pieceSize + pieceSize / 4);
    while (!m_closed && m_out.size() < pieceSize) {
        if (const auto more = packMore(); !more)
            return more.error();
    }
    return std::exchange(m_out, {});
}

core::Result<void> FolderTar::packMore()
{
    if (m_file >= 0)
        return packPiece();
    const auto entry = m_source();
    if (!entry)
        return entry.error();
    if (*entry)
        return packEntry(**entry);
    m_closed = true;
    return written(archive_write_close(m_archive) == ARCHIVE_OK);
}

core::Result<void> FolderTar::packEntry(const PackEntry &entry)
{
    if (entry.content)
        return packContent(entry);
    const QByteArray source = entry.source.isEmpty() ? m_root + entry.path : entry.source;
    struct stat status = {};
    if (::lstat(source.constData(), &status) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return cannotRead(source, errno);
        remark(PackRemark::Kind::Vanished, entry.path);
        return {};
    }
    if (S_ISDIR(status.st_mode))
        return packFolder(entry, status);
    if (S_ISLNK(status.st_mode))
        return packLink(entry, source, status);
    if (S_ISREG(status.st_mode))
        return packFile(entry, source);
    remark(PackRemark::Kind::NotAFile, entry.path);
    return {};
}

core::Result<void> FolderTar::written(bool ok)
{
    if (ok)
        return {};
    return core::Error{core::ErrorKind::Protocol, 0, QString::fromLocal8Bit(archive_error_string(m_archive)), {}};
}

core::Result<void> FolderTar::header(const PackEntry &entry, const struct stat &status, const QByteArray &target)
{
    archive_entry *made = archive_entry_new();
    archive_entry_set_pathname(made, entry.path.constData());
    archive_entry_set_filetype(made, status.st_mode & S_IFMT);
    archive_entry_set_perm(made, status.st_mode & 07777);
    archive_entry_set_mtime(made, status.st_mtime, 0);
    archive_entry_set_size(made, S_ISREG(status.st_mode) && target.isEmpty() ? status.st_size : 0);
    if (S_ISLNK(status.st_mode))
        archive_entry_set_symlink(made, target.constData());
    else if (!target.isEmpty())
        archive_entry_set_hardlink(made, target.constData());
    const bool ok = archive_write_header(m_archive, made) == ARCHIVE_OK;
    archive_entry_free(made);
    return written(ok);
}

core::Result<void> FolderTar::packContent(const PackEntry &entry)
{
    struct stat status = {};
    status.st_mode = S_IFREG | 0644;
    status.st_size = entry.content->size();
    if (const auto begun = header(entry, status, {}); !begun)
        return begun;
    m_packed += entry.content->size();
    return written(entry.content->isEmpty()
        || archive_write_data(m_archive, entry.content->constData(), size_t(entry.content->size()))
            == entry.content->size());
}

core::Result<void> FolderTar::packFolder(const PackEntry &entry, const struct stat &status)
{
    return header(entry, status, {});
}

core::Result<void> FolderTar::packLink(const PackEntry &entry, const QByteArray &source, const struct stat &status)
{
    QByteArray target(4096, Qt::Uninitialized); // PATH_MAX: no link is longer
    const ssize_t size = ::readlink(source.constData(), target.data(), size_t(target.size()));
    if (size < 0 && (errno == ENOENT || errno == EINVAL)) { // gone, or no link any more
        remark(PackRemark::Kind::Vanished, entry.path);
        return {};
    }
    if (size < 0)
        return cannotRead(source, errno);
    target.truncate(size);
    return header(entry, status, target);
}

core::Result<void> FolderTar::packFile(const PackEntry &entry, const QByteArray &source)
{
    // Not blocking: in between it may have become a pipe.
    m_file = ::open(source.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (m_file < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENXIO)) {
        remark(PackRemark::Kind::Vanished, entry.path);
        return {};
    }
    struct stat status = {};
    if (m_file < 0 || ::fstat(m_file, &status) != 0) {
        const int number = errno;
        endFile();
        return cannotRead(source, number);
    }
    QByteArray first;
    if (!S_ISREG(status.st_mode) || isSecondName(entry, status, &first)) {
        endFile();
        if (!first.isEmpty())
            return header(entry, status, first);
        remark(PackRemark::Kind::NotAFile, entry.path);
        return {};
    }
    ::posix_fadvise(m_file, 0, 0, POSIX_FADV_SEQUENTIAL);
    m_path = entry.path;
    m_left = status.st_size;
    return header(entry, status, {});
}

/** The second name of a file is a hard link to the first, which was packed with its content. */
bool FolderTar::isSecondName(const PackEntry &entry, const struct stat &status, QByteArray *first)
{
    if (status.st_nlink < 2)
        return false;
    const std::pair<quint64, quint64> key{status.st_dev, status.st_ino};
    const auto known = m_firstNames.constFind(key);
    if (known == m_firstNames.constEnd()) {
        m_firstNames.insert(key, entry.path);
        return false;
    }
    *first = *known;
    return true;
}

core::Result<void> FolderTar::packPiece()
{
    if (m_left > 0) {
        const auto wanted = size_t(qMin<qint64>(m_left, m_buffer.size()));
        ssize_t size = 0;
        do {
            size = ::read(m_file, m_buffer.data(), wanted);
        } while (size < 0 && errno == EINTR);
        if (size < 0)
            return cannotRead(m_path, errno);
        if (size == 0) { // it shrank: zeros up to what its header promises
            if (m_shrunkPath != m_path)
                remark(PackRemark::Kind::Shrank, m_path);
            m_shrunkPath = m_path;
            size = ssize_t(wanted);
            std::memset(m_buffer.data(), 0, wanted);
        }
        m_left -= size;
        m_packed += size;
        if (archive_write_data(m_archive, m_buffer.constData(), size_t(size)) != size)
            return written(false);
    }
    if (m_left == 0) {
        struct stat status = {};
        if (::fstat(m_file, &status) == 0 && status.st_size > ::lseek(m_file, 0, SEEK_CUR))
            remark(PackRemark::Kind::Grew, m_path);
        endFile();
    }
    return {};
}

void FolderTar::endFile()
{
    if (m_file >= 0)
        ::close(m_file);
    m_file = -1;
    m_left = 0;
}

void FolderTar::remark(PackRemark::Kind kind, const QByteArray &path)
{
    ++m_remarkCount;
    if (m_remarks.size() < keptRemarks)
        m_remarks.append({kind, path});
}

} // namespace archives
