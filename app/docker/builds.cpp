#include "docker/builds.h"

#include "docker/engine.h"
#include "docker/jsonreader.h"
#include "docker/parse.h"
#include "docker/requests.h"
#include "http/bytestream.h"

#include <QJsonDocument>

namespace docker {

using namespace Qt::StringLiterals;

namespace {

QString compact(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QString compact(const QMap<QString, QString> &map)
{
    QJsonObject object;
    for (auto it = map.begin(); it != map.end(); ++it)
        object.insert(it.key(), it.value());
    return compact(object);
}

/** X-Registry-Config: who the classic builder asks each registry as. */
QByteArray registryConfig(const QList<RegistryAuth> &auths)
{
    QJsonObject config;
    for (const RegistryAuth &auth : auths) {
        const QByteArray one = QByteArray::fromBase64(auth.header(), QByteArray::Base64UrlEncoding);
        config.insert(auth.server, QJsonDocument::fromJson(one).object());
    }
    return QJsonDocument(config).toJson(QJsonDocument::Compact).toBase64(QByteArray::Base64UrlEncoding);
}

QUrlQuery parameters(const BuildQuery &query)
{
    QUrlQuery made;
    const auto flag = [&made](const QString &name, bool on) {
        if (on)
            made.addQueryItem(name, u"1"_s);
    };
    const auto text = [&made](const QString &name, const QString &value) {
        if (!value.isEmpty())
            add(made, name, value);
    };
    for (const QString &tag : query.tags)
        add(made, u"t"_s, tag);
    if (query.builder == Builder::BuildKit) {
        made.addQueryItem(u"version"_s, u"2"_s);
        text(u"buildid"_s, query.id);
        text(u"session"_s, query.session);
        if (!query.session.isEmpty())
            made.addQueryItem(u"remote"_s, u"client-session"_s);
    }
    text(u"dockerfile"_s, query.dockerfile);
    text(u"target"_s, query.target);
    if (!query.args.isEmpty())
        add(made, u"buildargs"_s, compact(query.args));
    if (!query.labels.isEmpty())
        add(made, u"labels"_s, compact(query.labels));
    text(u"networkmode"_s, query.network);
    text(u"platform"_s, query.platform);
    if (query.shmSize > 0)
        made.addQueryItem(u"shmsize"_s, QString::number(query.shmSize));
    flag(u"nocache"_s, query.noCache);
    flag(u"pull"_s, query.pull);
    flag(u"rm"_s, true);
    flag(u"forcerm"_s, true);
    return made;
}

} // namespace

core::Result<BuildMessage> parseBuildMessage(const QByteArray &json)
{
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(json, &fault);
    if (!document.isObject())
        return core::Error{core::ErrorKind::Protocol, 0, u"a build's line is no JSON object"_s, fault.errorString()};
    const QJsonObject object = document.object();
    const JsonReader reader(object);
    BuildMessage message;
    if (object.contains("error"_L1) || object.contains("errorDetail"_L1)) {
        const QString words = reader.object("errorDetail"_L1).string("message"_L1);
        return core::Error{core::ErrorKind::Daemon, 0, words.isEmpty() ? reader.string("error"_L1) : words, {}};
    }
    if (reader.string("id"_L1) == "moby.buildkit.trace"_L1) {
        message.kind = BuildMessage::Kind::Trace;
        message.bytes = QByteArray::fromBase64(reader.string("aux"_L1).toLatin1());
    } else if (object.value("aux"_L1).isObject()) {
        message.bytes = reader.object("aux"_L1).string("ID"_L1).toUtf8();
        message.kind = message.bytes.isEmpty() ? BuildMessage::Kind::Other : BuildMessage::Kind::Image;
    } else if (object.contains("stream"_L1)) {
        message.kind = BuildMessage::Kind::Text;
        message.bytes = reader.string("stream"_L1).toUtf8();
    } else if (object.contains("status"_L1)) {
        const auto step = parsePullStep(json);
        if (!step)
            return step.error();
        message.kind = BuildMessage::Kind::Status;
        message.step = *step;
    }
    return reader.checked(message);
}

core::Result<void> BuildStream::tell(const QByteArray &line)
{
    const auto parsed = parseBuildMessage(line);
    if (!parsed)
        return parsed.error();
    Q_EMIT message(*parsed);
    return {};
}

void SessionStream::write(const QByteArray &bytes)
{
    if (m_bytes)
        m_bytes->write(bytes);
}

SessionStream *openSession(Engine &engine, const SessionFacts &facts, QObject *parent)
{
    http::Request request = post("/session");
    request.upgrade = "h2c";
    const QByteArray prefix = "X-Docker-Expose-Session-";
    request.headers.add(prefix + "Uuid", facts.id.toLatin1());
    request.headers.add(prefix + "Name", facts.name.toUtf8().toPercentEncoding());
    request.headers.add(prefix + "Sharedkey", facts.sharedKey.toLatin1());
    for (const QByteArray &method : facts.methods)
        request.headers.add(prefix + "Grpc-Method", method);
    auto *stream = new SessionStream(parent);
    engine.open(stream, request);
    return stream;
}

BuildStream *build(Engine &engine, const BuildQuery &query, std::shared_ptr<http::BodySource> context, QObject *parent)
{
    http::Request request = post("/build", parameters(query));
    if (context) {
        request.contentType = "application/x-tar";
        request.bodySource = std::move(context);
    }
    request.deadline = noDeadline;
    if (query.builder == Builder::Classic && !query.auths.isEmpty())
        request.headers.add("X-Registry-Config", registryConfig(query.auths));
    auto *stream = new BuildStream(parent);
    engine.open(stream, request);
    return stream;
}

core::Pending<void> cancelBuild(Engine &engine, const QString &id)
{
    QUrlQuery query;
    add(query, u"id"_s, id);
    return engine.send(post("/build/cancel", query)).map([](const http::Response &) {});
}

} // namespace docker
