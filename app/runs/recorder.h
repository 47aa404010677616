#pragma once

#include "inventory/inventory.h"
#include "launch/launchjob.h"
#include "runs/history.h"

#include <QHash>

namespace runs {

/** What only whoever launches knows of a launch. */
struct Launch
{
    recipe::RunConfig config; ///< as it is given to the LaunchJob; secrets in it are not written down
    QString configName; ///< empty: no saved configuration
    Origin origin = Origin::Wizard;
    QList<Commit> commits;
    QString logFile;
};

/** Tells which commits a launch will run; an error where nobody knows. */
using CommitFinder = std::function<core::Pending<QList<Commit>>(const recipe::RunConfig &config)>;

/**
 * Writes down launches and how they end: begin() before the LaunchJob is made, follow() once it is; watch() learns the
 * ends from the daemon's events, and at the start what happened while nobody looked. Owned by the Application, one for
 * each host.
 */
class Recorder : public QObject
{
    Q_OBJECT
public:
    /** host: its address, hosts::Host::url. All three must outlive the recorder. */
    Recorder(History &history, docker::Engine &engine, const QString &host, QObject *parent = nullptr);

    /** Asked at each launch that does not bring its commits, once the image is there. A launch waits for the answer for
     * a moment at most, and goes on without; one that comes late is in the history alone. */
    void setCommitFinder(CommitFinder finder) { m_commitFinder = std::move(finder); }

    /** The record's id. options gets the labels; give them to the job. */
    QString begin(const Launch &launch, launch::LaunchOptions &options);
    /** Fills the record from how the launch goes. */
    void follow(const QString &id, launch::LaunchJob &job);
    /** The end, from whoever has waited for it. Answers when it is on the disk. */
    core::Pending<void> ended(const QString &id, const docker::WaitResult &end);

    void watch(inventory::Inventory &inventory);

private:
    using Labels = QList<QPair<QString, QString>>;
    QString imageName(const QString &image) const;
    core::Pending<Labels> writeDown(const QString &id, const recipe::RunConfig &code);
    core::Pending<void> findCommits(const QString &id, const recipe::RunConfig &code);
    void commitsFound(const QString &id, const QList<Commit> &commits);
    void launched(const QString &id, const core::Result<launch::Launched> &result);
    core::Pending<void> learnEnd(const Record &record, std::optional<int> exitCode);
    void containerStarted(const QString &containerId);
    void containerEnded(const QString &containerId, std::optional<int> exitCode);
    void catchUp(const inventory::Inventory &inventory);
    void catchUp(const inventory::Inventory &inventory, Record record);

    History &m_history;
    docker::Engine &m_engine;
    QString m_host;
    CommitFinder m_commitFinder;
    QHash<QString, Record> m_launching; ///< by their id, until they run
    QHash<QString, int> m_ends; ///< of containers that ended while something was being launched: maybe it
    bool m_caughtUp = false; ///< since the daemon was last out of reach
    QSet<QString> m_asking; ///< records whose end is being asked for
};

} // namespace runs
