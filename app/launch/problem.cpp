#include "launch/problem.h"

namespace launch {

void ProblemList::error(Step step, const QString &field, const QString &text)
{
    m_all += {Problem::Severity::Error, step, field, text};
}

void ProblemList::warning(Step step, const QString &field, const QString &text)
{
    m_all += {Problem::Severity::Warning, step, field, text};
}

} // namespace launch
