#pragma once

#include <QString>

/** What comes along when a line is copied from a terminal, a web page or a word processor. */
namespace dockerline {

/** Where the command begins behind a prompt ("me@host:~$ ", "# ", "!") or a code block's fence. */
qsizetype promptLength(const QString &line);

/**
 * What is wrong with a text that begins with a sign no shell takes for what it looks like: typographic quotes and
 * dashes, Windows line ends. Empty: nothing.
 */
QString copyFault(QStringView text, bool beginsWord);

} // namespace dockerline
