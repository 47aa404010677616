#pragma once

#include "recipe/optiontable.h"

/** The options about GPUs, devices and limits: readers of RunConfig's fields and what the others put into the body. */
namespace recipe {

QString readGpus(RunConfig &config, const QString &value, const ShellContext &context);
QString readUlimit(RunConfig &config, const QString &value, const ShellContext &context);
QString readCpus(RunConfig &config, const QString &value, const ShellContext &context);

QString addGpus(RequestDraft &draft, const QString &value);
QString addDevice(RequestDraft &draft, const QString &value);
QString addCgroupRule(RequestDraft &draft, const QString &value);
QString setCpus(RequestDraft &draft, const QString &value);
QString setMemorySwap(RequestDraft &draft, const QString &value);
QString setKernelMemory(RequestDraft &draft, const QString &value);
QString setSwappiness(RequestDraft &draft, const QString &value);
QString setBlkioWeight(RequestDraft &draft, const QString &value);
QString addWeightDevice(RequestDraft &draft, const QString &value);
QString addReadBps(RequestDraft &draft, const QString &value);
QString addWriteBps(RequestDraft &draft, const QString &value);
QString addReadIops(RequestDraft &draft, const QString &value);
QString addWriteIops(RequestDraft &draft, const QString &value);

} // namespace recipe
