#pragma once

#include <QByteArrayView>

namespace logs {

/** Columns a character takes in a terminal: 0 (joins the one before), 1 or 2 (East Asian wide, emoji). */
int charWidth(char32_t c);

/** Takes one character off the front of UTF-8; an invalid or cut one is U+FFFD. bytes is not empty. */
char32_t takeChar(QByteArrayView &bytes);

/** How many bytes at the end are a character of which more is to come: 0 to 3. */
qsizetype cutCharLength(QByteArrayView bytes);

} // namespace logs
