#include "launch/problem.h"

#include "recipe/portspec.h"
#include "recipe/startcommand.h"

#include <algorithm>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

void runAs(RunConfig &config, const QString &user)
{
    config.user = user;
    // The image knows no such person: without a HOME programs would write to /, which is root's.
    const auto isHome = [](const EnvVar &variable) { return variable.name == "HOME"_L1; };
    if (std::ranges::none_of(config.env, isHome))
        config.env += EnvVar{u"HOME"_s, u"/tmp"_s};
}

void setGpus(RunConfig &config, const QStringList &devices)
{
    config.gpus = {};
    config.gpus.kind = GpuRequest::Kind::Devices;
    config.gpus.devices = devices;
    config.options.removeIf([](const Option &option) { return option.name == "gpus"_L1; });
}

void putBefore(RunConfig &config, const QStringList &words)
{
    if (config.useShell)
        config.script = u"%1 %2"_s.arg(shellJoin(words), config.script.trimmed()).trimmed();
    else
        config.command = words + config.command;
}

} // namespace

void applyFix(RunConfig &config, const Fix &fix)
{
    switch (fix.kind) {
    case Fix::Kind::Name:
        config.name = fix.value;
        break;
    case Fix::Kind::Port:
        if (fix.index < config.ports.size())
            config.ports[fix.index] = withHostPort(config.ports[fix.index], fix.value);
        break;
    case Fix::Kind::NoPorts:
        config.ports.clear();
        break;
    case Fix::Kind::Folder:
    case Fix::Kind::Worktree:
        break;
    case Fix::Kind::RunAs:
        runAs(config, fix.value);
        break;
    case Fix::Kind::SharedMemory:
        config.shmSize = fix.value.toLongLong();
        break;
    case Fix::Kind::Ipc:
        config.ipc = fix.value;
        break;
    case Fix::Kind::Gpu:
        if (fix.index < config.gpus.devices.size())
            config.gpus.devices[fix.index] = fix.value;
        break;
    case Fix::Kind::Gpus:
        setGpus(config, fix.value.split(u','));
        break;
    case Fix::Kind::Cpus:
        config.cpus = fix.value.toDouble();
        break;
    case Fix::Kind::Memory:
        config.memory = fix.value.toLongLong();
        break;
    case Fix::Kind::Keep:
        config.removeWhenFinished = false;
        break;
    case Fix::Kind::NoRestart:
        config.restart.clear();
        break;
    case Fix::Kind::Entrypoint:
        config.entrypoint = fix.value;
        break;
    case Fix::Kind::OwnEntrypoint:
        config.entrypoint.reset();
        break;
    case Fix::Kind::Program:
        config.entrypoint = QString();
        putBefore(config, fix.words);
        break;
    case Fix::Kind::Command:
        putBefore(config, fix.words);
        break;
    case Fix::Kind::AskAtLaunch:
        if (fix.index < config.env.size()) {
            config.env[fix.index].secret = true;
            config.env[fix.index].value.reset();
        }
        break;
    }
}

void ProblemList::error(Step step, const QString &field, const QString &text, const QList<Fix> &fixes)
{
    m_all += {Problem::Severity::Error, step, field, text, fixes};
}

void ProblemList::warning(Step step, const QString &field, const QString &text, const QList<Fix> &fixes)
{
    m_all += {Problem::Severity::Warning, step, field, text, fixes};
}

} // namespace launch
