#pragma once

#include "images/details.h"
#include "inventory/inventory.h"

#include <QObject>
#include <QSet>
#include <optional>

namespace images {

/**
 * Finds out the details of the image somebody looks at: its inspection and history, then, a few at a time, the layers
 * of the other images, which tell what is shared; all of it does not change and is asked once for each id. What nobody
 * looks at any more is not asked further. Owned by the view.
 */
class DetailsLoader : public QObject
{
    Q_OBJECT
public:
    DetailsLoader(docker::Engine &engine, const inventory::Inventory &inventory, QObject *parent = nullptr);
    ~DetailsLoader() override;

    /** An empty id: nobody looks. The same one again tries again what failed. */
    void show(const QString &id);
    /** Of the image shown; null until they came. */
    const Details *details() const;

Q_SIGNALS:
    /** details() are there, or tell more. */
    void changed();
    void failed(const core::Error &error);

private:
    void ask();
    void fail(const core::Error &error);
    void arrived();
    void askOthers();
    void askOther(const QString &id);
    void shareOut();
    void forgetGone();
    void stop();

    docker::Engine &m_engine;
    const inventory::Inventory &m_inventory;
    QString m_id;
    QHash<QString, Details> m_details;
    QHash<QString, QStringList> m_diffIds; ///< of each image asked so far
    std::optional<docker::ImageDetail> m_inspected; ///< of m_id, until its history came
    std::optional<QList<docker::HistoryEntry>> m_history;
    QList<core::Aborter> m_asking;
    QStringList m_queue; ///< images whose layers are not known
    QSet<QString> m_running; ///< those being asked
    quint64 m_round = 0; ///< answers of an earlier one are only kept, not followed
};

} // namespace images
