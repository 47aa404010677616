#pragma once

#include "builds/buildprogress.h"
#include "builds/buildrequest.h"
#include "core/result.h"

#include <QJsonObject>
#include <QString>

namespace builds {

/** How a build ended, or that it has not. */
enum class BuildState {
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Interrupted, ///< the program ended before the build did, and the daemon ended it then
};

/** One build, running or past. A value; on disk one JSON file without secrets and logs. */
struct BuildRecord
{
    QString id; ///< ours
    QString host; ///< address of the daemon
    BuildRequest request;
    BuildState state = BuildState::Running;
    qint64 started = 0; ///< ms since 1970
    qint64 finished = 0; ///< ms since 1970; 0: not yet
    QString imageId; ///< once it succeeded
    QString error; ///< the daemon's words
    QString refusedBase; ///< the base whose registry wants a sign-in, or another account; empty: that was not it
    QStringList remarks;
    BuildProgress progress;
    int failedLine = 0; ///< of the Dockerfile, from 1: where it failed; 0: no line of it
    QStringList failedLines; ///< the instruction there, as it stands

    /** The name to run: the first of the request, else the id. */
    QString image() const { return request.names.isEmpty() ? imageId : request.names.first(); }
};

QString stateText(BuildState state);
/** Of a build that failed: what happened, in one sentence. The daemon's own words are in its error. */
QString failureSentence(const BuildRecord &record);
/** The daemon's words where they say more than that sentence: without the command, which stands there. */
QString failureCause(const BuildRecord &record);
/** What can be done about it in Slipway; empty where nothing is known. */
QString failureHint(const BuildRecord &record);
/** Where an error says that the Dockerfile is wrong: "dockerfile parse error line 2: …". 0: nowhere. */
int lineInError(const QString &error);

QJsonObject toJson(const BuildRecord &record);
BuildRecord recordFromJson(const QJsonObject &object);

/** The folder's records, newest first; of the oldest above the limit the files go. What cannot be read is passed over.
 * Blocks on the disk. */
QList<BuildRecord> loadRecords(const QString &folder);
core::Result<void> saveRecord(const QString &folder, const BuildRecord &record);
void removeRecord(const QString &folder, const QString &id);

} // namespace builds
