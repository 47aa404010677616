#pragma once

#include "inventory/listchange.h"
#include "recipe/runconfig.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace runs {

/** Who asked for a launch. */
enum class Origin { Wizard, Sample, CommandLine, RunAgain };

/** A folder of code and the git commit that was checked out in it. */
struct Commit
{
    QString folder; ///< in the container
    QString hash;
    bool changed = false; ///< the working copy had changes beside it that were not committed

    bool operator==(const Commit &) const = default;
};

/** "HASH", "HASH, with uncommitted changes". */
QString commitText(const Commit &commit);

/** How far a run has come, as far as Slipway knows. */
enum class Stage {
    Launching, ///< written down, not started yet
    Running,
    Ended, ///< exitCode is known
    NotStarted, ///< note says why
    EndUnknown, ///< it ended while no Slipway was there to see how
};

/** One run that was launched, with all that is needed to do it again. Holds no secret. A value; see History. */
struct Record
{
    QString id; ///< our own, "7f3c…"; also the label io.slipway.run of its container
    QString configName; ///< of the saved configuration; empty: there was none
    QByteArray config; ///< what was launched, as recipe::toJson() writes it
    QString line; ///< the docker run line
    QString host; ///< address of the daemon: "unix:///var/run/docker.sock"
    QString containerId;
    QString containerName;
    QString image; ///< as asked for; of a run again the name of what it runs
    QString imageId; ///< "sha256:…"
    QString imageDigest; ///< "repository@sha256:…"; empty for an image that never was in a registry
    QList<Commit> commits;
    QStringList gpus; ///< numbers or UUIDs; "all"
    qint64 created = 0; ///< Unix seconds, as all times here; 0: unknown
    qint64 started = 0;
    qint64 finished = 0;
    Stage stage = Stage::Launching;
    int exitCode = 0; ///< of Stage::Ended
    bool oomKilled = false;
    QString note; ///< of Stage::NotStarted: a sentence why
    QString logFile; ///< where its output was kept; empty: nowhere
    Origin origin = Origin::Wizard;
    bool elsewhere = false; ///< read from a container's labels: another Slipway launched it. Never stored

    bool operator==(const Record &) const = default;

    QString key() const { return id; }
    inventory::ColumnMask changedColumns(const Record &now) const;
    /** Nothing is known of its end yet. */
    bool open() const { return stage == Stage::Launching || stage == Stage::Running; }
};

/** Columns of the table of runs. */
enum class RunColumn { Name, Image, State, Gpus, Started, Duration, Origin };
inline constexpr int runColumnCount = 7;

/** "Running 3 h", "Finished", "Failed (exit 1)", "Not started", "Ended while Slipway was away". */
QString stageText(const Record &record, qint64 now);
/** The same as one sentence, with what is not known said: for a panel or a tool tip. */
QString endSentence(const Record &record);
/** "New run", "Saved run", "Sample", "Command line", "Run again". */
QString originText(const Record &record);
/** The configuration's name, else the container's. */
QString title(const Record &record);
/** How long it ran, in seconds; −1: unknown. */
qint64 duration(const Record &record, qint64 now);

} // namespace runs
