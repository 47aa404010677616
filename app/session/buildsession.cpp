#include "session/buildsession.h"

#include "core/log.h"
#include "session/protobuf.h"

#include <QUuid>

namespace session {

using namespace Qt::StringLiterals;

namespace {

constexpr auto healthCheck = "/grpc.health.v1.Health/Check";
constexpr auto diffCopy = "/moby.filesync.v1.FileSync/DiffCopy";
constexpr auto credentialsFor = "/moby.filesync.v1.Auth/Credentials";

/** One question, one answer. */
class Answer : public GrpcCall
{
public:
    using Question = std::function<GrpcStatus(const QByteArray &request, QByteArray &answer)>;

    explicit Answer(Question question)
        : m_question(std::move(question))
    {
    }

    void take(const QByteArray &message) override
    {
        if (!std::exchange(m_asked, true))
            m_status = m_question(message, m_answer);
    }
    Next next(QByteArray &message) override
    {
        if (!m_asked)
            return Next::Nothing;
        if (m_status.code != GrpcCode::Ok || std::exchange(m_told, true))
            return Next::End;
        message = m_answer;
        return Next::Message;
    }
    GrpcStatus status() const override { return m_status; }

private:
    Question m_question;
    QByteArray m_answer;
    GrpcStatus m_status;
    bool m_asked = false;
    bool m_told = false;
};

/** Cannot be answered. */
class Refusal : public GrpcCall
{
public:
    explicit Refusal(GrpcStatus status)
        : m_status(std::move(status))
    {
    }
    void take(const QByteArray &) override { }
    Next next(QByteArray &) override { return Next::End; }
    GrpcStatus status() const override { return m_status; }

private:
    GrpcStatus m_status;
};

/** A FileSync that says when it is over, however it ends. */
class WatchedSync : public FileSync
{
public:
    WatchedSync(std::unique_ptr<FileSource> source, std::shared_ptr<std::atomic<qint64>> sent,
        std::shared_ptr<FileRemarks> remarks, std::function<void()> over)
        : FileSync(std::move(source), std::move(sent), std::move(remarks))
        , m_over(std::move(over))
    {
    }
    ~WatchedSync() override { m_over(); }

private:
    std::function<void()> m_over;
};

} // namespace

BuildSession::BuildSession(
    docker::Engine &engine, Offer offer, std::shared_ptr<std::atomic<qint64>> sent, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_offer(std::move(offer))
    , m_sent(std::move(sent))
    , m_remarks(std::make_shared<FileRemarks>())
    , m_id(QUuid::createUuid().toString(QUuid::Id128))
    , m_server(new GrpcServer(
          [this](const QByteArray &path, const Metadata &metadata) { return call(path, metadata); }, this))
{
}

BuildSession::~BuildSession()
{
    delete m_server; // first: its calls tell of their end
}

core::Pending<void> BuildSession::open()
{
    core::Promise<void> promise;
    m_stream = docker::openSession(
        m_engine, {m_id, m_offer.name, m_offer.sharedKey, {healthCheck, diffCopy, credentialsFor}}, this);
    connect(m_server, &GrpcServer::sends, m_stream, &docker::SessionStream::write);
    connect(m_stream, &docker::Stream::opened, this, [this, promise] {
        promise.answer(core::Result<void>());
        m_server->start();
    });
    connect(m_stream, &docker::SessionStream::received, this, [this](const QByteArray &bytes) {
        if (const auto taken = m_server->take(bytes); !taken) {
            qCWarning(core::lcDocker) << taken.error().message << taken.error().detail;
            m_stream->stop(); // the build says that it has lost its session
        }
    });
    connect(m_stream, &docker::Stream::closed, this, [promise](const core::Result<void> &result) {
        promise.answer(result ? core::Error{core::ErrorKind::Unreachable, 0, u"the session was closed at once"_s, {}}
                              : result.error());
    });
    return promise.pending();
}

std::unique_ptr<GrpcCall> BuildSession::call(const QByteArray &path, const Metadata &metadata)
{
    if (path == healthCheck)
        return std::make_unique<Answer>([](const QByteArray &, QByteArray &answer) {
            answer = MessageWriter().number(1, 1).wire(); // SERVING
            return GrpcStatus();
        });
    if (path == diffCopy)
        return files(metadata);
    if (path == credentialsFor)
        return std::make_unique<Answer>(
            [this](const QByteArray &request, QByteArray &answer) { return credentials(request, answer); });
    return nullptr;
}

std::unique_ptr<GrpcCall> BuildSession::files(const Metadata &metadata)
{
    const FileRequest request = fileRequest(metadata);
    auto source = m_offer.files(request);
    if (!source) {
        const bool unknown = source.error().kind == core::ErrorKind::NotFound;
        return std::make_unique<Refusal>(
            GrpcStatus{unknown ? GrpcCode::NotFound : GrpcCode::InvalidArgument, source.error().message.toUtf8()});
    }
    Q_EMIT asked(request.folder, true);
    return std::make_unique<WatchedSync>(
        std::move(*source), m_sent, m_remarks, [this, folder = request.folder] { Q_EMIT asked(folder, false); });
}

/** Of a registry nobody is signed in to, nothing is said: it is asked as anybody. */
GrpcStatus BuildSession::credentials(const QByteArray &request, QByteArray &answer) const
{
    QString host;
    eachField(request, [&host](const Field &field) {
        if (field.number == 1)
            host = QString::fromUtf8(field.bytes);
    });
    if (host == "registry-1.docker.io"_L1 || host == "docker.io"_L1)
        host = u"https://index.docker.io/v1/"_s;
    for (const docker::RegistryAuth &auth : m_offer.auths) {
        if (auth.server != host)
            continue;
        MessageWriter told;
        if (auth.identityToken.isEmpty())
            told.bytes(1, auth.username.toUtf8());
        told.bytes(2, (auth.identityToken.isEmpty() ? auth.password : auth.identityToken).toUtf8());
        answer = told.wire();
    }
    return {};
}

} // namespace session
