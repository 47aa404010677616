#include "inspect/mountsof.h"

#include "core/units.h"
#include "recipe/optiontable.h"
#include "recipe/values.h"

#include <QJsonArray>
#include <algorithm>
#include <array>

namespace inspect {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** Where a setting of a mount stands in the daemon's answer, and behind --mount. */
struct Setting
{
    QLatin1String group; ///< BindOptions; empty: of the mount itself
    QLatin1String key;
    QLatin1String option; ///< "ro" is said without a value
};

constexpr std::array settings = {
    Setting{{}, "Source"_L1, "source"_L1},
    Setting{{}, "Target"_L1, "target"_L1},
    Setting{{}, "ReadOnly"_L1, "readonly"_L1},
    Setting{{}, "Consistency"_L1, "consistency"_L1},
    Setting{"BindOptions"_L1, "Propagation"_L1, "bind-propagation"_L1},
    Setting{"BindOptions"_L1, "NonRecursive"_L1, "bind-recursive=disabled"_L1},
    Setting{"BindOptions"_L1, "ReadOnlyNonRecursive"_L1, "bind-recursive=writable"_L1},
    Setting{"BindOptions"_L1, "ReadOnlyForceRecursive"_L1, "bind-recursive=readonly"_L1},
    Setting{"VolumeOptions"_L1, "NoCopy"_L1, "volume-nocopy"_L1},
    Setting{"VolumeOptions"_L1, "Labels"_L1, "volume-label"_L1},
    Setting{"VolumeOptions"_L1, "Subpath"_L1, "volume-subpath"_L1},
    Setting{"DriverConfig"_L1, "Name"_L1, "volume-driver"_L1},
    Setting{"DriverConfig"_L1, "Options"_L1, "volume-opt"_L1},
    Setting{"ImageOptions"_L1, "Subpath"_L1, "image-subpath"_L1},
    Setting{"TmpfsOptions"_L1, "SizeBytes"_L1, "tmpfs-size"_L1},
    Setting{"TmpfsOptions"_L1, "Mode"_L1, "tmpfs-mode"_L1},
};

/** The fields behind --mount of one entry of HostConfig.Mounts. Lives for one call. */
class MountWriter
{
public:
    explicit MountWriter(const QJsonObject &mount)
        : m_fields{csvField(u"type="_s + mount["Type"_L1].toString())}
    {
        group({}, mount);
    }

    QString value() const { return m_fields.join(u','); }
    /** Settings that --mount has no words for. */
    const QStringList &unsaid() const { return m_unsaid; }

private:
    void group(QLatin1String name, const QJsonObject &object);
    void setting(const Setting &setting, const QJsonValue &value);
    void field(const QString &option, const QString &value) { m_fields += csvField(option + u'=' + value); }

    QStringList m_fields;
    QStringList m_unsaid;
};

void MountWriter::group(QLatin1String name, const QJsonObject &object)
{
    for (auto it = object.begin(); it != object.end(); ++it) {
        const auto known = std::ranges::find_if(
            settings, [&](const Setting &setting) { return setting.group == name && setting.key == it.key(); });
        const bool isGroup = std::ranges::any_of(settings, [&](const Setting &s) { return s.group == it.key(); });
        if (known != settings.end())
            setting(*known, it.value());
        else if (isGroup)
            group(QLatin1String(std::ranges::find(settings, it.key(), &Setting::group)->group), it.value().toObject());
        else if (it.key() != "Type"_L1 && it.value() != QJsonValue(false) && !it.value().isNull())
            m_unsaid += it.key();
    }
}

void MountWriter::setting(const Setting &setting, const QJsonValue &value)
{
    const QString option = setting.option;
    if (value.isBool()) {
        if (value.toBool())
            m_fields += option;
    } else if (value.isObject()) {
        const QJsonObject map = value.toObject();
        for (auto it = map.begin(); it != map.end(); ++it)
            field(option, it.key() + u'=' + it.value().toString());
    } else if (value.isDouble()) {
        const qint64 number = value.toInteger();
        if (number > 0)
            field(option, setting.key == "Mode"_L1 ? QString::number(number, 8) : core::dockerBytes(number));
    } else if (!value.toString().isEmpty()) {
        field(option, value.toString());
    }
}

bool hasOnly(const QJsonObject &object, const QStringList &keys)
{
    return std::ranges::all_of(object.keys(), [&](const QString &key) {
        const QJsonValue value = object[key];
        const bool nothing = value.isNull() || value == QJsonValue(false) || value == QJsonValue(QString())
            || (value.isObject() && value.toObject().isEmpty());
        return nothing || keys.contains(key);
    });
}

/** Reads the mounts of one container. Lives for one call of takeMounts(). */
class MountReader
{
public:
    explicit MountReader(InspectedConfig &into)
        : m_into(into)
    {
    }

    void bind(const QString &bind)
    {
        // What stood behind -v, word for word.
        const QString fault = dockerOption(u"volume")->read(m_into.config, bind, {});
        m_into.lose(!fault.isEmpty(), u"--volume "_s + bind);
    }
    void mount(QJsonObject mount);

private:
    bool createdFolder(const QJsonObject &mount);
    bool plainVolume(const QJsonObject &mount);

    InspectedConfig &m_into;
};

/** A folder that is created when missing is what -v means; -v cannot say a colon. */
bool MountReader::createdFolder(const QJsonObject &mount)
{
    const QString source = mount["Source"_L1].toString();
    const QString target = mount["Target"_L1].toString();
    const QJsonObject options = mount["BindOptions"_L1].toObject();
    const bool plain = options["CreateMountpoint"_L1].toBool() && hasOnly(options, {u"CreateMountpoint"_s});
    if (!plain || source.contains(u':') || target.contains(u':'))
        return false;
    m_into.config.mounts += Mount{source, target, mount["ReadOnly"_L1].toBool(), false, {}};
    return true;
}

/** -v says the same of a volume that is only named. */
bool MountReader::plainVolume(const QJsonObject &mount)
{
    QJsonObject options = mount["VolumeOptions"_L1].toObject();
    const QJsonObject driver = options.take("DriverConfig"_L1).toObject();
    Mount volume{mount["Source"_L1].toString(), mount["Target"_L1].toString(), mount["ReadOnly"_L1].toBool(), false,
        options["NoCopy"_L1].toBool() ? u"nocopy"_s : QString()};
    const bool plain = hasOnly(options, {u"NoCopy"_s}) && hasOnly(driver, {})
        && hasOnly(mount, {u"Type"_s, u"Source"_s, u"Target"_s, u"ReadOnly"_s, u"VolumeOptions"_s});
    const bool nameless = volume.source.isEmpty() && (volume.readOnly || !volume.options.isEmpty());
    if (!plain || nameless || volume.target.contains(u':'))
        return false;
    m_into.config.mounts += volume;
    return true;
}

void MountReader::mount(QJsonObject mount)
{
    const QString type = mount["Type"_L1].toString();
    if (type == "bind"_L1 && createdFolder(mount))
        return;
    if (type == "volume"_L1 && plainVolume(mount))
        return;
    QJsonObject options = mount["BindOptions"_L1].toObject();
    const bool created = options.take("CreateMountpoint"_L1).toBool();
    m_into.lose(created, u"--mount bind-create-src"_s);
    // What it is when nobody says anything, but for the one setting that wants to hear it.
    if (options["Propagation"_L1] == "rprivate"_L1 && !options["ReadOnlyForceRecursive"_L1].toBool())
        options.remove("Propagation"_L1);
    if (mount.contains("BindOptions"_L1))
        mount[u"BindOptions"] = options;
    const MountWriter written(mount);
    for (const QString &setting : written.unsaid())
        m_into.lose(true, u"--mount "_s + setting);
    m_into.say("mount"_L1, written.value());
}

} // namespace

void takeMounts(InspectedConfig &into, const QJsonObject &container, const QJsonObject &imageConfig)
{
    const QJsonObject host = container["HostConfig"_L1].toObject();
    MountReader reader(into);
    QStringList places = host["Tmpfs"_L1].toObject().keys();
    const QStringList binds = host["Binds"_L1].toVariant().toStringList();
    for (const QString &bind : binds)
        reader.bind(bind);
    for (const QJsonValue &mount : host["Mounts"_L1].toArray()) {
        reader.mount(mount.toObject());
        places += mount["Target"_L1].toString();
    }
    for (const Mount &mount : std::as_const(into.config.mounts))
        places += mount.target;
    const QJsonObject ofImage = imageConfig["Volumes"_L1].toObject();
    const QStringList targets = container["Config"_L1]["Volumes"_L1].toObject().keys();
    for (const QString &target : targets) {
        // Compose lists the place of every mount here.
        if (!places.contains(target) && !ofImage.contains(target))
            into.config.mounts += Mount{{}, target, false, false, {}};
    }
}

} // namespace inspect
