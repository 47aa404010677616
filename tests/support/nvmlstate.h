#pragma once

#include <QSaveFile>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace support {

/** The file that the stand-in driver (fakenvml.c says how it is written) reads, in a folder of its own. */
class NvmlState
{
public:
    NvmlState() { qputenv("FAKE_NVML", path().toLocal8Bit()); }
    ~NvmlState() { qunsetenv("FAKE_NVML"); }

    QString path() const { return m_folder.filePath(QStringLiteral("state.txt")); }
    QString folder() const { return m_folder.path(); }

    /** In one step, as the driver may be reading. */
    void write(const QStringList &lines)
    {
        QSaveFile file(path());
        if (file.open(QIODevice::WriteOnly)) {
            file.write((lines.join(u'\n') + u'\n').toUtf8());
            file.commit();
        }
    }

    static QString uuid(int index)
    {
        return QStringLiteral("GPU-00000000-0000-0000-0000-%1").arg(index, 12, 10, QLatin1Char('0'));
    }
    /** A GPU of 80 GiB with 1,000 MiB used for each `index`, at 10 × index percent. */
    static QString gpu(int index, const QString &flag = {}, int mig = 0)
    {
        return QStringLiteral("gpu %1 NVIDIA_H100_80GB 81920 %2 512 %3 5 40 150500 700000 -1 1980 2619 %4 %5")
            .arg(uuid(index))
            .arg(1000 * index)
            .arg(10 * index % 101)
            .arg(mig)
            .arg(flag);
    }
    static QStringList gpus(int count)
    {
        QStringList lines;
        for (int i = 0; i < count; ++i)
            lines.append(gpu(i));
        return lines;
    }

private:
    QTemporaryDir m_folder;
};

} // namespace support
