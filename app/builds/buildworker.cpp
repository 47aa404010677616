#include "builds/buildworker.h"

#include "contexts/contextfiles.h"
#include "core/log.h"
#include "session/buildsession.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSysInfo>
#include <QTimer>
#include <QUuid>
#include <unistd.h>

namespace builds {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 maxInboxLog = 8 * 1024 * 1024;
constexpr qint64 maxDockerfile = 4 * 1024 * 1024;
constexpr std::chrono::milliseconds cancelPatience = 2s;

qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }
/** Where the builder finds the Dockerfile: where a link leads, if that is out of the folder that it is given. */
QString dockerfileToServe(const BuildRequest &request)
{
    const QFileInfo named(request.dockerfilePath());
    const QString real = named.canonicalFilePath();
    const bool inside = real.startsWith(QDir(named.path()).canonicalPath() + u'/');
    return inside || real.isEmpty() ? named.filePath() : real;
}

core::Error aborted() { return {core::ErrorKind::Aborted, 0, u"aborted"_s, {}}; }

} // namespace

// ---- StepInbox

void StepInbox::push(const QList<StepEvent> &events)
{
    if (events.isEmpty())
        return;
    bool wake = false;
    {
        const QMutexLocker lock(&m_mutex);
        wake = m_events.isEmpty();
        for (const StepEvent &event : events) {
            const bool joins = event.kind == StepEvent::Kind::Log && !m_events.isEmpty()
                && m_events.last().kind == StepEvent::Kind::Log && m_events.last().step == event.step
                && m_events.last().log.size() < maxInboxLog / 8;
            if (joins)
                m_events.last().log += event.log;
            else
                m_events.append(event);
            m_logBytes += event.log.size();
        }
        if (m_logBytes > maxInboxLog)
            cut();
    }
    if (wake)
        m_wake();
}

void StepInbox::cut()
{
    QList<StepEvent> kept;
    QHash<QString, qint64> skipped;
    for (StepEvent &event : m_events) {
        if (event.kind == StepEvent::Kind::Log && m_logBytes > maxInboxLog / 2) {
            m_logBytes -= event.log.size();
            skipped[event.step] += event.log.size() + event.skipped;
            continue;
        }
        if (event.kind == StepEvent::Kind::Log)
            event.skipped += skipped.take(event.step);
        kept.append(event);
    }
    for (auto it = skipped.begin(); it != skipped.end(); ++it) {
        StepEvent event;
        event.kind = StepEvent::Kind::Log;
        event.step = it.key();
        event.skipped = it.value();
        kept.append(event);
    }
    m_events = kept;
}

QList<StepEvent> StepInbox::take()
{
    const QMutexLocker lock(&m_mutex);
    m_logBytes = 0;
    return std::exchange(m_events, {});
}

// ---- BuildWorker

BuildWorker::BuildWorker(const http::Endpoint &endpoint, const BuildRequest &request, std::shared_ptr<StepInbox> inbox,
    std::shared_ptr<std::atomic<bool>> cancelled, std::shared_ptr<std::atomic<qint64>> sent)
    : m_endpoint(endpoint)
    , m_request(request)
    , m_inbox(std::move(inbox))
    , m_cancelled(std::move(cancelled))
    , m_sent(std::move(sent))
    , m_id(QUuid::createUuid().toString(QUuid::WithoutBraces))
{
}

BuildWorker::~BuildWorker()
{
    delete m_session; // before its engine
}

void BuildWorker::prepare()
{
    if (const auto problems = problemsOf(m_request); !problems.isEmpty())
        return finish(core::Error{core::ErrorKind::NotFound, 0, problems.first().sentence, {}});
    PreparedBuild made;
    QFile file(m_request.dockerfilePath());
    if (!file.open(QIODevice::ReadOnly))
        return finish(
            core::Error{core::ErrorKind::Denied, 0, u"%1: %2"_s.arg(file.fileName(), file.errorString()), {}});
    m_dockerfile = dockerfileToServe(m_request);
    made.dockerfile = Dockerfile::parse(file.read(maxDockerfile));
    made.bases = made.dockerfile.baseImages(m_request.target, m_request.args);
    const auto summary = contexts::scanContext(m_request.context, m_dockerfile, *m_cancelled,
        [this](qint64 files, qint64 bytes) { Q_EMIT counted(files, bytes); });
    if (!summary)
        return finish(summary.error());
    if (const QString sentence = contexts::unreadableSentence(*summary); !sentence.isEmpty())
        return finish(core::Error{core::ErrorKind::Denied, 0, sentence, {}});
    made.summary = *summary;
    Q_EMIT prepared(made);
}

void BuildWorker::build(const QList<docker::RegistryAuth> &auths, bool basesAreNew)
{
    if (m_finished || *m_cancelled)
        return finish(aborted());
    m_engine = std::make_unique<docker::Engine>(m_endpoint);
    m_auths = auths;
    m_basesAreNew = basesAreNew;
    using Via = BuildRequest::Via;
    send(m_request.via == Via::Classic ? docker::Builder::Classic : docker::Builder::BuildKit);
}

docker::BuildQuery BuildWorker::query(docker::Builder builder) const
{
    docker::BuildQuery query;
    query.builder = builder;
    query.id = m_id;
    query.tags = m_request.names;
    query.target = m_request.target;
    query.args = m_request.args;
    query.labels = m_request.labels;
    query.network = m_request.network;
    query.platform = m_request.platform;
    query.shmSize = m_request.shmSize;
    query.noCache = m_request.noCache;
    query.pull = m_request.pull && !m_basesAreNew;
    query.auths = m_auths;
    return query;
}

void BuildWorker::send(docker::Builder builder)
{
    m_builder = builder;
    *m_sent = 0;
    if (builder == docker::Builder::BuildKit)
        openSession();
    else
        sendArchive(builder);
}

/** The builder asks for what it needs: a folder that was sent before is sent in parts, and its own copy is spared. */
void BuildWorker::openSession()
{
    session::Offer offer;
    offer.name = QFileInfo(m_request.context).fileName();
    const QByteArray place = QSysInfo::machineUniqueId() + ':' + QByteArray::number(::getuid()) + ':'
        + QFile::encodeName(QFileInfo(m_request.context).canonicalFilePath());
    offer.sharedKey = QString::fromLatin1(QCryptographicHash::hash(place, QCryptographicHash::Sha256).toHex());
    offer.files = [this](const session::FileRequest &request) { return filesFor(request); };
    offer.auths = m_auths;
    m_session = new session::BuildSession(*m_engine, offer, m_sent, this);
    connect(m_session, &session::BuildSession::asked, this, [this](const QByteArray &folder, bool more) {
        if (folder == "context")
            Q_EMIT transferring(more, true);
    });
    m_session->open().then(this, [this](const core::Result<void> &opened) {
        if (m_finished || *m_cancelled)
            return finish(aborted());
        if (opened)
            return sendWithSession();
        delete std::exchange(m_session, nullptr);
        if (opened.error().httpStatus == 0)
            return finish(opened.error());
        qCInfo(core::lcDocker) << "no session for a build:" << opened.error().message;
        sendArchive(docker::Builder::BuildKit);
    });
}

core::Result<std::unique_ptr<session::FileSource>> BuildWorker::filesFor(const session::FileRequest &request) const
{
    if (request.folder == "context")
        return contexts::ContextFiles::make(QFile::encodeName(m_request.context), request);
    if (request.folder == "dockerfile") {
        session::FileRequest linksToo = request; // whichever way this builder asks
        linksToo.follows += std::exchange(linksToo.includes, {});
        return contexts::ContextFiles::make(QFile::encodeName(QFileInfo(m_dockerfile).path()), linksToo);
    }
    return core::Error{
        core::ErrorKind::NotFound, 0, u"this build has no folder “%1”"_s.arg(QString::fromUtf8(request.folder)), {}};
}

void BuildWorker::sendWithSession()
{
    docker::BuildQuery asked = query(docker::Builder::BuildKit);
    asked.session = m_session->id();
    asked.dockerfile = QFileInfo(m_dockerfile).fileName();
    follow(docker::build(*m_engine, asked, nullptr, this));
}

void BuildWorker::sendArchive(docker::Builder builder)
{
    const auto plan = ContextPlan::make(m_request, builder);
    if (!plan)
        return finish(plan.error());
    m_body = std::make_shared<ContextBody>(*plan, m_sent);
    docker::BuildQuery asked = query(builder);
    asked.dockerfile = plan->dockerfile;
    follow(docker::build(*m_engine, asked, m_body, this));
    Q_EMIT transferring(true, false);
}

void BuildWorker::follow(docker::BuildStream *stream)
{
    m_stream = stream;
    connect(m_stream, &docker::BuildStream::message, this, &BuildWorker::take);
    connect(m_stream, &docker::Stream::closed, this, &BuildWorker::streamClosed);
    Q_EMIT sending();
}

void BuildWorker::take(const docker::BuildMessage &message)
{
    using Kind = docker::BuildMessage::Kind;
    if (message.kind == Kind::Image) {
        m_image = QString::fromUtf8(message.bytes);
    } else if (message.kind == Kind::Trace) {
        m_traced = true;
        const auto events = decodeTrace(message.bytes);
        if (events)
            m_inbox->push(*events);
        else
            qCWarning(core::lcDocker) << "build not understood:" << events.error().message;
    } else if (!m_traced) { // the classic builder, also of a daemon that does not know version=2
        m_inbox->push(m_classic.take(message, now()));
    }
}

bool BuildWorker::refusesBuildKit(const core::Error &error) const
{
    return m_builder == docker::Builder::BuildKit && m_request.via == BuildRequest::Via::Automatic && !m_traced
        && error.httpStatus != 0
        && (error.message.contains("buildkit"_L1, Qt::CaseInsensitive)
            || error.message.contains("builder version"_L1, Qt::CaseInsensitive));
}

void BuildWorker::streamClosed(const core::Result<void> &result)
{
    m_stream->deleteLater();
    m_stream.clear();
    if (*m_cancelled)
        return finish(aborted());
    if (!result && refusesBuildKit(result.error())) {
        delete std::exchange(m_session, nullptr);
        return send(docker::Builder::Classic);
    }
    if (!m_traced)
        m_inbox->push(m_classic.end(result ? std::nullopt : std::optional(result.error()), now()));
    if (const QString sentence = remark(); !sentence.isEmpty())
        Q_EMIT remarked(sentence);
    if (!result)
        return finish(result.error());
    if (m_image.isEmpty())
        return finish(core::Error{core::ErrorKind::Protocol, 0, u"the daemon ended the build without an image"_s, {}});
    finish(m_image);
}

QString BuildWorker::remark() const
{
    if (m_body)
        return m_body->remark();
    const session::FileRemarks &remarks = m_session->remarks();
    return remarks.count == 0 ? QString() : sendingRemark(remarks.firstVanished, remarks.first, remarks.count > 1);
}

void BuildWorker::cancel()
{
    if (m_finished)
        return;
    if (!m_stream)
        return finish(aborted()); // accounts are being asked, bases pulled, or a session opened
    const auto stop = [stream = m_stream] {
        if (stream)
            stream->stop();
    };
    if (m_builder == docker::Builder::Classic)
        return stop();
    // It ends the build by its name, which a lost connection alone may take the daemon a while to find out.
    docker::cancelBuild(*m_engine, m_id).then(this, [stop](const core::Result<void> &) { stop(); });
    QTimer::singleShot(cancelPatience, this, stop);
}

void BuildWorker::finish(const core::Result<QString> &result)
{
    if (std::exchange(m_finished, true))
        return;
    Q_EMIT finished(*m_cancelled && !result ? core::Result<QString>(aborted()) : result);
}

} // namespace builds
