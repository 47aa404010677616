#include "docker/engine.h"

#include "core/log.h"
#include "docker/parse.h"
#include "docker/requests.h"

#include <QJsonArray>
#include <array>

namespace docker {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/** /containers/ID/WHAT or /containers/ID */
QByteArray containerPath(const QString &id, const char *what = nullptr)
{
    QByteArray path = "/containers/" + escaped(id);
    if (what)
        path += QByteArray("/") + what;
    return path;
}

} // namespace

Engine::Engine(const http::Endpoint &endpoint, QObject *parent)
    : QObject(parent)
    , m_client(endpoint, this)
{
}

// ---- version

void Engine::renegotiate() { m_version.reset(); }

void Engine::learn(const http::ResponseHead &head)
{
    if (m_version)
        return;
    if (const auto version = negotiate(ApiVersion::parse(head.headers.value("Api-Version"))))
        m_version = *version;
}

core::Pending<ApiVersion> Engine::ping()
{
    http::Request request;
    request.method = "HEAD";
    request.path = "/_ping";
    request.deadline = 10s;
    return m_client.send(request).map([](const http::Response &response) -> core::Result<ApiVersion> {
        return negotiate(ApiVersion::parse(response.head.headers.value("Api-Version")));
    });
}

void Engine::whenReady(Ready f)
{
    if (m_version) {
        f(*m_version);
        return;
    }
    m_waiting.append(std::move(f));
    if (std::exchange(m_asking, true))
        return;
    ping().then(this, [this](const core::Result<ApiVersion> &version) {
        m_asking = false;
        if (version)
            m_version = *version;
        const QList<Ready> waiting = std::exchange(m_waiting, {});
        for (const Ready &ready : waiting)
            ready(version);
    });
}

http::Request Engine::versioned(http::Request request) const
{
    request.path.prepend("/v" + m_version->text());
    return request;
}

core::Pending<http::Response> Engine::send(const http::Request &request, bool notModifiedIsSuccess)
{
    core::Promise<http::Response> promise;
    whenReady([this, request, promise, notModifiedIsSuccess](const core::Result<ApiVersion> &version) {
        if (promise.answered()) // aborted while the version was being asked
            return;
        if (!version) {
            promise.answer(version.error());
            return;
        }
        auto aborter = m_client.send(versioned(request))
                           .then(this, [promise, notModifiedIsSuccess](core::Result<http::Response> answer) {
                               if (!answer)
                                   promise.answer(answer.error());
                               else if (answer->head.success() || (notModifiedIsSuccess && answer->head.status == 304))
                                   promise.answer(std::move(answer));
                               else
                                   promise.answer(inDaemonsWords(http::errorOf(answer->head, answer->body)));
                           });
        promise.onAbort([aborter] { aborter.abort(); });
    });
    return promise.pending();
}

core::Pending<void> Engine::command(const QByteArray &path, const QUrlQuery &query, std::chrono::milliseconds deadline)
{
    http::Request request = post(path, query);
    request.deadline = deadline;
    return send(request, true).map([](const http::Response &) {});
}

void Engine::open(Stream *stream, const http::Request &request)
{
    whenReady([this, request, stream = QPointer<Stream>(stream)](const core::Result<ApiVersion> &version) {
        if (!stream || stream->m_closed)
            return;
        if (version)
            stream->attachTo(m_client.open(versioned(request), stream), *version);
        else
            QMetaObject::invokeMethod(
                stream, [stream, error = version.error()] { stream->close(error); }, Qt::QueuedConnection);
    });
}

// ---- system

core::Pending<Version> Engine::daemonVersion() { return parsed(this, send(get("/version")), parseVersion); }

core::Pending<Info> Engine::info() { return parsed(this, send(get("/info")), parseInfo); }

EventStream *Engine::events(const QByteArray &since, QObject *parent)
{
    // Only what changes a table: health checks make three exec_* events each and would flush the daemon's memory of
    // 256.
    static const QString wanted = filters({{"type"_L1, QJsonArray{"container"_L1, "image"_L1}},
        {"event"_L1,
            QJsonArray{"create"_L1, "start"_L1, "die"_L1, "destroy"_L1, "rename"_L1, "pause"_L1, "unpause"_L1,
                "update"_L1, "oom"_L1, "health_status"_L1, "pull"_L1, "tag"_L1, "untag"_L1, "delete"_L1, "import"_L1,
                "load"_L1, "prune"_L1, "restart"_L1}}});
    QUrlQuery query;
    add(query, u"filters"_s, wanted);
    if (!since.isEmpty())
        add(query, u"since"_s, QString::fromLatin1(since));
    auto *stream = new EventStream(parent);
    open(stream, get("/events", query));
    return stream;
}

// ---- containers

core::Pending<QList<ContainerSummary>> Engine::containers(const QStringList &ids)
{
    QUrlQuery query;
    query.addQueryItem(u"all"_s, u"1"_s);
    if (!ids.isEmpty())
        add(query, u"filters"_s, filters({{"id"_L1, QJsonArray::fromStringList(ids)}}));
    return parsed(this, send(get("/containers/json", query)), parseContainers);
}

http::Request Engine::earlyContainersRequest()
{
    // Without a version the daemon answers in its newest; every reader takes that, and its header tells the version.
    http::Request request = get("/containers/json");
    request.query.addQueryItem(u"all"_s, u"1"_s);
    return request;
}

core::Pending<QList<ContainerSummary>> Engine::adoptEarlyContainers(int descriptor)
{
    auto answer = m_client.adopt(descriptor, earlyContainersRequest())
                      .map([self = QPointer<Engine>(this)](http::Response response) -> core::Result<http::Response> {
                          if (!response.head.success())
                              return inDaemonsWords(http::errorOf(response.head, response.body));
                          if (self)
                              self->learn(response.head);
                          return response;
                      });
    return parsed(this, std::move(answer), parseContainers);
}

core::Pending<ContainerDetail> Engine::inspectContainer(const QString &id)
{
    return parsed(this, send(get(containerPath(id, "json"))), parseContainerDetail);
}

core::Pending<Created> Engine::createContainer(const QJsonObject &body, const QString &name, const QString &platform)
{
    http::Request request = postJson("/containers/create", body);
    request.deadline = 120s; // creating volumes on a busy disk takes its time
    if (!name.isEmpty())
        add(request.query, u"name"_s, name);
    if (!platform.isEmpty())
        add(request.query, u"platform"_s, platform);
    return parsed(this, send(request), parseCreated);
}

core::Pending<void> Engine::startContainer(const QString &id) { return command(containerPath(id, "start"), {}, 120s); }

core::Pending<void> Engine::stopContainer(const QString &id)
{
    return command(containerPath(id, "stop"), {}, noDeadline);
}

core::Pending<void> Engine::restartContainer(const QString &id)
{
    return command(containerPath(id, "restart"), {}, noDeadline);
}

core::Pending<void> Engine::killContainer(const QString &id, const QString &signal)
{
    QUrlQuery query;
    if (!signal.isEmpty())
        add(query, u"signal"_s, signal);
    return command(containerPath(id, "kill"), query);
}

core::Pending<void> Engine::pauseContainer(const QString &id) { return command(containerPath(id, "pause")); }

core::Pending<void> Engine::unpauseContainer(const QString &id) { return command(containerPath(id, "unpause")); }

core::Pending<void> Engine::renameContainer(const QString &id, const QString &name)
{
    QUrlQuery query;
    add(query, u"name"_s, name);
    return command(containerPath(id, "rename"), query);
}

core::Pending<void> Engine::removeContainer(const QString &id, RemoveOptions options)
{
    http::Request request = get(containerPath(id));
    request.method = "DELETE";
    request.deadline = 120s; // a large writable layer takes long to delete
    if (options.force)
        request.query.addQueryItem(u"force"_s, u"1"_s);
    if (options.volumes)
        request.query.addQueryItem(u"v"_s, u"1"_s);
    return send(request).map([](const http::Response &) {});
}

core::Pending<ProcessTable> Engine::top(const QString &id)
{
    return parsed(this, send(get(containerPath(id, "top"))), parseTop);
}

Engine::Waiting Engine::waitContainer(const QString &id, WaitFor condition, QObject *parent)
{
    static constexpr std::array words = {"not-running"_L1, "next-exit"_L1, "removed"_L1};
    http::Request request = post(containerPath(id, "wait"));
    request.query.addQueryItem(u"condition"_s, words[size_t(condition)]);
    // Its header comes at once and its body at the end: a stream of one object.
    auto *stream = new WaitStream(parent);
    core::Promise<void> registered;
    core::Promise<WaitResult> end;
    connect(stream, &Stream::opened, stream, [registered] { registered.answer({}); });
    connect(stream, &Stream::closed, stream, [stream, registered, end](const core::Result<void> &result) {
        registered.answer(result);
        end.answer(result ? parseWait(stream->body()) : core::Result<WaitResult>(result.error()));
        stream->deleteLater();
    });
    end.onAbort([guard = QPointer<Stream>(stream)] {
        if (guard)
            guard->stop();
    });
    open(stream, request);
    return {registered.pending(), end.pending()};
}

OutputStream *Engine::logs(const QString &id, bool tty, const LogQuery &query, QObject *parent)
{
    http::Request request = get(containerPath(id, "logs"));
    request.query.addQueryItem(u"stdout"_s, u"1"_s);
    request.query.addQueryItem(u"stderr"_s, u"1"_s);
    if (query.follow)
        request.query.addQueryItem(u"follow"_s, u"1"_s);
    if (query.timestamps)
        request.query.addQueryItem(u"timestamps"_s, u"1"_s);
    if (query.tail)
        request.query.addQueryItem(u"tail"_s, QString::number(*query.tail));
    if (!query.since.isEmpty())
        add(request.query, u"since"_s, QString::fromLatin1(query.since));
    auto *stream = new OutputStream(tty, parent);
    open(stream, request);
    return stream;
}

OutputStream *Engine::attach(const QString &id, bool tty, bool stdinToo, QObject *parent)
{
    http::Request request = post(containerPath(id, "attach"));
    request.upgrade = "tcp";
    request.query.addQueryItem(u"stream"_s, u"1"_s);
    request.query.addQueryItem(u"stdout"_s, u"1"_s);
    request.query.addQueryItem(u"stderr"_s, u"1"_s);
    if (stdinToo)
        request.query.addQueryItem(u"stdin"_s, u"1"_s);
    auto *stream = new OutputStream(tty, parent);
    open(stream, request);
    return stream;
}

StatsStream *Engine::stats(const QString &id, QObject *parent)
{
    http::Request request = get(containerPath(id, "stats"));
    request.query.addQueryItem(u"stream"_s, u"1"_s);
    auto *stream = new StatsStream(parent);
    open(stream, request);
    return stream;
}

// ---- images

core::Pending<QList<ImageSummary>> Engine::images() { return parsed(this, send(get("/images/json")), parseImages); }

core::Pending<ImageDetail> Engine::inspectImage(const QString &name)
{
    return parsed(this, send(get(imagePath(name, "/json"))), parseImageDetail);
}

core::Pending<QList<ImageDeletion>> Engine::removeImage(const QString &name, bool force)
{
    http::Request request = get(imagePath(name, ""));
    request.method = "DELETE";
    request.deadline = 300s; // tens of gigabytes of layers
    if (force)
        request.query.addQueryItem(u"force"_s, u"1"_s);
    return parsed(this, send(request), parseImageDeletions);
}

PullStream *Engine::pullImage(
    const QString &repository, const QString &tag, const QString &platform, QObject *parent, const RegistryAuth &auth)
{
    Q_ASSERT(!tag.isEmpty());
    http::Request request = post("/images/create");
    request.deadline = noDeadline;
    add(request.query, u"fromImage"_s, repository);
    add(request.query, u"tag"_s, tag);
    if (!platform.isEmpty())
        add(request.query, u"platform"_s, platform);
    if (!auth.isEmpty())
        request.headers.add("X-Registry-Auth", auth.header());
    auto *stream = new PullStream(parent);
    open(stream, request);
    return stream;
}

core::Pending<QString> Engine::loadImage(const QByteArray &tar)
{
    http::Request request = post("/images/load");
    request.contentType = "application/x-tar";
    request.body = tar;
    request.deadline = noDeadline;
    return parsed(this, send(request), parseLoad);
}

} // namespace docker
