#pragma once

#include "dockerline/dockerparser.h"
#include "dockerline/plainwords.h"

namespace dockerline {

/** What a text that somebody pasted says, as far as it can be read. */
struct PastedLine
{
    std::optional<recipe::RunConfig> config; ///< set when all of it is understood and nothing is missing
    QList<PartWords> understood; ///< with an error: of what stands before it
    QStringList warnings; ///< sentences: what was not read word for word, and what may mean more than was meant
    std::optional<dockerline::ParseError> error; ///< the first thing that is not understood, but for missing
    QStringList variables; ///< that the line uses and nobody has set, each once
    QStringList missing; ///< those of them that values do not say either; config waits for them
};

/** The most characters that are read as a line. A shell takes no more in one word either (Linux's MAX_ARG_STRLEN). */
inline constexpr qsizetype longestLine = 100'000;

/** values: of variables that are not in context's environment. Pure; empty for an empty text. */
PastedLine readPastedLine(
    const QString &text, const QMap<QString, QString> &values = {}, const recipe::ShellContext &context = {});

/** Whether a text seems to be a docker run line, by its first words: cheap, asks nothing else. */
bool beginsLikeDockerRun(const QString &text);

} // namespace dockerline
