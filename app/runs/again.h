#pragma once

#include "core/result.h"
#include "runs/record.h"

namespace runs {

/**
 * The run of this record once more: the same image by its digest, the same commit. NotFound in a sentence when the
 * record does not say enough. Its container name may be taken: see recipe::freeName().
 */
core::Result<recipe::RunConfig> runAgain(const Record &record);

/** One thing in which two runs differ, in words for people. */
struct Difference
{
    QString field; ///< "Shared memory", "Environment: LR"
    QString left; ///< where nothing was said, what that means: "no limit"
    QString right;

    bool operator==(const Difference &) const = default;
};

/** What differs in what they were told and on what they ran; in a fixed order. Not when they ran, nor their ids. */
QList<Difference> compare(const Record &left, const Record &right);

} // namespace runs
