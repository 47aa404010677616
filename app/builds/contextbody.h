#pragma once

#include "archives/foldertar.h"
#include "builds/buildrequest.h"
#include "contexts/contextwalk.h"
#include "http/bodysource.h"

#include <atomic>
#include <memory>

namespace builds {

/** How a context is to be sent. */
struct ContextPlan
{
    QByteArray root;
    contexts::IgnoreFile rules;
    QString dockerfile; ///< its path in the archive
    QList<archives::PackEntry> extra; ///< what is sent besides, first

    /**
     * Sends the Dockerfile whatever .dockerignore says, also from outside the context; the classic builder reads
     * .dockerignore itself and hides both from COPY again. BuildKit without a session has no such way: there, a
     * Dockerfile from outside is seen by `COPY .` as .dockerfile.slipway. Blocks on the disk.
     */
    static core::Result<ContextPlan> make(const BuildRequest &request, docker::Builder builder);
};

/** One sentence on files that were removed or changed while they were sent: the first, and whether there are others. */
QString sendingRemark(bool removed, const QByteArray &path, bool others);

/** A context as the body of a request. Owned by the request; sent has the bytes of files read so far. */
class ContextBody : public http::BodySource
{
public:
    ContextBody(const ContextPlan &plan, std::shared_ptr<std::atomic<qint64>> sent);

    core::Result<QByteArray> next() override;

    /** What changed while it was read, in one sentence; empty when nothing did. Sockets and the like were told before.
     */
    QString remark() const;

private:
    core::Result<std::optional<archives::PackEntry>> nextEntry();

    QList<archives::PackEntry> m_extra;
    contexts::ContextWalk m_walk;
    archives::FolderTar m_tar;
    std::shared_ptr<std::atomic<qint64>> m_sent;
};

} // namespace builds
