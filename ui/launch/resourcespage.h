#pragma once

#include "launch/steppage.h"

class QCheckBox;
class QLabel;
class QLineEdit;

namespace common {
class ChoiceEdit;
class Form;
class ListEditor;
} // namespace common

namespace launch {

class OptionsPanel;

/** The person wants: a name to find the run by, no left-over containers, enough shared memory for the data loaders,
 * nothing else to think of. */
class ResourcesPage : public StepPage
{
    Q_OBJECT
public:
    explicit ResourcesPage(QWidget *parent = nullptr);

    void store(recipe::RunConfig &config) const override;
    QStringList inputProblems() const override;
    void refresh(const recipe::RunConfig &config) override { m_image = config.image; }

Q_SIGNALS:
    /** An option that was searched for here is edited there. */
    void stepWanted(launch::WizardStep step);

protected:
    void fill(const recipe::RunConfig &config) override;

private:
    void addRun(common::Form *form);
    void addNetwork(common::Form *form);
    void addLimits(common::Form *form);
    void addTerminal(common::Form *form);
    void showOption(WizardStep step, const QString &option);
    void connectAll();
    void fillUlimits(const QList<recipe::Ulimit> &ulimits);
    QList<recipe::Ulimit> ulimits() const;
    void suggestName();

    QLineEdit *m_name;
    QCheckBox *m_remove;
    QCheckBox *m_interactive;
    QCheckBox *m_tty;
    QCheckBox *m_detach;
    common::ChoiceEdit *m_restart;
    common::ChoiceEdit *m_network;
    common::ListEditor *m_ports;
    common::ChoiceEdit *m_ipc;
    QLineEdit *m_shm;
    QLineEdit *m_memory;
    QLineEdit *m_cpus;
    QCheckBox *m_memlock;
    QLineEdit *m_stack;
    common::ListEditor *m_ulimits;
    common::ListEditor *m_labels;
    OptionsPanel *m_options;
    QStringList m_ulimitOrder; ///< the names as they were loaded: their order is kept
    QString m_image; ///< what a suggested name is made of
};

} // namespace launch
