#include "accounts/registryadvice.h"

#include "accounts/registryname.h"

#include <QRegularExpression>

namespace accounts {

using namespace Qt::StringLiterals;
using common::ErrorText;
using core::ErrorKind;

namespace {

const QString hub = u"docker.io"_s;

/** Words of the daemon (20.10 … 29), what they mean, what helps. %1 is the registry. */
struct Known
{
    const char *pattern;
    const char *title;
    const char *whatToDo;
};

constexpr Known knownWords[] = {
    {"HTTP response to HTTPS client", "%1 speaks plain HTTP, which Docker refuses.",
        "If you trust the network between, name %1 under insecure-registries in /etc/docker/daemon.json on the machine "
        "that runs Docker, and restart Docker there."},
    {"x509: |tls: |certificate", "Docker does not trust the certificate of %1.",
        "Put the certificate of who signed it into /etc/docker/certs.d/%1/ca.crt on the machine that runs Docker, and "
        "try again."},
    {"toomanyrequests|[Tt]oo [Mm]any [Rr]equests|429", "%1 takes no more sign-ins for now: there were too many.",
        "Wait a few minutes and try again."},
    {"no such host|server misbehaving|name resolution|lookup ", "Docker finds no machine called %1.",
        "Check the name, and the network of the machine that runs Docker."},
    {"connection refused", "Nothing answers at %1.",
        "Check the name and the port, and whether the registry is running."},
    {"dial |i/o timeout|deadline exceeded|Client.Timeout|proxyconnect|EOF|connection reset|no route|unreachable",
        "Docker cannot reach %1.", "Check the network and the proxy of the machine that runs Docker."},
    {"404|not found|Not Found|invalid character|unexpected status|50[0-9] ", "%1 does not answer as a registry does.",
        "Check the name: it is what image names begin with, as nvcr.io."},
};

QString wrongPassword(const QString &registry)
{
    if (registry == "nvcr.io"_L1)
        return u"The user is $oauthtoken, word for word. The API key may have expired: make another one."_s;
    if (registry == "ghcr.io"_L1)
        return u"GitHub takes no passwords here: use a classic token with the scope read:packages, which has not expired."_s;
    if (registry == hub)
        return u"Check both. With two-factor authentication Docker Hub takes only access tokens."_s;
    return u"Check both, and try again."_s;
}

} // namespace

QStringList knownRegistries() { return {registryTitle(hub), u"nvcr.io"_s, u"ghcr.io"_s, u"quay.io"_s}; }

QString registryTyped(const QString &text)
{
    return text.simplified().compare(registryTitle(hub), Qt::CaseInsensitive) == 0 ? hub : registryOf(text);
}

QString fixedUser(const QString &registry) { return registry == "nvcr.io"_L1 ? u"$oauthtoken"_s : QString(); }

QString passwordAdvice(const QString &registry)
{
    if (registry == "nvcr.io"_L1)
        return u"An NGC API key, which org.ngc.nvidia.com makes under Setup, API Keys. The user is always $oauthtoken."_s;
    if (registry == "ghcr.io"_L1)
        return u"A personal access token (classic) with the scope read:packages, or write:packages to push, from "
               "github.com/settings/tokens."_s;
    if (registry == hub)
        return u"Better than the password: an access token, from app.docker.com under Account settings."_s;
    if (registry == "quay.io"_L1)
        return u"The password, or a robot account (user+robot) and its token."_s;
    return {};
}

ErrorText signInText(const core::Error &error, const QString &registry)
{
    const QString title = registryTitle(registry);
    const ErrorText plain = common::errorText(error, u"sign in to %1"_s.arg(title));
    if (error.kind == ErrorKind::Unauthorized)
        return {u"%1 does not know this user with this password."_s.arg(title), wrongPassword(registry), plain.details};
    if (error.kind == ErrorKind::Timeout)
        return {u"%1 does not answer."_s.arg(title),
            u"Check the name, and the network of the machine that runs Docker."_s, plain.details};
    if (error.httpStatus == 0) // it is about Docker itself, not about the registry
        return plain;
    for (const Known &known : knownWords) {
        if (error.message.contains(QRegularExpression(QString::fromLatin1(known.pattern))))
            return {QString::fromLatin1(known.title).arg(title),
                QString::fromLatin1(known.whatToDo).replace("%1"_L1, registry), plain.details};
    }
    return plain;
}

} // namespace accounts
