#include "recipe/processoptions.h"

#include "recipe/requestdraft.h"
#include "recipe/values.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QStringDecoder>
#include <algorithm>
#include <functional>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

bool hasBlank(const QString &text) { return text.contains(u' ') || text.contains(u'\t'); }

core::Result<QByteArray> readNamed(const ShellContext &context, const QString &name)
{
    if (name.isEmpty())
        return core::Error{core::ErrorKind::NotFound, 0, u"The file's name is empty."_s, {}};
    return context.readFile(context.absolute(name));
}

/**
 * The NAME=VALUE lines of a file as they are: nothing is unquoted, "#" counts at a line's start only. A name alone
 * takes what `lookup` gives, or is left out. Source: docker/cli, pkg/kvfile.
 */
QString readPairs(const ShellContext &context, const QString &file,
    const std::function<std::optional<QString>(const QString &)> &lookup, QStringList &pairs)
{
    const auto content = readNamed(context, file);
    if (!content)
        return content.error().message;
    int number = 0;
    for (QByteArray bytes : content->split('\n')) {
        ++number;
        if (bytes.endsWith('\r'))
            bytes.chop(1);
        const auto wrong
            = [&](const QString &why) { return u"Line %1 of the file %2 %3."_s.arg(number).arg(file, why); };
        if (bytes.size() >= 64 << 10)
            return wrong(u"is longer than 64 KiB"_s);
        if (number == 1 && bytes.startsWith("\xEF\xBB\xBF"))
            bytes.remove(0, 3);
        QStringDecoder decoder(QStringDecoder::Utf8);
        QString line = decoder(bytes);
        if (decoder.hasError())
            return wrong(u"is no UTF-8 text"_s);
        const auto start = std::ranges::find_if(line, [](QChar c) { return !c.isSpace(); });
        line.remove(0, start - line.begin());
        if (line.isEmpty() || line.startsWith(u'#'))
            continue;
        const auto [name, value] = cut(line, u'=');
        if (name.isEmpty())
            return wrong(u"has no name before its “=”"_s);
        if (hasBlank(name))
            return wrong(u"has a blank in the name “%1”"_s.arg(name));
        if (value)
            pairs += line;
        else if (const auto found = lookup(name))
            pairs += name + u'=' + *found;
    }
    return {};
}

/** JSON without the blanks between its parts, otherwise as it is: order and numbers stay. */
QString compactJson(const QByteArray &json)
{
    QByteArray compact;
    bool quoted = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (quoted && c == '\\' && i + 1 < json.size())
            compact += json[i++], compact += json[i];
        else if (quoted || !QByteArrayView(" \t\r\n").contains(c))
            compact += c;
        if (c == '"')
            quoted = !quoted;
    }
    return QString::fromUtf8(compact);
}

QString setHealthTime(RequestDraft &draft, const QString &key, const QString &value)
{
    const auto nanoseconds = readDuration(value);
    if (!nanoseconds || *nanoseconds < 0)
        return u"This wants a time such as 30s or 1m30s, not “%1”."_s.arg(value);
    if (*nanoseconds > 0)
        draft.health[key] = *nanoseconds;
    return {};
}

/** A namespace that may only be one of these. */
QString setMode(RequestDraft &draft, QLatin1String key, const QString &value, const QStringList &modes)
{
    if (!value.isEmpty() && !modes.contains(value))
        return u"This wants %1, not “%2”."_s.arg(modes.join(u" or "_s), value);
    draft.host[key] = value;
    return {};
}

QString capability(const QString &value)
{
    const QString name = value.toUpper();
    return name == "ALL"_L1 || name.startsWith("CAP_"_L1) ? name : u"CAP_"_s + name;
}

/** The client sends them sorted, each once. */
void addSorted(RequestDraft &draft, const QString &key, const QString &value)
{
    QStringList list = draft.host[key].toVariant().toStringList() << capability(value);
    list.removeDuplicates();
    std::ranges::sort(list);
    draft.host[key] = QJsonArray::fromStringList(list);
}

} // namespace

QString readEnv(RunConfig &config, const QString &value, const ShellContext &)
{
    const auto [name, text] = cut(value, u'=');
    if (name.isEmpty())
        return u"-e wants NAME=VALUE or NAME."_s;
    config.env += {name, text};
    return {};
}

QString readLabel(RunConfig &config, const QString &value, const ShellContext &)
{
    const auto [key, text] = cut(value, u'=');
    static const QRegularExpression leading(u"^[ \\t]+"_s);
    const QString bare = QString(key).remove(leading);
    if (bare.isEmpty())
        return u"A label wants KEY=VALUE or KEY."_s;
    if (hasBlank(bare))
        return u"The label's key “%1” has a blank in it."_s.arg(bare);
    config.labels += {key, text.value_or(QString())};
    return {};
}

QString readEntrypoint(RunConfig &config, const QString &value, const ShellContext &)
{
    config.entrypoint = value;
    return {};
}

QString readRestart(RunConfig &config, const QString &value, const ShellContext &context)
{
    RequestDraft draft{context};
    if (const QString fault = setRestart(draft, value); !fault.isEmpty())
        return fault;
    config.options.removeIf([](const Option &option) { return option.name == "restart"_L1; });
    config.restart = value == "no"_L1 ? QString() : value;
    if (value.isEmpty()) // not the same as "no": the daemon is sent an empty name
        config.options += {u"restart"_s, value};
    return {};
}

QString readPlatformOption(RunConfig &config, const QString &value, const ShellContext &)
{
    if (!value.isEmpty() && !readPlatform(value))
        return u"--platform wants SYSTEM/MACHINE such as linux/amd64, not “%1”."_s.arg(value);
    config.platform = value;
    return {};
}

QString addEnvFile(RequestDraft &draft, const QString &value)
{
    const QProcessEnvironment &environment = draft.context.environment;
    const auto lookup = [&environment](const QString &name) {
        return environment.contains(name) ? std::optional(environment.value(name)) : std::nullopt;
    };
    return readPairs(draft.context, value, lookup, draft.fileEnvironment);
}

QString addLabelFile(RequestDraft &draft, const QString &value)
{
    QStringList pairs;
    const QString fault = readPairs(
        draft.context, value, [](const QString &) { return std::nullopt; }, pairs);
    for (const QString &pair : std::as_const(pairs)) {
        const auto [key, text] = cut(pair, u'=');
        draft.fileLabels[key] = text.value_or(QString());
    }
    return fault;
}

QString addAnnotation(RequestDraft &draft, const QString &value)
{
    const auto [key, text] = cut(value, u'=');
    draft.insert("Annotations"_L1, key, text.value_or(QString()));
    return {};
}

QString setRestart(RequestDraft &draft, const QString &value)
{
    const auto [name, times] = cut(value, u':');
    const auto count = times && !times->isEmpty() ? readDecimalNumber(*times) : 0;
    if ((times && name.isEmpty()) || !count)
        return u"--restart wants no, always, unless-stopped or on-failure:N, not “%1”."_s.arg(value);
    draft.host[u"RestartPolicy"] = QJsonObject{{u"Name"_s, name}, {u"MaximumRetryCount"_s, *count}};
    return {};
}

QString addCapability(RequestDraft &draft, const QString &value)
{
    addSorted(draft, u"CapAdd"_s, value);
    return {};
}

QString dropCapability(RequestDraft &draft, const QString &value)
{
    addSorted(draft, u"CapDrop"_s, value);
    return {};
}

QString addSecurityOption(RequestDraft &draft, const QString &value)
{
    const auto [name, text] = cut(value, u'=');
    if (value == "systempaths=unconfined"_L1) { // for the client only
        draft.host[u"MaskedPaths"] = QJsonArray();
        draft.host[u"ReadonlyPaths"] = QJsonArray();
        draft.host[u"SecurityOpt"] = draft.host["SecurityOpt"_L1].toArray();
        return {};
    }
    if (!text && value != "no-new-privileges"_L1 && !value.contains(u':'))
        return u"--security-opt wants NAME=VALUE or no-new-privileges, not “%1”."_s.arg(value);
    const QString profile = text ? *text : value.section(u':', 1);
    const bool seccomp = name == "seccomp"_L1 || (!text && value.startsWith("seccomp:"_L1));
    if (!seccomp || profile == "unconfined"_L1 || profile == "builtin"_L1) {
        draft.append("SecurityOpt"_L1, value);
        return {};
    }
    const auto content = readNamed(draft.context, profile);
    if (!content)
        return content.error().message;
    QJsonParseError error;
    if (QJsonDocument::fromJson(*content, &error); error.error != QJsonParseError::NoError)
        return u"The seccomp profile %1 is not JSON (%2)."_s.arg(profile, error.errorString());
    draft.append("SecurityOpt"_L1, QString(u"seccomp="_s + compactJson(*content)));
    return {};
}

QString addSysctl(RequestDraft &draft, const QString &value)
{
    static const QStringList kernel = {u"kernel.msgmax"_s, u"kernel.msgmnb"_s, u"kernel.msgmni"_s, u"kernel.sem"_s,
        u"kernel.shmall"_s, u"kernel.shmmax"_s, u"kernel.shmmni"_s, u"kernel.shm_rmid_forced"_s};
    const auto [name, text] = cut(value, u'=');
    if (!text || !(kernel.contains(name) || name.startsWith("net."_L1) || name.startsWith("fs.mqueue."_L1)))
        return u"“%1” cannot be set for one container: only net.…, fs.mqueue.… and some kernel.… can."_s.arg(value);
    draft.insert("Sysctls"_L1, name, *text);
    return {};
}

QString setPid(RequestDraft &draft, const QString &value)
{
    constexpr auto container = "container:"_L1;
    if (value.startsWith(container) && value.size() > container.size()) {
        draft.host[u"PidMode"] = value;
        return {};
    }
    const QString fault = setMode(draft, "PidMode"_L1, value, {u"host"_s});
    return fault.isEmpty() ? fault : u"--pid wants host or container:NAME, not “%1”."_s.arg(value);
}

QString setUts(RequestDraft &draft, const QString &value) { return setMode(draft, "UTSMode"_L1, value, {u"host"_s}); }

QString setUserns(RequestDraft &draft, const QString &value)
{
    return setMode(draft, "UsernsMode"_L1, value, {u"host"_s});
}

QString setCgroupns(RequestDraft &draft, const QString &value)
{
    return setMode(draft, "CgroupnsMode"_L1, value, {u"host"_s, u"private"_s});
}

QString setHealthCommand(RequestDraft &draft, const QString &value)
{
    if (!value.isEmpty())
        draft.health[u"Test"] = QJsonArray{u"CMD-SHELL"_s, value};
    return {};
}

QString setHealthInterval(RequestDraft &draft, const QString &value)
{
    return setHealthTime(draft, u"Interval"_s, value);
}

QString setHealthTimeout(RequestDraft &draft, const QString &value)
{
    return setHealthTime(draft, u"Timeout"_s, value);
}

QString setHealthStartPeriod(RequestDraft &draft, const QString &value)
{
    return setHealthTime(draft, u"StartPeriod"_s, value);
}

QString setHealthStartInterval(RequestDraft &draft, const QString &value)
{
    return setHealthTime(draft, u"StartInterval"_s, value);
}

QString setHealthRetries(RequestDraft &draft, const QString &value)
{
    const auto number = readWholeNumber(value);
    if (!number || *number < 0)
        return u"--health-retries wants a number from 0 up, not “%1”."_s.arg(value);
    if (*number > 0)
        draft.health[u"Retries"] = *number;
    return {};
}

QString setNoHealthcheck(RequestDraft &draft, const QString &value)
{
    draft.noHealth = value == "true"_L1;
    return {};
}

QString setLogDriver(RequestDraft &draft, const QString &value)
{
    draft.insert("LogConfig"_L1, u"Type"_s, value);
    return {};
}

QString addLogOption(RequestDraft &draft, const QString &value)
{
    const auto [name, text] = cut(value, u'=');
    QJsonObject config = draft.host["LogConfig"_L1]["Config"_L1].toObject();
    config[name] = text.value_or(QString());
    draft.insert("LogConfig"_L1, u"Config"_s, config);
    return {};
}

QString addAttach(RequestDraft &draft, const QString &value)
{
    static const QStringList streams = {u"stdin"_s, u"stdout"_s, u"stderr"_s};
    if (!streams.contains(value.toLower()))
        return u"--attach wants stdin, stdout or stderr, not “%1”."_s.arg(value);
    draft.attach += value.toLower();
    return {};
}

QString setPull(RequestDraft &, const QString &value)
{
    static const QStringList moments = {u""_s, u"always"_s, u"missing"_s, u"never"_s};
    return moments.contains(value) ? QString() : u"--pull wants always, missing or never, not “%1”."_s.arg(value);
}

QString clientOnly(RequestDraft &, const QString &) { return {}; }

} // namespace recipe
