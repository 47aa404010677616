#pragma once

#include "recipe/runconfig.h"

#include <QList>
#include <QString>

namespace launch {

/** The wizard's steps, in its order; a problem says where it can be mended. */
enum class Step { Image, Gpus, Code, Mounts, Command, Resources };

/** A button that mends a problem: what stands on it, and one change. A value, so that problems can be compared. */
struct Fix
{
    enum class Kind {
        Name, ///< value: the container's name
        Port, ///< value: the host's port of the published port [index]
        NoPorts,
        Folder, ///< value: a host folder to be made; changes nothing in the configuration
        RunAs, ///< value: "uid:gid"; with a HOME that everyone may write to
        SharedMemory, ///< value: bytes
        Ipc,
        Gpu, ///< value: what stands in place of device [index]
        Gpus, ///< value: all devices, with commas
        Cpus,
        Memory, ///< value: bytes
        Keep, ///< when finished
        NoRestart,
        Entrypoint,
        OwnEntrypoint, ///< the image's, which something else replaces
        Program, ///< words: come before the command, in place of any entry point
        Command, ///< words: come before the command
        Worktree, ///< makes a folder of the code for this run alone; changes nothing in the configuration by itself
        AskAtLaunch, ///< for the value of variable [index], which is forgotten here
    };
    Kind kind = Kind::Name;
    QString label;
    QString value;
    int index = 0;
    QStringList words = {};

    bool operator==(const Fix &) const = default;
};

/** Makes the change; of Kind::Folder and Kind::Worktree there is none. */
void applyFix(recipe::RunConfig &config, const Fix &fix);

/** One thing that is wrong (Docker would refuse it, or it cannot work) or only suspicious. One sentence for people. */
struct Problem
{
    enum class Severity { Error, Warning };
    Severity severity = Severity::Error;
    Step step = Step::Image;
    QString field; ///< the recipe::RunConfig field: "image", "mounts[1].source", "env[0]"
    QString text;
    QList<Fix> fixes = {}; ///< two at most, the better one first

    bool operator==(const Problem &) const = default;
};

/** Collects what the checks of each subject say of one configuration. Lives for one call of check(). */
class ProblemList
{
public:
    void error(Step step, const QString &field, const QString &text, const QList<Fix> &fixes = {});
    void warning(Step step, const QString &field, const QString &text, const QList<Fix> &fixes = {});

    void add(const QList<Problem> &problems) { m_all += problems; }

    const QList<Problem> &all() const { return m_all; }

private:
    QList<Problem> m_all;
};

} // namespace launch
