#pragma once

#include "builds/builds.h"
#include "settings/settings.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QSplitter;
class QLayout;

namespace common {
class EmptyState;
class MessageBar;
class TableView;
} // namespace common

namespace builds {

class BuildDialog;
class BuildsModel;
class StepLog;
class StepsModel;
class StepsView;

/**
 * The builds: which run, how past ones ended; of the selected one its steps and what they printed. A build that fails
 * opens the step that did, with the Dockerfile's line. Owned by the main window, which puts it beside the images.
 */
class BuildsPanel : public QWidget
{
    Q_OBJECT
public:
    BuildsPanel(Builds &builds, settings::Settings &settings, QWidget *parent = nullptr);
    ~BuildsPanel() override;

    /** "Build image", filled in so; without a request as it was left. */
    void openDialog(const BuildRequest &request = {});
    /** A signInRequested() went well: the selected build begins anew if it was refused there. */
    void signedIn(const QString &registry);

Q_SIGNALS:
    /** reference: what it was called then; id: of the image that was built. */
    void runRequested(const QString &reference, const QString &id);
    /** The image's registry wants another account. Only while somebody listens there is a button for it. */
    void signInRequested(const QString &image);
    /** A build was begun here: show the panel. */
    void begun();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeDetails();
    QLayout *makeButtons();
    void restoreSplitters();
    void begin(const BuildRequest &request);
    const BuildRecord *selected() const;
    void select(const QString &id);
    void selectionChanged();
    void changed(int row);
    void showHead();
    void showStep();
    void showFailure();
    QStringList failureLines(const BuildRecord &record) const;
    QString noLogText(const BuildRecord &record) const;
    void revealCurrent();
    int currentStep() const;
    void selectStep(int step);
    void again();
    void copyLog();
    void showMenu(const QPoint &position);
    void watch();

    Builds &m_builds;
    settings::Settings &m_settings;
    BuildsModel *m_model;
    StepsModel *m_steps;
    common::TableView *m_table;
    common::EmptyState *m_empty;
    common::MessageBar *m_bar;
    QSplitter *m_splitter; ///< the builds, and the selected one
    QSplitter *m_inner; ///< its steps and the log
    QPointer<BuildDialog> m_dialog;
    StepsView *m_tree;
    QLabel *m_head;
    QLabel *m_failure;
    StepLog *m_log;
    QPushButton *m_cancel;
    QPushButton *m_again;
    QPushButton *m_edit;
    QPushButton *m_run;
    QPushButton *m_signIn; ///< only where it would help
    QPushButton *m_copy;
    QTimer m_second; ///< runs only while a running build is in sight
    QString m_shown; ///< the build whose steps are shown
    int m_shownStep = -1;
    bool m_follows = true; ///< the step that runs is selected, until the person selects one
};

} // namespace builds
