#include "launch/codechecks.h"

#include "git/refs.h"
#include "git/url.h"
#include "launch/codeuse.h"
#include "launch/entrypointchecks.h"
#include "recipe/startcommand.h"

#include <QDir>
#include <QRegularExpression>
#include <algorithm>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

bool isThere(const QString &path, const CheckContext &context)
{
    const auto folder = context.hostFolder ? context.hostFolder(path) : std::nullopt;
    return folder && folder->exists;
}

bool isIn(const QString &folder, const QString &mount)
{
    const QString inner = QDir::cleanPath(folder);
    const QString outer = QDir::cleanPath(mount);
    return !mount.isEmpty() && (inner == outer || inner.startsWith(QString(outer + u'/')));
}

void checkClone(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    const CodeStep &code = config.code;
    const QString field = u"code.url"_s;
    if (const QString problem = git::urlProblem(code.url); !problem.isEmpty())
        return problems.error(Step::Code, field, problem);
    const git::Url url = git::parseUrl(code.url);
    if (url.holdsSecret())
        problems.error(Step::Code, field,
            u"The address holds a password, which everybody who may inspect the container would read: take it out, and clone into a mounted folder beforehand if the repository is private."_s);
    const bool ssh = url.form == git::UrlForm::Ssh || url.form == git::UrlForm::Scp;
    const bool hasKeys
        = std::ranges::any_of(config.mounts, [](const Mount &mount) { return mount.target.contains("/.ssh"_L1); });
    if (const auto https = git::asHttps(code.url); ssh && !hasKeys)
        problems.warning(Step::Code, field,
            https
                ? u"Over ssh the container needs a key of its own; a public repository needs none at %1."_s.arg(*https)
                : u"Over ssh the container needs a key of its own: mount one, or use an https address."_s);
    if (!config.restart.isEmpty() && config.restart != "no"_L1)
        problems.warning(Step::Code, u"code.source"_s,
            u"When Docker restarts the container the folder is there already, and git clone fails: choose no restart."_s);
    const auto place = placeInContainer(config, code.folder);
    if (place && isThere(place->hostFolder, context))
        problems.warning(Step::Code, u"code.folder"_s,
            u"git clones into a new or empty folder only, and the host has %1 already."_s.arg(place->hostFolder));
}

void checkCheckout(const CodeStep &code, ProblemList &problems)
{
    using Update = CodeStep::Update;
    static const QRegularExpression fixed(u"^(?:[0-9a-f]{7,64}|v?[0-9]+\\.[0-9.]+.*)$"_s); // a commit, a version's tag
    static const QRegularExpression commit(u"^[0-9a-f]{7,64}$"_s);
    if (!code.checkout.isEmpty()) {
        if (const QString problem = git::refProblem(code.checkout); !problem.isEmpty())
            return problems.error(Step::Code, u"code.checkout"_s, problem);
    }
    if (!code.commit.isEmpty() && !isFullCommit(code.commit))
        return problems.error(Step::Code, u"code.commit"_s,
            u"“%1” is no whole commit: only all 40 digits of its hash pin the code."_s.arg(code.commit));
    if (code.source == CodeStep::Source::Clone)
        return;
    const bool pinned = !code.commit.isEmpty() || commit.match(code.checkout).hasMatch();
    if (pinned && code.update == Update::Pull)
        problems.warning(Step::Code, u"code.update"_s,
            u"With a commit checked out the folder is on no branch, and the next git pull in it fails: fetch instead of pulling, or name a branch."_s);
    else if (code.update == Update::Fetch && code.commit.isEmpty() && code.checkout.isEmpty())
        problems.warning(
            Step::Code, u"code.update"_s, u"git fetch alone changes no file: name what to check out, or pull."_s);
    else if (code.update == Update::Fetch && code.commit.isEmpty() && !fixed.match(code.checkout).hasMatch())
        problems.warning(Step::Code, u"code.update"_s,
            u"A branch that the folder has already stays where it is, for git fetch does not move it: pull, or pin %1 to a commit."_s
                .arg(code.checkout));
}

} // namespace

void checkCode(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    const CodeStep &code = config.code;
    if (code.folder.isEmpty())
        return;
    if (!code.folder.startsWith(u'/'))
        problems.error(
            Step::Code, u"code.folder"_s, u"The code folder must be a whole path in the container, starting with /."_s);
    if (code.source == CodeStep::Source::Clone)
        checkClone(config, context, problems);
    checkCheckout(code, problems);
    for (const Mount &mount : config.mounts) {
        if (mount.readOnly && isIn(code.folder, mount.target))
            problems.warning(Step::Code, u"code.folder"_s,
                u"The code folder lies in %1, which is mounted read-only: git cannot change it."_s.arg(mount.target));
    }
    const bool nothingToRun = config.useShell ? config.script.trimmed().isEmpty() : config.command.isEmpty();
    if (nothingToRun)
        problems.error(Step::Command, config.useShell ? u"script"_s : u"command"_s,
            u"Say what to run: with a code step the image's own command is not used."_s,
            ownCommandFix(config, context));
}

} // namespace launch
