#pragma once

#include <QFile>
#include <QJsonObject>
#include <QString>
#include <memory>

namespace core {

/**
 * Appends one JSON object a line to the file named by SLIPWAY_TRACE: {"ms": since process start, "event": …, …}.
 * Does nothing when the variable is unset. Owned by main(), handed out by reference; main thread only.
 */
class Trace
{
public:
    /** An empty path writes nothing. */
    explicit Trace(const QString &path);

    /** Of the path in SLIPWAY_TRACE. */
    static Trace fromEnvironment();

    bool enabled() const { return m_file != nullptr; }
    void event(const char *name, const QJsonObject &values = {}) const;

private:
    std::unique_ptr<QFile> m_file;
};

/** Milliseconds since this process started, by the kernel's clock (10 ms steps at worst, /proc/self/stat field 22). */
double millisecondsSinceProcessStart();

} // namespace core
