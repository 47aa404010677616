#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

struct archive;

namespace archives {

/** Makes one tar archive in memory with libarchive. The first failure is kept and reported by finish(). */
class TarWriter
{
public:
    /** modified: Unix seconds, of every entry. */
    explicit TarWriter(qint64 modified);
    ~TarWriter();
    Q_DISABLE_COPY_MOVE(TarWriter)

    void addFolder(const char *path, int mode);
    void addFile(const QByteArray &path, int mode, const QByteArray &content);
    core::Result<QByteArray> finish();

private:
    void add(const QByteArray &path, int type, int mode, const QByteArray &content);
    void check(int status);

    archive *m_archive;
    qint64 m_modified;
    QByteArray m_bytes;
    QString m_fault;
};

} // namespace archives
