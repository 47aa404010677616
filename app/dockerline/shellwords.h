#pragma once

#include "dockerline/variables.h"
#include "recipe/shellcontext.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <variant>

namespace dockerline {

/** What is wrong with a line, and where: UTF-16 units from its start. One sentence for people. */
struct ParseError
{
    qsizetype position = 0;
    qsizetype length = 0;
    QString message;

    bool operator==(const ParseError &) const = default;
};

/** One word after the shell's quoting, and where it stands in the line. */
struct Word
{
    QString text;
    qsizetype position = 0;
    qsizetype length = 0;
};

/** The words of a line's command, as a shell would pass them on, and what the line does before it. */
struct ShellWords
{
    QList<Word> words;
    QStringList warnings;
    QList<UnknownVariable> unknownVariables; ///< in the order they stand in the line
    /** What the command sees besides the environment: `A=1 docker …`, `export A=1 && docker …`. */
    QMap<QString, QString> environment;
    QString folder; ///< the context's, or where a `cd` before the command led
};

/**
 * The words of one docker run as bash would pass them on: quotes, backslashes, `\` line ends, comments, ~, variables
 * and a few harmless substitutions ($(pwd), $(id -u)). Prompts copied along, `cd x &&`, `export A=1`, `A=1` and
 * `docker pull` in front are understood. Never runs anything: any other substitution, pipe, redirection or second
 * command is an error at its place. A variable nobody set stays as ${NAME}, where bash would put nothing.
 */
std::variant<ShellWords, ParseError> shellWords(const QString &line, const recipe::ShellContext &context = {});

/** The variables of a line that have no value here, each place of each, also of a line that cannot be read. */
QList<UnknownVariable> unknownVariables(const QString &line, const recipe::ShellContext &context = {});

/** Words that are words already; they stand where recipe::shellJoin() puts them. */
QList<Word> wordsOf(const QStringList &words);

} // namespace dockerline
