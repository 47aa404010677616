#pragma once

#include "transfers/transfer.h"
#include "transfers/transferjob.h"

#include <QHash>
#include <QList>
#include <QTimer>

namespace transfers {

/**
 * All pulls and pushes of this session, several at once; they go on whoever looks. Looks at the disk's room before and,
 * while something is pulled, every few seconds. What it lists changes only in its signals. Owned by the Application, or
 * by a launch on the command line.
 */
class Transfers : public QObject
{
    Q_OBJECT
public:
    /** credentials: who registries are asked as; may be empty. engine must outlive it. */
    explicit Transfers(docker::Engine &engine, docker::CredentialSource credentials = {}, QObject *parent = nullptr);
    ~Transfers() override;

    /**
     * Begins a pull, or joins the one of the same image for the same platform that is under way. Who no longer wants it
     * says letGo(); it ends when nobody does.
     */
    int pull(const docker::ImageReference &image, const QString &platform = {});
    /** Gives the local image the name, where it has another, and pushes it. */
    int push(const QString &local, const docker::ImageReference &target);
    void letGo(int id);
    /** Ends it, whoever wants it. */
    void cancel(int id);
    /** Once more, in its place in the list, where it has failed or was cancelled. */
    void retry(int id);
    /** Takes one that is over out of the list. */
    void remove(int id);

    const QList<Transfer> &all() const { return m_all; }
    /** Null when it was removed. */
    const Transfer *find(int id) const;
    int running() const;
    core::Pending<Room> room() { return m_disk.ask(); }
    /** Whether the daemon has the image of that name or id. */
    core::Pending<bool> isHere(const QString &image);
    /** Who that registry would be asked as; empty: nobody. */
    core::Pending<QString> account(const QString &registry) const;
    /** Empty: nobody is signed in anywhere. */
    const docker::CredentialSource &credentials() const { return m_credentials; }

Q_SIGNALS:
    /** At the end of the list. */
    void added(int id);
    void changed(int id);
    /** It is still in the list, in that row; removed() follows at once. */
    void removing(int id, int row);
    void removed(int id);
    /** Once for each time it ran, after changed(). */
    void finished(int id, const core::Result<transfers::Outcome> &result);
    void runningChanged(int running);

private:
    Transfer *at(int id);
    int add(Transfer transfer);
    void start(Transfer &transfer);
    void takeProgress(int id);
    void end(int id, const core::Result<Outcome> &result);
    void lookAtDisk();
    bool pulling() const;

    docker::Engine &m_engine;
    docker::CredentialSource m_credentials;
    DiskRoom m_disk;
    QTimer m_diskTimer; ///< while something is pulled
    QList<Transfer> m_all;
    QHash<int, TransferJob *> m_jobs; ///< of those that run; children
    QHash<int, int> m_wanted; ///< by how many
    int m_lastId = 0;
};

} // namespace transfers
