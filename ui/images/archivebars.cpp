#include "images/archivebars.h"

#include "common/errortext.h"
#include "common/messagebar.h"
#include "common/theme.h"
#include "core/units.h"
#include "images/archivejob.h"
#include "settings/settings.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace images {

using namespace Qt::StringLiterals;

namespace {

/** The daemon's words of what is no archive of images, by dockerd 20.10 … 29. */
bool isNoArchive(const QString &words)
{
    static const QStringList known = {u"invalid tar header"_s, u"unexpected EOF"_s, u"repositories: no such file"_s,
        u"manifest.json: no such file"_s, u"unrecognized image format"_s, u"archive/tar"_s, u"invalid archive"_s,
        u"gzip: invalid"_s, u"Unexpected manifest"_s, u"magic number"_s};
    return std::any_of(
        known.begin(), known.end(), [&words](const QString &one) { return words.contains(one, Qt::CaseInsensitive); });
}

/** "pytorch:24.05-py3", or the first digits of an id. */
QString shortName(const QString &reference)
{
    constexpr qsizetype digits = 12;
    return reference.startsWith("sha256:"_L1) ? reference.section(u':', -1).left(digits) : reference.section(u'/', -1);
}

common::ErrorText failureText(const ArchiveJob &job, const core::Error &error, const QString &attempted)
{
    if (job.fileFault())
        return {QObject::tr("Could not %1: %2.").arg(attempted, error.message), {}, {}};
    common::ErrorText text = common::errorText(error, attempted);
    if (isNoArchive(error.message))
        text = {QObject::tr("Could not %1: it is not an archive of images, or not a whole one.").arg(attempted),
            QObject::tr("Choose a file that Save… or `docker save` has written."), text.details};
    return text;
}

} // namespace

QString archiveName(const QStringList &names)
{
    QString name = shortName(names.value(0));
    name.replace(u':', u'_');
    if (names.size() > 1)
        name += QObject::tr(" and %1 more").arg(names.size() - 1);
    return name + u".tar"_s;
}

// ---- one

ArchiveBar::ArchiveBar(const QString &doing, QWidget *parent)
    : QWidget(parent)
    , m_doing(doing)
    , m_text(new QLabel(doing))
    , m_progress(new QProgressBar)
{
    m_text->setTextFormat(Qt::PlainText);
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_progress->setAccessibleName(doing);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(24 * common::grid);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setAccessibleName(cancel->text());
    connect(cancel, &QPushButton::clicked, this, [this, cancel] {
        cancel->setEnabled(false);
        m_text->setText(tr("%1: stopping…").arg(m_doing));
        Q_EMIT cancelled();
    });
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(common::grid, common::grid / 2, common::grid, common::grid / 2);
    layout->setSpacing(common::grid);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_progress);
    layout->addWidget(cancel);
}

void ArchiveBar::show(qint64 done, qint64 total, const QString &words)
{
    if (done > 0 && !m_since.isValid())
        m_since.start();
    QString text = m_doing;
    if (done > 0)
        text += total > 0 ? tr(":  %1 of about %2").arg(core::bytesText(done), core::bytesText(std::max(done, total)))
                          : u":  "_s + core::bytesText(done);
    constexpr qint64 steady = 1000; // ms before a speed says anything
    if (!words.isEmpty())
        text += u"  –  "_s + words;
    else if (m_since.isValid() && m_since.elapsed() > steady)
        text += u"  –  "_s + core::bytesText(done * 1000 / m_since.elapsed()) + u"/s"_s;
    m_text->setText(text);
    constexpr int steps = 1000;
    m_progress->setRange(0, total > 0 && done > 0 ? steps : 0);
    if (total > 0)
        m_progress->setValue(int(std::min(done, total) * steps / total));
}

// ---- all

ArchiveBars::ArchiveBars(const http::Endpoint &endpoint, settings::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_endpoint(endpoint)
    , m_settings(settings)
    , m_bar(new common::MessageBar)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_bar);
}

void ArchiveBars::ask(bool save, const QString &proposal, const std::function<void(const QString &)> &then)
{
    auto *dialog = new QFileDialog(this, save ? tr("Save images") : tr("Load images"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(save ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(save ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Archives of images (*.tar *.tar.gz *.tgz *.tar.xz *.tar.zst)"), tr("All files (*)")});
    QString folder = m_settings.value(settings::keys::imageFolder);
    if (folder.isEmpty())
        folder = QDir::homePath();
    dialog->setDirectory(folder);
    if (save) {
        dialog->setDefaultSuffix(u"tar"_s);
        dialog->selectFile(proposal);
    }
    connect(dialog, &QFileDialog::fileSelected, this, [this, then](const QString &path) {
        m_settings.set(settings::keys::imageFolder, QFileInfo(path).absolutePath());
        then(path);
    });
    dialog->open();
}

void ArchiveBars::save(const QStringList &names, qint64 size, qint64 atLeast)
{
    ask(true, archiveName(names), [this, names, size, atLeast](const QString &path) {
        const QString what = names.size() > 1        ? tr("%1 images").arg(names.size())
            : names.first().startsWith("sha256:"_L1) ? shortName(names.first())
                                                     : names.first();
        run(ArchiveJob::save(m_endpoint, names, size, atLeast, path, this),
            tr("Saving %1 to %2").arg(what, QFileInfo(path).fileName()), tr("save %1").arg(what),
            [what, path](const QStringList &) { return tr("Saved %1 to %2.").arg(what, path); });
    });
}

void ArchiveBars::load()
{
    ask(false, {}, [this](const QString &path) {
        const QString file = QFileInfo(path).fileName();
        run(ArchiveJob::load(m_endpoint, path, this), tr("Loading %1").arg(file), tr("load %1").arg(file),
            [this, file](const QStringList &names) {
                Q_EMIT loaded(names);
                return names.isEmpty() ? tr("%1 held no image that was not here already.").arg(file)
                                       : tr("Loaded %1.").arg(names.join(u", "_s));
            });
    });
}

void ArchiveBars::run(ArchiveJob *job, const QString &doing, const QString &attempted,
    const std::function<QString(const QStringList &)> &done)
{
    m_bar->clear();
    auto *bar = new ArchiveBar(doing);
    m_layout->addWidget(bar);
    connect(job, &ArchiveJob::progressed, bar, &ArchiveBar::show);
    connect(bar, &ArchiveBar::cancelled, job, &ArchiveJob::abort);
    connect(
        job, &ArchiveJob::finished, this, [this, job, bar, attempted, done](const core::Result<QStringList> &result) {
            bar->deleteLater();
            job->deleteLater();
            if (result)
                m_bar->showNote(done(*result));
            else if (result.error().kind != core::ErrorKind::Aborted) // who cancelled knows
                m_bar->showError(failureText(*job, result.error(), attempted));
        });
    job->start();
}

} // namespace images
