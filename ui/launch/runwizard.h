#pragma once

#include "core/error.h"
#include "inventory/gpuoffer.h"
#include "launch/finding.h"
#include "launch/imagepage.h"
#include "recipe/runconfig.h"

#include <QDialog>
#include <array>
#include <functional>

namespace common {
class MessageBar;
}

namespace launch {

class CodePage;
class GpuPage;
struct CodeUse;
class MountsPage;
class PastePanel;
class ReviewPage;
class StepsView;
class WizardButtons;

/**
 * The dialog "New run": edits one RunConfig in seven steps, in any order, and asks for its launch from any of them.
 * Never talks to Docker. Cancel only hides it: what was typed is there again the next time. Built when first opened,
 * owned by the main window.
 */
class RunWizard : public QDialog
{
    Q_OBJECT
public:
    explicit RunWizard(QWidget *parent = nullptr);

    /** As it is typed now; what cannot be understood is left out (canLaunch() is false then). */
    recipe::RunConfig config() const;
    /** Replaces everything, for "Duplicate as new run…". note: said in a bar, with the way back to what was typed
     * before. */
    void setConfig(const recipe::RunConfig &config, const QString &note = {});
    void showStep(WizardStep step);
    /** In place of the pages, until a step is chosen: reads a docker run line, this one or what was left there. */
    void showPaste(const QString &line);
    WizardStep step() const;

    bool isBusy() const { return m_busy; }
    bool canLaunch() const;
    /** Errors first. */
    const QList<StepFinding> &findings() const { return m_findings; }

public Q_SLOTS:
    /** The local images, at any time again. */
    void setImages(const QList<launch::ImageChoice> &images);
    /** The names that are taken. */
    void setContainerNames(const QStringList &names);
    /** The GPUs of Docker's machine, at any time again; unset: not known. whyNone: a sentence for an empty list. */
    void setGpus(const std::optional<QList<inventory::GpuOffer>> &offers, const QString &whyNone);
    /** The daemon says that it cannot hand out GPUs, see inventory::lacksGpus(). */
    void setDaemonLacksGpus(bool lacks);
    /** What is known of Docker's machine, at any time again. */
    void setMachine(const launch::MachineFacts &machine);
    /** False when Docker runs on another machine: mounts are not looked up here. */
    void setHostIsLocal(bool local);
    /** Which running containers run code from a folder of Docker's machine. */
    void setRunningUses(const QList<launch::CodeUse> &uses);
    /** Something that the dialog's own button brought about went well. */
    void showNote(const QString &sentence) { say(sentence); }
    /** A folderWanted() was answered. */
    void folderMade(const QString &path, const core::Result<void> &result);
    /** Whether somebody keeps what saveRequested() brings: without, there is no button. */
    void setCanSave(bool can);
    /** What the launch is doing; the pages are locked and Cancel asks to abort. Empty: no launch is under way. */
    void setBusy(const QString &progress);
    /** The launch failed: says so, keeps all that was typed. */
    void showFailure(const core::Error &error);
    /** The launch went well: hides the dialog, the next run starts afresh. After "Launch and open another" it stays,
     * with the same configuration and the next free name. */
    void finish();
    /** Hides it; the draft stays. While a launch is under way, asks to abort it instead. */
    void reject() override;

Q_SIGNALS:
    void launchRequested(const recipe::RunConfig &config);
    /** Cancel during a launch. Answer with setBusy({}), showFailure() or finish(). */
    void abortRequested();
    void saveRequested(const recipe::RunConfig &config);
    /** The image's registry wants another account. Only while somebody listens there is a button for it. */
    void signInRequested(const QString &image);
    /** It is on this host, and MachineFacts::images does not tell of it. */
    void imageNamed(const QString &image);
    /** A folder of the host shall be made. Answer with folderMade(). */
    void folderWanted(const QString &path);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void makeSteps();
    void makeButtons();
    void addPage(WizardStep step, StepPage *page);
    void load(const recipe::RunConfig &config);
    void reconsider();
    void showState();
    void launch();
    void takePasted(const recipe::RunConfig &config);
    void openNext();
    void mend(const Fix &fix);
    void askForImage(const recipe::RunConfig &config);
    CheckContext context() const;
    void say(const QString &text, const QString &action = {}, const std::function<void()> &act = {});

    recipe::RunConfig m_base; ///< what was loaded: parts no page edits stay as they are
    recipe::RunConfig m_before; ///< the draft setConfig() replaced
    QList<StepFinding> m_findings;
    std::optional<QStringList> m_containerNames;
    MachineFacts m_machine;
    QString m_askedImage; ///< by imageNamed()
    std::function<void()> m_barAction; ///< what the bar's button does
    bool m_busy = false;
    bool m_noteShown = false; ///< the bar says that something was done
    bool m_another = false; ///< the launch under way leaves the dialog open
    bool m_canSave = false;
    bool m_daemonLacksGpus = false;

    StepsView *m_steps;
    std::array<StepPage *, wizardSteps> m_pages{};
    ImagePage *m_image;
    GpuPage *m_gpus;
    CodePage *m_code;
    MountsPage *m_mounts;
    ReviewPage *m_review;
    PastePanel *m_paste = nullptr; ///< built when first wanted
    common::MessageBar *m_bar;
    WizardButtons *m_buttons;
};

} // namespace launch
