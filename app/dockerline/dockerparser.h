#pragma once

#include "dockerline/shellwords.h"
#include "recipe/runconfig.h"

namespace dockerline {

/** What a `docker run` line says. */
struct ParsedLine
{
    recipe::RunConfig config;
    QStringList warnings; ///< sentences: what was understood, but not word for word
    QList<Word> words; ///< of the line, "docker" first
    qsizetype imageAt = 0; ///< which of them is the image; the command follows
    QList<UnknownVariable> unknownVariables; ///< their places in the line; in config they stay as ${NAME}
};

/**
 * A `docker run` (or `docker create`) line as a RunConfig; whatever the shell does to the line is done, nothing is run.
 * Options it does not know are an error at their place, never skipped.
 *
 * Written here and not with CLI11 (2.1.2 tried), which does not follow Docker's rules (pflag) in these cases:
 * `--entrypoint= IMAGE ls` takes IMAGE for the empty value, `-e=A=1` keeps the "=", an unknown option before the image
 * counts as the command when parsing stops at the first positional, and errors carry no position.
 */
std::variant<ParsedLine, ParseError> parseDockerRun(const QString &line, const recipe::ShellContext &context = {});

/** The same of words that a shell has read already. Error positions are those in recipe::shellJoin(words). */
std::variant<ParsedLine, ParseError> parseDockerRun(const QStringList &words, const recipe::ShellContext &context = {});

} // namespace dockerline
