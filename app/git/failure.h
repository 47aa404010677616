#pragma once

#include "core/error.h"

#include <QByteArray>

namespace git {

/**
 * What stood in git's way, from its exit code and its words (of LC_ALL=C): `message` is one sentence with the way
 * out, for people; `detail` what git said, without the passwords in it.
 *
 * Kinds: NotFound (no repository there, no such branch), Denied (dubious ownership, HTTP 403), Unauthorized (a password
 * or key is missing or wrong, an unknown host key), Unreachable (no such host, nothing answers), Timeout, Conflict
 * (the folder is there already, changes that would be lost), Daemon (anything else, git's last line).
 */
core::Error failure(int exitCode, const QByteArray &standardError);

} // namespace git
