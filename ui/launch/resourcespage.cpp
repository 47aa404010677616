#include "launch/resourcespage.h"

#include "common/choiceedit.h"
#include "common/form.h"
#include "common/listeditor.h"
#include "common/theme.h"
#include "core/units.h"
#include "dockerline/fields.h"
#include "launch/optionspanel.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;
using namespace dockerline;

namespace {

using Kind = common::ListEditor::Kind;

QLineEdit *field(const QString &placeholder, QWidget *parent)
{
    auto *edit = new QLineEdit(parent);
    edit->setPlaceholderText(placeholder);
    return edit;
}

/** Two short fields in one line of the form. */
QWidget *besides(QWidget *line, QWidget *first, const QString &label, QWidget *second)
{
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2 * common::grid);
    layout->addWidget(first, 1);
    if (!label.isEmpty()) {
        auto *text = new QLabel(label, line);
        text->setBuddy(second);
        layout->addWidget(text);
    }
    layout->addWidget(second, 1);
    line->setFocusProxy(first);
    return line;
}

bool isMemlock(const Ulimit &limit) { return limit == Ulimit{QStringLiteral("memlock"), -1, -1}; }

bool isStack(const Ulimit &limit) { return limit.name == u"stack" && limit.soft == limit.hard && limit.soft > 0; }

} // namespace

ResourcesPage::ResourcesPage(QWidget *parent)
    : StepPage(tr("Resources"), tr("Its name, its end, and what it may use. Everything here may stay empty."), parent)
{
    auto *form = new common::Form(this);
    addRun(form);
    addNetwork(form);
    addLimits(form);
    addTerminal(form);
    m_options = new OptionsPanel(this);
    body()->addWidget(form);
    body()->addWidget(m_options);
    body()->addStretch();
    connectAll();
}

void ResourcesPage::addRun(common::Form *form)
{
    form->addHeading(tr("The run"));
    auto *name = new QWidget(form);
    m_name = field(tr("Docker invents one"), name);
    auto *suggest = new QPushButton(tr("Suggest"), name);
    suggest->setAccessibleName(suggest->text());
    suggest->setAutoDefault(false);
    auto *line = new QHBoxLayout(name);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_name, 1);
    line->addWidget(suggest);
    name->setFocusProxy(m_name);
    form->addField(tr("Name"), name);
    m_name->setAccessibleName(tr("Name"));
    connect(suggest, &QPushButton::clicked, this, &ResourcesPage::suggestName);

    m_remove = new QCheckBox(tr("Remove when finished"), form);
    form->addField(m_remove, tr("The container goes when the run ends; what it wrote to mounts stays."));
    m_restart = new common::ChoiceEdit(
        {{QString(), tr("Never")}, {QStringLiteral("on-failure:3"), tr("Up to 3 times after a failure")},
            {QStringLiteral("unless-stopped"), tr("Until it is stopped")}, {QStringLiteral("always"), tr("Always")}},
        QStringLiteral("on-failure:5"), form);
    form->addField(tr("Restart"), m_restart);
    m_restart->setLabel(tr("Restart"));
    m_shm = field(tr("64m"), form);
    form->addField(tr("Shared memory"), m_shm, tr("PyTorch's data loaders need more than 64m: 1g, 8g."));
}

void ResourcesPage::addNetwork(common::Form *form)
{
    m_network = new common::ChoiceEdit(
        {{QString(), tr("Docker's default")}, {QStringLiteral("host"), tr("The host's own (host)")},
            {QStringLiteral("none"), tr("None")}},
        tr("a network's name"), form);
    form->addField(tr("Network"), m_network);
    m_network->setLabel(tr("Network"));
    m_ports = new common::ListEditor(
        {{tr("Port"), tr("8888:8888, or 127.0.0.1:6006:6006"), Kind::Text}}, tr("Add port"), form);
    form->addField(tr("Ports"), m_ports);
}

void ResourcesPage::addLimits(common::Form *form)
{
    form->addHeading(tr("Limits"));
    auto *memory = new QWidget(form);
    m_memory = field(tr("no limit"), memory);
    m_cpus = field(tr("no limit"), memory);
    form->addField(tr("Memory"), besides(memory, m_memory, tr("CPUs"), m_cpus));
    m_memory->setAccessibleName(tr("Memory"));
    m_cpus->setAccessibleName(tr("CPUs"));
    m_ipc = new common::ChoiceEdit(
        {{QString(), tr("Docker's default")}, {QStringLiteral("host"), tr("The host's (host)")}},
        QStringLiteral("private, shareable, container:NAME"), form);
    form->addField(tr("IPC"), m_ipc, tr("The host's shares its shared memory: its size is then the host's own."));
    m_ipc->setLabel(tr("IPC"));
    auto *stack = new QWidget(form);
    m_stack = field(tr("Docker's default; or 64m"), stack);
    m_memlock = new QCheckBox(tr("Unlimited memlock"), stack);
    form->addField(tr("Stack"), besides(stack, m_stack, QString(), m_memlock));
    m_stack->setAccessibleName(tr("Stack"));
    m_ulimits = new common::ListEditor(
        {{tr("Limit"), QStringLiteral("nofile"), Kind::Text}, {tr("Soft"), QStringLiteral("65536"), Kind::Text},
            {tr("Hard"), tr("as soft"), Kind::Text}},
        tr("Add limit"), form);
    form->addField(tr("Other ulimits"), m_ulimits);
}

void ResourcesPage::addTerminal(common::Form *form)
{
    form->addHeading(tr("Terminal and labels"));
    m_detach = new QCheckBox(tr("Run in the background (-d)"), form);
    m_interactive = new QCheckBox(tr("Keep its input open (-i)"), form);
    m_tty = new QCheckBox(tr("Give it a terminal (-t)"), form);
    form->addField(m_detach);
    auto *input = new QWidget(form);
    form->addField(besides(input, m_interactive, QString(), m_tty));
    m_labels = new common::ListEditor(
        {{tr("Label"), QStringLiteral("project"), Kind::Text}, {tr("Label value"), {}, Kind::Text}}, tr("Add label"),
        form);
    form->addField(tr("Labels"), m_labels);
}

void ResourcesPage::connectAll()
{
    for (QLineEdit *edit : {m_name, m_shm, m_memory, m_cpus, m_stack})
        connect(edit, &QLineEdit::textChanged, this, &ResourcesPage::tellEdited);
    for (QCheckBox *check : {m_remove, m_interactive, m_tty, m_detach, m_memlock})
        connect(check, &QCheckBox::toggled, this, &ResourcesPage::tellEdited);
    for (common::ChoiceEdit *choice : {m_restart, m_network, m_ipc})
        connect(choice, &common::ChoiceEdit::changed, this, &ResourcesPage::tellEdited);
    for (common::ListEditor *list : {m_ports, m_ulimits, m_labels})
        connect(list, &common::ListEditor::changed, this, &ResourcesPage::tellEdited);
    connect(m_options, &OptionsPanel::changed, this, &ResourcesPage::tellEdited);
    connect(m_options, &OptionsPanel::editedElsewhere, this, &ResourcesPage::showOption);
}

/** Leads to the fields of an option that has some: on another step, or the cursor into those above. */
void ResourcesPage::showOption(WizardStep step, const QString &option)
{
    const QList<std::pair<QLatin1String, QWidget *>> fields{{"name"_L1, m_name}, {"rm"_L1, m_remove},
        {"restart"_L1, m_restart}, {"shm-size"_L1, m_shm}, {"network"_L1, m_network}, {"publish"_L1, m_ports},
        {"memory"_L1, m_memory}, {"cpus"_L1, m_cpus}, {"ipc"_L1, m_ipc}, {"ulimit"_L1, m_ulimits},
        {"detach"_L1, m_detach}, {"interactive"_L1, m_interactive}, {"tty"_L1, m_tty}, {"label"_L1, m_labels}};
    for (const auto &[name, widget] : fields) {
        if (name == option)
            return common::bringIntoSight(widget);
    }
    Q_EMIT stepWanted(step);
}

void ResourcesPage::store(RunConfig &config) const
{
    config.name = m_name->text().trimmed();
    config.removeWhenFinished = m_remove->isChecked();
    config.interactive = m_interactive->isChecked();
    config.tty = m_tty->isChecked();
    config.detach = m_detach->isChecked();
    config.restart = m_restart->value();
    config.network = m_network->value();
    config.ipc = m_ipc->value();
    config.shmSize = sizeOf(m_shm->text()).value_or(0);
    config.memory = sizeOf(m_memory->text()).value_or(0);
    config.cpus = cpusOf(m_cpus->text()).value_or(0);
    config.ulimits = ulimits();
    config.ports.clear();
    for (const QStringList &row : m_ports->rows()) {
        if (!row[0].trimmed().isEmpty())
            config.ports += row[0].trimmed();
    }
    config.labels.clear();
    for (const QStringList &row : m_labels->rows()) {
        if (!row[0].isEmpty() || !row[1].isEmpty())
            config.labels += {row[0], row[1]};
    }
    config.options = m_options->options();
}

QStringList ResourcesPage::inputProblems() const
{
    QStringList problems;
    const auto size = [&problems](const QString &what, const QLineEdit *edit) {
        if (!sizeOf(edit->text()))
            problems += tr("%1: “%2” is not a size. Write it like 512m or 8g.").arg(what, edit->text());
    };
    size(tr("Shared memory"), m_shm);
    size(tr("Memory"), m_memory);
    size(tr("Stack"), m_stack);
    if (!cpusOf(m_cpus->text()))
        problems += tr("CPUs: “%1” is not a number. Write it like 4 or 1.5.").arg(m_cpus->text());
    for (const QStringList &row : m_ulimits->rows()) {
        if (!ulimitOf(row))
            problems += tr("Ulimit %1: give a name and numbers, −1 for unlimited.").arg(row[0]);
    }
    return problems + m_options->problems();
}

QList<Ulimit> ResourcesPage::ulimits() const
{
    QList<Ulimit> result;
    if (m_memlock->isChecked())
        result += Ulimit{QStringLiteral("memlock"), -1, -1};
    if (const qint64 stack = sizeOf(m_stack->text()).value_or(0); stack > 0)
        result += Ulimit{QStringLiteral("stack"), stack, stack};
    for (const QStringList &row : m_ulimits->rows()) {
        const auto limit = ulimitOf(row);
        if (limit && !limit->name.isEmpty())
            result += *limit;
    }
    const auto place = [this](const Ulimit &limit) {
        const qsizetype at = m_ulimitOrder.indexOf(limit.name);
        return at < 0 ? m_ulimitOrder.size() : at;
    };
    std::stable_sort(
        result.begin(), result.end(), [&](const Ulimit &a, const Ulimit &b) { return place(a) < place(b); });
    return result;
}

void ResourcesPage::fillUlimits(const QList<Ulimit> &ulimits)
{
    m_memlock->setChecked(false);
    m_stack->clear();
    m_ulimitOrder.clear();
    QList<QStringList> rows;
    for (const Ulimit &limit : ulimits) {
        m_ulimitOrder += limit.name;
        if (isMemlock(limit) && !m_memlock->isChecked())
            m_memlock->setChecked(true);
        else if (isStack(limit) && m_stack->text().isEmpty())
            m_stack->setText(QString::number(limit.soft));
        else
            rows += {limit.name, QString::number(limit.soft),
                limit.hard == limit.soft ? QString() : QString::number(limit.hard)};
    }
    m_ulimits->setRows(rows);
}

void ResourcesPage::fill(const RunConfig &config)
{
    m_name->setText(config.name);
    m_remove->setChecked(config.removeWhenFinished);
    m_interactive->setChecked(config.interactive);
    m_tty->setChecked(config.tty);
    m_detach->setChecked(config.detach);
    m_restart->setValue(config.restart);
    m_network->setValue(config.network);
    m_ipc->setValue(config.ipc);
    m_shm->setText(config.shmSize > 0 ? core::dockerBytes(config.shmSize) : QString());
    m_memory->setText(config.memory > 0 ? core::dockerBytes(config.memory) : QString());
    m_cpus->setText(config.cpus > 0 ? QString::number(config.cpus, 'g', QLocale::FloatingPointShortest) : QString());
    fillUlimits(config.ulimits);
    QList<QStringList> ports;
    for (const QString &port : config.ports)
        ports += {port};
    m_ports->setRows(ports);
    QList<QStringList> labels;
    for (const auto &[name, value] : config.labels)
        labels += {name, value};
    m_labels->setRows(labels);
    m_options->setOptions(config.options);
}

void ResourcesPage::suggestName() { m_name->setText(suggestedName(m_image)); }

} // namespace launch
