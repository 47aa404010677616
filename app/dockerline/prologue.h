#pragma once

#include "dockerline/shellwords.h"

namespace dockerline {

class Variables;

/** NAME=value, as the shell takes it in front of a command. */
bool isAssignment(const QString &word);

/** Where the command proper begins: behind what only starts it (A=1, env, exec, time, nohup, command). */
qsizetype commandStart(const QList<Word> &words);

/** A docker run (or create), whatever else is wrong with it. */
bool isDockerRun(const QList<Word> &words);

/**
 * Does what a command in front of docker run does to it: `cd x` changes the folder, `A=1` and `export A=1` set
 * variables, `set -e` means nothing here, `docker pull` is left out with a warning. False for any other command.
 */
bool doBefore(const QList<Word> &words, Variables &variables, QStringList &warnings);

} // namespace dockerline
