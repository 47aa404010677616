#pragma once

#include "recipe/dockeroptions.h"

#include <QList>
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

/** A line in its words, as a shell would split it. */
struct ShellWords
{
    QList<Word> words;
    QStringList warnings;
};

/**
 * The words of one command as a POSIX shell would pass them on: quotes, backslashes, `\` line ends, comments, ~, $NAME,
 * ${NAME} and $(pwd). Never runs anything: any other substitution, pipe or second command is an error at its place.
 */
std::variant<ShellWords, ParseError> shellWords(const QString &line, const recipe::ShellContext &context = {});

/** Words that are words already; they stand where recipe::shellJoin() puts them. */
QList<Word> wordsOf(const QStringList &words);

} // namespace dockerline
