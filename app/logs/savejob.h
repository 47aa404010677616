#pragma once

#include "core/result.h"
#include "logs/document.h"

#include <QObject>
#include <QPointer>
#include <QSaveFile>
#include <QTimer>

namespace logs {

/**
 * Writes a document as it stands to a file, a megabyte per turn of the event loop; the file appears only when it is
 * whole. Lines that fall out of the document meanwhile are left out. Main thread; owned by whoever asked.
 */
class SaveJob : public QObject
{
    Q_OBJECT
public:
    enum class Colors { Strip, Keep };

    SaveJob(const Document &document, const QString &path, Colors colors, QObject *parent);
    void start();
    void abort();

Q_SIGNALS:
    void progressed(qint64 linesDone, qint64 linesInAll);
    /** Exactly once. Denied or Daemon with the system's words when the file cannot be written. */
    void finished(const core::Result<void> &result);

private:
    void step();
    void finish(const core::Result<void> &result);
    core::Error fileError() const;

    QPointer<const Document> m_document;
    QSaveFile m_file;
    Colors m_colors;
    qint64 m_first = 0;
    qint64 m_next = 0;
    qint64 m_end = 0;
    QTimer m_timer;
    bool m_finished = false;
};

} // namespace logs
