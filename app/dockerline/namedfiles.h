#pragma once

#include "recipe/shellcontext.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <functional>
#include <memory>

namespace dockerline {

/**
 * The local files that options name (--env-file, seccomp profiles), for a window that must not wait for a dead network
 * folder: what is not read yet is refused with a sentence, and arrived() says that the line is worth reading again.
 * Main thread; owned by the widget that shows the line.
 */
class NamedFiles : public QObject
{
    Q_OBJECT
public:
    /** Reads one file, in a thread of its own; may take for ever. */
    using Read = std::function<core::Result<QByteArray>(const QString &path)>;

    explicit NamedFiles(Read read = recipe::readLocalFile, QObject *parent = nullptr);
    ~NamedFiles() override;

    /** What was read last; a file that may have changed since is read again meanwhile. */
    core::Result<QByteArray> content(const QString &path);
    /** The files of which content() had nothing to give since the last begin(). */
    const QStringList &awaited() const { return m_awaited; }
    /** The line is about to be read (again): what it does not name any more need not be read. */
    void begin();
    /** For a reading that counts: all files are read again first. */
    void forget();

Q_SIGNALS:
    /** A file's content is known, or another than before. */
    void arrived();

private:
    struct Door; ///< through which the threads answer; outlives both sides
    struct File
    {
        core::Result<QByteArray> content;
        QElapsedTimer age;
    };
    void want(const QString &path);
    void readWanted();
    void take(const QString &path, int round, const core::Result<QByteArray> &content);

    Read m_read;
    std::shared_ptr<Door> m_door;
    QHash<QString, File> m_files;
    QStringList m_awaited;
    QStringList m_wanted; ///< to be read when the typing rests
    QHash<QString, int> m_reading; ///< and in which round
    int m_threads = 0; ///< that have not answered yet, also of earlier rounds
    int m_round = 0; ///< counts forget()
    QTimer m_soon;
};

} // namespace dockerline
