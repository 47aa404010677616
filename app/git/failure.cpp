#include "git/failure.h"

#include "git/url.h"

#include <QRegularExpression>
#include <array>

namespace git {

using namespace Qt::StringLiterals;
using core::ErrorKind;

namespace {

/** Words of git, ssh or curl, and what they mean. %1 in the sentence is the pattern's first group. */
struct Cause
{
    QLatin1String pattern;
    ErrorKind kind;
    int httpStatus;
    const char16_t *sentence;
};

// In this order: git's own last line ("Could not read from remote repository") says less than what stands above it.
constexpr std::array causes{
    Cause{R"(detected dubious ownership in repository at '([^\n]*)')"_L1, ErrorKind::Denied, 0,
        u"The folder %1 belongs to another user, so git leaves it alone: if you trust it, run git config --global "
        u"--add safe.directory with that folder."},
    Cause{R"(REMOTE HOST IDENTIFICATION HAS CHANGED)"_L1, ErrorKind::Unauthorized, 0,
        u"The server's ssh key is another one than before: ask who runs it, and only then remove the old key with "
        u"ssh-keygen -R and the server's name."},
    Cause{R"(Host key verification failed|No \S+ host key is known for)"_L1, ErrorKind::Unauthorized, 0,
        u"The server's ssh key is not known here yet: connect to it once with ssh in a terminal and compare the "
        u"fingerprint."},
    Cause{R"(Permission denied \([a-z,-]*\)|Too many authentication failures)"_L1, ErrorKind::Unauthorized, 0,
        u"The server takes none of your ssh keys: add your public key to your account there, load a key that has a "
        u"passphrase with ssh-add, or use the https address."},
    Cause{R"(Could not resolve host(?:name)?:? ([^\s:]+)|[Uu]nable to look up (\S+))"_L1, ErrorKind::Unreachable, 0,
        u"There is no server %1, or no network: check the address and the connection."},
    Cause{R"(Connection refused|Failed to connect to|Couldn't connect to server)"_L1, ErrorKind::Unreachable, 0,
        u"The server does not answer there: check the address and its port, and whether a proxy is needed."},
    Cause{R"(Network is unreachable|No route to host)"_L1, ErrorKind::Unreachable, 0,
        u"There is no way to the server: check the network or the VPN."},
    Cause{R"([Tt]imed out|Timeout was reached)"_L1, ErrorKind::Timeout, 0,
        u"The server did not answer in time: check the network or the VPN, and try again."},
    Cause{R"(SSL certificate problem|certificate verif\w+ failed|unable to get local issuer)"_L1, ErrorKind::Denied, 0,
        u"The server's certificate is not trusted: name its authority with git config http.sslCAInfo, or ask who runs "
        u"the server."},
    Cause{R"(error: 403|access denied|not allowed to|insufficient permission|SAML SSO)"_L1, ErrorKind::Denied, 403,
        u"The server refuses this repository to you: ask its owner for access, or sign in as somebody else."},
    Cause{
        R"(error: 401|Authentication failed|could not read (?:Username|Password)|Invalid username or (?:password|token))"_L1,
        ErrorKind::Unauthorized, 401,
        u"The repository is private or does not exist, and git has no valid password for it: sign in once in a "
        u"terminal with git ls-remote and its address, or use the ssh address."},
    Cause{R"(error: 404|repository '[^\n]*' not found|[Rr]epository not found|could not be found)"_L1,
        ErrorKind::NotFound, 404,
        u"The server has no such repository, or hides it from you: check the address, and sign in if it is private."},
    Cause{R"(error: (5\d\d))"_L1, ErrorKind::Unreachable, 0, u"The server has trouble (HTTP %1): try again later."},
    Cause{R"('([^\n]*)' does not appear to be a git repository|repository '([^\n]*)' does not exist)"_L1,
        ErrorKind::NotFound, 0, u"There is no git repository at %1: check the address."},
    Cause{R"(not valid: is this a git repository)"_L1, ErrorKind::NotFound, 0,
        u"What answers at this address is no git repository: check the address."},
    Cause{R"([Nn]ot a git repository|must be run in a work tree|is not a working tree)"_L1, ErrorKind::NotFound, 0,
        u"The folder is in no git working copy: choose one that was cloned, or clone the repository."},
    Cause{
        R"(pathspec '([^\n]*)' did not match|Remote branch (\S+) not found|find remote ref (\S+)|invalid reference: ([^\n]+)|unable to read tree \(?(\w+))"_L1,
        ErrorKind::NotFound, 0, u"There is no branch, tag or commit %1: check its name, or fetch if it is new."},
    Cause{
        R"([Nn]eeded a single revision|unknown revision|bad revision|[Nn]ot a valid object name|reference is not a tree)"_L1,
        ErrorKind::NotFound, 0,
        u"There is no branch, tag or commit of that name: check the name, or fetch if it is new."},
    Cause{R"(not currently on a branch)"_L1, ErrorKind::Conflict, 0,
        u"The working copy is on no branch, so there is nothing to pull: choose fetch, or check out a branch."},
    Cause{R"(contains modified or untracked files|would be overwritten by)"_L1, ErrorKind::Conflict, 0,
        u"There are changes that would be lost: commit or stash them first."},
    Cause{R"(containing submodules cannot be)"_L1, ErrorKind::Conflict, 0,
        u"git removes no worktree with submodules: look whether anything in it is needed and delete it yourself."},
    Cause{R"(is a main working tree)"_L1, ErrorKind::Conflict, 0,
        u"This is the working copy itself and no worktree of it: it stays."},
    Cause{R"('([^\n]*)' already exists|is already (?:checked out|used by worktree) at '([^\n]*)')"_L1,
        ErrorKind::Conflict, 0, u"There is something at %1 already: choose another folder."},
    Cause{R"(No space left on device)"_L1, ErrorKind::Daemon, 0, u"The disk is full: make room and try again."},
    Cause{R"(Permission denied)"_L1, ErrorKind::Denied, 0,
        u"You may not write there: choose another folder, or change whose it is."},
};

/** The line that says most: the last "fatal:", else the last that is not empty. */
QString lastWord(const QString &words)
{
    QString last;
    bool fatal = false;
    const QStringList lines = words.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const bool isFatal = line.startsWith("fatal: "_L1);
        if (isFatal || !fatal)
            last = (isFatal ? line.mid(7) : line).trimmed();
        fatal = fatal || isFatal;
    }
    return last;
}

QString firstGroup(const QRegularExpressionMatch &match)
{
    for (int i = 1; i <= match.lastCapturedIndex(); ++i) {
        if (!match.captured(i).isEmpty())
            return match.captured(i);
    }
    return {};
}

} // namespace

core::Error failure(int exitCode, const QByteArray &standardError)
{
    const QString words = redacted(QString::fromUtf8(standardError)).trimmed();
    for (const Cause &cause : causes) {
        const auto match = QRegularExpression(cause.pattern).match(words);
        if (!match.hasMatch())
            continue;
        QString sentence = QString::fromUtf16(cause.sentence);
        sentence.replace("%1"_L1, firstGroup(match));
        return {cause.kind, cause.httpStatus, sentence, words};
    }
    const QString last = lastWord(words);
    return {ErrorKind::Daemon, 0,
        last.isEmpty() ? u"git ended with code %1 and said nothing."_s.arg(exitCode) : u"git says: %1"_s.arg(last),
        words};
}

} // namespace git
