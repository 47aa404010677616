#include "recipe/dockeroptions.h"

#include "core/units.h"
#include "recipe/portspec.h"
#include "recipe/rules.h"

#include <QDir>
#include <QRegularExpression>
#include <algorithm>
#include <array>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

QString notYet(const QString &what) { return u"Slipway does not know %1 yet."_s.arg(what); }

/** Go's encoding/csv, one record: fields may stand in double quotes. Empty when the quotes do not fit. */
QStringList csvFields(const QString &text)
{
    static const QRegularExpression field(uR"lit((?:"((?:[^"]|"")*)"|([^",]*))(,|\z))lit"_s);
    QStringList fields;
    qsizetype at = 0;
    while (true) {
        const auto match
            = field.match(text, at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch())
            return {};
        fields += match.captured(1).replace(u"\"\""_s, u"\""_s) + match.captured(2);
        if (match.captured(3).isEmpty())
            return fields;
        at = match.capturedEnd();
    }
}

/** "./x" as an absolute path; anything else as it is (Docker's rule for -v and --mount). */
QString absolute(const QString &source, const ShellContext &context)
{
    if (!source.startsWith(u'.'))
        return source;
    return QDir::cleanPath(QDir(context.folder.isEmpty() ? QDir::currentPath() : context.folder).filePath(source));
}

QString readGpus(RunConfig &config, const QString &value, const ShellContext &)
{
    if (config.gpus.kind != GpuRequest::Kind::None)
        return notYet(u"a second --gpus"_s);
    const QStringList fields = csvFields(value);
    QString text = fields.value(0);
    if (fields.size() == 2 && text.startsWith("device="_L1) && !fields[1].contains(u'='))
        return u"Docker reads this as one GPU and a count, and refuses it; write '\"%1\"' with both quotes."_s.arg(
            value);
    if (fields.size() != 1)
        return text.isEmpty() ? u"--gpus wants all, a number, or device=…"_s : notYet(u"these --gpus settings"_s);
    if (text.startsWith("device="_L1)) {
        config.gpus = {GpuRequest::Kind::Devices, 0, text.sliced(7).split(u',', Qt::SkipEmptyParts)};
        return config.gpus.devices.isEmpty() ? u"device= names no GPU."_s : QString();
    }
    if (text.startsWith("count="_L1))
        text.remove(0, 6);
    bool number = false;
    const int count = text.toInt(&number);
    if (text == "all"_L1 || (number && count == -1))
        config.gpus = {GpuRequest::Kind::All, 0, {}};
    else if (number && count >= 0)
        config.gpus = {GpuRequest::Kind::Count, count, {}};
    else
        return text.contains(u'=') ? notYet(u"--gpus %1"_s.arg(text)) : u"--gpus wants all, a number, or device=…"_s;
    return {};
}

QString readVolume(RunConfig &config, const QString &value, const ShellContext &context)
{
    const QStringList parts = value.split(u':');
    if (parts.size() > 3 || parts.contains(QString()))
        return u"-v wants FOLDER:FOLDER-IN-CONTAINER or that with :ro."_s;
    if (parts.first().startsWith(u'~'))
        return u"The shell leaves this ~ as it is and Docker refuses it; write the whole path."_s;
    Mount mount;
    mount.target = parts.value(1, parts.first());
    if (parts.size() > 1)
        mount.source = absolute(parts.first(), context);
    QStringList options = parts.value(2).split(u',', Qt::SkipEmptyParts);
    mount.readOnly = options.removeOne(u"ro"_s);
    mount.options = options.join(u',');
    config.mounts += mount;
    return {};
}

QString readMount(RunConfig &config, const QString &value, const ShellContext &context)
{
    Mount mount;
    mount.mustExist = true;
    QString type = u"volume"_s;
    for (const QString &field : csvFields(value)) {
        const QString key = field.section(u'=', 0, 0).toLower();
        const QString text = field.section(u'=', 1);
        if (key == "type"_L1)
            type = text.toLower();
        else if (key == "source"_L1 || key == "src"_L1)
            mount.source = absolute(text, context);
        else if (key == "target"_L1 || key == "dst"_L1 || key == "destination"_L1)
            mount.target = text;
        else if (key == "readonly"_L1 || key == "ro"_L1)
            mount.readOnly = !field.contains(u'=') || text == "true"_L1 || text == "1"_L1;
        else
            return notYet(u"--mount …%1"_s.arg(key));
    }
    if (type != "bind"_L1)
        return notYet(u"--mount type=%1"_s.arg(type));
    if (mount.source.isEmpty() || mount.target.isEmpty())
        return u"--mount type=bind wants source= and target=."_s;
    config.mounts += mount;
    return {};
}

QString readUlimit(RunConfig &config, const QString &value, const ShellContext &)
{
    static const QRegularExpression form(uR"(^([^=]*)=(-?\d{1,18})(?::(-?\d{1,18}))?\z)"_s);
    const auto match = form.match(value);
    if (!match.hasMatch())
        return u"--ulimit wants NAME=NUMBER or NAME=SOFT:HARD."_s;
    const qint64 soft = match.captured(2).toLongLong();
    const Ulimit ulimit{match.captured(1), soft, match.captured(3).isEmpty() ? soft : match.captured(3).toLongLong()};
    if (const auto fault = ulimitFault(ulimit.name, ulimit.soft, ulimit.hard))
        return *fault;
    const auto same = std::ranges::find(config.ulimits, ulimit.name, &Ulimit::name);
    if (same != config.ulimits.end())
        *same = ulimit; // the last one counts
    else
        config.ulimits += ulimit;
    return {};
}

QString readEnv(RunConfig &config, const QString &value, const ShellContext &)
{
    const qsizetype equals = value.indexOf(u'=');
    if (value.isEmpty() || equals == 0)
        return u"-e wants NAME=VALUE or NAME."_s;
    config.env += equals < 0 ? EnvVar{value, {}} : EnvVar{value.left(equals), value.mid(equals + 1)};
    return {};
}

QString readLabel(RunConfig &config, const QString &value, const ShellContext &)
{
    const QString key = value.section(u'=', 0, 0);
    if (key.isEmpty())
        return u"A label wants KEY=VALUE or KEY."_s;
    config.labels += {key, value.section(u'=', 1)};
    return {};
}

QString readPort(RunConfig &config, const QString &value, const ShellContext &)
{
    if (value.contains(u'='))
        return notYet(u"-p with “=”"_s);
    if (!parsePort(value))
        return u"-p wants HOST-PORT:CONTAINER-PORT, not “%1”."_s.arg(value);
    config.ports += value;
    return {};
}

QString readNetwork(RunConfig &config, const QString &value, const ShellContext &)
{
    if (!config.network.isEmpty())
        return notYet(u"a second network"_s);
    if (value.contains(u'=') || value.contains(u','))
        return notYet(u"networks with settings"_s);
    config.network = value == "default"_L1 ? QString() : value;
    return {};
}

QString readCpus(RunConfig &config, const QString &value, const ShellContext &)
{
    static const QRegularExpression form(uR"(^(\d{1,6}(\.\d{0,9})?|\.\d{1,9})\z)"_s);
    if (!form.match(value).hasMatch())
        return u"--cpus wants a number such as 4 or 2.5, not “%1”."_s.arg(value);
    config.cpus = value.toDouble();
    return {};
}

QString readRestart(RunConfig &config, const QString &value, const ShellContext &)
{
    if (!isRestartPolicy(value))
        return u"--restart wants no, always, unless-stopped or on-failure:N, not “%1”."_s.arg(value);
    config.restart = value == "no"_L1 ? QString() : value;
    return {};
}

QString readEntrypoint(RunConfig &config, const QString &value, const ShellContext &)
{
    config.entrypoint = value;
    return {};
}

template <qint64 RunConfig::*member> QString readSize(RunConfig &config, const QString &value, const ShellContext &)
{
    const auto bytes = core::parseBytes(value);
    if (!bytes)
        return u"This wants a size such as 512m or 16g, not “%1”."_s.arg(value);
    config.*member = *bytes;
    return {};
}

template <QString RunConfig::*member> QString readText(RunConfig &config, const QString &value, const ShellContext &)
{
    config.*member = value;
    return {};
}

template <bool RunConfig::*member> QString readFlag(RunConfig &config, const QString &value, const ShellContext &)
{
    config.*member = value == "true"_L1;
    return {};
}

constexpr std::array options = {
    DockerOption{"interactive"_L1, 'i', true, readFlag<&RunConfig::interactive>},
    DockerOption{"tty"_L1, 't', true, readFlag<&RunConfig::tty>},
    DockerOption{"detach"_L1, 'd', true, readFlag<&RunConfig::detach>},
    DockerOption{"rm"_L1, 0, true, readFlag<&RunConfig::removeWhenFinished>},
    DockerOption{"gpus"_L1, 0, false, readGpus},
    DockerOption{"name"_L1, 0, false, readText<&RunConfig::name>},
    DockerOption{"network"_L1, 0, false, readNetwork},
    DockerOption{"net"_L1, 0, false, readNetwork},
    DockerOption{"publish"_L1, 'p', false, readPort},
    DockerOption{"shm-size"_L1, 0, false, readSize<&RunConfig::shmSize>},
    DockerOption{"ulimit"_L1, 0, false, readUlimit},
    DockerOption{"ipc"_L1, 0, false, readText<&RunConfig::ipc>},
    DockerOption{"memory"_L1, 'm', false, readSize<&RunConfig::memory>},
    DockerOption{"cpus"_L1, 0, false, readCpus},
    DockerOption{"volume"_L1, 'v', false, readVolume},
    DockerOption{"mount"_L1, 0, false, readMount},
    DockerOption{"env"_L1, 'e', false, readEnv},
    DockerOption{"label"_L1, 'l', false, readLabel},
    DockerOption{"workdir"_L1, 'w', false, readText<&RunConfig::workingDir>},
    DockerOption{"user"_L1, 'u', false, readText<&RunConfig::user>},
    DockerOption{"entrypoint"_L1, 0, false, readEntrypoint},
    DockerOption{"restart"_L1, 0, false, readRestart},
    DockerOption{"platform"_L1, 0, false, readText<&RunConfig::platform>},
};

} // namespace

const DockerOption *dockerOption(QAnyStringView name)
{
    const auto found
        = std::ranges::find_if(options, [name](const DockerOption &option) { return option.name == name; });
    return found == options.end() ? nullptr : &*found;
}

const DockerOption *dockerShorthand(QChar shorthand)
{
    const auto found = std::ranges::find_if(
        options, [shorthand](const DockerOption &o) { return o.shorthand && QLatin1Char(o.shorthand) == shorthand; });
    return found == options.end() ? nullptr : &*found;
}

} // namespace recipe
