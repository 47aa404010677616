#include "gpu/sysfs.h"

#include "gpu/snapshot.h"

#include <QDir>
#include <QFile>
#include <algorithm>

namespace gpu {

QString readText(const QString &path)
{
    QFile file(path);
    // Unbuffered: one read() of an attribute is one answer of the driver.
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return {};
    return QString::fromUtf8(file.read(64 * 1024)).trimmed();
}

qint64 readNumber(const QString &path)
{
    const QString text = readText(path).section(u'\n', 0, 0).section(u' ', 0, 0);
    bool ok = false;
    const qint64 number = text.toLongLong(&ok, text.startsWith(QStringLiteral("0x")) ? 16 : 10);
    return ok && number >= 0 ? number : unknown;
}

bool hasPciCard(const Roots &roots, const QString &vendor)
{
    const QDir devices(roots.sys + QStringLiteral("/bus/pci/devices"));
    const QStringList names = devices.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    return std::any_of(names.begin(), names.end(), [&](const QString &name) {
        const QString device = devices.filePath(name);
        // PCI class 03: display controllers, 3D controllers among them (what data-centre GPUs are).
        return readText(device + QStringLiteral("/vendor")) == vendor
            && readText(device + QStringLiteral("/class")).startsWith(QStringLiteral("0x03"));
    });
}

QStringList drmCards(const Roots &roots, const QString &vendor)
{
    const QDir drm(roots.sys + QStringLiteral("/class/drm"));
    QStringList cards;
    for (const QString &name : drm.entryList({QStringLiteral("card*")}, QDir::Dirs | QDir::NoDotAndDotDot)) {
        bool number = false;
        name.mid(4).toInt(&number); // not "card0-DP-1", a connector
        if (number && readText(drm.filePath(name) + QStringLiteral("/device/vendor")) == vendor)
            cards.append(name);
    }
    std::sort(cards.begin(), cards.end(),
        [](const QString &a, const QString &b) { return a.mid(4).toInt() < b.mid(4).toInt(); });
    return cards;
}

QString pciSlot(const QString &device)
{
    for (const QString &line : readText(device + QStringLiteral("/uevent")).split(u'\n')) {
        if (line.startsWith(QStringLiteral("PCI_SLOT_NAME=")))
            return line.section(u'=', 1).trimmed().toLower();
    }
    return {};
}

MachineMemory machineMemory(const Roots &roots)
{
    qint64 total = unknown;
    qint64 available = unknown;
    for (const QString &line : readText(roots.proc + QStringLiteral("/meminfo")).split(u'\n')) {
        const QString value = line.section(u':', 1).trimmed().section(u' ', 0, 0);
        if (line.startsWith(QStringLiteral("MemTotal:")))
            total = value.toLongLong() * 1024;
        else if (line.startsWith(QStringLiteral("MemAvailable:")))
            available = value.toLongLong() * 1024;
    }
    if (total <= 0 || available < 0)
        return {total > 0 ? total : unknown, unknown};
    return {total, std::max<qint64>(0, total - available)};
}

} // namespace gpu
