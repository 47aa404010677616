#include "images/detailsloader.h"

namespace images {

using inventory::Image;

namespace {
/** Inspecting an image takes the daemon half a millisecond; a remote one answers some at once. */
constexpr int mostAtOnce = 4;
} // namespace

DetailsLoader::DetailsLoader(docker::Engine &engine, const inventory::Inventory &inventory, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_inventory(inventory)
{
    connect(&inventory, &inventory::Inventory::imagesChanged, this, [this] {
        forgetGone();
        if (details())
            askOthers();
    });
}

DetailsLoader::~DetailsLoader() { stop(); }

void DetailsLoader::stop()
{
    ++m_round;
    for (const core::Aborter &asking : std::exchange(m_asking, {}))
        asking.abort();
    m_queue.clear();
    m_running.clear();
    m_inspected.reset();
    m_history.reset();
}

void DetailsLoader::show(const QString &id)
{
    if (id == m_id && (details() || !m_asking.isEmpty()))
        return;
    stop();
    m_id = id;
    if (id.isEmpty())
        return;
    if (!details())
        return ask();
    Q_EMIT changed();
    askOthers();
}

const Details *DetailsLoader::details() const
{
    const auto found = m_details.constFind(m_id);
    return found == m_details.constEnd() ? nullptr : &*found;
}

void DetailsLoader::ask()
{
    const quint64 round = m_round;
    m_asking.append(
        m_engine.inspectImage(m_id).then(this, [this, round](const core::Result<docker::ImageDetail> &image) {
            if (round != m_round)
                return;
            if (!image)
                return fail(image.error());
            m_inspected = *image;
            arrived();
        }));
    m_asking.append(docker::imageHistory(m_engine, m_id)
                        .then(this, [this, round](const core::Result<QList<docker::HistoryEntry>> &history) {
                            if (round != m_round)
                                return;
                            if (!history)
                                return fail(history.error());
                            m_history = *history;
                            arrived();
                        }));
}

void DetailsLoader::fail(const core::Error &error)
{
    stop();
    Q_EMIT failed(error);
}

void DetailsLoader::arrived()
{
    if (!m_inspected || !m_history)
        return;
    const Details details = detailsOf(*m_inspected, *m_history);
    m_inspected.reset();
    m_history.reset();
    m_asking.clear();
    m_details.insert(m_id, details);
    m_diffIds.insert(m_id, details.diffIds);
    Q_EMIT changed();
    askOthers();
}

// ---- what is shared

void DetailsLoader::askOthers()
{
    m_queue.clear(); // the list may have changed
    for (const Image &image : m_inventory.images()) {
        if (!m_diffIds.contains(image.id) && !m_running.contains(image.id) && !m_queue.contains(image.id))
            m_queue.append(image.id);
    }
    if (const auto shown = m_details.find(m_id); shown != m_details.end() && !m_queue.isEmpty())
        shown->sharingKnown = false; // not of all any more
    while (m_running.size() < mostAtOnce && !m_queue.isEmpty())
        askOther(m_queue.takeFirst());
    if (m_running.isEmpty())
        shareOut();
}

void DetailsLoader::askOther(const QString &id)
{
    m_running.insert(id);
    const quint64 round = m_round;
    m_asking.append(
        m_engine.inspectImage(id).then(this, [this, id, round](const core::Result<docker::ImageDetail> &image) {
            if (image)
                m_diffIds.insert(id, diffIdsOf(*image));
            if (round != m_round)
                return;
            m_running.remove(id);
            if (!image && image.error().kind != core::ErrorKind::NotFound) {
                // Without it nobody can say what is shared; the rest of the details stand.
                m_queue.clear();
                return;
            }
            if (!image)
                m_diffIds.insert(id, {}); // gone since: it shares nothing
            if (!m_queue.isEmpty())
                askOther(m_queue.takeFirst());
            else if (m_running.isEmpty())
                shareOut();
        }));
}

void DetailsLoader::shareOut()
{
    m_asking.clear();
    const auto shown = m_details.find(m_id);
    if (shown == m_details.end())
        return;
    QHash<QString, QStringList> here;
    for (const Image &image : m_inventory.images())
        here.insert(image.id, m_diffIds.value(image.id));
    shown->sizes = share(shown->layers, m_id, here);
    shown->sharingKnown = true;
    Q_EMIT changed();
}

void DetailsLoader::forgetGone()
{
    QSet<QString> here;
    for (const Image &image : m_inventory.images())
        here.insert(image.id);
    const auto gone = [&here](const auto &entry) { return !here.contains(entry.key()); };
    m_details.removeIf([&](QHash<QString, Details>::iterator entry) { return gone(entry); });
    m_diffIds.removeIf([&](QHash<QString, QStringList>::iterator entry) { return gone(entry); });
}

} // namespace images
