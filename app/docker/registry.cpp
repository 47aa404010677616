#include "docker/registry.h"

#include "docker/engine.h"
#include "docker/jsonreader.h"
#include "docker/requests.h"

#include <QRegularExpression>

namespace docker {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/** Daemons write these fields as the image specification does, the API's description with capitals. */
QString either(const JsonReader &reader, QLatin1String key, QLatin1String other)
{
    const QString value = reader.string(key);
    return value.isEmpty() ? reader.string(other) : value;
}

/** send() with registry's refusals told apart. */
core::Pending<http::Response> ask(Engine &engine, const http::Request &request)
{
    core::Promise<http::Response> promise;
    auto aborter = engine.send(request).then(&engine, [promise](core::Result<http::Response> answer) {
        promise.answer(answer ? std::move(answer) : registryError(answer.error()));
    });
    promise.onAbort([aborter] { aborter.abort(); });
    return promise.pending();
}

} // namespace

core::Result<Distribution> parseDistribution(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        Distribution told;
        told.digest = either(reader.object("Descriptor"_L1), "digest"_L1, "Digest"_L1);
        for (const JsonReader &platform : reader.objects("Platforms"_L1)) {
            QStringList parts{
                either(platform, "os"_L1, "OS"_L1), either(platform, "architecture"_L1, "Architecture"_L1)};
            if (const QString variant = either(platform, "variant"_L1, "Variant"_L1); !variant.isEmpty())
                parts += variant;
            // Attestations are listed as being for a machine of no known kind.
            if (parts[0] != "unknown"_L1 && !parts[0].isEmpty() && !parts[1].isEmpty())
                told.platforms += parts.join(u'/');
        }
        return told;
    });
}

core::Result<SignedIn> parseSignedIn(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        return SignedIn{reader.string("Status"_L1), reader.string("IdentityToken"_L1)};
    });
}

core::Pending<Distribution> distribution(Engine &engine, const ImageReference &image, const RegistryAuth &auth)
{
    http::Request request = get("/distribution/" + QUrl::toPercentEncoding(image.full(), "/:@") + "/json");
    request.deadline = 60s;
    if (!auth.isEmpty())
        request.headers.add("X-Registry-Auth", auth.header());
    return parsed(&engine, ask(engine, request), parseDistribution);
}

core::Pending<SignedIn> signIn(Engine &engine, const RegistryAuth &auth)
{
    QJsonObject body{{"username"_L1, auth.username}, {"serveraddress"_L1, auth.server}};
    if (auth.identityToken.isEmpty())
        body["password"_L1] = auth.password;
    else
        body["identitytoken"_L1] = auth.identityToken;
    http::Request request = postJson("/auth", body);
    request.deadline = 60s;
    return parsed(&engine, ask(engine, request), parseSignedIn);
}

PullStream *pushImage(Engine &engine, const ImageReference &image, const RegistryAuth &auth, QObject *parent)
{
    Q_ASSERT(!image.tag.isEmpty()); // all tags would be pushed
    http::Request request = post(imagePath(image.repository(), "/push"));
    request.deadline = noDeadline;
    add(request.query, u"tag"_s, image.tag);
    // Without the field daemons refuse; {} is anonymous.
    request.headers.add("X-Registry-Auth", auth.isEmpty() ? RegistryAuth{}.header() : auth.header());
    auto *stream = new PullStream(parent);
    engine.open(stream, request);
    return stream;
}

core::Pending<void> tagImage(Engine &engine, const QString &image, const ImageReference &name)
{
    http::Request request = post(imagePath(image, "/tag"));
    add(request.query, u"repo"_s, name.repository());
    add(request.query, u"tag"_s, name.tag);
    return engine.send(request).map([](const http::Response &) {});
}

core::Error registryError(core::Error error)
{
    static const QRegularExpression wantsAccount(
        u"unauthorized|authentication required|no basic auth credentials|access to the resource is denied|"
        "pull access denied|(?:^|: )denied: |insufficient_scope|authorization failed|401 Unauthorized|403 Forbidden|"
        "incorrect username or password"_s,
        QRegularExpression::CaseInsensitiveOption);
    const bool told = error.kind == core::ErrorKind::Daemon || error.kind == core::ErrorKind::NotFound
        || error.kind == core::ErrorKind::Denied;
    // A limit on pulls is told as a refusal, too, and another password does not help there.
    if (told && !error.message.contains("toomanyrequests"_L1) && wantsAccount.match(error.message).hasMatch())
        error.kind = core::ErrorKind::Unauthorized;
    return error;
}

} // namespace docker
