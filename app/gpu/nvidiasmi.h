#pragma once

#include "gpu/source.h"

#include <QByteArray>
#include <QList>
#include <QStringList>

namespace gpu {

/**
 * Reads what nvidia-smi prints in its loop mode, for machines reached only by a shell: feed it the bytes as they come.
 * Two programs run there, one for the GPUs and one for their processes; each prints a line for each GPU or process
 * every `seconds`, and nothing between the rounds. Runs nothing itself; belongs to who runs them.
 */
class NvidiaSmi
{
public:
    /** Drivers before 510 do not know memory.reserved, and refuse the whole query for it. */
    enum class Fields { All, BeforeMemoryReserved };

    explicit NvidiaSmi(int seconds, Fields fields = Fields::All);

    /** nvidia-smi's arguments, without its name. */
    QStringList gpuArguments() const;
    QStringList processArguments() const;

    /** True when that answer means: ask again with BeforeMemoryReserved. */
    static bool refusesFields(const QByteArray &output);
    /** Of an nvidia-smi that ended, by what it printed; nothing when it ended well. */
    static std::optional<Trouble> trouble(int exitCode, const QByteArray &output);

    /**
     * The rounds that these bytes completed, oldest first; usually none or one. A round is complete when the next one
     * begins, or at once when it has as many GPUs as the one before.
     */
    QList<Snapshot> feedGpus(const QByteArray &bytes, qint64 now = monotonicMs());
    /** The processes are told with the next round of GPUs, and forgotten when they were not listed for two rounds. */
    void feedProcesses(const QByteArray &bytes, qint64 now = monotonicMs());
    /** The round under way, when no more bytes will come. */
    std::optional<Snapshot> finish(qint64 now = monotonicMs());

private:
    struct Row
    {
        QString gpu;
        Process process;
        qint64 time = 0;
    };
    void readGpu(const QString &line, qint64 now, QList<Snapshot> &done);
    void readProcess(const QString &line, qint64 now);
    Snapshot take(qint64 now);

    int m_seconds;
    Fields m_fields;
    QByteArray m_gpuBytes; ///< an unfinished line
    QByteArray m_processBytes; ///< likewise
    Snapshot m_round;
    qsizetype m_expected = 0; ///< GPUs of the last round
    QList<Row> m_rows;
};

} // namespace gpu
