#pragma once

#include "recipe/runconfig.h"

/**
 * What runs in the container, from the parts a person fills in (code step, script, command) and back. With a code
 * step or a script it is `bash -c "cd FOLDER && git pull && git checkout REF && SCRIPT"`.
 */
namespace recipe {

/** One word as a POSIX shell reads it back: bare where nothing needs quoting, else in double or single quotes. */
QString shellQuote(const QString &word);

/** Words as one line of shell; of `--option=value` only the value is quoted. */
QString shellJoin(const QStringList &words);

/** Docker's Cmd. Empty: the image's own command runs. */
QStringList startCommand(const RunConfig &config);

/**
 * Fills command or shell, script and code of a config from Docker's Cmd, so that startCommand() gives the same words
 * again. Only what is exactly reversible becomes a code step; any other script stays whole, other words stay words.
 */
void setStartCommand(RunConfig &config, const QStringList &words);

} // namespace recipe
