#include "recipe/storageoptions.h"

#include "core/units.h"
#include "recipe/requestdraft.h"
#include "recipe/values.h"

#include <algorithm>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

/** The parts of -v between its colons; one behind a single letter is a Windows drive's. Source: compose, loader. */
QStringList volumeParts(const QString &value)
{
    if (value.size() <= 2)
        return {value};
    QStringList parts = {QString()};
    for (const QChar c : value) {
        if (c == u':' && !(parts.last().size() == 1 && parts.last().front().isLetter()))
            parts += QString();
        else
            parts.last() += c;
    }
    return parts;
}

/** "." and "./x" as the client sends them; "x" is a volume's name, or left to the daemon. */
QString hostPath(const QString &source, const ShellContext &context)
{
    return source.startsWith(u'.') ? context.absolute(source) : source;
}

/** Reads the fields of one --mount into what HostConfig.Mounts has for it. */
class MountReader
{
public:
    explicit MountReader(const ShellContext &context)
        : m_context(context)
    {
    }

    QString read(const QString &value);
    const QJsonObject &mount() const { return m_mount; }

private:
    QString field(const QString &key, const std::optional<QString> &text);
    QString bindField(const QString &key, const QString &text);
    QString volumeField(const QString &key, const QString &text);
    QString tmpfsField(const QString &key, const QString &text);
    QString flag(const QString &key, const std::optional<QString> &text, bool &into);
    QString recursive(const QString &text);
    QString finish();
    void set(QJsonObject &object, const QString &key, const QString &text)
    {
        text.isEmpty() ? object.remove(key) : void(object[key] = text);
    }

    const ShellContext &m_context;
    QString m_type = u"volume"_s;
    QJsonObject m_mount;
    QJsonObject m_bind, m_volume, m_driver, m_image, m_tmpfs;
    bool m_hasBind = false, m_hasVolume = false, m_hasImage = false, m_hasTmpfs = false;
    bool m_readOnly = false;
};

QString MountReader::flag(const QString &key, const std::optional<QString> &text, bool &into)
{
    const auto on = readBool(text.value_or(u"true"_s));
    if (!on)
        return u"The %1 of --mount is on or off, not “%2”."_s.arg(key, *text);
    into = *on;
    return {};
}

QString MountReader::recursive(const QString &text)
{
    static const QStringList known = {u"enabled"_s, u"disabled"_s, u"writable"_s, u"readonly"_s};
    if (!known.contains(text))
        return u"bind-recursive= wants enabled, disabled, writable or readonly, not “%1”."_s.arg(text);
    if (text == "enabled"_L1)
        return {};
    m_hasBind = true;
    m_bind[text == "disabled"_L1    ? "NonRecursive"_L1
            : text == "writable"_L1 ? "ReadOnlyNonRecursive"_L1
                                    : "ReadOnlyForceRecursive"_L1]
        = true;
    return {};
}

QString MountReader::bindField(const QString &key, const QString &text)
{
    if (key == "bind-recursive"_L1)
        return recursive(text);
    m_hasBind = true;
    if (key == "bind-propagation"_L1) {
        set(m_bind, u"Propagation"_s, text.toLower());
        return {};
    }
    bool nonRecursive = false;
    const QString fault = flag(key, text, nonRecursive);
    nonRecursive ? void(m_bind[u"NonRecursive"] = true) : m_bind.remove("NonRecursive"_L1);
    return fault;
}

QString MountReader::volumeField(const QString &key, const QString &text)
{
    m_hasVolume = true;
    if (key == "volume-nocopy"_L1) {
        bool noCopy = false;
        const QString fault = flag(key, text, noCopy);
        noCopy ? void(m_volume[u"NoCopy"] = true) : m_volume.remove("NoCopy"_L1);
        return fault;
    }
    if (key == "volume-subpath"_L1) {
        set(m_volume, u"Subpath"_s, text);
    } else if (key == "volume-driver"_L1) {
        set(m_driver, u"Name"_s, text);
    } else {
        const bool label = key == "volume-label"_L1;
        QJsonObject &owner = label ? m_volume : m_driver;
        const QString list = label ? u"Labels"_s : u"Options"_s;
        const auto [name, setting] = cut(text, u'=');
        QJsonObject map = owner.value(list).toObject();
        if (!name.isEmpty())
            map[name] = setting.value_or(QString());
        if (!map.isEmpty())
            owner[list] = map;
    }
    return {};
}

QString MountReader::tmpfsField(const QString &key, const QString &text)
{
    m_hasTmpfs = true;
    const bool size = key == "tmpfs-size"_L1;
    bool number = false;
    const uint mode = text.toUInt(&number, 8);
    number = number && text.front().isDigit();
    const auto bytes = core::parseBytes(text);
    if (size ? !bytes : !number)
        return size ? u"tmpfs-size= wants a size such as 1g, not “%1”."_s.arg(text)
                    : u"tmpfs-mode= wants octal digits such as 1777, not “%1”."_s.arg(text);
    const QString name = size ? u"SizeBytes"_s : u"Mode"_s;
    m_tmpfs[name] = size ? *bytes : qint64(mode);
    if (m_tmpfs[name].toInteger() == 0)
        m_tmpfs.remove(name);
    return {};
}

QString MountReader::field(const QString &key, const std::optional<QString> &text)
{
    static const QStringList bare = {u"readonly"_s, u"ro"_s, u"volume-nocopy"_s, u"bind-nonrecursive"_s};
    static const QStringList volume
        = {u"volume-nocopy"_s, u"volume-subpath"_s, u"volume-driver"_s, u"volume-label"_s, u"volume-opt"_s};
    if (!text && !bare.contains(key))
        return u"“%1” in --mount needs a value."_s.arg(key);
    const QString value = text.value_or(u"true"_s);
    if (key == "readonly"_L1 || key == "ro"_L1)
        return flag(key, value, m_readOnly);
    if (key == "type"_L1)
        m_type = value.toLower();
    else if (key == "source"_L1 || key == "src"_L1)
        set(m_mount, u"Source"_s, hostPath(value, m_context));
    else if (key == "target"_L1 || key == "dst"_L1 || key == "destination"_L1)
        set(m_mount, u"Target"_s, value);
    else if (key == "consistency"_L1)
        set(m_mount, u"Consistency"_s, value.toLower());
    else if (key == "bind-propagation"_L1 || key == "bind-nonrecursive"_L1 || key == "bind-recursive"_L1)
        return bindField(key, value);
    else if (volume.contains(key))
        return volumeField(key, value);
    else if (key == "tmpfs-size"_L1 || key == "tmpfs-mode"_L1)
        return tmpfsField(key, value);
    else if (key == "image-subpath"_L1)
        m_hasImage = true, set(m_image, u"Subpath"_s, value);
    else
        return u"--mount has no “%1”."_s.arg(key);
    return {};
}

QString MountReader::finish()
{
    if (m_type.isEmpty())
        return u"The type= of --mount is empty."_s;
    if (!m_mount.contains("Target"_L1))
        return u"--mount wants target=FOLDER-IN-CONTAINER."_s;
    const auto mixed = [this](bool has, const QString &type) { return has && m_type != type; };
    for (const auto &[has, type] : {std::pair(m_hasBind, u"bind"_s), std::pair(m_hasVolume, u"volume"_s),
             std::pair(m_hasImage, u"image"_s), std::pair(m_hasTmpfs, u"tmpfs"_s)}) {
        if (mixed(has, type))
            return u"The %1-… settings of --mount do not go with type=%2."_s.arg(type, m_type);
    }
    const bool readOnlyTree = m_bind.contains("ReadOnlyForceRecursive"_L1);
    if ((readOnlyTree || m_bind.contains("ReadOnlyNonRecursive"_L1)) && !m_readOnly)
        return u"This bind-recursive= goes only with readonly."_s;
    if (readOnlyTree && m_bind["Propagation"_L1] != "rprivate"_L1)
        return u"bind-recursive=readonly goes only with bind-propagation=rprivate."_s;
    if (readOnlyTree && m_context.api < std::pair(1, 44))
        return u"bind-recursive=readonly needs a daemon with API 1.44 or later."_s;
    m_mount[u"Type"] = m_type;
    if (m_readOnly)
        m_mount[u"ReadOnly"] = true;
    if (m_hasBind)
        m_mount[u"BindOptions"] = m_bind;
    if (m_hasVolume) {
        m_volume[u"DriverConfig"] = m_driver;
        m_mount[u"VolumeOptions"] = m_volume;
    }
    if (m_hasImage)
        m_mount[u"ImageOptions"] = m_image;
    if (m_hasTmpfs)
        m_mount[u"TmpfsOptions"] = m_tmpfs;
    return {};
}

QString MountReader::read(const QString &value)
{
    const QStringList fields = csvFields(value);
    if (fields.isEmpty())
        return u"--mount wants type=…,source=…,target=…, with quotes that fit."_s;
    for (const QString &part : fields) {
        const auto [key, text] = cut(part, u'=');
        if (const QString fault = field(key.toLower(), text); !fault.isEmpty())
            return fault;
    }
    return finish();
}

} // namespace

QString readVolume(RunConfig &config, const QString &value, const ShellContext &context)
{
    const QStringList parts = volumeParts(value);
    if (parts.contains(QString()) || parts.size() > 3)
        return u"-v wants FOLDER:FOLDER-IN-CONTAINER or that with :ro."_s;
    Mount mount;
    mount.target = parts.value(1, parts.first());
    if (parts.size() > 1)
        mount.source = hostPath(parts.first(), context);
    if (parts.size() == 3) {
        QStringList options = parts[2].split(u',');
        mount.readOnly = options.contains(u"ro"_s);
        if (options.first() == "ro"_L1) // elsewhere it stays, as the daemon is sent what was typed
            options.removeFirst();
        mount.options = options.join(u',');
    }
    if (!config.mounts.contains(mount)) // Docker keeps them in a set
        config.mounts += mount;
    return {};
}

QString readMount(RunConfig &config, const QString &value, const ShellContext &context)
{
    MountReader reader(context);
    if (const QString fault = reader.read(value); !fault.isEmpty())
        return fault;
    static const QStringList plain = {u"Type"_s, u"Source"_s, u"Target"_s, u"ReadOnly"_s};
    const QJsonObject &read = reader.mount();
    const bool simple = read["Type"_L1] == "bind"_L1 && read.contains("Source"_L1)
        && std::ranges::all_of(read.keys(), [](const QString &key) { return plain.contains(key); });
    const bool behind
        = std::ranges::any_of(config.options, [](const Option &option) { return option.name == "mount"_L1; });
    if (simple && !behind) // Docker keeps the order of --mount
        config.mounts
            += {read["Source"_L1].toString(), read["Target"_L1].toString(), read["ReadOnly"_L1].toBool(), true, {}};
    else
        config.options += {u"mount"_s, value};
    return {};
}

QString addMount(RequestDraft &draft, const QString &value)
{
    MountReader reader(draft.context);
    const QString fault = reader.read(value);
    if (fault.isEmpty())
        draft.append("Mounts"_L1, reader.mount());
    return fault;
}

QString addTmpfs(RequestDraft &draft, const QString &value)
{
    const auto [path, options] = cut(value, u':');
    draft.insert("Tmpfs"_L1, path, options.value_or(QString()));
    return {};
}

QString addStorageOption(RequestDraft &draft, const QString &value)
{
    const auto [key, text] = cut(value, u'=');
    if (!text)
        return u"--storage-opt wants NAME=VALUE, not “%1”."_s.arg(value);
    draft.insert("StorageOpt"_L1, key, *text);
    return {};
}

QString setUseApiSocket(RequestDraft &draft, const QString &value)
{
    draft.apiSocket = value == "true"_L1;
    return {};
}

} // namespace recipe
