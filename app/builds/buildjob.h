#pragma once

#include "builds/basepulls.h"
#include "builds/buildprogress.h"
#include "builds/buildworker.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QThread>
#include <QTimer>

namespace builds {

/**
 * One build from a folder to an image: counts what will be sent, pulls bases that want an account (BasePulls), sends
 * the context while reading it, follows the steps. All that blocks or floods is in a thread of its own (BuildWorker).
 * abort() ends the build at the daemon, and so does deleting the job. Owned by whoever starts it; keep it until
 * finished().
 */
class BuildJob : public QObject
{
    Q_OBJECT
public:
    enum class Phase { Fresh, Counting, Preparing, Building, Done };

    /** transfers: who registries are asked as, and where bases are pulled; outlives the job. Null: as nobody. */
    BuildJob(const http::Endpoint &endpoint, const BuildRequest &request, transfers::Transfers *transfers = nullptr,
        QObject *parent = nullptr);
    ~BuildJob() override;

    /** Once. */
    void start();
    /** finished(Aborted) follows, never inside this call; after finished() it does nothing. */
    void abort();

    const BuildRequest &request() const { return m_request; }
    const BuildProgress &progress() const { return m_progress; }
    Phase phase() const { return m_phase; }
    /** Of the context: what will be sent, once counted, and bytes read so far. */
    const contexts::ContextSummary &context() const { return m_summary; }
    qint64 sent() const { return *m_sent; }
    /** A short sentence on what it is doing now. */
    QString statusText() const;
    /** What was odd, a sentence each: a locked keyring, files that changed while they were sent. */
    const QStringList &remarks() const { return m_remarks; }
    /** After a failure: the base whose registry wants a sign-in, or another account. Empty: that was not it. */
    QString refusedBase(const core::Error &failure) const;

Q_SIGNALS:
    /** statusText() changed; a few in a second. */
    void progressed();
    /** These steps are new or changed, by index; also when only their log grew. */
    void stepsChanged(const QList<int> &steps);
    /** More output of one step. */
    void logAppended(int step, const QByteArray &bytes);
    /** The image's id. Exactly once, after everything else. */
    void finished(const core::Result<QString> &result);

private:
    template <typename F> void inWorker(F f);
    void prepared(const core::Result<PreparedBuild> &result);
    void askAccounts();
    void accountAnswered(const QString &registry, const core::Result<docker::RegistryAuth> &auth);
    void pullBases();
    void build(bool basesAreNew);
    void take(const QList<StepEvent> &events);
    void drain();
    void tell();
    void finish(const core::Result<QString> &result);

    BuildRequest m_request;
    transfers::Transfers *m_transfers;
    std::shared_ptr<std::atomic<bool>> m_cancelled;
    std::shared_ptr<std::atomic<qint64>> m_sent;
    std::shared_ptr<StepInbox> m_inbox;
    QThread m_thread;
    BuildWorker *m_worker; ///< lives in m_thread, which deletes it
    BuildProgress m_progress;
    Phase m_phase = Phase::Fresh;
    contexts::ContextSummary m_summary;
    QStringList m_bases;
    QHash<QString, docker::RegistryAuth> m_auths; ///< by registry, as ImageReference::registry
    QPointer<BasePulls> m_pulls; ///< child; while bases are pulled
    QString m_refused; ///< of the pulls
    int m_asked = 0; ///< accounts whose answer is awaited
    QStringList m_remarks;
    qint64 m_counted = 0;
    QTimer m_drainTimer;
    QTimer m_sendTimer; ///< only while the context is being sent
    bool m_sendsPart = false; ///< only what the builder does not have
};

} // namespace builds
