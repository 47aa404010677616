#include "runs/record.h"

#include "core/units.h"
#include "inventory/container.h"

#include <QCoreApplication>

namespace runs {

using namespace Qt::StringLiterals;

namespace {

/** Translates for the functions of this unit. */
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(runs)
};

inventory::Container asContainer(const Record &record)
{
    inventory::Container container;
    container.phase = record.stage == Stage::Ended ? inventory::phaseOfExit(record.exitCode, record.oomKilled)
        : record.stage == Stage::Running           ? inventory::Phase::Running
                                                   : inventory::Phase::Created;
    container.exitCode = record.exitCode;
    container.startedAt = record.started;
    container.finishedAt = record.finished;
    return container;
}

} // namespace

inventory::ColumnMask Record::changedColumns(const Record &now) const
{
    // What a row shows hangs on most fields (tool tips too), and a record seldom changes.
    return *this == now ? 0 : (1U << runColumnCount) - 1;
}

QString commitText(const Commit &commit)
{
    return commit.changed ? Words::tr("%1, with uncommitted changes").arg(commit.hash) : commit.hash;
}

QString stageText(const Record &record, qint64 now)
{
    switch (record.stage) {
    case Stage::Launching:
        return Words::tr("Launching…");
    case Stage::NotStarted:
        return Words::tr("Not started");
    case Stage::EndUnknown:
        return Words::tr("Ended while Slipway was away");
    case Stage::Running:
    case Stage::Ended:
        break;
    }
    return inventory::stateText(asContainer(record), now);
}

QString endSentence(const Record &record)
{
    switch (record.stage) {
    case Stage::Launching:
    case Stage::Running:
        return Words::tr("It has not ended yet.");
    case Stage::NotStarted:
        return record.note.isEmpty() ? Words::tr("It was not started.")
                                     : Words::tr("It was not started: %1").arg(record.note);
    case Stage::EndUnknown:
        return Words::tr("It ended while Slipway was away; how is not known.");
    case Stage::Ended:
        break;
    }
    return inventory::exitText(inventory::phaseOfExit(record.exitCode, record.oomKilled), record.exitCode) + u'.';
}

QString originText(const Record &record)
{
    switch (record.origin) {
    case Origin::Wizard:
        return record.configName.isEmpty() ? Words::tr("New run") : Words::tr("Saved run");
    case Origin::Sample:
        return Words::tr("Sample");
    case Origin::CommandLine:
        return Words::tr("Command line");
    case Origin::RunAgain:
        return Words::tr("Run again");
    }
    return {};
}

QString title(const Record &record)
{
    if (!record.configName.isEmpty())
        return record.configName;
    return record.containerName.isEmpty() ? record.image : record.containerName;
}

qint64 duration(const Record &record, qint64 now)
{
    if (record.started <= 0 || record.stage == Stage::NotStarted)
        return -1;
    if (record.stage == Stage::Running)
        return qMax(qint64(0), now - record.started);
    return record.finished > 0 ? qMax(qint64(0), record.finished - record.started) : -1;
}

} // namespace runs
