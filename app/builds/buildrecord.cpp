#include "builds/buildrecord.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSaveFile>
#include <algorithm>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype keptRecords = 200;
constexpr qint64 maxFile = 8 * 1024 * 1024;

QString fileOf(const QString &folder, const QString &id) { return u"%1/%2.json"_s.arg(folder, id); }

QStringList stringsOf(const QJsonValue &value)
{
    QStringList strings;
    for (const QJsonValue &one : value.toArray())
        strings.append(one.toString());
    return strings;
}

/** Secrets may stand in commands, as the builder has put them there. */
QJsonArray stepsWithoutSecrets(const BuildRecord &record)
{
    QJsonArray steps = record.progress.toJson();
    for (QJsonValueRef value : steps) {
        QJsonObject step = value.toObject();
        for (const QString &key : {u"name"_s, u"error"_s})
            step[key] = withoutSecrets(record.request, step[key].toString());
        value = step;
    }
    return steps;
}

QString tell(const char *text) { return QCoreApplication::translate("builds::BuildRecord", text); }

/** Of the step that failed; 0: it did not end by itself. */
int exitCodeOf(const BuildRecord &record)
{
    static const QRegularExpression exitCode(u"(?:exit code|non-zero code): (\\d+)"_s);
    const int failed = record.progress.failed();
    return failed < 0 ? 0 : exitCode.match(record.progress.steps()[failed].error + record.error).captured(1).toInt();
}

/** As the shell uses them; empty where a code says nothing. */
QString exitWords(int code)
{
    switch (code) {
    case 126:
        return tell("a command may not be executed");
    case 127:
        return tell("a command was not found");
    case 137:
        return tell("it was killed, most often because the memory ran out");
    case 139:
        return tell("it crashed (segmentation fault)");
    case 143:
        return tell("it was asked to end (SIGTERM)");
    default:
        return {};
    }
}

} // namespace

QString stateText(BuildState state)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("builds::BuildRecord", text); };
    switch (state) {
    case BuildState::Running:
        return tr("Building");
    case BuildState::Succeeded:
        return tr("Built");
    case BuildState::Failed:
        return tr("Failed");
    case BuildState::Cancelled:
        return tr("Cancelled");
    case BuildState::Interrupted:
        return tr("Interrupted");
    }
    return {};
}

QString failureSentence(const BuildRecord &record)
{
    if (!record.refusedBase.isEmpty())
        return tell("The registry of the base image %1 wants a sign-in, or another account.").arg(record.refusedBase);
    const int failed = record.progress.failed();
    if (failed < 0)
        return record.failedLine > 0 ? tell("The Dockerfile has a mistake.") : tell("The image could not be built.");
    const Step &step = record.progress.steps()[failed];
    QString name = step.name;
    if (name.size() > 80)
        name = name.left(79) + u'…';
    if (const int code = exitCodeOf(record); code > 0) {
        const QString words = exitWords(code);
        return words.isEmpty() ? tell("“%1” ended with exit code %2.").arg(name).arg(code)
                               : tell("“%1” ended with exit code %2: %3.").arg(name).arg(code).arg(words);
    }
    return tell("“%1” failed.").arg(name);
}

QString failureCause(const BuildRecord &record)
{
    static const QRegularExpression command(
        u"executor failed running \\[.*\\]: (?=\\S)"_s, QRegularExpression::DotMatchesEverythingOption);
    if (exitCodeOf(record) > 0)
        return {};
    QString cause = QString(record.error).remove(command);
    // Where it went through in the builder says nothing to a person.
    static const QRegularExpression way(
        u"^(?:failed to solve(?: with frontend \\S+)?|failed to create LLB definition|failed to build LLB|"
        "failed to compute cache key|failed to calculate checksum of ref [^\"]*|rpc error: code = \\w+ desc =):? "_s);
    for (auto match = way.match(cause); match.hasMatch(); match = way.match(cause))
        cause.remove(0, match.capturedLength());
    static const QRegularExpression missing(u"^\"/?([^\"]+)\":? not found(?:: not found)?$"_s);
    if (const auto match = missing.match(cause); match.hasMatch())
        return tell("The folder has no “%1”, or .dockerignore leaves it out.").arg(match.captured(1));
    return cause;
}

QString failureHint(const BuildRecord &record)
{
    static const QRegularExpression network(u"network \\S+ not found"_s);
    if (record.error.contains(network))
        return tell("Give the build another network: Edit and build… → More → Network.");
    return {};
}

int lineInError(const QString &error)
{
    static const QRegularExpression place(
        u"(?:dockerfile|syntax) ?(?:parse )?error (?:on )?line (\\d+)|\\bDockerfile[^\\s:]*:(\\d+)"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = place.match(error);
    return match.hasMatch() ? QString(match.captured(1) + match.captured(2)).toInt() : 0;
}

QJsonObject toJson(const BuildRecord &record)
{
    QStringList lines;
    for (const QString &line : record.failedLines)
        lines.append(withoutSecrets(record.request, line));
    return {{"id"_L1, record.id}, {"host"_L1, record.host}, {"request"_L1, toJson(record.request)},
        {"state"_L1, int(record.state)}, {"started"_L1, double(record.started)},
        {"finished"_L1, double(record.finished)}, {"image"_L1, record.imageId},
        {"error"_L1, withoutSecrets(record.request, record.error)}, {"refusedBase"_L1, record.refusedBase},
        {"remarks"_L1, QJsonArray::fromStringList(record.remarks)}, {"steps"_L1, stepsWithoutSecrets(record)},
        {"failedLine"_L1, record.failedLine}, {"failedLines"_L1, QJsonArray::fromStringList(lines)}};
}

BuildRecord recordFromJson(const QJsonObject &object)
{
    BuildRecord record;
    record.id = object["id"_L1].toString();
    record.host = object["host"_L1].toString();
    record.request = requestFromJson(object["request"_L1].toObject());
    record.state = BuildState(qBound(0, object["state"_L1].toInt(), int(BuildState::Interrupted)));
    record.started = qint64(object["started"_L1].toDouble());
    record.finished = qint64(object["finished"_L1].toDouble());
    record.imageId = object["image"_L1].toString();
    record.error = object["error"_L1].toString();
    record.refusedBase = object["refusedBase"_L1].toString();
    record.remarks = stringsOf(object["remarks"_L1]);
    record.progress = BuildProgress::fromJson(object["steps"_L1].toArray());
    record.failedLine = object["failedLine"_L1].toInt();
    record.failedLines = stringsOf(object["failedLines"_L1]);
    if (record.state == BuildState::Running) {
        record.state = BuildState::Interrupted;
        record.progress.end(false);
    }
    return record;
}

QList<BuildRecord> loadRecords(const QString &folder)
{
    QList<BuildRecord> records;
    const QDir directory(folder);
    for (const QFileInfo &info : directory.entryInfoList({u"*.json"_s}, QDir::Files)) {
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const BuildRecord record = recordFromJson(QJsonDocument::fromJson(file.read(maxFile)).object());
        if (record.id == info.completeBaseName())
            records.append(record);
    }
    std::ranges::sort(records, std::greater{}, &BuildRecord::started);
    for (const BuildRecord &old : records.mid(qMin(keptRecords, records.size())))
        removeRecord(folder, old.id);
    return records.mid(0, keptRecords);
}

core::Result<void> saveRecord(const QString &folder, const BuildRecord &record)
{
    QDir().mkpath(folder);
    QSaveFile file(fileOf(folder, record.id));
    if (file.open(QIODevice::WriteOnly)) {
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        file.write(QJsonDocument(toJson(record)).toJson(QJsonDocument::Compact));
        if (file.commit())
            return {};
    }
    return core::Error{core::ErrorKind::Denied, 0, u"%1: %2"_s.arg(file.fileName(), file.errorString()), {}};
}

void removeRecord(const QString &folder, const QString &id) { QFile::remove(fileOf(folder, id)); }

} // namespace builds
