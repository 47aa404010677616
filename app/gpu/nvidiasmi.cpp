#include "gpu/nvidiasmi.h"

#include <algorithm>

namespace gpu {

namespace {

/** "[N/A]", "[Not Supported]", "[Unknown Error]", "[Insufficient Permissions]", "[GPU is lost]", "N/A", nothing. */
bool told(const QString &value) { return !value.isEmpty() && !value.startsWith(u'[') && value != u"N/A"; }

QString textOf(const QString &value) { return told(value) ? value : QString(); }

double numberOf(const QString &value)
{
    bool ok = false;
    const double number = told(value) ? value.section(u' ', 0, 0).toDouble(&ok) : 0;
    return ok && number >= 0 ? number : double(unknown);
}

int wholeOf(const QString &value) { return qRound(numberOf(value)); }

qint64 mibOf(const QString &value)
{
    const double number = numberOf(value);
    return number < 0 ? unknown : qint64(number * 1024 * 1024);
}

QString busIdOf(const QString &value)
{
    const QString id = textOf(value).toLower();
    return id.size() == 16 ? id.mid(4) : id;
}

MigMode migModeOf(const QString &value)
{
    return value == u"Enabled" ? MigMode::On : value == u"Disabled" ? MigMode::Off : MigMode::None;
}

/** Calls f(line) for each whole line; the rest stays. Loop mode ends lines with \n, a terminal in between with \r\n. */
template <typename F> void eachLine(QByteArray &buffer, const QByteArray &bytes, F f)
{
    buffer += bytes;
    qsizetype from = 0;
    for (qsizetype end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n', from)) {
        f(QString::fromUtf8(buffer.constData() + from, end - from).trimmed());
        from = end + 1;
    }
    buffer.remove(0, from);
}

QStringList withLoop(QStringList arguments, int seconds)
{
    arguments.append(QStringLiteral("--format=csv,noheader,nounits"));
    if (seconds > 0)
        arguments.append({QStringLiteral("-l"), QString::number(seconds)});
    return arguments;
}

} // namespace

NvidiaSmi::NvidiaSmi(int seconds, Fields fields)
    : m_seconds(seconds)
    , m_fields(fields)
{
}

QStringList NvidiaSmi::gpuArguments() const
{
    const QString reserved = m_fields == Fields::All ? QStringLiteral(",memory.reserved") : QString();
    return withLoop({QStringLiteral("--query-gpu=index,uuid,name,pci.bus_id,driver_version,utilization.gpu,"
                                    "utilization.memory,memory.total,memory.used,temperature.gpu,power.draw,"
                                    "power.limit,clocks.sm,fan.speed,mig.mode.current")
                        + reserved},
        m_seconds);
}

QStringList NvidiaSmi::processArguments() const
{
    // The name stands last: it is not quoted and may hold commas.
    return withLoop({QStringLiteral("--query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name")}, m_seconds);
}

bool NvidiaSmi::refusesFields(const QByteArray &output) { return output.contains("is not a valid field to query"); }

std::optional<Trouble> NvidiaSmi::trouble(int exitCode, const QByteArray &output)
{
    if (exitCode == 0)
        return {};
    const QString words = QString::fromUtf8(output).trimmed();
    if (words.contains(QStringLiteral("version mismatch")))
        return Trouble{TroubleKind::Mismatch,
            QStringLiteral("The NVIDIA driver and its library are of different versions, as after an upgrade. "
                           "Restart the machine, or reload the driver's kernel modules."),
            words};
    if (exitCode == 127)
        return Trouble{TroubleKind::NoDriver, QStringLiteral("There is no nvidia-smi on that machine."), words};
    if (exitCode == 9 || words.contains(QStringLiteral("couldn't communicate with the NVIDIA driver")))
        return Trouble{TroubleKind::NoDriver, QStringLiteral("The NVIDIA driver is installed, but not loaded."), words};
    if (words.contains(QStringLiteral("No devices were found")))
        return Trouble{TroubleKind::NoGpu, QStringLiteral("The NVIDIA driver is loaded, but it sees no GPU."), words};
    if (exitCode == 4 || words.contains(QStringLiteral("Insufficient Permissions")))
        return Trouble{TroubleKind::Denied, QStringLiteral("That user may not use the NVIDIA driver."), words};
    return Trouble{TroubleKind::Broken, QStringLiteral("nvidia-smi ended with code %1.").arg(exitCode), words};
}

QList<Snapshot> NvidiaSmi::feedGpus(const QByteArray &bytes, qint64 now)
{
    QList<Snapshot> done;
    eachLine(m_gpuBytes, bytes, [&](const QString &line) { readGpu(line, now, done); });
    return done;
}

void NvidiaSmi::readGpu(const QString &line, qint64 now, QList<Snapshot> &done)
{
    const QStringList fields = line.split(QStringLiteral(", "));
    bool numbered = false;
    const int index = fields.first().toInt(&numbered);
    if (!numbered || fields.size() < 15)
        return; // an empty line, a warning
    Gpu gpu;
    gpu.index = index;
    gpu.uuid = textOf(fields[1]);
    if (gpu.uuid.isEmpty())
        gpu.uuid = QStringLiteral("nvidia-%1").arg(index);
    gpu.name = textOf(fields[2]);
    gpu.pciBusId = busIdOf(fields[3]);
    gpu.utilisation = wholeOf(fields[5]);
    gpu.memoryUtilisation = wholeOf(fields[6]);
    gpu.memoryTotal = mibOf(fields[7]);
    gpu.memoryUsed = mibOf(fields[8]);
    gpu.temperature = wholeOf(fields[9]);
    gpu.power = numberOf(fields[10]);
    gpu.powerLimit = numberOf(fields[11]);
    gpu.clock = wholeOf(fields[12]);
    gpu.fan = wholeOf(fields[13]);
    gpu.migMode = migModeOf(fields[14]);
    gpu.memoryReserved = fields.size() > 15 ? mibOf(fields[15]) : unknown;
    gpu.lost = line.contains(QStringLiteral("[GPU is lost]"));
    if (gpu.lost)
        gpu.error
            = QStringLiteral("GPU %1 is lost: its driver cannot reach it any more. Restart the machine.").arg(index);
    if (!m_round.gpus.isEmpty() && index <= m_round.gpus.last().index)
        done.append(take(now));
    m_round.driverVersion = textOf(fields[4]);
    m_round.gpus.append(gpu);
    if (m_round.gpus.size() == m_expected)
        done.append(take(now));
}

void NvidiaSmi::feedProcesses(const QByteArray &bytes, qint64 now)
{
    eachLine(m_processBytes, bytes, [&](const QString &line) { readProcess(line, now); });
}

void NvidiaSmi::readProcess(const QString &line, qint64 now)
{
    bool numbered = false;
    Row row;
    row.gpu = line.section(QStringLiteral(", "), 0, 0);
    row.process.pid = line.section(QStringLiteral(", "), 1, 1).toLongLong(&numbered);
    if (!numbered)
        return;
    row.process.memory = mibOf(line.section(QStringLiteral(", "), 2, 2));
    row.process.name = textOf(line.section(QStringLiteral(", "), 3));
    row.time = now;
    m_rows.removeIf([&](const Row &one) { return one.gpu == row.gpu && one.process.pid == row.process.pid; });
    m_rows.append(row);
}

Snapshot NvidiaSmi::take(qint64 now)
{
    const qint64 age = m_seconds * 2000 + 500;
    m_rows.removeIf([&](const Row &row) { return now - row.time > age; });
    m_expected = m_round.gpus.size();
    for (Gpu &gpu : m_round.gpus) {
        for (const Row &row : std::as_const(m_rows)) {
            if (row.gpu == gpu.uuid)
                gpu.processes.append(row.process);
        }
    }
    Snapshot done = std::exchange(m_round, {});
    done.source = QStringLiteral("nvidia-smi");
    done.taken = now;
    return done;
}

std::optional<Snapshot> NvidiaSmi::finish(qint64 now)
{
    if (m_round.gpus.isEmpty())
        return {};
    return take(now);
}

} // namespace gpu
