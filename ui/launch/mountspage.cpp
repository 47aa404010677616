#include "launch/mountspage.h"

#include "common/form.h"
#include "common/listeditor.h"
#include "common/theme.h"
#include "core/offload.h"

#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;

namespace {
enum Field { Source, Target, Options, ReadOnly, MustExist };
constexpr int typingMs = 250;

/** What is found in the host's folders. */
struct Looked
{
    QHash<QString, HostFolder> folders;
    QHash<QString, runs::SavedConfig> beside;
};

QString checked(bool on) { return on ? QStringLiteral("1") : QString(); }
} // namespace

MountsPage::MountsPage(QWidget *parent)
    : StepPage(tr("Mounts"),
        tr("Folders of the host, or named volumes, that the run sees. What it writes there stays."), parent)
{
    using Kind = common::ListEditor::Kind;
    m_list = new common::ListEditor({{tr("Host folder"), tr("/home/me/workspace or a volume's name"), Kind::Folder, 5},
                                        {tr("Container path"), QStringLiteral("/workspace"), Kind::Text, 4},
                                        {tr("Options"), tr("none"), Kind::Text, 2}, {tr("Read-only"), {}, Kind::Check},
                                        {tr("Must exist"), {}, Kind::Check}},
        tr("Add mount"), this);
    m_list->setObjectName(QStringLiteral("mounts"));
    body()->addWidget(m_list);
    m_brought = common::buttonRow(tr("Use it"), m_useBrought, m_broughtSays, this);
    body()->addSpacing(common::grid);
    body()->addWidget(m_brought);
    m_brought->hide();
    connect(m_useBrought, &QPushButton::clicked, this, [this] {
        if (const runs::SavedConfig *config = brought())
            Q_EMIT configOffered(config->file.config, tr("Filled from %1.").arg(config->path));
    });
    body()->addStretch();
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingMs);
    connect(&m_typing, &QTimer::timeout, this, &MountsPage::lookUpFolders);
    connect(m_list, &common::ListEditor::changed, this, [this] {
        m_typing.start();
        tellEdited();
    });
}

void MountsPage::store(RunConfig &config) const
{
    config.mounts.clear();
    const auto rows = m_list->rows();
    for (const int i : storedRows()) {
        const QStringList &row = rows[i];
        config.mounts += Mount{.source = row[Source].trimmed(),
            .target = row[Target].trimmed(),
            .readOnly = !row[ReadOnly].isEmpty(),
            .mustExist = !row[MustExist].isEmpty(),
            .options = row[Options].trimmed()};
    }
}

void MountsPage::setHostIsLocal(bool local)
{
    m_hostIsLocal = local;
    Q_EMIT foldersLookedUp();
    m_typing.start();
}

void MountsPage::fill(const RunConfig &config)
{
    QList<QStringList> rows;
    for (const Mount &mount : config.mounts)
        rows += {mount.source, mount.target, mount.options, checked(mount.readOnly), checked(mount.mustExist)};
    m_list->setRows(rows);
    m_known.clear();
    lookUpFolders();
}

void MountsPage::lookUpFolders()
{
    // One at a time: a dead network folder may take a thread of the pool for minutes, but no more than one.
    if (!m_hostIsLocal || m_lookingUp)
        return;
    QStringList folders;
    for (const QStringList &row : m_list->rows()) {
        const QString source = row[Source].trimmed();
        if (source.startsWith(u'/'))
            folders += source;
    }
    if (folders.isEmpty())
        return;
    m_lookingUp = true;
    auto look = [folders]() -> core::Result<Looked> {
        Looked looked;
        for (const QString &folder : folders) {
            looked.folders.insert(folder, lookUpFolder(folder));
            if (const auto config = runs::findBeside(folder))
                looked.beside.insert(folder, *config);
        }
        return looked;
    };
    core::offload(this, look).then(this, [this, folders](const core::Result<Looked> &looked) {
        m_lookingUp = false;
        m_known = looked->folders;
        m_beside = looked->beside;
        showBrought();
        Q_EMIT foldersLookedUp();
        // Typed on meanwhile.
        for (const QStringList &row : m_list->rows()) {
            const QString source = row[Source].trimmed();
            if (source.startsWith(u'/') && !m_known.contains(source))
                m_typing.start();
        }
    });
}

std::optional<HostFolder> MountsPage::folder(const QString &path) const
{
    const auto known = m_known.constFind(path);
    return m_hostIsLocal && known != m_known.constEnd() ? std::optional(*known) : std::nullopt;
}

/** A finding of one mount stands below its row; with its buttons, at the foot. */
void MountsPage::showFindings(const QList<StepFinding> &findings)
{
    QStringList notes(m_list->rowCount());
    QList<bool> errors(m_list->rowCount());
    QList<StepFinding> others;
    static const QRegularExpression field(QStringLiteral("^mounts\\[(\\d+)\\]"));
    const QList<int> rows = storedRows();
    for (const StepFinding &finding : findings) {
        const auto match = field.match(finding.field);
        const int row = match.hasMatch() ? rows.value(match.captured(1).toInt(), -1) : -1;
        if (row < 0 || !finding.fixes.isEmpty()) {
            others += finding;
        } else if (notes[row].isEmpty()) {
            notes[row] = finding.text;
            errors[row] = finding.error;
        }
    }
    for (int i = 0; i < notes.size(); ++i)
        m_list->setNote(i, notes[i], errors[i] ? common::Tone::Failed : common::Tone::Warning);
    StepPage::showFindings(others);
}

/** The rows that store() makes mounts of. */
QList<int> MountsPage::storedRows() const
{
    QList<int> stored;
    const auto rows = m_list->rows();
    for (int i = 0; i < rows.size(); ++i) {
        if (!rows[i][Source].trimmed().isEmpty() || !rows[i][Target].trimmed().isEmpty())
            stored += i;
    }
    return stored;
}

void MountsPage::refresh(const RunConfig &config)
{
    m_config = config;
    showBrought();
}

/** Of the folders that are mounted, the first that brings another run than this. */
const runs::SavedConfig *MountsPage::brought() const
{
    for (const Mount &mount : m_config.mounts) {
        const auto found = m_beside.constFind(mount.source);
        if (m_hostIsLocal && found != m_beside.constEnd() && found->file.config != m_config)
            return &*found;
    }
    return nullptr;
}

void MountsPage::showBrought()
{
    const runs::SavedConfig *config = brought();
    m_brought->setVisible(config);
    if (!config)
        return;
    m_useBrought->setVisible(config->readable());
    m_broughtSays->setText(config->readable() ? tr("The folder brings a run configuration, %1.").arg(config->path)
                                              : tr("%1 cannot be read: %2").arg(config->path, config->trouble));
}

} // namespace launch
