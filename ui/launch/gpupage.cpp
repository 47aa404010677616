#include "launch/gpupage.h"

#include "common/form.h"
#include "common/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>

namespace launch {

GpuPage::GpuPage(QWidget *parent)
    : StepPage(
        tr("GPUs"), tr("Which GPUs the run sees. Docker reserves none: two runs can be given the same GPU."), parent)
    , m_none(new QRadioButton(tr("None"), this))
    , m_all(new QRadioButton(tr("All"), this))
    , m_first(new QRadioButton(tr("The first"), this))
    , m_chosen(new QRadioButton(tr("These"), this))
    , m_count(new QSpinBox(this))
    , m_devices(new QLineEdit(this))
{
    m_count->setRange(1, 64);
    m_count->setAccessibleName(tr("The first"));
    m_devices->setPlaceholderText(tr("0, 1 or GPU-3faa8a3e-…"));
    m_devices->setAccessibleName(tr("These"));
    auto *hint = common::mutedLabel(
        tr("Numbers or UUIDs as `nvidia-smi -L` lists them, with commas between. MIG parts: MIG-…"), this);

    auto *form = new QGridLayout;
    form->setHorizontalSpacing(2 * common::grid);
    form->addWidget(m_none, 0, 0);
    form->addWidget(m_all, 1, 0);
    form->addWidget(m_first, 2, 0);
    form->addWidget(m_count, 2, 1, Qt::AlignLeft);
    form->addWidget(m_chosen, 3, 0);
    form->addWidget(m_devices, 3, 1);
    form->addWidget(hint, 4, 1);
    form->setColumnStretch(1, 1);
    body()->addLayout(form);
    body()->addStretch();

    for (QRadioButton *button : {m_none, m_all, m_first, m_chosen}) {
        connect(button, &QRadioButton::toggled, this, [this](bool on) {
            enableFields();
            if (on)
                tellEdited();
        });
    }
    const auto unit = [this] { m_count->setSuffix(m_count->value() == 1 ? tr(" GPU") : tr(" GPUs")); };
    unit();
    connect(m_count, &QSpinBox::valueChanged, this, unit);
    connect(m_count, &QSpinBox::valueChanged, this, &GpuPage::tellEdited);
    connect(m_devices, &QLineEdit::textChanged, this, &GpuPage::tellEdited);
    m_none->setChecked(true);
}

QStringList GpuPage::devices() const
{
    static const QRegularExpression separator(QStringLiteral("[,\\s]+"));
    return m_devices->text().split(separator, Qt::SkipEmptyParts);
}

void GpuPage::enableFields()
{
    m_count->setEnabled(m_first->isChecked());
    m_devices->setEnabled(m_chosen->isChecked());
}

void GpuPage::store(RunConfig &config) const
{
    config.gpus = {};
    if (m_all->isChecked()) {
        config.gpus.kind = GpuRequest::Kind::All;
    } else if (m_first->isChecked()) {
        config.gpus.kind = GpuRequest::Kind::Count;
        config.gpus.count = m_count->value();
    } else if (m_chosen->isChecked()) {
        config.gpus.kind = GpuRequest::Kind::Devices;
        config.gpus.devices = devices();
    }
}

void GpuPage::fill(const RunConfig &config)
{
    switch (config.gpus.kind) {
    case GpuRequest::Kind::None:
        m_none->setChecked(true);
        break;
    case GpuRequest::Kind::All:
        m_all->setChecked(true);
        break;
    case GpuRequest::Kind::Count:
        m_first->setChecked(true);
        break;
    case GpuRequest::Kind::Devices:
        m_chosen->setChecked(true);
        break;
    }
    m_count->setValue(std::max(config.gpus.count, 1));
    m_devices->setText(config.gpus.devices.join(QStringLiteral(", ")));
    enableFields();
}

} // namespace launch
