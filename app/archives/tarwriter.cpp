#include "archives/tarwriter.h"

#include <archive.h>
#include <archive_entry.h>

namespace archives {

TarWriter::TarWriter(qint64 modified)
    : m_archive(archive_write_new())
    , m_modified(modified)
{
    check(archive_write_set_format_ustar(m_archive));
    check(archive_write_add_filter_none(m_archive));
    const auto append = [](archive *, void *bytes, const void *data, size_t size) -> la_ssize_t {
        static_cast<QByteArray *>(bytes)->append(static_cast<const char *>(data), qsizetype(size));
        return la_ssize_t(size);
    };
    check(archive_write_open(m_archive, &m_bytes, nullptr, append, nullptr));
}

TarWriter::~TarWriter() { archive_write_free(m_archive); }

void TarWriter::check(int status)
{
    if (status != ARCHIVE_OK && m_fault.isEmpty())
        m_fault = QString::fromLocal8Bit(archive_error_string(m_archive));
}

void TarWriter::add(const QByteArray &path, int type, int mode, const QByteArray &content)
{
    archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, path.constData());
    archive_entry_set_filetype(entry, unsigned(type));
    archive_entry_set_perm(entry, mode_t(mode));
    archive_entry_set_mtime(entry, time_t(m_modified), 0);
    archive_entry_set_size(entry, content.size());
    check(archive_write_header(m_archive, entry));
    if (!content.isEmpty()
        && archive_write_data(m_archive, content.constData(), size_t(content.size())) != content.size())
        check(ARCHIVE_FATAL);
    archive_entry_free(entry);
}

void TarWriter::addFolder(const char *path, int mode) { add(path, AE_IFDIR, mode, {}); }

void TarWriter::addFile(const QByteArray &path, int mode, const QByteArray &content)
{
    add(path, AE_IFREG, mode, content);
}

core::Result<QByteArray> TarWriter::finish()
{
    check(archive_write_close(m_archive));
    if (!m_fault.isEmpty())
        return core::Error{core::ErrorKind::Protocol, 0, m_fault, QStringLiteral("writing a tar archive")};
    return m_bytes;
}

} // namespace archives
