#include "launch/gpupage.h"

#include "common/form.h"
#include "common/tableview.h"
#include "common/theme.h"
#include "inventory/gpuchoice.h"
#include "models/gpuoffersmodel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;

using common::grid;

namespace {

constexpr qint64 gibibyte = qint64(1) << 30;

void nameUnit(QSpinBox *box)
{
    const auto unit = [box] { box->setSuffix(box->value() == 1 ? GpuPage::tr(" GPU") : GpuPage::tr(" GPUs")); };
    unit();
    QObject::connect(box, &QSpinBox::valueChanged, box, unit);
}

} // namespace

GpuPage::GpuPage(QWidget *parent)
    : StepPage(
        tr("GPUs"), tr("Which GPUs the run sees. Docker reserves none: two runs can be given the same GPU."), parent)
    , m_none(new QRadioButton(tr("None"), this))
    , m_all(new QRadioButton(tr("All"), this))
    , m_any(new QRadioButton(tr("Any"), this))
    , m_first(new QRadioButton(tr("The first"), this))
    , m_chosen(new QRadioButton(tr("These"), this))
    , m_anyCount(new QSpinBox(this))
    , m_free(new QSpinBox(this))
    , m_count(new QSpinBox(this))
    , m_devices(new QLineEdit(this))
    , m_whyNone(common::mutedLabel({}, this))
    , m_model(new models::GpuOffersModel(this))
    , m_table(new common::TableView(this))
{
    body()->addWidget(makeFields());
    body()->addSpacing(grid);
    body()->addWidget(m_whyNone);
    body()->addWidget(makeList(), 1);
    body()->addStretch();

    for (QRadioButton *button : {m_none, m_all, m_any, m_first, m_chosen}) {
        connect(button, &QRadioButton::toggled, this, [this](bool on) {
            showChoice();
            if (on)
                tellEdited();
        });
    }
    const auto edited = [this] {
        showChoice();
        tellEdited();
    };
    for (QSpinBox *box : {m_anyCount, m_count})
        connect(box, &QSpinBox::valueChanged, this, edited);
    connect(m_free, &QSpinBox::valueChanged, this, [this, edited](int value) {
        m_minFree = value * gibibyte;
        edited();
    });
    connect(m_devices, &QLineEdit::textChanged, this, edited);
    connect(m_model, &models::GpuOffersModel::tickRequested, this, &GpuPage::tick);
    m_none->setChecked(true);
    setOffers(std::nullopt, {});
}

QWidget *GpuPage::makeFields()
{
    m_anyCount->setRange(1, 64);
    m_count->setRange(0, 64); // `--gpus 0` is none, said in Docker's way
    for (QSpinBox *box : {m_anyCount, m_count})
        nameUnit(box);
    m_anyCount->setAccessibleName(tr("Any"));
    m_count->setAccessibleName(tr("The first"));
    m_free->setRange(0, 4096);
    m_free->setSuffix(tr(" GiB"));
    m_free->setAccessibleName(tr("Free memory"));
    m_devices->setPlaceholderText(tr("0, 1 or GPU-3faa8a3e-…"));
    m_devices->setAccessibleName(tr("These"));
    auto *hint = common::mutedLabel(
        tr("Tick them in the list, or type numbers or UUIDs as “nvidia-smi -L” lists them, with commas between."),
        this);

    auto *any = new QHBoxLayout;
    any->setSpacing(grid);
    any->addWidget(m_anyCount);
    any->addWidget(new QLabel(tr("with at least"), this));
    any->addWidget(m_free);
    any->addWidget(new QLabel(tr("free, chosen at the launch"), this));
    any->addStretch();
    auto *fields = new QWidget(this);
    auto *form = new QGridLayout(fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(2 * grid);
    form->addWidget(m_none, 0, 0);
    form->addWidget(m_all, 1, 0);
    form->addWidget(m_any, 2, 0);
    form->addLayout(any, 2, 1);
    form->addWidget(m_first, 3, 0);
    form->addWidget(m_count, 3, 1, Qt::AlignLeft);
    form->addWidget(m_chosen, 4, 0);
    form->addWidget(m_devices, 4, 1);
    form->addWidget(hint, 5, 1);
    form->setColumnStretch(1, 1);
    return fields;
}

QWidget *GpuPage::makeList()
{
    m_table->setAccessibleName(tr("Choose GPUs"));
    m_table->setSortingEnabled(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAlternatingRowColors(false);
    m_table->setFrameShape(QFrame::StyledPanel);
    m_table->setTypicalCells({QStringLiteral("00/0 000"), QStringLiteral("NVIDIA H100 80GB HBM3"),
        QStringLiteral("80 GiB of 80 GiB"), QStringLiteral("Utilisation")});
    m_table->setModel(m_model);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(models::GpuOffersModel::UsedBy, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(models::GpuOffersModel::Name, QHeaderView::ResizeToContents);
    m_table->setMinimumHeight(16 * grid);
    // The whole row is the check box; in the first column the view sees to it.
    connect(m_table, &QAbstractItemView::clicked, this, [this](const QModelIndex &index) {
        if (index.column() == models::GpuOffersModel::Gpu)
            return;
        const QString uuid = m_model->offers()[index.row()].uuid;
        tick(uuid, !m_model->ticked().contains(uuid));
    });
    return m_table;
}

void GpuPage::setOffers(const std::optional<QList<inventory::GpuOffer>> &offers, const QString &whyNone)
{
    m_offers = offers;
    m_model->setOffers(offers.value_or(QList<inventory::GpuOffer>()));
    m_table->setVisible(m_model->rowCount() > 0);
    m_whyNone->setText(whyNone);
    m_whyNone->setVisible(m_model->rowCount() == 0 && !whyNone.isEmpty());
    showChoice();
}

QStringList GpuPage::devices() const
{
    static const QRegularExpression separator(QStringLiteral("[,\\s]+"));
    return m_devices->text().split(separator, Qt::SkipEmptyParts);
}

/** What the run would get of the list now, by uuid. */
QStringList GpuPage::given() const
{
    RunConfig config;
    store(config);
    QStringList names = resolved(config).gpus.devices;
    if (config.gpus.kind == GpuRequest::Kind::Count) {
        for (int i = 0; i < config.gpus.count; ++i)
            names += QString::number(i);
    }
    QStringList uuids;
    for (const inventory::GpuOffer &offer : m_model->offers()) {
        const auto means = [&](const QString &name) {
            const inventory::GpuOffer *found = inventory::findOffer(m_model->offers(), name);
            return found && found->uuid == offer.uuid;
        };
        if (config.gpus.kind == GpuRequest::Kind::All || std::ranges::any_of(names, means))
            uuids += offer.uuid;
    }
    return uuids;
}

/** From here on it is these GPUs: those that had a tick, with this one or without. */
void GpuPage::tick(const QString &uuid, bool on)
{
    QStringList wanted = m_chosen->isChecked() ? devices() : given();
    wanted.removeIf([&](const QString &device) {
        const inventory::GpuOffer *offer = inventory::findOffer(m_model->offers(), device);
        return offer && offer->uuid == uuid;
    });
    if (on)
        wanted += uuid;
    m_devices->setText(wanted.join(QStringLiteral(", ")));
    m_devices->setCursorPosition(0);
    m_chosen->setChecked(true);
}

void GpuPage::showChoice()
{
    m_anyCount->setEnabled(m_any->isChecked());
    m_free->setEnabled(m_any->isChecked());
    m_count->setEnabled(m_first->isChecked());
    m_devices->setEnabled(m_chosen->isChecked());
    m_model->setTicked(given());
}

RunConfig GpuPage::resolved(const RunConfig &config) const
{
    RunConfig result = config;
    if (config.gpus.kind != GpuRequest::Kind::Any || !m_offers)
        return result;
    if (const auto picked = inventory::pickGpus(config.gpus.count, config.gpus.minFree, *m_offers); picked.ok())
        result.gpus = {GpuRequest::Kind::Devices, 0, *picked};
    return result;
}

QString GpuPage::summary(const RunConfig &config) const
{
    const GpuRequest gpus = resolved(config).gpus;
    if (gpus.kind != GpuRequest::Kind::Devices || !m_offers)
        return {};
    QStringList names;
    bool found = false;
    for (const QString &device : gpus.devices) {
        const inventory::GpuOffer *offer = inventory::findOffer(*m_offers, device);
        found = found || offer;
        names += offer ? tr("GPU %1 (%2)").arg(offer->place, offer->name) : tr("GPU %1").arg(device);
    }
    if (!found) // the words below say as much
        return {};
    const QString list = names.join(QStringLiteral(", "));
    return config.gpus.kind == GpuRequest::Kind::Any ? tr("The GPUs are chosen at the launch; now: %1.").arg(list)
                                                     : tr("Runs on %1.").arg(list);
}

void GpuPage::store(RunConfig &config) const
{
    config.gpus = {};
    if (m_all->isChecked()) {
        config.gpus.kind = GpuRequest::Kind::All;
    } else if (m_any->isChecked()) {
        config.gpus.kind = GpuRequest::Kind::Any;
        config.gpus.count = m_anyCount->value();
        config.gpus.minFree = m_minFree;
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
    const GpuRequest &gpus = config.gpus;
    const bool any = gpus.kind == GpuRequest::Kind::Any;
    m_anyCount->setValue(any ? std::max(gpus.count, 1) : 1);
    m_free->setValue(any ? int((gpus.minFree + gibibyte - 1) / gibibyte) : 8);
    m_minFree = any ? gpus.minFree : m_free->value() * gibibyte;
    m_count->setValue(gpus.kind == GpuRequest::Kind::Count ? gpus.count : 1);
    m_devices->setText(gpus.devices.join(QStringLiteral(", ")));
    switch (gpus.kind) {
    case GpuRequest::Kind::None:
        m_none->setChecked(true);
        break;
    case GpuRequest::Kind::All:
        m_all->setChecked(true);
        break;
    case GpuRequest::Kind::Any:
        m_any->setChecked(true);
        break;
    case GpuRequest::Kind::Count:
        m_first->setChecked(true);
        break;
    case GpuRequest::Kind::Devices:
        m_chosen->setChecked(true);
        break;
    }
    showChoice();
}

} // namespace launch
