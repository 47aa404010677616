#include "recipe/notation.h"

#include "recipe/optiontable.h"

#include "recipe/values.h"

namespace recipe {

using namespace Qt::StringLiterals;

QString gpusValue(const GpuRequest &gpus)
{
    switch (gpus.kind) {
    case GpuRequest::Kind::None:
        return {};
    case GpuRequest::Kind::All:
        return u"all"_s;
    case GpuRequest::Kind::Count:
    case GpuRequest::Kind::Any: // the nearest thing that Docker has; inventory::pickGpus() makes Devices of it before a
                                // launch
        return QString::number(gpus.count);
    case GpuRequest::Kind::Devices:
        break;
    }
    // Without quotes of its own Docker takes "device=0,1" for device 0 and a count of 1, and refuses to start it.
    return csvField(u"device="_s + gpus.devices.join(u','));
}

QString volumeValue(const Mount &mount)
{
    if (mount.source.isEmpty())
        return mount.target;
    QStringList options;
    if (mount.readOnly && !mount.options.split(u',').contains(u"ro"_s))
        options += u"ro"_s;
    if (!mount.options.isEmpty())
        options += mount.options;
    const QString value = mount.source + u':' + mount.target;
    return options.isEmpty() ? value : QString(value + u':' + options.join(u','));
}

QString mountValue(const Mount &mount)
{
    QString value
        = u"type=bind,"_s + csvField(u"source="_s + mount.source) + u',' + csvField(u"target="_s + mount.target);
    if (mount.readOnly)
        value += u",readonly"_s;
    return value;
}

QString ulimitValue(const Ulimit &ulimit)
{
    const QString value = ulimit.name + u'=' + QString::number(ulimit.soft);
    return ulimit.hard == ulimit.soft ? value : QString(value + u':' + QString::number(ulimit.hard));
}

QString envValue(const EnvVar &env)
{
    return env.value && !env.secret ? QString(env.name + u'=' + *env.value) : env.name;
}

QString cpusValue(double cpus)
{
    QString value = QString::number(cpus, 'f', 9); // Docker counts in billionths
    while (value.endsWith(u'0'))
        value.chop(1);
    if (value.endsWith(u'.'))
        value.chop(1);
    return value;
}

QString optionWord(const Option &option)
{
    const DockerOption *known = dockerOption(option.name);
    const bool on = known && known->flag() && option.value == "true"_L1;
    return on ? QString(u"--"_s + option.name) : QString(u"--"_s + option.name + u'=' + option.value);
}

} // namespace recipe
