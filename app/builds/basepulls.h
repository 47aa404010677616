#pragma once

#include "builds/readers.h"
#include "transfers/transfers.h"

#include <QObject>

namespace builds {

/**
 * Pulls the base images of a build that want an account, one after another and among the session's transfers, and tells
 * each as a step. BuildKit without a session asks registries as nobody. Owned by a BuildJob; its end lets go of what is
 * being pulled.
 */
class BasePulls : public QObject
{
    Q_OBJECT
public:
    /** transfers must outlive it. */
    explicit BasePulls(transfers::Transfers &transfers, QObject *parent = nullptr);
    ~BasePulls() override;

    /** Once. images: names of registries. always: also those that are here. platform: empty: the daemon's own. */
    void start(const QStringList &images, const QString &platform, bool always);

    /** "Pulling nvcr.io/team/base:1: 3 of 7 layers, 12 MiB/s"; empty between two. */
    QString text() const;
    /** The one whose registry would not let this account in; empty: none. */
    const QString &refused() const { return m_refused; }

Q_SIGNALS:
    /** Also when only text() changed. */
    void told(const QList<builds::StepEvent> &events);
    /** Exactly once, unless it is deleted before. */
    void finished(const core::Result<void> &result);

private:
    void next();
    void pull();
    void tell(const core::Result<transfers::Outcome> *end);
    void ended(const core::Result<transfers::Outcome> &result);

    transfers::Transfers &m_transfers;
    QStringList m_images; ///< still to be had; the first is at work
    QString m_platform;
    bool m_always = false;
    int m_pull = 0; ///< the transfer that is waited for; 0: none
    qint64 m_started = 0; ///< ms since 1970
    QString m_refused;
};

} // namespace builds
