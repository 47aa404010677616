#include "launch/pastepanel.h"

#include "common/form.h"
#include "common/theme.h"
#include "launch/findingline.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QTextBlock>
#include <QVBoxLayout>

namespace launch {

using common::grid;
using namespace dockerline;
using recipe::ShellContext;

namespace {

constexpr int frameMs = 16;
constexpr qsizetype mostWarnings = 12;

QString titleOf(Part part)
{
    switch (part) {
    case Part::Image:
        return PastePanel::tr("Image");
    case Part::Gpus:
        return PastePanel::tr("GPUs");
    case Part::Code:
        return PastePanel::tr("Code");
    case Part::Mounts:
        return PastePanel::tr("Mounts");
    case Part::Command:
        return PastePanel::tr("Command");
    case Part::Resources:
        return PastePanel::tr("Resources");
    }
    return {};
}

/** `--gpus 0,1`, or with a “device=” that lacks its inner quotes: several GPUs are meant. */
const QRegularExpression &numberedGpus()
{
    static const QRegularExpression form(
        QStringLiteral(R"((--gpus[ =])(?:"|')?(?:device=)?(\d+(?:,\d+)+)(?:"|')?(?=\s|$))"));
    return form;
}

} // namespace

PastePanel::PastePanel(QWidget *parent, NamedFiles::Read reader)
    : QWidget(parent)
    , m_files(std::move(reader))
    , m_text(new QPlainTextEdit(this))
{
    auto *heading = new QLabel(tr("Paste a docker run line"), this);
    heading->setFont(common::headingFont(font()));
    auto *sentence = common::mutedLabel(
        tr("From a README, a shell's history or a chat. It is only read; nothing is run before you launch it."), this);
    m_text->setAccessibleName(tr("docker run line to read"));
    m_text->setFont(common::monospaceFont());
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setPlaceholderText(
        QStringLiteral("docker run --rm --gpus all -v $PWD:/workspace pytorch/pytorch python3 train.py"));
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(12 * grid);
    setFocusProxy(m_text);

    auto *state = new QHBoxLayout;
    m_mark = new QLabel(this);
    m_mark->setFixedSize(2 * grid, 2 * grid);
    m_state = new QLabel(this);
    m_state->setWordWrap(true);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // Room for two lines: what stands below must not jump with each letter.
    m_state->setMinimumHeight(2 * m_state->fontMetrics().lineSpacing());
    m_state->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    state->addWidget(m_mark, 0, Qt::AlignTop);
    state->addWidget(m_state, 1);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(3 * grid, 2 * grid, 2 * grid, grid * 3 / 2);
    layout->addWidget(heading);
    layout->addWidget(sentence);
    layout->addSpacing(grid);
    layout->addWidget(m_text, 2);
    layout->addLayout(state);
    layout->addWidget(makeFindings(), 3);
    layout->addWidget(makeButtons());

    m_soon.setSingleShot(true);
    m_soon.setInterval(frameMs);
    connect(&m_soon, &QTimer::timeout, this, &PastePanel::read);
    connect(m_text, &QPlainTextEdit::textChanged, this, &PastePanel::edited);
    connect(&m_files, &NamedFiles::arrived, this, &PastePanel::read);
    read();
}

QWidget *PastePanel::makeFindings()
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, grid, 0);
    m_variables = new QWidget(content);
    auto *variables = new QVBoxLayout(m_variables);
    variables->setContentsMargins(0, 0, 0, grid);
    m_variables->hide();
    m_warnings = new QWidget(content);
    auto *warnings = new QVBoxLayout(m_warnings);
    warnings->setContentsMargins(0, 0, 0, grid);
    warnings->setSpacing(grid / 2);
    m_warnings->hide();
    m_title = new QLabel(content);
    m_title->setFont(common::headingFont(font(), 0));
    auto *table = new QGridLayout;
    table->setHorizontalSpacing(2 * grid);
    table->setVerticalSpacing(grid);
    table->setColumnStretch(1, 1);
    table->setColumnMinimumWidth(0, 11 * grid);
    for (int i = 0; i < int(m_understood.size()); ++i) {
        auto *step = common::mutedLabel(titleOf(Part(i)), content);
        step->setWordWrap(false);
        auto *words = new QLabel(content);
        words->setTextFormat(Qt::PlainText);
        words->setWordWrap(true);
        words->setTextInteractionFlags(Qt::TextSelectableByMouse);
        table->addWidget(step, i, 0, Qt::AlignTop);
        table->addWidget(words, i, 1, Qt::AlignTop);
        m_understood[size_t(i)] = {step, words};
    }
    layout->addWidget(m_variables);
    layout->addWidget(m_warnings);
    layout->addWidget(m_title);
    layout->addLayout(table);
    layout->addStretch();

    auto *scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumHeight(16 * grid);
    return scroll;
}

QWidget *PastePanel::makeButtons()
{
    auto *buttons = new QWidget(this);
    auto *back = new QPushButton(tr("&Back"), buttons);
    back->setAccessibleName(common::plainLabel(back->text()));
    back->setToolTip(tr("To the steps; the text stays here"));
    back->setAutoDefault(false);
    m_use = new QPushButton(tr("&Use this line"), buttons);
    m_use->setAccessibleName(common::plainLabel(m_use->text()));
    m_use->setAutoDefault(false);
    auto *layout = new QHBoxLayout(buttons);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addStretch();
    layout->addWidget(back);
    layout->addWidget(m_use);
    connect(back, &QPushButton::clicked, this, &PastePanel::backRequested);
    connect(m_use, &QPushButton::clicked, this, &PastePanel::use);
    return buttons;
}

void PastePanel::setText(const QString &text)
{
    // As an edit of the person's, so that Ctrl+Z brings back what stood there.
    QTextCursor cursor(m_text->document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    m_text->moveCursor(QTextCursor::Start);
    read();
}

void PastePanel::use()
{
    m_files.forget(); // they may have changed since
    m_useWanted = true;
    read(); // what is typed in this very frame counts
}

void PastePanel::edited()
{
    m_useWanted = false;
    m_soon.start();
}

void PastePanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_useWanted = false; // who has left must not be fetched back
}

void PastePanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        tell();
}

void PastePanel::read()
{
    m_soon.stop();
    QMap<QString, QString> values;
    for (const QLineEdit *edit : std::as_const(m_values))
        values.insert(edit->accessibleName(), edit->text());
    ShellContext context;
    context.readFile = [this](const QString &path) { return m_files.content(path); };
    m_files.begin();
    m_line = readPastedLine(m_text->toPlainText(), values, context);
    const bool waiting = !m_files.awaited().isEmpty();
    if (waiting)
        m_line.error.reset(); // it is only that
    tell();
    if (!waiting && std::exchange(m_useWanted, false) && m_line.config)
        Q_EMIT used(*m_line.config);
}

void PastePanel::tell()
{
    const PastedLine &line = m_line;
    showState();
    underline(line.error);
    showVariables(line.variables);
    showWarnings(line.warnings);
    m_title->setText(line.error || !m_files.awaited().isEmpty() ? tr("Understood so far") : tr("What it does"));
    m_title->setVisible(!line.understood.isEmpty());
    for (int i = 0; i < int(m_understood.size()); ++i) {
        QStringList words;
        for (const PartWords &part : line.understood) {
            if (int(part.part) == i)
                words = part.words;
        }
        const Understood &row = m_understood[size_t(i)];
        row.words->setText(words.join(u'\n'));
        row.words->setVisible(!words.isEmpty());
        row.step->setVisible(!words.isEmpty());
    }
    m_use->setEnabled(line.config.has_value());
    m_use->setDefault(line.config.has_value());
}

void PastePanel::showState()
{
    const PastedLine &line = m_line;
    common::Tone tone = common::Tone::Muted;
    QString text;
    QString icon;
    if (line.error) {
        tone = common::Tone::Failed;
        icon = QStringLiteral("dialog-error-symbolic");
        text = tr("%1: %2").arg(place(line.error->position), line.error->message);
    } else if (const QStringList &awaited = m_files.awaited(); !awaited.isEmpty()) {
        icon = QStringLiteral("view-refresh-symbolic");
        text = tr("Reading %1…").arg(awaited.join(QStringLiteral(", ")));
    } else if (!line.missing.isEmpty()) {
        tone = common::Tone::Warning;
        icon = QStringLiteral("dialog-warning-symbolic");
        text = line.missing.size() == 1
            ? tr("The line uses the variable %1, which is not set here. Give it a value.")
            : tr("The line uses the variables %1, which are not set here. Give them values.");
        text = text.arg(line.missing.join(QStringLiteral(", ")));
    } else if (line.config) {
        tone = common::Tone::Finished;
        icon = QStringLiteral("dialog-ok-apply");
        text = tr("All of it is understood. Use it, then change what you like by clicking.");
    } else {
        text = tr("Paste or type the line above.");
    }
    QPalette own;
    const QColor color = common::toneColor(tone, palette());
    own.setColor(QPalette::WindowText, color);
    m_state->setPalette(own);
    m_state->setText(text);
    m_mark->setPixmap(icon.isEmpty() ? QPixmap() : common::tintedIcon(icon, color, 2 * grid, devicePixelRatioF()));
    m_use->setToolTip(line.config ? tr("Fills all steps (Ctrl+Return)") : text);
}

/** "Line 2, character 14", or "Character 57" where there is one line. */
QString PastePanel::place(qsizetype position) const
{
    const QTextBlock block = m_text->document()->findBlock(int(position));
    const int character = int(position) - block.position() + 1;
    if (m_text->blockCount() == 1)
        return tr("Character %1").arg(character);
    return tr("Line %1, character %2").arg(block.blockNumber() + 1).arg(character);
}

void PastePanel::underline(const std::optional<ParseError> &error)
{
    QList<QTextEdit::ExtraSelection> marks;
    const int end = m_text->document()->characterCount() - 1;
    if (error && end > 0) {
        // What is missing at the end is shown at the last letter.
        int from = std::clamp(int(error->position), 0, end);
        const int to = std::clamp(int(error->position + error->length), from, end);
        from = from == to ? std::max(0, to - 1) : from;
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(m_text->document());
        mark.cursor.setPosition(from);
        mark.cursor.setPosition(std::max(to, from + 1), QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(common::toneColor(common::Tone::Failed, palette()));
        mark.format.setBackground(common::toneBackground(common::Tone::Failed, palette()));
        marks += mark;
    }
    m_text->setExtraSelections(marks);
}

void PastePanel::showVariables(const QStringList &names)
{
    QStringList shown;
    for (const QLineEdit *edit : std::as_const(m_values))
        shown += edit->accessibleName();
    if (shown == names)
        return;
    QMap<QString, QString> typed;
    for (const QLineEdit *edit : std::as_const(m_values))
        typed.insert(edit->accessibleName(), edit->text());
    m_values.clear();
    delete m_variables->findChild<common::Form *>();
    auto *form = new common::Form(m_variables);
    form->addHeading(tr("Variables that are not set here"));
    for (const QString &name : names) {
        auto *edit = new QLineEdit(typed.value(name), form);
        edit->setPlaceholderText(tr("what %1 stands for").arg(name));
        form->addField(name, edit);
        m_values += edit;
        connect(edit, &QLineEdit::textChanged, this, &PastePanel::edited);
    }
    m_variables->layout()->addWidget(form);
    m_variables->setVisible(!names.isEmpty());
}

void PastePanel::showWarnings(const QStringList &warnings)
{
    if (warnings == m_shownWarnings)
        return;
    m_shownWarnings = warnings;
    qDeleteAll(m_warnings->findChildren<FindingLine *>());
    const auto numbers = numberedGpus().match(m_text->toPlainText());
    for (const QString &warning : warnings.mid(0, mostWarnings)) {
        StepFinding finding;
        finding.text = warning;
        if (numbers.hasMatch() && warning.contains(u"--gpus"))
            finding.fixes
                = {{Fix::Kind::Gpus, tr("Use GPUs %1").arg(numbers.captured(2).split(u',').join(QStringLiteral(", "))),
                    numbers.captured(2)}};
        auto *line = new FindingLine(finding, m_warnings);
        connect(line, &FindingLine::fixWanted, this, &PastePanel::numberGpus);
        m_warnings->layout()->addWidget(line);
    }
    m_warnings->setVisible(!warnings.isEmpty());
}

/** In the line itself, as it would have to be typed. */
void PastePanel::numberGpus(const Fix &fix)
{
    QString text = m_text->toPlainText();
    text.replace(numberedGpus(), QStringLiteral("\\1'\"device=%1\"'").arg(fix.value));
    setText(text);
}

} // namespace launch
