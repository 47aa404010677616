#pragma once

#include "launch/steppage.h"

class QLineEdit;
class QRadioButton;
class QSpinBox;

namespace launch {

/** The person wants: to say which GPUs the run may see, and not to take somebody else's by accident. */
class GpuPage : public StepPage
{
    Q_OBJECT
public:
    explicit GpuPage(QWidget *parent = nullptr);

    void store(RunConfig &config) const override;

protected:
    void fill(const RunConfig &config) override;

private:
    QStringList devices() const;
    void enableFields();

    QRadioButton *m_none;
    QRadioButton *m_all;
    QRadioButton *m_first;
    QRadioButton *m_chosen;
    QSpinBox *m_count;
    QLineEdit *m_devices;
};

} // namespace launch
