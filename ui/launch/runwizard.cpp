#include "launch/runwizard.h"

#include "common/errortext.h"
#include "common/form.h"
#include "common/messagebar.h"
#include "common/theme.h"
#include "launch/codepage.h"
#include "launch/commandpage.h"
#include "launch/gpupage.h"
#include "launch/mountspage.h"
#include "launch/pastepanel.h"
#include "launch/resourcespage.h"
#include "launch/reviewpage.h"
#include "launch/reviewwords.h"
#include "launch/sampletraining.h"
#include "launch/stepsview.h"
#include "launch/wizardbuttons.h"
#include "recipe/resolve.h"
#include "recipe/rules.h"

#include <QMetaMethod>
#include <QScreen>
#include <QShortcut>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;

using common::grid;

RunWizard::RunWizard(QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("New run"));
    setAccessibleName(windowTitle());
    setModal(false);
    setSizeGripEnabled(true);
    m_bar = new common::MessageBar(this);

    makeSteps();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_steps, 1);
    layout->addWidget(m_bar); // at the foot: what it says must not move the fields under the pointer
    makeButtons();
    layout->addWidget(m_buttons);
    const QSize wanted(124 * grid, 80 * grid);
    resize(screen() ? wanted.boundedTo(screen()->availableSize()) : wanted);

    connect(m_bar, &common::MessageBar::actionTriggered, this, [this] {
        m_bar->clear();
        if (m_barAction)
            m_barAction();
    });
    for (const QKeySequence &keys : {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)})
        connect(new QShortcut(keys, this), &QShortcut::activated, this, &RunWizard::launch);
    load({});
    showStep(WizardStep::Image);
}

void RunWizard::makeSteps()
{
    m_steps = new StepsView(this);
    m_image = new ImagePage(this);
    m_gpus = new GpuPage(this);
    m_code = new CodePage(this);
    m_mounts = new MountsPage(this);
    m_review = new ReviewPage(this);
    addPage(WizardStep::Image, m_image);
    addPage(WizardStep::Gpus, m_gpus);
    addPage(WizardStep::Code, m_code);
    addPage(WizardStep::Mounts, m_mounts);
    addPage(WizardStep::Command, new CommandPage(this));
    auto *resources = new ResourcesPage(this);
    addPage(WizardStep::Resources, resources);
    addPage(WizardStep::Review, m_review);
    connect(m_steps, &StepsView::panelChanged, this, [this] { m_buttons->setVisible(!m_steps->showsPanel()); });
    connect(m_steps, &StepsView::stepChanged, this, [this](bool chosen) {
        if (chosen && m_noteShown) // who goes on has read it
            m_bar->clear();
        showState();
    });
    connect(m_code, &CodePage::configOffered, this, &RunWizard::setConfig);
    connect(m_mounts, &MountsPage::configOffered, this, &RunWizard::setConfig);
    connect(m_mounts, &MountsPage::foldersLookedUp, this, &RunWizard::reconsider);
    connect(m_review, &ReviewPage::stepWanted, this, &RunWizard::showStep);
    connect(resources, &ResourcesPage::stepWanted, this, &RunWizard::showStep);
    connect(m_image, &ImagePage::chosen, this, [this] { showStep(WizardStep::Gpus); });
    connect(m_image, &ImagePage::pasteWanted, this, &RunWizard::showPaste);
    connect(m_image, &ImagePage::sampleWanted, this, [this] {
        RunConfig sample = sampleTraining();
        sample.name = freeName(QStringLiteral("sample-training"), m_containerNames.value_or(QStringList()));
        setConfig(sample, tr("Sample training is filled in. Change what you like, or launch it as it is."));
    });
}

void RunWizard::addPage(WizardStep step, StepPage *page)
{
    m_pages[size_t(step)] = page;
    m_steps->addPage(page);
    connect(page, &StepPage::fixWanted, this, &RunWizard::mend);
    // Queued: it may change while the page is told of what reconsider() considers.
    connect(page, &StepPage::ownFindingsChanged, this, &RunWizard::reconsider, Qt::QueuedConnection);
    connect(page, &StepPage::edited, this, [this, step] {
        m_steps->setSeen(step);
        reconsider();
    });
}

void RunWizard::makeButtons()
{
    m_buttons = new WizardButtons(this);
    connect(m_buttons, &WizardButtons::startOver, this, [this] {
        setConfig({}, tr("Everything is empty again."));
        showStep(WizardStep::Image);
    });
    connect(m_buttons, &WizardButtons::back, m_steps, &StepsView::back);
    connect(m_buttons, &WizardButtons::next, m_steps, &StepsView::next);
    connect(m_buttons, &WizardButtons::launch, this, &RunWizard::launch);
    connect(m_buttons, &WizardButtons::launchMore, this, [this] {
        m_another = canLaunch();
        launch();
    });
    connect(m_buttons, &WizardButtons::save, this, [this] { Q_EMIT saveRequested(config()); });
    connect(m_buttons, &WizardButtons::cancel, this, &RunWizard::reject);
}

RunConfig RunWizard::config() const
{
    RunConfig config = m_base;
    for (const StepPage *page : m_pages)
        page->store(config);
    return config;
}

void RunWizard::setConfig(const RunConfig &config, const QString &note)
{
    const RunConfig before = this->config();
    const bool worthKeeping = before != RunConfig() && before != config;
    load(config);
    showStep(step());
    m_bar->clear();
    if (note.isEmpty() && !worthKeeping)
        return;
    m_before = before;
    say(note.isEmpty() ? tr("This replaced what you had typed before.") : note,
        worthKeeping ? tr("Back to what I had") : QString(), [this] { load(m_before); });
}

void RunWizard::load(const RunConfig &config)
{
    m_base = config;
    m_steps->setAllSeen(config != RunConfig());
    for (StepPage *page : m_pages)
        page->load(config);
    reconsider();
}

void RunWizard::showStep(WizardStep step) { m_steps->showStep(step); }

void RunWizard::showPaste(const QString &line)
{
    if (!m_paste) {
        m_paste = new PastePanel(this);
        connect(m_paste, &PastePanel::used, this, &RunWizard::takePasted);
        connect(m_paste, &PastePanel::backRequested, this, [this] { showStep(step()); });
    }
    if (!line.isEmpty())
        m_paste->setText(line);
    m_steps->showPanel(m_paste);
}

/** To Review, or to where something is wrong. */
void RunWizard::takePasted(const RunConfig &config)
{
    setConfig(recipe::escaped(config), tr("Filled from the line you pasted."));
    showStep(canLaunch() ? WizardStep::Review : m_findings.first().step);
}

WizardStep RunWizard::step() const { return m_steps->step(); }

bool RunWizard::canLaunch() const { return !m_busy && (m_findings.isEmpty() || !m_findings.first().error); }

void RunWizard::setImages(const QList<ImageChoice> &images)
{
    m_image->setImages(images);
    m_askedImage.clear(); // a name may mean another image now
    reconsider();
}

void RunWizard::setContainerNames(const QStringList &names)
{
    if (m_containerNames == names)
        return;
    m_containerNames = names;
    reconsider();
}

void RunWizard::setGpus(const std::optional<QList<inventory::GpuOffer>> &offers, const QString &whyNone)
{
    const bool changed = offers != m_gpus->offers();
    m_gpus->setOffers(offers, whyNone);
    if (changed)
        reconsider();
}

void RunWizard::setDaemonLacksGpus(bool lacks)
{
    if (m_daemonLacksGpus == lacks)
        return;
    m_daemonLacksGpus = lacks;
    reconsider();
}

void RunWizard::setMachine(const MachineFacts &machine)
{
    if (m_machine == machine)
        return;
    m_machine = machine;
    reconsider();
}

void RunWizard::setCanSave(bool can)
{
    m_canSave = can;
    showState();
}

void RunWizard::folderMade(const QString &path, const core::Result<void> &result)
{
    if (!result) {
        m_noteShown = false;
        return m_bar->showMessage(common::MessageBar::Severity::Error, result.error().message);
    }
    say(tr("The folder %1 is there now.").arg(path));
    m_mounts->lookUpFolders();
}

void RunWizard::say(const QString &text, const QString &action, const std::function<void()> &act)
{
    m_barAction = act;
    m_noteShown = true;
    m_bar->showMessage(common::MessageBar::Severity::Info, text, {}, {}, action);
}

/** Only pages that show what changed are filled anew: in the others also what cannot be understood stays. */
void RunWizard::mend(const Fix &fix)
{
    if (fix.kind == Fix::Kind::Folder)
        return Q_EMIT folderWanted(fix.value);
    if (fix.kind == Fix::Kind::Worktree)
        return m_code->makeWorktree();
    const RunConfig before = config();
    RunConfig mended = before;
    applyFix(mended, fix);
    const auto fill = [this](const RunConfig &wanted) {
        m_base = wanted;
        for (StepPage *page : m_pages) {
            RunConfig shown = wanted;
            page->store(shown);
            if (shown != wanted)
                page->load(wanted);
        }
        reconsider();
    };
    fill(mended);
    say(tr("Done: %1.").arg(fix.label), tr("Undo"), [fill, before] { fill(before); });
}

void RunWizard::setHostIsLocal(bool local)
{
    m_code->setHostIsLocal(local);
    m_mounts->setHostIsLocal(local);
}

void RunWizard::setRunningUses(const QList<CodeUse> &uses) { m_code->setRunningUses(uses); }

void RunWizard::setBusy(const QString &progress)
{
    m_busy = !progress.isEmpty();
    m_steps->setPagesEnabled(!m_busy);
    if (m_busy) {
        m_bar->clear();
        m_buttons->setProgress(progress);
    }
    showState();
}

void RunWizard::showFailure(const core::Error &error)
{
    setBusy({});
    m_another = false;
    if (error.kind == core::ErrorKind::Aborted)
        return;
    const QString name = config().name;
    const bool noImage = error.kind == core::ErrorKind::NotFound;
    const common::ErrorText text
        = common::errorText(error, name.isEmpty() ? tr("launch the run") : tr("launch %1").arg(name));
    const bool signIn = text.signInHelps && isSignalConnected(QMetaMethod::fromSignal(&RunWizard::signInRequested));
    m_barAction = [this, signIn] {
        if (signIn)
            Q_EMIT signInRequested(config().image);
        else
            showStep(WizardStep::Image);
    };
    m_noteShown = false;
    m_bar->showError(text, signIn ? tr("Sign in…") : noImage ? tr("Go to Image") : QString());
    if (!isVisible())
        show();
    raise();
}

void RunWizard::finish()
{
    setBusy({});
    m_bar->clear();
    if (std::exchange(m_another, false))
        return openNext();
    load({});
    showStep(WizardStep::Image);
    hide();
}

void RunWizard::openNext()
{
    RunConfig next = config();
    const QString name = next.name;
    next.name = freeName(name, m_containerNames.value_or(QStringList()) + QStringList{name});
    load(next);
    say(name.isEmpty() ? tr("The run is launched; this is the next one.")
                       : tr("%1 is launched; this is the next one, %2.").arg(name, next.name));
}

void RunWizard::reject()
{
    if (m_busy)
        Q_EMIT abortRequested();
    else if (m_steps->showsPanel())
        showStep(step());
    else {
        m_bar->clear(); // a failure is no news the next time
        QDialog::reject();
    }
}

void RunWizard::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    (m_steps->showsPanel() ? static_cast<QWidget *>(m_paste) : m_pages[size_t(step())])->setFocus();
}

void RunWizard::reconsider()
{
    m_findings.clear();
    RunConfig now = config();
    if (const auto filled = recipe::preview(now))
        now = *filled;
    else
        m_findings += StepFinding{WizardStep::Review, true, filled.error().message, {}};
    for (int i = 0; i < wizardSteps; ++i) {
        for (const QString &problem : m_pages[size_t(i)]->inputProblems())
            m_findings += StepFinding{WizardStep(i), true, problem, {}};
    }
    for (StepPage *page : m_pages)
        page->refresh(page == m_review ? m_gpus->resolved(now) : now);
    m_findings += judge(now, context());
    for (const StepPage *page : m_pages)
        m_findings += page->ownFindings();
    std::stable_sort(m_findings.begin(), m_findings.end(), [](const StepFinding &a, const StepFinding &b) {
        return std::pair(!a.error, a.step) < std::pair(!b.error, b.step);
    });
    m_review->setNote(m_gpus->summary(now));
    m_review->setWords(reviewWords(m_gpus->resolved(now), context()));
    m_review->setAllFindings(m_findings);
    m_steps->setFindings(m_findings);
    showState();
    askForImage(now);
}

CheckContext RunWizard::context() const
{
    return {[this](const QString &path) { return m_mounts->folder(path); }, m_containerNames, m_image->imageNames(),
        m_gpus->offers(), m_daemonLacksGpus, m_machine};
}

void RunWizard::askForImage(const RunConfig &config)
{
    const QString &image = config.image;
    if (image == m_askedImage || m_machine.images.contains(image))
        return;
    if (!m_image->imageNames().value_or(QStringList()).contains(image))
        return;
    m_askedImage = image;
    Q_EMIT imageNamed(image);
}

void RunWizard::showState()
{
    m_buttons->setState({step() <= WizardStep::Image, step() >= WizardStep::Review, m_busy, canLaunch(), m_canSave,
        m_busy || canLaunch() ? QString() : m_findings.first().text});
}

void RunWizard::launch()
{
    if (m_steps->showsPanel())
        m_paste->use();
    else if (canLaunch())
        Q_EMIT launchRequested(config());
}

} // namespace launch
