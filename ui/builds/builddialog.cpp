#include "builds/builddialog.h"

#include "builds/contextview.h"
#include "builds/templatedialog.h"
#include "common/choiceedit.h"
#include "common/form.h"
#include "common/hint.h"
#include "common/listeditor.h"
#include "common/theme.h"
#include "core/offload.h"
#include "core/units.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace builds {

using namespace Qt::StringLiterals;
using Field = RequestProblem::Field;

namespace {

constexpr int settleMs = 250; ///< after the last key
constexpr qint64 maxDockerfile = 4 * 1024 * 1024;

QWidget *withButtons(QLineEdit *edit, const QList<QPushButton *> &buttons)
{
    auto *row = new QWidget;
    auto *layout = common::rowOf(row);
    layout->addWidget(edit, 1);
    for (QPushButton *button : buttons) {
        button->setAutoDefault(false);
        layout->addWidget(button);
    }
    row->setFocusProxy(edit);
    return row;
}

} // namespace

BuildDialog::BuildDialog(const BuildRequest &request, QWidget *parent)
    : QDialog(parent)
    , m_folder(new QLineEdit)
    , m_name(new QLineEdit)
    , m_dockerfile(new QLineEdit)
    , m_target(new QComboBox)
    , m_args(new common::ListEditor({{tr("Argument"), u"CUDA_VERSION"_s}, {tr("Value"), {}}}, tr("Add argument")))
    , m_labels(new common::ListEditor(
          {{tr("Label"), u"org.opencontainers.image.version"_s}, {tr("Value"), {}}}, tr("Add label")))
    , m_more(new QToolButton)
    , m_moreFields(new QWidget)
    , m_network(new common::ChoiceEdit(
          {{{}, tr("Docker's own")}, {u"host"_s, tr("The host's")}, {u"none"_s, tr("None")}}, tr("Name of a network")))
    , m_noCache(new QCheckBox(tr("No &cache")))
    , m_pull(new QCheckBox(tr("&Pull newer base images")))
    , m_platform(new QLineEdit)
    , m_shmSize(new QLineEdit)
    , m_via(new QComboBox)
    , m_context(new ContextView)
    , m_line(new QPlainTextEdit)
    , m_copy(nullptr)
    , m_build(nullptr)
{
    setWindowTitle(tr("Build image"));
    auto *content = new QWidget;
    auto *form = new common::Form;
    addMain(form);
    auto *moreForm = new common::Form;
    addMore(moreForm);
    auto *contentLayout = new QVBoxLayout(content);
    contentLayout->addWidget(form);
    contentLayout->addWidget(m_more);
    contentLayout->addWidget(m_moreFields);
    contentLayout->addStretch(1);
    auto *moreLayout = new QVBoxLayout(m_moreFields);
    moreLayout->setContentsMargins(0, 0, 0, 0);
    moreLayout->addWidget(moreForm);
    auto *scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    common::keepWheelFromFields(content);

    m_line->setReadOnly(true);
    m_line->setFont(common::monospaceFont());
    m_line->setAccessibleName(tr("docker build line"));
    m_line->setPlaceholderText(tr("The docker build line, once a folder is chosen"));
    m_line->setFixedHeight(9 * common::grid);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_build = buttons->addButton(tr("&Build"), QDialogButtonBox::AcceptRole);
    m_build->setAccessibleName(tr("Build"));
    m_build->setEnabled(false);
    m_copy = buttons->addButton(tr("Copy &docker line"), QDialogButtonBox::ActionRole);
    m_copy->setAutoDefault(false);
    QPushButton *startOver = buttons->addButton(tr("&Start over"), QDialogButtonBox::ResetRole);
    startOver->setAccessibleName(tr("Start over"));
    startOver->setAutoDefault(false);
    startOver->setFlat(true);
    connect(startOver, &QPushButton::clicked, this, [this] {
        fill({});
        look();
    });
    connect(
        m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_line->toPlainText()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &BuildDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(scroll, 1);
    layout->addWidget(m_line);
    layout->addWidget(buttons);
    resize(QSize(90 * common::grid, 84 * common::grid).boundedTo(screen()->availableSize() * 9 / 10));

    m_soon.setSingleShot(true);
    m_soon.setInterval(settleMs);
    connect(&m_soon, &QTimer::timeout, this, &BuildDialog::look);
    connect(m_context, &ContextView::ignored, this, &BuildDialog::changed);
    fill(request);
}

void BuildDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (event->spontaneous())
        return;
    m_counted.clear(); // files come and go while it is closed
    look();
}

void BuildDialog::addMain(common::Form *form)
{
    auto *choose = new QPushButton(tr("Choose…"));
    choose->setAccessibleName(tr("Choose…"));
    connect(choose, &QPushButton::clicked, this, &BuildDialog::chooseFolder);
    m_hints[int(Field::Context)] = form->addField(tr("&Folder"), withButtons(m_folder, {choose}));
    m_folder->setAccessibleName(tr("Folder"));
    m_folder->setPlaceholderText(tr("The folder with the Dockerfile and what it copies"));
    form->addField(tr("Context"), m_context);
    m_name->setPlaceholderText(u"me/train:1"_s);
    m_hints[int(Field::Name)] = form->addField(tr("&Name"), m_name, tr("Without one it can only be found by its id."));
    auto *chooseFile = new QPushButton(tr("Choose…"));
    chooseFile->setAccessibleName(tr("Choose…"));
    connect(chooseFile, &QPushButton::clicked, this, &BuildDialog::chooseDockerfile);
    auto *generated = new QPushButton(tr("&Generate…"));
    generated->setAccessibleName(tr("Generate…"));
    connect(generated, &QPushButton::clicked, this, &BuildDialog::generate);
    m_dockerfile->setPlaceholderText(u"Dockerfile"_s);
    m_hints[int(Field::Dockerfile)]
        = form->addField(tr("&Dockerfile"), withButtons(m_dockerfile, {chooseFile, generated}));
    m_dockerfile->setAccessibleName(tr("Dockerfile"));
    m_target->setEditable(true);
    m_target->lineEdit()->setPlaceholderText(tr("The last stage"));
    m_hints[int(Field::Target)] = form->addField(tr("&Target"), m_target);
    m_hints[int(Field::Argument)] = form->addField(tr("Build arguments"), m_args);
    for (QLineEdit *edit : {m_folder, m_name, m_dockerfile})
        connect(edit, &QLineEdit::textChanged, this, &BuildDialog::changed);
    connect(m_target, &QComboBox::editTextChanged, this, &BuildDialog::changed);
    connect(m_args, &common::ListEditor::changed, this, &BuildDialog::changed);
}

void BuildDialog::addMore(common::Form *form)
{
    m_more->setText(tr("More"));
    m_more->setAccessibleName(tr("More"));
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setArrowType(Qt::RightArrow);
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_more, &QToolButton::toggled, this, [this](bool on) {
        m_more->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
        m_moreFields->setVisible(on);
        if (on)
            m_network->setFocus();
    });
    m_moreFields->hide();
    m_network->setLabel(tr("Network"));
    form->addField(tr("Net&work"), m_network);
    form->addField(m_noCache, tr("Runs every step again."));
    form->addField(m_pull);
    m_platform->setPlaceholderText(u"linux/amd64"_s);
    m_hints[int(Field::Platform)] = form->addField(tr("P&latform"), m_platform);
    m_shmSize->setPlaceholderText(u"64m"_s);
    m_hints[int(Field::ShmSize)] = form->addField(tr("&Shared memory"), m_shmSize);
    m_via->addItems({tr("BuildKit, else classic"), tr("BuildKit"), tr("Classic")});
    form->addField(tr("B&uilder"), m_via);
    m_hints[int(Field::Label)] = form->addField(tr("Labels"), m_labels);
    connect(m_labels, &common::ListEditor::changed, this, &BuildDialog::changed);
    connect(m_network, &common::ChoiceEdit::changed, this, &BuildDialog::changed);
    for (QCheckBox *box : {m_noCache, m_pull})
        connect(box, &QCheckBox::toggled, this, &BuildDialog::changed);
    for (QLineEdit *edit : {m_platform, m_shmSize})
        connect(edit, &QLineEdit::textChanged, this, &BuildDialog::changed);
    connect(m_via, &QComboBox::currentIndexChanged, this, &BuildDialog::changed);
}

void BuildDialog::fill(const BuildRequest &request)
{
    m_given = request;
    m_offered.clear();
    m_folder->setText(request.context);
    m_name->setText(request.names.join(u' '));
    m_dockerfile->setText(request.dockerfile);
    m_target->setEditText(request.target);
    QList<QStringList> rows;
    for (auto it = request.args.begin(); it != request.args.end(); ++it)
        rows.append({it.key(), it.value()});
    m_args->setRows(rows);
    rows.clear();
    for (auto it = request.labels.begin(); it != request.labels.end(); ++it)
        rows.append({it.key(), it.value()});
    m_labels->setRows(rows);
    m_network->setValue(request.network);
    m_noCache->setChecked(request.noCache);
    m_pull->setChecked(request.pull);
    m_platform->setText(request.platform);
    m_shmSize->setText(request.shmSize > 0 ? core::dockerBytes(request.shmSize) : QString());
    m_via->setCurrentIndex(int(request.via));
    const bool more = !request.network.isEmpty() || request.noCache || request.pull || !request.platform.isEmpty()
        || request.shmSize > 0 || !request.labels.isEmpty() || request.via != BuildRequest::Via::Automatic;
    m_more->setChecked(more);
    m_folder->setFocus();
}

BuildRequest BuildDialog::request() const
{
    BuildRequest made;
    made.withheld = m_given.withheld;
    const QString folder = m_folder->text().trimmed();
    made.context = folder.startsWith("~/"_L1) ? QDir::homePath() + folder.mid(1) : folder;
    made.names = m_name->text().split(u' ', Qt::SkipEmptyParts);
    made.dockerfile = m_dockerfile->text().trimmed();
    made.target = m_target->currentText().trimmed();
    const auto rows = m_args->rows();
    for (const QStringList &row : rows) {
        const QString name = row.value(0).trimmed();
        // What stands there by itself and was left empty means its default.
        if (!name.isEmpty() && !(row.value(1).isEmpty() && m_offered.contains(name)))
            made.args.insert(name, row.value(1));
    }
    const auto labels = m_labels->rows();
    for (const QStringList &row : labels) {
        if (const QString name = row.value(0).trimmed(); !name.isEmpty())
            made.labels.insert(name, row.value(1));
    }
    made.network = m_network->value();
    made.noCache = m_noCache->isChecked();
    made.pull = m_pull->isChecked();
    made.platform = m_platform->text().trimmed();
    made.shmSize = core::parseBytes(m_shmSize->text().trimmed()).value_or(0);
    made.via = BuildRequest::Via(m_via->currentIndex());
    return made;
}

void BuildDialog::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Choose the folder to build"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

void BuildDialog::chooseDockerfile()
{
    auto *dialog = new QFileDialog(this, tr("Choose the Dockerfile"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        const QString below = QDir(m_folder->text()).relativeFilePath(file);
        m_dockerfile->setText(below.startsWith(".."_L1) ? file : below);
    });
    dialog->open();
}

void BuildDialog::generate()
{
    auto *dialog = new TemplateDialog(request().context, this);
    connect(dialog, &TemplateDialog::saved, this, [this](const QString &file) {
        const QFileInfo info(file);
        if (m_folder->text().isEmpty())
            m_folder->setText(info.path());
        m_dockerfile->setText(info.path() == request().context ? info.fileName() : file);
        look();
    });
    dialog->open();
}

void BuildDialog::changed()
{
    showLine();
    m_build->setEnabled(false);
    m_soon.start();
}

/** Without a folder there is no line that could be run. */
void BuildDialog::showLine()
{
    const BuildRequest asked = request();
    m_line->setPlainText(asked.context.isEmpty() ? QString() : dockerLine(asked));
    m_copy->setEnabled(!asked.context.isEmpty());
}

void BuildDialog::look()
{
    m_soon.stop();
    const BuildRequest asked = request();
    showLine();
    core::offload(this, [asked]() -> core::Result<Look> {
        Look look;
        look.problems = problemsOf(asked);
        QFile file(asked.dockerfilePath());
        if (!asked.context.isEmpty() && file.open(QIODevice::ReadOnly))
            look.dockerfile = Dockerfile::parse(file.read(maxDockerfile));
        return look;
    }).then(this, [this, number = ++m_looks](const core::Result<Look> &look) {
        if (number == m_looks && look && !m_soon.isActive())
            show(*look);
    });
}

void BuildDialog::show(const Look &look)
{
    const BuildRequest asked = request();
    QList<RequestProblem> problems = look.problems + fieldProblems();
    const QStringList targets = look.dockerfile.targets();
    bool numbered = false;
    const int number = asked.target.toInt(&numbered); // Docker takes a stage by its number too
    const bool there = targets.contains(asked.target.toLower())
        || (numbered && number >= 0 && number < look.dockerfile.stages().size());
    if (!asked.target.isEmpty() && !look.dockerfile.stages().isEmpty() && !there)
        problems.append({Field::Target, tr("The Dockerfile has no stage “%1”.").arg(asked.target)});
    const QString target = m_target->currentText();
    if (targets != m_read.targets()) {
        const QSignalBlocker quiet(m_target);
        m_target->clear();
        m_target->addItems(targets);
        m_target->setEditText(target);
    }
    m_read = look.dockerfile;
    offerArguments(look.dockerfile);
    showProblems(problems);
    const bool folder = std::none_of(problems.begin(), problems.end(),
        [](const RequestProblem &problem) { return problem.field == Field::Context; });
    const QString count = folder ? QString(asked.context + u'\n' + asked.dockerfilePath()) : QString();
    if (count != m_counted)
        m_context->count(folder ? asked.context : QString(), asked.dockerfilePath());
    m_counted = count;
    m_build->setEnabled(problems.isEmpty());
    m_copy->setEnabled(problems.isEmpty());
    m_build->setDefault(true);
}

/** What the fields hold and a request cannot. */
QList<RequestProblem> BuildDialog::fieldProblems() const
{
    QList<RequestProblem> problems;
    if (!m_shmSize->text().trimmed().isEmpty() && !core::parseBytes(m_shmSize->text().trimmed()))
        problems.append({Field::ShmSize, tr("“%1” is no size: they look like 1g.").arg(m_shmSize->text())});
    const auto nameless = [](const common::ListEditor *list) {
        const QList<QStringList> rows = list->rows();
        return std::ranges::any_of(
            rows, [](const QStringList &row) { return row.value(0).trimmed().isEmpty() && !row.value(1).isEmpty(); });
    };
    if (nameless(m_args))
        problems.append({Field::Argument, tr("A value has no argument's name beside it.")});
    if (nameless(m_labels))
        problems.append({Field::Label, tr("A value has no label's name beside it.")});
    return problems;
}

void BuildDialog::showProblems(const QList<RequestProblem> &problems)
{
    for (auto it = m_hints.begin(); it != m_hints.end(); ++it) {
        QString sentence;
        for (const RequestProblem &problem : problems) {
            // An empty form is no fault yet.
            if (int(problem.field) == it.key() && sentence.isEmpty() && !m_folder->text().isEmpty())
                sentence = problem.sentence;
        }
        const common::Tone tone = sentence.isEmpty() ? common::Tone::Muted : common::Tone::Failed;
        if (sentence.isEmpty() && it.key() == int(Field::Name) && m_name->text().isEmpty())
            sentence = tr("Without one it can only be found by its id.");
        if (auto *hint = qobject_cast<common::Hint *>(*it))
            hint->setTone(tone);
        common::Form::setHint(*it, sentence);
    }
}

/** What the Dockerfile can be told stands ready to be filled in, with its default below. */
void BuildDialog::offerArguments(const Dockerfile &dockerfile)
{
    const QList<BuildArgument> arguments = dockerfile.arguments();
    QList<QStringList> rows;
    QStringList have;
    for (const QStringList &row : m_args->rows()) {
        const bool stale = m_offered.contains(row.value(0)) && row.value(1).isEmpty();
        if (!stale) {
            rows.append(row);
            have.append(row.value(0));
        }
    }
    QStringList offered;
    for (const BuildArgument &argument : arguments) {
        offered.append(argument.name);
        if (!have.contains(argument.name))
            rows.append({argument.name, QString()});
    }
    if (rows != m_args->rows())
        m_args->setRows(rows);
    m_offered = offered;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const auto argument = std::ranges::find(arguments, rows[i].value(0), &BuildArgument::name);
        QString note;
        if (m_given.withheld.contains(rows[i].value(0)) && rows[i].value(1).isEmpty())
            note = tr("Was not kept with the build, for it may be a secret: type it again.");
        else if (argument != arguments.end() && argument->fallback && rows[i].value(1).isEmpty())
            note = tr("Default: %1").arg(*argument->fallback);
        m_args->setNote(int(i), note, common::Tone::Muted);
    }
}

void BuildDialog::accept()
{
    if (!m_build->isEnabled())
        return;
    Q_EMIT buildRequested(request());
    QDialog::accept();
}

} // namespace builds
