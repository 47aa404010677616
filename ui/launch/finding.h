#pragma once

#include <QList>
#include <QString>

namespace launch {

/** The wizard's steps, in their order. */
enum class WizardStep { Image, Gpus, Code, Mounts, Command, Resources, Review };
inline constexpr int wizardSteps = 7;

/** Something wrong (the run cannot be launched) or suspicious, and the step where it is mended. One sentence. */
struct StepFinding
{
    WizardStep step = WizardStep::Image;
    bool error = false;
    QString text;
    QString field; ///< of RunConfig, as Problem::field; empty for what could not be read into one

    bool operator==(const StepFinding &) const = default;
};

} // namespace launch
