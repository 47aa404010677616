#pragma once

#include <QList>
#include <QString>

namespace launch {

/** The wizard's steps, in its order; a problem says where it can be mended. */
enum class Step { Image, Gpus, Code, Mounts, Command, Resources };

/** One thing that is wrong (Docker would refuse it, or it cannot work) or only suspicious. One sentence for people. */
struct Problem
{
    enum class Severity { Error, Warning };
    Severity severity = Severity::Error;
    Step step = Step::Image;
    QString field; ///< the recipe::RunConfig field: "image", "mounts[1].source", "env[0]"
    QString text;

    bool operator==(const Problem &) const = default;
};

/** Collects what the checks of each subject say of one configuration. Lives for one call of check(). */
class ProblemList
{
public:
    void error(Step step, const QString &field, const QString &text);
    void warning(Step step, const QString &field, const QString &text);

    void add(const QList<Problem> &problems) { m_all += problems; }

    const QList<Problem> &all() const { return m_all; }

private:
    QList<Problem> m_all;
};

} // namespace launch
