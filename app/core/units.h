#pragma once

#include <QString>
#include <QtGlobal>
#include <optional>

/** Bytes, durations and ages as text, and sizes back from text. Binary units: 1 KiB = 1024 B. */
namespace core {

/** "0 B", "512 MiB", "1.5 GiB", "41 GiB": at most three significant digits. Negative means unknown: "–". */
QString bytesText(qint64 bytes);

/**
 * A size as Docker's options take it: "1g", "512M", "1.5gb", "64KiB", "1024", always × 1024 and never negative.
 * Source: docker/go-units RAMInBytes. Empty when it is none or does not fit in 63 bits.
 */
std::optional<qint64> parseBytes(QStringView text);

/** The shortest text that parseBytes() reads back as exactly these bytes: "1g", "512m", "1025". */
QString dockerBytes(qint64 bytes);

/** A duration in its largest whole unit: "12 s", "3 min", "3 h", "2 d". Negative counts as 0. */
QString durationText(qint64 seconds);

/** "just now", "3 h ago". `then` and `now` are Unix seconds; a `then` of 0 or less is unknown: "–". */
QString ageText(qint64 then, qint64 now);

/** "7.3 %", "780 %". Negative means unknown: "–". */
QString percentText(double percent);
/** Of what is only known in whole percents: "7 %". */
QString percentText(int percent);

/** What stands in a cell or field that has no value. */
QString noValue();

} // namespace core
