#include "cli/gpus.h"

#include "cli/gpulook.h"
#include "cli/say.h"
#include "hosts/host.h"
#include "inventory/gpureport.h"
#include "models/gpusmodel.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <algorithm>
#include <array>
#include <cstdio>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

/** Prints what a look at the GPUs finds. */
class GpuPrinter : public QObject
{
public:
    GpuPrinter(const hosts::Host &host, bool json)
        : m_look(host.endpoint)
        , m_state(m_look.state())
        , m_json(json)
    {
        connect(&m_look, &GpuLook::finished, this, &GpuPrinter::print);
        connect(&m_look, &GpuLook::gaveUp, this, [](int seconds) {
            complain(u"The GPU driver has not answered for %1 s."_s.arg(seconds));
            QCoreApplication::exit(noAnswer);
        });
    }

private:
    void print()
    {
        const gpu::Snapshot &snapshot = m_state.snapshot();
        if (snapshot.trouble)
            complain(snapshot.trouble->sentence);
        if (!snapshot.gpus.isEmpty() && !m_look.daemonAnswers())
            complain(u"Docker does not answer, so it is not known which containers use the GPUs."_s);
        if (m_json)
            std::fputs(QJsonDocument(inventory::gpuReport(m_state, m_look.inventory())).toJson().constData(), stdout);
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

    GpuLook m_look;
    const inventory::GpuState &m_state;
    bool m_json;
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
