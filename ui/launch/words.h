#pragma once

#include <QString>
#include <QStringList>
#include <optional>

namespace launch {

/** A line as a POSIX shell splits it into words, without expanding anything; unset when a quote is not closed. */
std::optional<QStringList> shellSplit(const QString &line);

} // namespace launch
