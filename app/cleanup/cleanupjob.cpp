#include "cleanup/cleanupjob.h"

#include <algorithm>

namespace cleanup {

using namespace Qt::StringLiterals;
using core::ErrorKind;
using settings::Lockable;

namespace {

bool runs(const QString &state)
{
    return state == "running"_L1 || state == "paused"_L1 || state == "restarting"_L1 || state == "removing"_L1;
}

QString usersText(const QList<docker::ContainerUse> &users)
{
    QStringList names;
    for (const docker::ContainerUse &user : users)
        names.append(user.name);
    return u"in use by %1 now"_s.arg(names.join(", "_L1));
}

/** "Docker does not answer" in one word of ours; everything else in the daemon's. */
QString wordsOf(const core::Error &error)
{
    return error.message.isEmpty() ? QString::fromLatin1(core::name(error.kind)) : error.message;
}

const docker::ImageNode *find(const QList<docker::ImageNode> &nodes, const QString &id)
{
    const auto found
        = std::find_if(nodes.begin(), nodes.end(), [&id](const docker::ImageNode &node) { return node.id == id; });
    return found == nodes.end() ? nullptr : &*found;
}

/** An image that is built on this one; null: none. */
const docker::ImageNode *childOf(const QList<docker::ImageNode> &nodes, const QString &id)
{
    const auto found = std::find_if(
        nodes.begin(), nodes.end(), [&id](const docker::ImageNode &node) { return node.parentId == id; });
    return found == nodes.end() ? nullptr : &*found;
}

QString called(const docker::ImageNode &node)
{
    return node.repoTags.isEmpty() ? node.id.mid(node.id.indexOf(u':') + 1, 12) : node.repoTags.first();
}

} // namespace

QList<Candidate> Report::with(Ending ending) const
{
    QList<Candidate> items;
    for (const Outcome &outcome : outcomes) {
        if (outcome.ending == ending)
            items.append(outcome.item);
    }
    return items;
}

QList<Candidate> inOrder(QList<Candidate> items)
{
    // A cache record that others are built on goes after them: by how deep it lies among the chosen ones.
    QHash<QString, QStringList> parents;
    for (const Candidate &item : items) {
        if (item.kind == Kind::BuildCache)
            parents.insert(item.id, item.parents);
    }
    QHash<QString, int> depths;
    const auto recordDepth = [&](const auto &self, const QString &id, int guard) -> int {
        if (guard <= 0 || !parents.contains(id))
            return 0;
        if (const auto known = depths.constFind(id); known != depths.constEnd())
            return *known;
        int depth = 1;
        for (const QString &parent : parents.value(id))
            depth = std::max(depth, 1 + self(self, parent, guard - 1));
        depths.insert(id, depth);
        return depth;
    };
    for (Candidate &item : items) {
        if (item.kind == Kind::BuildCache)
            item.depth = recordDepth(recordDepth, item.id, 1000);
    }
    const auto rank = [](const Candidate &item) {
        // Both kinds of images together: a dangling one may be built on an unused one, and the other way round.
        return item.isImage() ? int(Kind::DanglingImage) : int(item.kind);
    };
    std::stable_sort(items.begin(), items.end(), [&rank](const Candidate &a, const Candidate &b) {
        return std::pair(rank(a), -a.depth) < std::pair(rank(b), -b.depth);
    });
    return items;
}

CleanupJob::CleanupJob(docker::Engine &engine, const inventory::Inventory &inventory,
    const settings::Protection &protection, QList<Candidate> items, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_protection(protection)
    , m_items(inOrder(std::move(items)))
{
    // One that was started and has ended again before its turn is not what was shown either.
    connect(
        &inventory, &inventory::Inventory::containerStarted, this, [this](const QString &id) { m_started.insert(id); });
}

void CleanupJob::start() { QMetaObject::invokeMethod(this, &CleanupJob::next, Qt::QueuedConnection); }

void CleanupJob::abort() { m_aborted = true; }

void CleanupJob::next()
{
    ++m_at;
    if (m_at >= m_items.size())
        return finish();
    if (m_aborted) {
        m_report.cancelled = true;
        return finish();
    }
    Q_EMIT progressed(int(m_at), int(m_items.size()), item().name);
    m_steps = item().steps;
    m_tries = 0;
    if (isProtected(item(), item().references))
        return end(Ending::Skipped, u"it is protected"_s);
    switch (item().kind) {
    case Kind::StoppedContainer:
        return removeContainer();
    case Kind::DanglingImage:
    case Kind::UnusedImage:
        return removeImage();
    case Kind::UnusedVolume:
        return removeVolume();
    case Kind::UnusedNetwork:
        return removeNetwork();
    case Kind::BuildCache:
        return removeRecord();
    }
}

bool CleanupJob::isProtected(const Candidate &item, const QStringList &names) const
{
    switch (item.kind) {
    case Kind::StoppedContainer:
        return m_protection.contains(Lockable::Container, item.id);
    case Kind::DanglingImage:
    case Kind::UnusedImage:
        return m_protection.contains(Lockable::Image, item.id) || m_protection.containsAny(Lockable::Image, names);
    case Kind::UnusedVolume:
        return m_protection.contains(Lockable::Volume, item.id);
    case Kind::UnusedNetwork:
    case Kind::BuildCache:
        break;
    }
    return false;
}

void CleanupJob::end(Ending ending, const QString &words)
{
    QString told = words;
    if (item().isImage() && m_tries > 0 && ending != Ending::Removed)
        told += m_tries == 1 ? u"; one of its names is gone"_s : u"; %1 of its names are gone"_s.arg(m_tries);
    m_report.outcomes.append({item(), ending, told});
    next();
}

void CleanupJob::finish(const QString &trouble)
{
    m_report.trouble = trouble;
    for (qsizetype i = m_report.outcomes.size(); i < m_items.size(); ++i)
        m_report.outcomes.append({m_items[i], Ending::NotReached, {}});
    Q_EMIT progressed(int(m_items.size()), int(m_items.size()), {});
    Q_EMIT finished(m_report);
}

template <typename T, typename F> void CleanupJob::ask(core::Pending<T> pending, F f)
{
    std::move(pending).then(this, [this, f](const core::Result<T> &answer) {
        if (answer)
            f(*answer);
        else if (answer.error().kind == ErrorKind::Unreachable && m_tries == 0)
            finish(wordsOf(answer.error()));
        else if (answer.error().kind == ErrorKind::Unreachable) {
            // Some of its names are gone already.
            m_report.outcomes.append({item(), Ending::Unknown, wordsOf(answer.error())});
            finish(wordsOf(answer.error()));
        } else if (answer.error().kind == ErrorKind::NotFound && item().isImage() && m_tries > 0)
            removeSteps();
        else if (answer.error().kind == ErrorKind::NotFound)
            end(Ending::Skipped, u"it was gone already"_s);
        else
            end(Ending::Failed, wordsOf(answer.error()));
    });
}

void CleanupJob::removed(const core::Result<void> &result)
{
    if (result)
        return end(Ending::Removed);
    switch (result.error().kind) {
    case ErrorKind::NotFound:
        return end(Ending::Skipped, u"it was gone already"_s);
    case ErrorKind::Unreachable:
    case ErrorKind::Timeout:
    case ErrorKind::Protocol:
        // It was sent: it may be gone.
        m_report.outcomes.append({item(), Ending::Unknown, wordsOf(result.error())});
        return finish(wordsOf(result.error()));
    default:
        return end(Ending::Failed, wordsOf(result.error()));
    }
}

// ---- containers

void CleanupJob::removeContainer()
{
    ask(m_engine.inspectContainer(item().id), [this](const docker::ContainerDetail &now) {
        if (runs(now.status) || now.running)
            return end(Ending::Skipped, u"it is %1 now"_s.arg(now.status));
        if (m_started.contains(item().id))
            return end(Ending::Skipped, u"it was started meanwhile and has ended again"_s);
        if (isProtected(item(), {}))
            return end(Ending::Skipped, u"it is protected"_s);
        // Without its volumes, as docker container prune does: they are listed next.
        m_engine.removeContainer(item().id, {}).then(this, [this](const core::Result<void> &result) {
            removed(result);
        });
    });
}

// ---- images

void CleanupJob::removeImage()
{
    ask(docker::containerUses(m_engine, u"ancestor"_s, item().id), [this](QList<docker::ContainerUse> users) {
        // The filter also names containers of images that are built on this one.
        users.removeIf([this](const docker::ContainerUse &user) { return user.imageId != item().id; });
        if (!users.isEmpty())
            return end(Ending::Skipped, usersText(users));
        ask(docker::imageNodes(m_engine), [this](const QList<docker::ImageNode> &nodes) { imageAnswered(nodes); });
    });
}

void CleanupJob::imageAnswered(const QList<docker::ImageNode> &nodes)
{
    const docker::ImageNode *now = find(nodes, item().id);
    if (!now) {
        if (m_tries == 0)
            return end(Ending::Skipped, u"it was gone already"_s);
        return removeSteps();
    }
    const QStringList references = now->repoTags + now->repoDigests;
    for (const QString &reference : references) {
        if (!item().references.contains(reference))
            return end(Ending::Skipped, u"it is also called %1 now"_s.arg(reference));
    }
    if (isProtected(item(), references))
        return end(Ending::Skipped, u"it is protected"_s);
    if (const docker::ImageNode *child = childOf(nodes, now->id))
        return end(Ending::Skipped, u"%1 is built on it"_s.arg(called(*child)));
    if (m_tries > item().references.size())
        return end(Ending::Failed, u"Docker said it was removed, and it is still there"_s);
    removeReference(*now);
}

void CleanupJob::removeReference(const docker::ImageNode &node)
{
    ++m_tries;
    const QString reference = !node.repoTags.isEmpty() ? node.repoTags.first()
        : !node.repoDigests.isEmpty()                  ? node.repoDigests.first()
                                                       : node.id;
    docker::removeImageName(m_engine, reference)
        .then(this, [this](const core::Result<QList<docker::ImageDeletion>> &deleted) {
            if (!deleted) {
                --m_tries;
                return removed(deleted.error());
            }
            // Each name by itself, and everything looked at anew before the next one.
            removeImage();
        });
}

void CleanupJob::removeSteps()
{
    if (m_steps.isEmpty())
        return end(Ending::Removed);
    ask(docker::imageNodes(m_engine), [this](const QList<docker::ImageNode> &nodes) {
        const QString id = m_steps.takeFirst();
        const docker::ImageNode *now = find(nodes, id);
        if (!now)
            return removeSteps();
        if (!now->repoTags.isEmpty() || !now->repoDigests.isEmpty() || childOf(nodes, id)
            || m_protection.contains(Lockable::Image, id))
            return end(Ending::Removed, u"what it was built on stays: it is used meanwhile"_s);
        docker::removeImageName(m_engine, id)
            .then(this, [this](const core::Result<QList<docker::ImageDeletion>> &deleted) {
                if (deleted)
                    return removeSteps();
                end(Ending::Removed, u"what it was built on stays: %1"_s.arg(wordsOf(deleted.error())));
            });
    });
}

// ---- the others

void CleanupJob::removeVolume()
{
    ask(docker::containerUses(m_engine, u"volume"_s, item().id), [this](QList<docker::ContainerUse> users) {
        users.removeIf([this](const docker::ContainerUse &user) { return !user.volumes.contains(item().id); });
        if (!users.isEmpty())
            return end(Ending::Skipped, usersText(users));
        ask(docker::inspectVolume(m_engine, item().id), [this](const docker::Volume &now) {
            if (now.created != item().created)
                return end(Ending::Skipped, u"it is another volume of that name now"_s);
            if (isProtected(item(), {}))
                return end(Ending::Skipped, u"it is protected"_s);
            docker::removeVolume(m_engine, item().id).then(this, [this](const core::Result<void> &result) {
                removed(result);
            });
        });
    });
}

void CleanupJob::removeNetwork()
{
    // All of them: the daemon's filter (20.10) and its own refusal forget containers that never ran, which then cannot
    // be started any more.
    ask(docker::containerUses(m_engine), [this](QList<docker::ContainerUse> users) {
        users.removeIf([this](const docker::ContainerUse &user) {
            return !user.networks.contains(item().id) && !user.networks.contains(item().name);
        });
        if (!users.isEmpty())
            return end(Ending::Skipped, usersText(users));
        docker::removeNetwork(m_engine, item().id).then(this, [this](const core::Result<void> &result) {
            removed(result);
        });
    });
}

void CleanupJob::removeRecord()
{
    docker::removeCacheRecord(m_engine, item().id).then(this, [this](const core::Result<QStringList> &gone) {
        if (!gone)
            return removed(gone.error());
        if (gone->contains(item().id))
            return end(Ending::Removed);
        end(Ending::Skipped, u"a build or another record of the cache needs it, or it was gone already"_s);
    });
}

} // namespace cleanup
