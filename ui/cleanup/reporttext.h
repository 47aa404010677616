#pragma once

#include "cleanup/cleanupjob.h"
#include "cleanup/diskspace.h"
#include "common/messagebar.h"

namespace cleanup {

/** What a bar says of a finished clean-up. */
struct ReportText
{
    common::MessageBar::Severity severity = common::MessageBar::Severity::Info;
    QString title; ///< "Removed 10 of 12 items, 34 GiB."
    QString whatToDo; ///< what was skipped and failed, counted
    QString details; ///< each item in a line
};

/** freed: how many bytes the disk has more than before; 0 or less: not known. */
ReportText reportText(const Report &report, const Shared &shared, qint64 freed);

} // namespace cleanup
