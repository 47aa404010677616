#pragma once

#include "recipe/runconfig.h"

/**
 * What runs in the container, from the parts a person fills in (code step, script, command) and back. With a code
 * step or a script it is `bash -c "cd FOLDER && git pull && git checkout REF && SCRIPT"`, with `git fetch` in the
 * pull's place, with neither, or with `git clone URL FOLDER` before it all. A pinned commit stands for REF.
 */
namespace recipe {

/** One word as a POSIX shell reads it back: bare where nothing needs quoting, else in double or single quotes. */
QString shellQuote(const QString &word);

/** Words as one line of shell; of `--option=value` only the value is quoted. */
QString shellJoin(const QStringList &words);

/** A whole hash of a commit, 40 (SHA-1) or 64 (SHA-256) digits: what a step can be pinned to. */
bool isFullCommit(const QString &word);

/** Pins a step to the commit its name has now. A pull becomes a fetch: on no branch, as after it, git refuses to pull.
 */
void pin(CodeStep &code, const QString &commit);

/** Docker's Cmd. Empty: the image's own command runs. */
QStringList startCommand(const RunConfig &config);

/**
 * Fills command or shell, script and code of a config from Docker's Cmd, so that startCommand() gives the same words
 * again. Only what is exactly reversible becomes a code step; any other script stays whole, other words stay words.
 * The name beside a pinned commit is not in the words: it comes back empty.
 */
void setStartCommand(RunConfig &config, const QStringList &words);

} // namespace recipe
