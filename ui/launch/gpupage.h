#pragma once

#include "inventory/gpuoffer.h"
#include "launch/steppage.h"

class QLabel;
class QLineEdit;
class QRadioButton;
class QSpinBox;

namespace common {
class TableView;
}

namespace models {
class GpuOffersModel;
}

namespace launch {

/**
 * The person wants: to see which GPUs are free, to say which ones the run gets, and not to take somebody else's by
 * accident. The ticks of the list always show what the run would get as of now, however it was said. A GPU ticked in
 * the list is written down by its UUID: numbers may change when the machine starts again.
 */
class GpuPage : public StepPage
{
    Q_OBJECT
public:
    explicit GpuPage(QWidget *parent = nullptr);

    void store(recipe::RunConfig &config) const override;

    /** The machine's GPUs, at any time again; unset: not known (yet). whyNone: a sentence for an empty list. */
    void setOffers(const std::optional<QList<inventory::GpuOffer>> &offers, const QString &whyNone);
    const std::optional<QList<inventory::GpuOffer>> &offers() const { return m_offers; }

    /** With the GPUs that "any" would take now; as it is when there is nothing to choose from. */
    recipe::RunConfig resolved(const recipe::RunConfig &config) const;
    /** Which GPUs that means, in a sentence; empty when there is nothing to add to the line. */
    QString summary(const recipe::RunConfig &config) const;

protected:
    void fill(const recipe::RunConfig &config) override;

private:
    QWidget *makeFields();
    QWidget *makeList();
    QStringList devices() const;
    QStringList given() const;
    void tick(const QString &uuid, bool on);
    void showChoice();

    std::optional<QList<inventory::GpuOffer>> m_offers;
    qint64 m_minFree = 0; ///< bytes: finer than its field
    QRadioButton *m_none;
    QRadioButton *m_all;
    QRadioButton *m_any;
    QRadioButton *m_first;
    QRadioButton *m_chosen;
    QSpinBox *m_anyCount;
    QSpinBox *m_free;
    QSpinBox *m_count;
    QLineEdit *m_devices;
    QLabel *m_whyNone;
    models::GpuOffersModel *m_model;
    common::TableView *m_table;
};

} // namespace launch
