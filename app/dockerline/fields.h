#pragma once

#include "recipe/runconfig.h"

#include <QStringList>
#include <optional>

/** What people type into the steps' fields. Unset: it cannot be understood. An empty number is 0. */
namespace dockerline {

/** "8g" in bytes. */
std::optional<qint64> sizeOf(const QString &text);
/** "1.5", not negative. */
std::optional<double> cpusOf(const QString &text);
/** Name, soft, hard; hard empty: as soft; "unlimited" is −1. A wholly empty row is a Ulimit without a name. */
std::optional<recipe::Ulimit> ulimitOf(const QStringList &row);
/** A name for a run of that image: "pytorch-0412-1530" of "nvcr.io/nvidia/pytorch:24.05", by the local time. */
QString suggestedName(const QString &image);

/** A line as a POSIX shell splits it into words, without expanding anything; unset when a quote is not closed. */
std::optional<QStringList> shellSplit(const QString &line);

} // namespace dockerline
