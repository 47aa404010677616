#include "cli/gpus.h"

#include "cli/say.h"
#include "docker/engine.h"
#include "gpu/sampler.h"
#include "hosts/host.h"
#include "inventory/gpureport.h"
#include "inventory/gpustate.h"
#include "inventory/inventory.h"
#include "models/gpusmodel.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QTimer>
#include <algorithm>
#include <array>
#include <cstdio>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

/** One sample of the GPUs, joined with the daemon's containers if it answers, printed. */
class GpuPrinter : public QObject
{
public:
    GpuPrinter(const hosts::Host &host, bool json)
        : m_engine(host.endpoint)
        , m_inventory(m_engine)
        , m_state(m_sampler, m_inventory, m_engine)
        , m_json(json)
    {
        connect(&m_state, &inventory::GpuState::changed, this, &GpuPrinter::look);
        connect(&m_state, &inventory::GpuState::stalled, this, [](int seconds) {
            if (seconds < driverPatience.count())
                return;
            complain(u"The GPU driver has not answered for %1 s."_s.arg(seconds));
            QCoreApplication::exit(noAnswer);
        });
        connect(&m_inventory, &inventory::Inventory::linkChanged, this, &GpuPrinter::look);
        connect(&m_inventory, &inventory::Inventory::containersChanged, this, &GpuPrinter::look);
        m_patience.setSingleShot(true);
        connect(&m_patience, &QTimer::timeout, this, &GpuPrinter::look);
        m_inventory.start();
        m_sampler.setPace(gpu::Pace::Shown);
    }

private:
    /** A GPU whose driver is not kept loaded takes seconds to wake. */
    static constexpr std::chrono::seconds driverPatience{30};
    static constexpr std::chrono::seconds daemonPatience{5};

    void look()
    {
        if (m_printed || m_state.snapshot().taken == 0)
            return;
        if (!std::exchange(m_sampled, true))
            m_patience.start(daemonPatience);
        const bool daemonKnown = m_inventory.link() == inventory::Inventory::Link::Lost || m_inventory.runningKnown();
        const bool complete = m_state.snapshot().gpus.isEmpty() || (daemonKnown && m_state.settled());
        if (!complete && m_patience.isActive())
            return;
        m_printed = true;
        print();
    }

    void print()
    {
        const gpu::Snapshot &snapshot = m_state.snapshot();
        if (snapshot.trouble)
            complain(snapshot.trouble->sentence);
        if (!snapshot.gpus.isEmpty() && m_inventory.link() != inventory::Inventory::Link::Live)
            complain(u"Docker does not answer, so it is not known which containers use the GPUs."_s);
        if (m_json)
            std::fputs(QJsonDocument(inventory::gpuReport(m_state, m_inventory)).toJson().constData(), stdout);
        else
            printTable();
        QCoreApplication::exit(0);
    }

    void printTable() const
    {
        using models::GpuColumn;
        QList<QStringList> lines(1);
        for (int column = 0; column < models::gpuColumnCount; ++column)
            lines[0].append(models::gpuHeading(GpuColumn(column)));
        for (const models::GpuRow &row : models::gpuRows(m_state)) {
            QStringList cells;
            for (int column = 0; column < models::gpuColumnCount; ++column)
                cells.append(models::gpuCellText(row, GpuColumn(column)));
            lines.append(cells);
        }
        if (lines.size() == 1)
            return;
        std::array<qsizetype, models::gpuColumnCount> widths{};
        for (const QStringList &cells : std::as_const(lines)) {
            for (qsizetype i = 0; i < cells.size(); ++i)
                widths[size_t(i)] = std::max(widths[size_t(i)], cells[i].size());
        }
        for (const QStringList &cells : std::as_const(lines)) {
            QString line;
            for (qsizetype i = 0; i + 1 < cells.size(); ++i)
                line += cells[i].leftJustified(widths[size_t(i)] + 2);
            std::printf("%s\n", (line + cells.last()).toLocal8Bit().constData());
        }
    }

    docker::Engine m_engine;
    inventory::Inventory m_inventory;
    gpu::Sampler m_sampler;
    inventory::GpuState m_state;
    QTimer m_patience; ///< for the daemon, from the first sample on
    bool m_json;
    bool m_sampled = false;
    bool m_printed = false;
};
} // namespace

int gpus(int argc, char **argv, const Options &options)
{
    QCoreApplication application(argc, argv);
    nameApplication();
    const auto host = hosts::chooseHost(options.host);
    if (!host) {
        complain(host.error().message + u'.');
        return wrongUsage;
    }
    GpuPrinter printer(*host, options.json);
    return QCoreApplication::exec();
}
} // namespace cli
