#pragma once

#include "core/offload.h"
#include "core/pending.h"
#include "http/message.h"

#include <QJsonObject>
#include <QObject>

/** What every endpoint's request is made of; for the endpoints of this folder only. */
namespace docker {

inline constexpr std::chrono::milliseconds noDeadline{0};

/** One part of a path. */
QByteArray escaped(const QString &text);
/** /images/NAME/WHAT: the daemon's router takes names with slashes as they are. */
QByteArray imagePath(const QString &name, const char *what);
/** QUrlQuery leaves '+' alone, which Go reads as a blank. */
void add(QUrlQuery &query, const QString &key, const QString &value);
/** The JSON text of a `filters` parameter. */
QString filters(const QJsonObject &object);
http::Request get(const QByteArray &path, const QUrlQuery &query = {});
http::Request post(const QByteArray &path, const QUrlQuery &query = {});
http::Request postJson(const QByteArray &path, const QJsonObject &body);

/** Bodies over this are parsed in the thread pool: the window must not miss a frame for 5,000 containers. */
inline constexpr qsizetype bigBody = 512 * 1024;

/** The answer's body as parse reads it. */
template <typename T>
core::Pending<T> parsed(
    QObject *owner, core::Pending<http::Response> answer, core::Result<T> (*parse)(const QByteArray &))
{
    core::Promise<T> promise;
    auto aborter = std::move(answer).then(owner, [owner, promise, parse](const core::Result<http::Response> &response) {
        if (!response)
            promise.answer(response.error());
        else if (response->body.size() < bigBody)
            promise.answer(parse(response->body));
        else
            core::offload(owner, [parse, body = response->body] {
                return parse(body);
            }).then(owner, [promise](core::Result<T> result) { promise.answer(std::move(result)); });
    });
    promise.onAbort([aborter] { aborter.abort(); });
    return promise.pending();
}

} // namespace docker
