#pragma once

#include "inventory/gpuwords.h"
#include "logs/document.h"

#include <QObject>
#include <optional>

namespace logs {

/**
 * Finds GPU failures of the last run in a log as its lines come: each line is looked at once. A failure counts while it
 * is among the log's recent lines, as a program may get over it; one nearer to the cause outranks another. Owned by a
 * LogConsole.
 */
class GpuWatch : public QObject
{
    Q_OBJECT
public:
    /** So many lines at the end of a log count as recent. */
    static constexpr qint64 recent = 200;

    explicit GpuWatch(const Document &document, QObject *parent = nullptr);

    const std::optional<inventory::GpuFailure> &failure() const { return m_failure; }
    /** The container started again: what it said before is no longer true. */
    void startOver();

Q_SIGNALS:
    /** failure() is another, or none any more. */
    void changed();

private:
    void look(qint64 first, qint64 count);
    void set(const std::optional<inventory::GpuFailure> &failure);

    const Document &m_document;
    std::optional<inventory::GpuFailure> m_failure;
    qint64 m_line = 0; ///< that said it last
};

} // namespace logs
