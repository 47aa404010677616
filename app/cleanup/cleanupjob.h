#pragma once

#include "cleanup/candidate.h"
#include "docker/disk.h"
#include "docker/engine.h"
#include "inventory/inventory.h"
#include "settings/protection.h"

#include <QObject>
#include <QSet>

namespace cleanup {

/** How it went with one item. */
enum class Ending {
    Removed,
    Skipped, ///< words says what has changed since it was shown
    Failed, ///< words are the daemon's
    Unknown, ///< the daemon went away while it was at it
    NotReached, ///< cancelled, or the daemon went away, before its turn
};

/** One item and how it ended. */
struct Outcome
{
    Candidate item;
    Ending ending = Ending::NotReached;
    QString words;
};

/** What came of a clean-up, item by item, in the order of the removal. */
struct Report
{
    QList<Outcome> outcomes;
    bool cancelled = false;
    QString trouble; ///< why it ended early: the daemon is gone; empty otherwise

    QList<Candidate> with(Ending ending) const;
    int count(Ending ending) const { return int(with(ending).size()); }
};

/**
 * Removes exactly these things, one after another, in an order that works. Before each it asks the daemon again whether
 * it is still as it was shown, unused and not protected; if not, it is left alone. Never with force, no prune of more
 * than one record. Owned by whoever starts it; the engine must outlive it.
 */
class CleanupJob : public QObject
{
    Q_OBJECT
public:
    CleanupJob(docker::Engine &engine, const inventory::Inventory &inventory, const settings::Protection &protection,
        QList<Candidate> items, QObject *parent = nullptr);

    /** Once. */
    void start();
    /** Ends after the item that is being removed: finished() follows with what was done. */
    void abort();

Q_SIGNALS:
    /** done of so many; name: what is being removed now. */
    void progressed(int done, int of, const QString &name);
    /** Exactly once; always a report, also where things failed. */
    void finished(const core::Result<cleanup::Report> &result);

private:
    void next();
    void end(Ending ending, const QString &words = {});
    void finish(const QString &trouble = {});
    const Candidate &item() const { return m_items[m_at]; }
    bool isProtected(const Candidate &item, const QStringList &names) const;

    void removeContainer();
    void removeImage();
    void imageAnswered(const QList<docker::ImageNode> &nodes);
    void removeReference(const docker::ImageNode &node);
    void removeSteps();
    void removeVolume();
    void removeNetwork();
    void removeRecord();
    /** f(answer); what is no answer ends the item, or all where the daemon is gone before anything was sent. */
    template <typename T, typename F> void ask(core::Pending<T> pending, F f);
    void removed(const core::Result<void> &result);

    docker::Engine &m_engine;
    const settings::Protection &m_protection;
    QList<Candidate> m_items;
    qsizetype m_at = -1;
    Report m_report;
    bool m_aborted = false;
    QSet<QString> m_started; ///< containers that ran since the job began, however short
    QStringList m_steps; ///< of the image: untagged images that are still to go
    int m_tries = 0; ///< names removed of this image
};

/** In the order in which they can go: containers, images (what others are built on last), volumes, networks, cache. */
QList<Candidate> inOrder(QList<Candidate> items);

} // namespace cleanup
