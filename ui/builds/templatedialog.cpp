#include "builds/templatedialog.h"

#include "common/form.h"
#include "common/theme.h"
#include "core/offload.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace builds {

using namespace Qt::StringLiterals;

TemplateDialog::TemplateDialog(const QString &folder, QWidget *parent)
    : QDialog(parent)
    , m_base(new QLineEdit(u"pytorch/pytorch"_s))
    , m_repository(new QLineEdit)
    , m_reference(new QLineEdit)
    , m_requirements(new QLineEdit(u"requirements.txt"_s))
    , m_command(new QLineEdit)
    , m_installGit(new QCheckBox(tr("&Install git (the base has apt)")))
    , m_text(new QPlainTextEdit)
    , m_file(new QLineEdit(QDir(folder.isEmpty() ? QDir::homePath() : folder).filePath(u"Dockerfile"_s)))
    , m_problem(new QLabel)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Generate Dockerfile"));
    auto *form = new common::Form;
    m_repository->setPlaceholderText(u"https://github.com/me/train.git"_s);
    m_reference->setPlaceholderText(tr("The default branch"));
    m_command->setPlaceholderText(u"python train.py"_s);
    form->addField(tr("&Base image"), m_base);
    form->addField(tr("&Git repository"), m_repository, tr("Without one, the folder itself is copied into the image."));
    form->addField(tr("B&ranch or tag"), m_reference);
    form->addField(m_installGit);
    form->addField(tr("Re&quirements"), m_requirements, tr("Installed with pip; empty: none."));
    form->addField(tr("&Command"), m_command);
    m_text->setFont(common::monospaceFont());
    m_text->setAccessibleName(tr("Dockerfile text"));
    m_text->setTabChangesFocus(true);
    m_problem->setWordWrap(true);
    auto *fileForm = new common::Form;
    fileForm->addField(tr("&File"), m_file);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_save = buttons->addButton(tr("&Save"), QDialogButtonBox::AcceptRole);
    m_save->setAccessibleName(tr("Save"));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(form);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_problem);
    layout->addWidget(fileForm);
    layout->addWidget(buttons);
    resize(80 * common::grid, 76 * common::grid);

    for (QLineEdit *edit : {m_base, m_repository, m_reference, m_requirements, m_command})
        connect(edit, &QLineEdit::textChanged, this, &TemplateDialog::regenerate);
    connect(m_installGit, &QCheckBox::toggled, this, &TemplateDialog::regenerate);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        m_edited = m_text->document()->isModified();
        regenerate();
    });
    connect(buttons, &QDialogButtonBox::accepted, this, [this] { save(false); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    regenerate();
}

DockerfileTemplate TemplateDialog::answers() const
{
    DockerfileTemplate made;
    made.base = m_base->text().trimmed();
    made.repository = m_repository->text().trimmed();
    made.reference = m_reference->text().trimmed();
    made.requirements = m_requirements->text().trimmed();
    made.command = m_command->text();
    made.installGit = m_installGit->isChecked();
    return made;
}

void TemplateDialog::regenerate()
{
    m_installGit->setEnabled(!m_repository->text().trimmed().isEmpty());
    m_reference->setEnabled(m_installGit->isEnabled());
    const DockerfileTemplate made = answers();
    const QString problem = made.problem();
    if (!m_edited && m_text->toPlainText() != made.text()) {
        const QSignalBlocker quiet(m_text);
        m_text->setPlainText(made.text());
        m_text->document()->setModified(false);
    }
    m_problem->setText(m_edited ? tr("Edited by hand: the answers above change it no more.") : problem);
    m_problem->setVisible(!m_problem->text().isEmpty());
    m_save->setEnabled(m_edited || problem.isEmpty());
}

void TemplateDialog::save(bool overwrite)
{
    const QString path = m_file->text().trimmed();
    m_save->setEnabled(false);
    core::offload(this, [path, text = m_text->toPlainText(), overwrite] {
        return saveDockerfile(path, text, overwrite);
    }).then(this, [this, path](const core::Result<void> &done) {
        m_save->setEnabled(true);
        if (done) {
            Q_EMIT saved(path);
            return accept();
        }
        if (done.error().kind == core::ErrorKind::Conflict)
            return confirmOverwrite(path);
        m_problem->setText(tr("It could not be saved: %1").arg(done.error().message));
        m_problem->show();
    });
}

void TemplateDialog::confirmOverwrite(const QString &path)
{
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Replace Dockerfile"),
        tr("There is a file “%1” already. Replace it?").arg(path), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *replace
        = box->addButton(tr("Replace %1").arg(QFileInfo(path).fileName()), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(replace, &QPushButton::clicked, this, [this] { save(true); });
    box->open();
}

} // namespace builds
