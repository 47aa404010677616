#include "launch/finding.h"

namespace launch {

using namespace recipe;

namespace {

WizardStep stepOf(Step step)
{
    switch (step) {
    case Step::Image:
        return WizardStep::Image;
    case Step::Gpus:
        return WizardStep::Gpus;
    case Step::Code:
        return WizardStep::Code;
    case Step::Mounts:
        return WizardStep::Mounts;
    case Step::Command:
        return WizardStep::Command;
    case Step::Resources:
        return WizardStep::Resources;
    }
    return WizardStep::Image;
}

} // namespace

QList<StepFinding> judge(const RunConfig &config, const CheckContext &context)
{
    QList<StepFinding> findings;
    for (const Problem &problem : check(config, context))
        findings += {stepOf(problem.step), problem.severity == Problem::Severity::Error, problem.text, problem.field,
            problem.fixes};
    return findings;
}

} // namespace launch
