#pragma once

#include "core/pending.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QProcessEnvironment>
#include <QStringList>
#include <chrono>

namespace git {

/** One call of the git program. A remote one talks to a server and gets longer, and ssh that asks no questions. */
struct Command
{
    QStringList arguments; ///< after `git`; never a password: those go into `url`
    QString folder; ///< where it runs; empty: in the root folder, where there is no repository
    /** Put behind the arguments, followed by `more`. A password in it reaches git through its environment. */
    QString url;
    QStringList more;
    bool remote = false;
    std::chrono::milliseconds timeout = std::chrono::seconds(30);
};

/** What a git that ran to its end said, whatever its exit code. */
struct Output
{
    int exitCode = 0;
    QByteArray out;
    QByteArray err;
};

/**
 * The person's own git program: their keys, credential helpers and settings work as they do in a terminal, except
 * that nothing ever waits for an answer typed there. Never blocks. Owned by the application; dies with its processes.
 *
 * Errors: NotFound (git is not installed, no such folder), Timeout, Aborted, Protocol (more output than believable).
 */
class Git : public QObject
{
    Q_OBJECT
public:
    /** environment: of the person; PATH, HOME and the desktop's askpass programs are taken from there. */
    explicit Git(QProcessEnvironment environment, QObject *parent = nullptr);
    ~Git() override;

    /** Any exit code is an answer. Aborting kills git and what it started. */
    core::Pending<Output> run(const Command &command);

    /** All at the same time; the answers in the same order. The first Error ends the others. */
    core::Pending<QList<Output>> runAll(const QList<Command> &commands);

    /** What it printed; an exit code other than 0 is the Error of failure(). */
    core::Pending<QByteArray> output(const Command &command);

private:
    core::Pending<Output> start(const Command &command, bool quietSsh);
    QProcessEnvironment environmentOf(const Command &command, bool quietSsh) const;
    bool personHasOwnSsh() const;

    QProcessEnvironment m_environment;
};

} // namespace git
