#pragma once

#include <QString>
#include <QStringList>

namespace gpu {

/** Where /sys and /proc are; tests have their own. */
struct Roots
{
    QString sys = QStringLiteral("/sys");
    QString proc = QStringLiteral("/proc");
};

/** The first 64 KiB of a file without the blanks around; empty when it cannot be read. */
QString readText(const QString &path);

/** The whole number a file begins with, decimal or 0x…; `unknown` (−1) when there is none. */
qint64 readNumber(const QString &path);

/** Whether a display or compute card of that PCI vendor ("0x10de") is plugged in, driver or not. */
bool hasPciCard(const Roots &roots, const QString &vendor);

/** "cardN" of the DRM devices of that vendor, by N. Does not wake them. */
QStringList drmCards(const Roots &roots, const QString &vendor);

/** The PCI address of a device's folder, "0000:03:00.0"; empty where it has none. */
QString pciSlot(const QString &device);

/** Bytes of the whole machine's memory: total and what programs hold. Unknown is −1. */
struct MachineMemory
{
    qint64 total = -1;
    qint64 used = -1;
};
MachineMemory machineMemory(const Roots &roots);

} // namespace gpu
