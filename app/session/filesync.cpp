#include "session/filesync.h"

#include "session/protobuf.h"

#include <QUrl>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <tuple>
#include <unistd.h>

namespace session {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype pieceSize = 64 * 1024;

/** fsutil's Packet. */
enum PacketType : quint64 { Stat = 0, Request = 1, Data = 2, Finished = 3, Failed = 4 };
enum PacketField : quint32 { TypeField = 1, StatField = 2, IdField = 3, DataField = 4 };
/** fsutil's Stat; owner and group (3, 4) stay 0. */
enum StatFields : quint32 { Path = 1, Mode = 2, Size = 5, Modified = 6, LinkName = 7 };

/** Go's os.FileMode. */
quint32 goMode(mode_t mode)
{
    quint32 made = mode & 0777;
    const auto set = [&](mode_t bit, int shift) { made |= mode & bit ? 1U << shift : 0U; };
    set(S_ISUID, 23);
    set(S_ISGID, 22);
    set(S_ISVTX, 20);
    if (S_ISDIR(mode))
        made |= 1U << 31;
    else if (S_ISLNK(mode))
        made |= 1U << 27;
    return made;
}

/** Unset: it is gone, or no link any more. */
std::optional<QByteArray> linkTarget(const QByteArray &path)
{
    QByteArray target(PATH_MAX, Qt::Uninitialized);
    const ssize_t size = ::readlink(path.constData(), target.data(), size_t(target.size()));
    if (size < 0)
        return std::nullopt;
    target.truncate(size);
    return target;
}

} // namespace

FileRequest fileRequest(const Metadata &metadata)
{
    const auto values = [&metadata](const QByteArray &name) {
        const bool encoded = metadata.contains(QPair<QByteArray, QByteArray>(name + "-encoded", "1"));
        QStringList found;
        for (const auto &[key, value] : metadata) {
            if (key == name) // as Go's url.QueryEscape writes it
                found += QString::fromUtf8(
                    encoded ? QByteArray::fromPercentEncoding(QByteArray(value).replace('+', ' ')) : value);
        }
        return found;
    };
    FileRequest request;
    request.folder = values("dir-name").value(0).toUtf8();
    request.includes = values("include-patterns");
    request.excludes = values("exclude-patterns");
    request.follows = values("followpaths");
    return request;
}

/** The file whose bytes are being sent. */
struct FileSync::OpenFile
{
    ~OpenFile()
    {
        if (descriptor >= 0)
            ::close(descriptor);
    }

    quint32 id = 0;
    QByteArray path;
    int descriptor = -1; ///< −1: it is gone
    struct stat status = {};
    qint64 sent = 0;
};

FileSync::FileSync(
    std::unique_ptr<FileSource> source, std::shared_ptr<std::atomic<qint64>> sent, std::shared_ptr<FileRemarks> remarks)
    : m_source(std::move(source))
    , m_sent(std::move(sent))
    , m_remarks(std::move(remarks))
    , m_root(m_source->root())
{
}

FileSync::~FileSync() = default;

void FileSync::take(const QByteArray &message)
{
    quint64 type = Stat;
    quint32 id = 0;
    const bool understood = eachField(message, [&](const Field &field) {
        if (field.number == TypeField)
            type = field.value;
        else if (field.number == IdField)
            id = quint32(field.value);
    });
    if (!understood || type == Failed) {
        m_ended = true; // of what went wrong there, the build tells
    } else if (type == Request && m_files.contains(id)) {
        m_wanted.enqueue({id, m_files.take(id)});
    } else if (type == Request) {
        m_ended = true;
        m_status = {GrpcCode::InvalidArgument, "no such file was offered: " + QByteArray::number(id)};
    } else if (type == Finished) {
        m_finishing = true;
    }
}

GrpcCall::Next FileSync::next(QByteArray &message)
{
    if (m_ended)
        return Next::End;
    if (m_finishing) {
        m_ended = true;
        message = MessageWriter().number(TypeField, Finished).wire();
        return Next::Message;
    }
    for (;;) {
        const bool mayOffer = m_source != nullptr;
        const bool maySend = m_file || !m_wanted.isEmpty();
        if (!mayOffer && !maySend)
            return Next::Nothing;
        m_offerTurn = mayOffer && (!maySend || !m_offerTurn);
        if (m_offerTurn ? offer(message) : sendPiece(message))
            return Next::Message;
        if (m_offerTurn && m_source->pauses() && !maySend)
            return Next::Later;
    }
}

/** The next entry, or the mark that there are no more. False: this one is passed over, or none was found yet. */
bool FileSync::offer(QByteArray &message)
{
    const auto entry = m_source->next();
    if (!entry) {
        fail(entry.error(), message);
        return true;
    }
    if (!*entry && m_source->pauses())
        return false;
    if (!*entry) {
        m_source.reset();
        m_links.clear();
        message.clear(); // a Packet that is a Stat, without one
        return true;
    }
    const FileEntry &file = **entry;
    const mode_t mode = file.status.st_mode;
    if (!S_ISREG(mode) && !S_ISDIR(mode) && !S_ISLNK(mode))
        return false;
    QByteArray link;
    if (S_ISLNK(mode)) {
        const auto target = linkTarget(m_root + file.path);
        if (!target)
            return false;
        link = *target;
    } else if (S_ISREG(mode) && file.status.st_nlink > 1) {
        QByteArray &first = m_links[{quint64(file.status.st_dev), quint64(file.status.st_ino)}];
        link = first; // of several names only the first is a file
        if (first.isEmpty())
            first = file.path;
    }
    const qint64 modified = file.status.st_mtim.tv_sec * 1'000'000'000LL + file.status.st_mtim.tv_nsec;
    MessageWriter stat;
    stat.bytes(Path, file.path).number(Mode, goMode(mode));
    if (!S_ISDIR(mode) && (S_ISLNK(mode) || link.isEmpty()))
        stat.number(Size, quint64(file.status.st_size));
    stat.number(Modified, quint64(modified)).bytes(LinkName, link);
    message = MessageWriter().message(StatField, stat).wire();
    if (S_ISREG(mode))
        m_files.insert(m_nextId, file.path);
    ++m_nextId;
    return true;
}

/** Of the file that is asked for; an empty piece is its end. */
bool FileSync::sendPiece(QByteArray &message)
{
    const auto failed = [&](int fault) {
        const QString words = QString::fromLocal8Bit(std::strerror(fault));
        fail({core::ErrorKind::Denied, 0, u"%1: %2"_s.arg(QString::fromLocal8Bit(m_file->path), words), {}}, message);
        return true;
    };
    if (!m_file) {
        if (const int fault = open())
            return failed(fault);
    }
    QByteArray piece;
    if (m_file->descriptor >= 0) {
        piece.resize(pieceSize);
        ssize_t size = 0;
        do
            size = ::read(m_file->descriptor, piece.data(), size_t(piece.size()));
        while (size < 0 && errno == EINTR);
        if (size < 0)
            return failed(errno);
        piece.truncate(size);
        m_file->sent += size;
        *m_sent += size;
    }
    message = MessageWriter().number(TypeField, Data).number(IdField, m_file->id).bytes(DataField, piece).wire();
    if (piece.isEmpty())
        closeFile();
    return true;
}

void FileSync::closeFile()
{
    struct stat after = {};
    if (m_file->descriptor >= 0 && ::fstat(m_file->descriptor, &after) == 0) {
        const struct stat &before = m_file->status;
        if (after.st_size != m_file->sent || after.st_mtim.tv_sec != before.st_mtim.tv_sec
            || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec)
            remark(false, m_file->path);
    }
    m_file.reset();
}

/** errno of what cannot be helped, or 0. */
int FileSync::open()
{
    m_file = std::make_unique<OpenFile>();
    std::tie(m_file->id, m_file->path) = m_wanted.dequeue();
    // Never a link that has come into its place, nor a pipe that nobody writes to.
    m_file->descriptor
        = ::open(QByteArray(m_root + m_file->path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (m_file->descriptor >= 0 && ::fstat(m_file->descriptor, &m_file->status) == 0)
        return 0;
    const int fault = errno;
    if (fault != ENOENT && fault != ENOTDIR && fault != ELOOP && fault != ENXIO)
        return fault;
    remark(true, m_file->path);
    return 0;
}

void FileSync::remark(bool vanished, const QByteArray &path)
{
    if (m_remarks->count++ == 0) {
        m_remarks->first = path;
        m_remarks->firstVanished = vanished;
    }
}

void FileSync::fail(const core::Error &error, QByteArray &message)
{
    m_ended = true;
    m_status = {GrpcCode::Unknown, error.message.toUtf8()};
    message = MessageWriter().number(TypeField, Failed).bytes(DataField, error.message.toUtf8()).wire();
}

} // namespace session
