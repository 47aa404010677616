#include "runs/again.h"

#include "core/units.h"
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

/** What a field of the file is called for people, and what stands before the name of one of its elements. */
struct FieldWords
{
    QString key;
    QString words;
};

const QList<FieldWords> &fieldWords()
{
    // In this order they are listed; what is not here comes behind, under its own name.
    static const QList<FieldWords> all{{u"image"_s, Words::tr("Image")}, {u"name"_s, Words::tr("Container name")},
        {u"platform"_s, Words::tr("Platform")}, {u"gpus"_s, Words::tr("GPUs")}, {u"code"_s, Words::tr("Code")},
        {u"mounts"_s, Words::tr("Mount")}, {u"command"_s, Words::tr("Command")}, {u"script"_s, Words::tr("Script")},
        {u"shell"_s, Words::tr("Shell")}, {u"entrypoint"_s, Words::tr("Entry point")},
        {u"workingDir"_s, Words::tr("Working folder")}, {u"user"_s, Words::tr("User")},
        {u"env"_s, Words::tr("Environment")}, {u"labels"_s, Words::tr("Label")}, {u"network"_s, Words::tr("Network")},
        {u"ports"_s, Words::tr("Ports")}, {u"shmSize"_s, Words::tr("Shared memory")},
        {u"memory"_s, Words::tr("Memory")}, {u"cpus"_s, Words::tr("CPUs")}, {u"ulimits"_s, Words::tr("Limit")},
        {u"ipc"_s, Words::tr("IPC")}, {u"restart"_s, Words::tr("Restart policy")},
        {u"interactive"_s, Words::tr("Standard input open")}, {u"tty"_s, Words::tr("Terminal")},
        {u"detach"_s, Words::tr("In the background")}, {u"removeWhenFinished"_s, Words::tr("Remove when finished")}};
    return all;
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
    return key == "mounts"_L1 || key == "env"_L1 || key == "labels"_L1 || key == "ulimits"_L1;
}

void addField(Facts &facts, const QString &key, const QString &words, const QJsonValue &value)
{
    if (key == "command"_L1) {
        QStringList command;
        for (const QJsonValue &word : value.toArray())
            command += word.toString();
        facts += {words, recipe::shellJoin(command)};
    } else if (value.isArray() && comparedByElement(key)) {
        for (const QJsonValue &element : value.toArray()) {
            const QString text = element.isString() ? element.toString().section(u'=', 1) : valueText(element);
            facts += {u"%1: %2"_s.arg(words, core::nameOfElement(element)), text};
        }
    } else if (key == "code"_L1 && value.isObject()) {
        const QJsonObject code = value.toObject();
        for (auto it = code.begin(); it != code.end(); ++it)
            facts += {u"%1: %2"_s.arg(words, it.key()), valueText(it.value())};
    } else {
        facts += {words, valueText(value)};
    }
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
        facts += {Words::tr("Commit in %1").arg(commit.folder), commit.hash};
    facts += {Words::tr("GPUs taken"), record.gpus.join(u", "_s)};
    facts += {Words::tr("Host"), record.host};
    return facts;
}

/** Of equal names (a mount twice) the n-th is compared with the n-th. */
QString take(Facts &facts, const QString &field)
{
    const auto it = std::ranges::find(facts, field, &QPair<QString, QString>::first);
    if (it == facts.end())
        return core::noValue();
    const QString value = it->second;
    facts.erase(it);
    return value.isEmpty() ? core::noValue() : value;
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
    if (!record.imageDigest.isEmpty())
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
        const QString here = value.isEmpty() ? core::noValue() : value;
        const bool image = field == Words::tr("Image") || field == Words::tr("Image digest");
        if (here != there && !(image && sameImage))
            differences += Difference{field, here, there};
    }
    for (const auto &[field, value] : std::as_const(rightFacts)) {
        if (!value.isEmpty())
            differences += Difference{field, core::noValue(), value};
    }
    return differences;
}

} // namespace runs
