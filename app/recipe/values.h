#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <utility>

/** The forms of values that Docker's client reads, by the rules of the Go functions behind it. */
namespace recipe {

/** "true", "T", "1", … Source: strconv.ParseBool. */
std::optional<bool> readBool(const QString &text);
/** "42", "-1", "0x2a", "1_000". Source: strconv.ParseInt with base 0. */
std::optional<qint64> readWholeNumber(const QString &text);
/** "42", "-1", "+1" and nothing else. Source: strconv.Atoi. */
std::optional<qint64> readDecimalNumber(const QString &text);
/** Nanoseconds of "1m30s", "1.5h", "100ms", "0". Source: time.ParseDuration. */
std::optional<qint64> readDuration(const QString &text);
/** Billionths of "2.5", "1/2", "1e-3"; empty where that is no whole number of them. Source: big.Rat.SetString. */
std::optional<qint64> readBillionths(const QString &text);
/** One record, whose fields may stand in double quotes; empty when the quotes do not fit or nothing stands there.
 * Source: encoding/csv. */
QStringList csvFields(const QString &text);
/** A field as csvFields() reads it back. */
QString csvField(QString field);
/** "::1" of "0:0::1": the address as Docker's client writes it. No zones, no leading zeros. Source: net.ParseIP. */
std::optional<QString> readIpAddress(const QString &text);
/** Of 6, 8 or 20 bytes: "92:d0:c6:0a:29:33", with dashes, or "92d0.c60a.2933". Source: net.ParseMAC. */
bool isMacAddress(const QString &text);
/** "linux/amd64" of "x86_64"; empty when it is no platform. Source: containerd/platforms. */
std::optional<QString> readPlatform(const QString &text);
/** What stands before and behind the first separator; nothing behind it where there is none. */
std::pair<QString, std::optional<QString>> cut(const QString &text, QChar separator);

} // namespace recipe
