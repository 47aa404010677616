#include "runs/again.h"

#include "core/units.h"
#include "launch/sampletraining.h"
#include "recipe/configfile.h"
#include "recipe/resolve.h"
#include "recipe/startcommand.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace runs {

using namespace Qt::StringLiterals;

namespace {

/** Translates for the functions of this unit. */
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(runs)
};

/** What a field of the file is called for people, what its absence means, and what stands before the name of one of
 * its elements. */
struct FieldWords
{
    QString key;
    QString words;
    QString unset;
};

const QList<FieldWords> &fieldWords()
{
    // In this order they are listed; what is not here comes behind, under its own name.
    static const QString no = Words::tr("no");
    static const QString yes = Words::tr("yes");
    static const QString none = Words::tr("none");
    static const QString ofImage = Words::tr("the image's own");
    static const QList<FieldWords> all{{u"image"_s, Words::tr("Image"), none},
        {u"name"_s, Words::tr("Container name"), Words::tr("one that Docker invents")},
        {u"platform"_s, Words::tr("Platform"), Words::tr("Docker's choice")}, {u"gpus"_s, Words::tr("GPUs"), none},
        {u"code"_s, Words::tr("Code"), none}, {u"mounts"_s, Words::tr("Mount"), Words::tr("not mounted")},
        {u"command"_s, Words::tr("Command"), ofImage}, {u"script"_s, Words::tr("Script"), none},
        {u"shell"_s, Words::tr("Shell"), u"bash"_s}, {u"entrypoint"_s, Words::tr("Entry point"), ofImage},
        {u"workingDir"_s, Words::tr("Working folder"), ofImage}, {u"user"_s, Words::tr("User"), ofImage},
        {u"env"_s, Words::tr("Environment"), Words::tr("not set")}, {u"labels"_s, Words::tr("Label"), none},
        {u"network"_s, Words::tr("Network"), Words::tr("Docker's default")}, {u"ports"_s, Words::tr("Ports"), none},
        {u"shmSize"_s, Words::tr("Shared memory"), Words::tr("Docker's default, 64 MiB")},
        {u"memory"_s, Words::tr("Memory"), Words::tr("no limit")},
        {u"cpus"_s, Words::tr("CPUs"), Words::tr("no limit")},
        {u"ulimits"_s, Words::tr("Limit"), Words::tr("Docker's default")},
        {u"ipc"_s, Words::tr("IPC"), Words::tr("Docker's default")}, {u"restart"_s, Words::tr("Restart policy"), no},
        {u"interactive"_s, Words::tr("Standard input open"), no}, {u"tty"_s, Words::tr("Terminal"), no},
        {u"detach"_s, Words::tr("In the background"), yes},
        {u"removeWhenFinished"_s, Words::tr("Remove when finished"), yes},
        {u"options"_s, Words::tr("Option"), Words::tr("not given")}};
    return all;
}

/** The same for the fields of the code step. */
const QList<FieldWords> &codeWords()
{
    static const QString none = Words::tr("none");
    static const QList<FieldWords> all{{u"source"_s, Words::tr("comes from"), Words::tr("what lies there")},
        {u"url"_s, Words::tr("repository"), none}, {u"folder"_s, Words::tr("folder"), none},
        {u"update"_s, Words::tr("first"), Words::tr("nothing")},
        {u"checkout"_s, Words::tr("check out"), Words::tr("what lies there")},
        {u"commit"_s, Words::tr("pinned to"), Words::tr("no commit")}};
    return all;
}

/** What it means that a run does not have a fact which another has. */
QString unset(const QString &fact)
{
    for (const FieldWords &field : fieldWords()) {
        if (fact == field.words || (field.key != "code"_L1 && fact.startsWith(field.words + ": "_L1)))
            return field.unset;
        for (const FieldWords &part : codeWords()) {
            if (field.key == "code"_L1 && fact == u"%1: %2"_s.arg(field.words, part.words))
                return part.unset;
        }
    }
    return fact == Words::tr("GPUs taken") ? Words::tr("none") : Words::tr("not known");
}

/** Facts of one run as lines of a table: what it is called, and its value. Keeps their order. */
using Facts = QList<QPair<QString, QString>>;

QString valueText(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool() ? Words::tr("yes") : Words::tr("no");
    if (value.isDouble())
        return QString::number(value.toDouble());
    if (value.isString())
        return value.toString();
    if (value.isArray()) {
        QStringList words;
        for (const QJsonValue &element : value.toArray())
            words += valueText(element);
        return words.join(u", "_s);
    }
    QStringList parts;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        parts += it.key() + u": "_s + valueText(it.value());
    return parts.join(u", "_s);
}

/** Lists whose elements have names are compared by these, all else as a whole. */
bool comparedByElement(const QString &key)
{
    return key == "mounts"_L1 || key == "env"_L1 || key == "labels"_L1 || key == "ulimits"_L1 || key == "options"_L1;
}

QString mountText(const QJsonObject &mount)
{
    QStringList parts{mount.contains("source"_L1) ? mount["source"_L1].toString() : Words::tr("a new volume")};
    if (mount["readOnly"_L1].toBool())
        parts += Words::tr("read-only");
    if (mount["mustExist"_L1].toBool())
        parts += Words::tr("must exist");
    if (const QString options = mount["options"_L1].toString(); !options.isEmpty())
        parts += options;
    return parts.join(u", "_s);
}

QString elementText(const QString &key, const QJsonValue &element)
{
    if (key == "mounts"_L1)
        return mountText(element.toObject());
    if (element["secret"_L1].toBool())
        return Words::tr("asked for at the launch");
    if (!element.isString())
        return valueText(element);
    const QString text = element.toString();
    return text.contains(u'=') || key != "options"_L1 ? text.section(u'=', 1) : Words::tr("given");
}

QString codeText(const QString &key, const QString &value)
{
    if (key == "update"_L1)
        return value == "none"_L1 ? QString() : QString(u"git "_s + value);
    return key == "source"_L1 ? Words::tr("a clone at each start") : value;
}

void addCode(Facts &facts, const QString &words, const QJsonObject &code)
{
    for (const FieldWords &part : codeWords()) {
        if (code.contains(part.key))
            facts += {u"%1: %2"_s.arg(words, part.words), codeText(part.key, code[part.key].toString())};
    }
}

void addField(Facts &facts, const QString &key, const QString &words, const QJsonValue &value)
{
    const qsizetype before = facts.size();
    if (key == "command"_L1) {
        QStringList command;
        for (const QJsonValue &word : value.toArray())
            command += word.toString();
        facts += {words, recipe::shellJoin(command)};
    } else if (value.isArray() && comparedByElement(key)) {
        for (const QJsonValue &element : value.toArray())
            facts += {u"%1: %2"_s.arg(words, core::nameOfElement(element)), elementText(key, element)};
    } else if (key == "code"_L1 && value.isObject()) {
        addCode(facts, words, value.toObject());
    } else if (key == "gpus"_L1 && value.isObject()) {
        const QJsonObject any = value.toObject();
        facts += {words,
            any.contains("minFree"_L1)
                ? Words::tr("any %1 with %2 free").arg(any["any"_L1].toInt()).arg(any["minFree"_L1].toString())
                : Words::tr("any %1").arg(any["any"_L1].toInt())};
    } else {
        facts += {words, valueText(value)};
    }
    // As it was typed: what is written down means itself, see recipe::escaped().
    for (qsizetype i = before; i < facts.size() && key != "command"_L1 && key != "script"_L1; ++i)
        facts[i].second.replace("$${"_L1, "${"_L1);
}

Facts factsOf(const Record &record)
{
    Facts facts;
    QJsonObject config = QJsonDocument::fromJson(record.config).object();
    config.remove(u"slipway"_s);
    for (const FieldWords &field : fieldWords()) {
        if (config.contains(field.key))
            addField(facts, field.key, field.words, config.take(field.key));
    }
    for (auto it = config.constBegin(); it != config.constEnd(); ++it)
        addField(facts, it.key(), it.key(), it.value());
    facts += {Words::tr("Image digest"), record.imageDigest.isEmpty() ? record.imageId : record.imageDigest};
    for (const Commit &commit : record.commits)
        facts += {Words::tr("Commit in %1").arg(commit.folder), commitText(commit)};
    facts += {Words::tr("GPUs taken"), record.gpus.join(u", "_s)};
    facts += {Words::tr("Host"), record.host};
    return facts;
}

/** Of equal names (a mount twice) the n-th is compared with the n-th. */
QString take(Facts &facts, const QString &field)
{
    const auto it = std::ranges::find(facts, field, &QPair<QString, QString>::first);
    if (it == facts.end())
        return unset(field);
    const QString value = it->second;
    facts.erase(it);
    return value.isEmpty() ? unset(field) : value;
}

} // namespace

core::Result<recipe::RunConfig> runAgain(const Record &record)
{
    const auto file = recipe::fromJson(record.config);
    const auto config = file ? recipe::resolve(file->config, {}, {}) : core::Result<recipe::RunConfig>(file.error());
    if (!config || config->image.isEmpty())
        return core::Error{core::ErrorKind::NotFound, 0,
            Words::tr("How “%1” was launched is not known well enough to do it again.").arg(title(record)),
            config ? QString() : config.error().message};
    recipe::RunConfig again = *config;
    if (launch::usesSampleImage(again))
        ; // made anew where it is gone, and always the same
    else if (!record.imageDigest.isEmpty())
        again.image = record.imageDigest;
    else if (!record.imageId.isEmpty())
        again.image = record.imageId;
    for (const Commit &commit : record.commits) {
        if (commit.hash.isEmpty() || commit.folder != again.code.folder)
            continue;
        recipe::pin(again.code, commit.hash);
    }
    return again;
}

QList<Difference> compare(const Record &left, const Record &right)
{
    const Facts leftFacts = factsOf(left);
    Facts rightFacts = factsOf(right);
    const bool sameImage = !left.imageId.isEmpty() && left.imageId == right.imageId; // under whatever name
    QList<Difference> differences;
    for (const auto &[field, value] : leftFacts) {
        const QString there = take(rightFacts, field);
        const QString here = value.isEmpty() ? unset(field) : value;
        const bool image = field == Words::tr("Image") || field == Words::tr("Image digest");
        // Of the same commit with changes of unknown content it is not known that both are the same.
        const bool unsure = std::ranges::any_of(left.commits, [&field](const Commit &commit) {
            return commit.changed && field == Words::tr("Commit in %1").arg(commit.folder);
        });
        if ((here != there || unsure) && !(image && sameImage))
            differences += Difference{field, here, there};
    }
    for (const auto &[field, value] : std::as_const(rightFacts)) {
        if (const QString here = unset(field); !value.isEmpty() && value != here)
            differences += Difference{field, here, value};
    }
    return differences;
}

} // namespace runs
