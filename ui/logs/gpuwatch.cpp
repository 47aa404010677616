#include "logs/gpuwatch.h"

#include <algorithm>

namespace logs {

GpuWatch::GpuWatch(const Document &document, QObject *parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&document, &Document::linesAdded, this, &GpuWatch::look);
    look(document.firstLine(), document.finishedEnd() - document.firstLine());
}

void GpuWatch::startOver() { set({}); }

void GpuWatch::look(qint64 first, qint64 count)
{
    const qint64 end = first + count;
    std::optional<inventory::GpuFailure> failure = m_failure;
    for (qint64 line = std::max({first, end - recent, m_document.runBegin()}); line < end; ++line) {
        const Document::Line text = m_document.line(line);
        if (text.kind == LineKind::Note) {
            // The news of a start may have come before the last words of the run it ended.
            if (QString::fromUtf8(text.bytes) == startedAgain)
                failure.reset();
            continue;
        }
        const auto found = inventory::gpuFailure(text.bytes);
        if (!found || (failure && found->rank > failure->rank && line - m_line < recent))
            continue;
        failure = found;
        m_line = line;
    }
    if (failure && end - m_line > recent)
        failure.reset();
    set(failure);
}

void GpuWatch::set(const std::optional<inventory::GpuFailure> &failure)
{
    if (m_failure == failure)
        return;
    m_failure = failure;
    Q_EMIT changed();
}

} // namespace logs
