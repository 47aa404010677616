#pragma once

#include "core/result.h"
#include "http/endpoint.h"

#include <QElapsedTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QVBoxLayout;

namespace common {
class MessageBar;
}

namespace settings {
class Settings;
}

namespace images {

class ArchiveJob;

/**
 * Saves images into tar files and loads them: asks for the file, shows how far each is in a bar of its own, cancels,
 * and says how it ended. Any number at once. Takes no room while there is none. Owned by the images page.
 */
class ArchiveBars : public QWidget
{
    Q_OBJECT
public:
    ArchiveBars(const http::Endpoint &endpoint, settings::Settings &settings, QWidget *parent = nullptr);

    /** Asks where to; names: of the images; size: bytes of the archive, about; atLeast: what must be free for it. */
    void save(const QStringList &names, qint64 size, qint64 atLeast);
    /** Asks which. */
    void load();

Q_SIGNALS:
    /** The names, or ids, of what a file held. */
    void loaded(const QStringList &names);

private:
    void ask(bool save, const QString &proposal, const std::function<void(const QString &path)> &then);
    void run(ArchiveJob *job, const QString &doing, const QString &attempted,
        const std::function<QString(const QStringList &)> &done);

    http::Endpoint m_endpoint;
    settings::Settings &m_settings;
    common::MessageBar *m_bar; ///< how the last one ended
    QVBoxLayout *m_layout;
};

/** One archive under way: what, how far, Cancel. Owned by the ArchiveBars. */
class ArchiveBar : public QWidget
{
    Q_OBJECT
public:
    explicit ArchiveBar(const QString &doing, QWidget *parent = nullptr);

    void show(qint64 done, qint64 total, const QString &words);

Q_SIGNALS:
    void cancelled();

private:
    QString m_doing;
    QLabel *m_text;
    QProgressBar *m_progress;
    QElapsedTimer m_since; ///< the first byte
};

/** "pytorch_24.05-py3.tar": a file's name for an archive of these images. */
QString archiveName(const QStringList &names);

} // namespace images
