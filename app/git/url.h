#pragma once

#include <QString>
#include <optional>

/** Where a repository is, as `git clone` takes it. Pure text: asks neither git nor the network. */
namespace git {

/** How a repository's address is written. */
enum class UrlForm {
    None, ///< no address that git would take, or one it would take for an option
    Https,
    Http,
    Ssh, ///< ssh://git@host:22/path
    Scp, ///< git@host:path
    Git, ///< git://host/path
    File, ///< file:///path
    Path, ///< /path/to/repository; on the machine where git runs
};

/** An address in its parts. A plain value; holds a password where one was typed, so show only redacted() texts. */
struct Url
{
    UrlForm form = UrlForm::None;
    QString user; ///< percent escapes decoded
    QString password; ///< percent escapes decoded
    QString host; ///< in small letters, an IPv6 address in brackets
    int port = -1;
    QString path; ///< as written, "/" included where the form has it

    /** A password, or a user name of http(s) that is as long as tokens are. "git@" is none. */
    bool holdsSecret() const;
    /** The address without what may be secret; ssh keeps its user name. */
    QString withoutSecret() const;
    QString scheme; ///< "https", as written; empty where the form has none
};

Url parseUrl(const QString &text);

/** Why git could not clone from this, as one sentence with the way out; empty: it looks right. */
QString urlProblem(const QString &text);

/** What git would name the folder: "https://host/team/repo.git" → "repo". Empty where there is none. */
QString repositoryName(const QString &url);

/**
 * The address over https of one over ssh, for a container that has no keys: "git@host:team/repo.git" →
 * "https://host/team/repo.git". Nothing where there is no such address (a home folder, another form). Whether the
 * server answers there only asking it tells.
 */
std::optional<QString> asHttps(const QString &url);

/** Any text with the user names and passwords of the addresses in it taken out, "***" in their place. */
QString redacted(const QString &text);

} // namespace git
