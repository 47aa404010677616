#pragma once

#include "launch/check.h"

#include <QList>
#include <QString>

namespace launch {

/** The steps of the wizard "New run", in their order. */
enum class WizardStep { Image, Gpus, Code, Mounts, Command, Resources, Review };
inline constexpr int wizardSteps = 7;

/** Something wrong (the run cannot be launched) or suspicious, and the step where it is mended. One sentence. */
struct StepFinding
{
    WizardStep step = WizardStep::Image;
    bool error = false;
    QString text;
    QString field; ///< of RunConfig, as Problem::field; empty for what could not be read into one
    QList<Fix> fixes = {}; ///< two at most

    bool operator==(const StepFinding &) const = default;
};

/** What check() says of a configuration, by the wizard's steps. */
QList<StepFinding> judge(const recipe::RunConfig &config, const CheckContext &context);

} // namespace launch
