#pragma once

#include "core/pending.h"

#include <QByteArray>
#include <QString>
#include <functional>

namespace docker {

/**
 * What a registry is told about who asks: a password or an identity token, or nothing (anonymous). Lives in memory
 * only; never logged, never written. FACTS.md section 5.
 */
struct RegistryAuth
{
    QString server; ///< "nvcr.io", "localhost:5000"; of Docker Hub "https://index.docker.io/v1/"
    QString username;
    QString password;
    QString identityToken; ///< instead of a password

    bool operator==(const RegistryAuth &) const = default;

    bool isEmpty() const { return password.isEmpty() && identityToken.isEmpty(); }
    /** For X-Registry-Auth: base64url with its padding, without which daemons take it as anonymous in silence. */
    QByteArray header() const;
};

/**
 * Who a registry ("nvcr.io", "docker.io", "localhost:5000") is asked as; an empty one where nobody is signed in. An
 * error is said and does not stop who asked: a locked keyring, a helper that failed.
 */
using CredentialSource = std::function<core::Pending<RegistryAuth>(const QString &registry)>;

} // namespace docker
