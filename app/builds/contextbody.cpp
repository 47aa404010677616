#include "builds/contextbody.h"

#include "contexts/contextscan.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maxDockerfile = 4 * 1024 * 1024;
/** Always the same, for the builder's cache looks at names. */
constexpr auto outsideName = ".dockerfile.slipway";

core::Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return core::Error{core::ErrorKind::NotFound, 0, u"%1: %2"_s.arg(path, file.errorString()), {}};
    return file.read(maxDockerfile);
}

QString tr(const char *text) { return QCoreApplication::translate("builds::ContextBody", text); }

} // namespace

core::Result<ContextPlan> ContextPlan::make(const BuildRequest &request, docker::Builder builder)
{
    ContextPlan plan;
    plan.root = QFile::encodeName(request.context);
    const auto rules = contexts::rulesFor(request.context, request.dockerfilePath());
    if (!rules)
        return rules.error();
    plan.rules = *rules;
    if (builder == docker::Builder::Classic)
        plan.rules.enterByPrefixOnly();
    plan.dockerfile = request.dockerfileInContext();
    const QString ignoreFile = request.context + u"/.dockerignore"_s;
    const bool hasIgnoreFile = QFile::exists(ignoreFile);
    if (builder == docker::Builder::Classic && hasIgnoreFile)
        plan.rules.keep(u".dockerignore"_s);
    if (!plan.dockerfile.isEmpty()) {
        plan.rules.keep(plan.dockerfile);
        return plan;
    }
    plan.dockerfile = QString::fromLatin1(outsideName);
    const auto dockerfile = contentOf(request.dockerfilePath());
    if (!dockerfile)
        return dockerfile.error();
    plan.extra.append({outsideName, {}, *dockerfile});
    if (builder == docker::Builder::Classic) {
        QByteArray ignored = hasIgnoreFile ? contentOf(ignoreFile).ok() ? *contentOf(ignoreFile) : QByteArray()
                                           : QByteArray(".dockerignore\n");
        plan.extra.append({".dockerignore", {}, contexts::withIgnoreLine(ignored, QString::fromLatin1(outsideName))});
    }
    return plan;
}

QString sendingRemark(bool removed, const QByteArray &path, bool others)
{
    const QString what = removed
        ? tr("“%1” was removed while it was being sent: the image may lack it.")
        : tr("“%1” changed while it was being sent: the image may have a mixture of old and new.");
    const QString sentence = what.arg(QString::fromLocal8Bit(path));
    return others ? sentence + u' ' + tr("Other files changed too.") : sentence;
}

ContextBody::ContextBody(const ContextPlan &plan, std::shared_ptr<std::atomic<qint64>> sent)
    : m_extra(plan.extra)
    , m_walk(plan.root, plan.rules)
    , m_tar(plan.root, [this] { return nextEntry(); })
    , m_sent(std::move(sent))
{
}

core::Result<std::optional<archives::PackEntry>> ContextBody::nextEntry()
{
    if (!m_extra.isEmpty())
        return std::optional(m_extra.takeFirst());
    const auto entry = m_walk.next();
    if (!entry)
        return entry.error();
    if (const auto fault = m_walk.fault())
        return *fault;
    if (!*entry)
        return std::optional<archives::PackEntry>();
    return std::optional(archives::PackEntry{(*entry)->path});
}

core::Result<QByteArray> ContextBody::next()
{
    auto piece = m_tar.next();
    *m_sent = m_tar.packed();
    return piece;
}

QString ContextBody::remark() const
{
    using Kind = archives::PackRemark::Kind;
    qint64 others = m_tar.remarkCount();
    for (const archives::PackRemark &remark : m_tar.remarks()) {
        --others;
        if (remark.kind == Kind::NotAFile)
            continue;
        return sendingRemark(remark.kind == Kind::Vanished, remark.path, others > 0);
    }
    return {};
}

} // namespace builds
