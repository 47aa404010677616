#include "docker/disk.h"

#include "docker/engine.h"
#include "docker/jsonreader.h"
#include "docker/parse.h"
#include "docker/requests.h"

#include <QRegularExpression>
#include <algorithm>

namespace docker {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/** A figure that old or hurried daemons leave out. */
qint64 figure(const JsonReader &json, QLatin1String key)
{
    const QJsonValue value = json.raw().value(key);
    return value.isUndefined() || value.isNull() ? -1 : json.integer(key);
}

ContainerUse readUse(const JsonReader &json)
{
    ContainerUse use;
    use.id = json.string("Id"_L1);
    use.name = ownName(json.strings("Names"_L1));
    use.state = json.string("State"_L1);
    use.imageId = json.string("ImageID"_L1);
    for (const JsonReader &mount : json.objects("Mounts"_L1)) {
        if (mount.string("Type"_L1) == "volume"_L1)
            use.volumes.append(mount.string("Name"_L1));
    }
    const JsonReader networks = json.object("NetworkSettings"_L1).object("Networks"_L1);
    for (const QString &name : networks.raw().keys()) {
        use.networks.append(name);
        const QString id = networks.raw().value(name).toObject().value("NetworkID"_L1).toString();
        if (!id.isEmpty())
            use.networks.append(id);
    }
    // A container that wrote nothing has no such field where sizes were asked for: parseDiskUsage() knows.
    use.sizeRw = figure(json, "SizeRw"_L1);
    return use;
}

ImageNode readNode(const JsonReader &json)
{
    ImageNode node;
    node.id = json.string("Id"_L1);
    node.parentId = json.string("ParentId"_L1);
    node.repoTags = realNames(json.strings("RepoTags"_L1));
    node.repoDigests = realNames(json.strings("RepoDigests"_L1));
    node.created = json.integer("Created"_L1);
    node.size = json.integer("Size"_L1);
    node.sharedSize = figure(json, "SharedSize"_L1);
    return node;
}

Volume readVolume(const JsonReader &json)
{
    Volume volume;
    volume.name = json.string("Name"_L1);
    volume.driver = json.string("Driver"_L1);
    volume.created = json.time("CreatedAt"_L1);
    volume.labels = json.stringMap("Labels"_L1);
    volume.size = figure(json.object("UsageData"_L1), "Size"_L1);
    return volume;
}

Network readNetwork(const JsonReader &json)
{
    Network network;
    network.id = json.string("Id"_L1);
    network.name = json.string("Name"_L1);
    network.driver = json.string("Driver"_L1);
    network.scope = json.string("Scope"_L1);
    network.created = json.time("Created"_L1);
    network.ingress = json.boolean("Ingress"_L1);
    network.labels = json.stringMap("Labels"_L1);
    return network;
}

CacheRecord readRecord(const JsonReader &json)
{
    CacheRecord record;
    record.id = json.string("ID"_L1);
    record.parents = json.strings("Parents"_L1);
    if (const QString parent = json.string("Parent"_L1); record.parents.isEmpty() && !parent.isEmpty())
        record.parents.append(parent); // before API 1.42
    record.type = json.string("Type"_L1);
    record.description = json.string("Description"_L1);
    record.inUse = json.boolean("InUse"_L1);
    record.shared = json.boolean("Shared"_L1);
    record.size = json.integer("Size"_L1);
    record.created = json.time("CreatedAt"_L1);
    record.lastUsed = json.time("LastUsedAt"_L1);
    return record;
}

template <typename F> auto readEach(const QList<JsonReader> &elements, F f)
{
    QList<std::invoke_result_t<F, const JsonReader &>> list;
    for (const JsonReader &element : elements)
        list.append(f(element));
    return list;
}

http::Request deletion(const QByteArray &path, std::chrono::milliseconds deadline)
{
    http::Request request = get(path);
    request.method = "DELETE";
    request.deadline = deadline;
    return request;
}

} // namespace

bool Volume::anonymous() const
{
    static const QRegularExpression madeUp(u"^[0-9a-f]{64}$"_s);
    return labels.contains(u"com.docker.volume.anonymous"_s) || madeUp.match(name).hasMatch();
}

bool Network::builtIn() const
{
    return name == "bridge"_L1 || name == "host"_L1 || name == "none"_L1 || ingress || scope == "swarm"_L1
        || name == "docker_gwbridge"_L1;
}

ImageTree::ImageTree(const QList<ImageNode> &nodes)
{
    for (const ImageNode &node : nodes)
        m_nodes.insert(node.id, &node);
    for (const ImageNode &node : nodes) {
        if (m_nodes.contains(node.parentId))
            m_children[node.parentId].append(node.id);
    }
}

bool ImageTree::isStep(const ImageNode &image) const
{
    return image.repoTags.isEmpty() && image.repoDigests.isEmpty() && m_children.contains(image.id);
}

QStringList ImageTree::goingWith(const QStringList &images, const QSet<QString> &kept) const
{
    QStringList open = images;
    QStringList order;
    QSet<QString> gone;
    const auto goes = [&](const QString &id) {
        const QStringList built = children(id);
        return m_nodes.contains(id) && !gone.contains(id)
            && std::all_of(built.begin(), built.end(), [&gone](const QString &child) { return gone.contains(child); });
    };
    // From the leaves down: whatever goes may be the last that its parent was kept for.
    for (qsizetype found = -1; found != order.size();) {
        found = order.size();
        for (qsizetype i = 0; i < open.size(); ++i) {
            const QString id = open[i];
            if (!goes(id))
                continue;
            gone.insert(id);
            order.append(id);
            const ImageNode *parent = m_nodes.value(m_nodes.value(id)->parentId);
            if (parent && isStep(*parent) && !kept.contains(parent->id) && !open.contains(parent->id))
                open.append(parent->id);
        }
    }
    return order;
}

QStringList ImageTree::stepsOf(const QStringList &images, const QSet<QString> &kept) const
{
    QStringList steps = goingWith(images, kept);
    steps.removeIf([&images](const QString &id) { return images.contains(id); });
    return steps;
}

core::Result<DiskUsage> parseDiskUsage(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        // The documents of API 1.52 and its change log do not agree on the name.
        const auto part = [&](QLatin1String one, QLatin1String other) {
            return reader.object(reader.raw().contains(one) ? one : other);
        };
        const JsonReader images = part("ImageUsage"_L1, "ImagesUsage"_L1);
        const JsonReader containers = part("ContainerUsage"_L1, "ContainersUsage"_L1);
        const JsonReader volumes = part("VolumeUsage"_L1, "VolumesUsage"_L1);
        const JsonReader cache = part("BuildCacheUsage"_L1, "BuildCachesUsage"_L1);
        const auto elements = [&](const JsonReader &now, QLatin1String before) {
            return now.raw().contains("Items"_L1) ? now.objects("Items"_L1) : reader.objects(before);
        };
        DiskUsage usage;
        usage.layersSize
            = images.raw().contains("TotalSize"_L1) ? figure(images, "TotalSize"_L1) : figure(reader, "LayersSize"_L1);
        usage.images = readEach(elements(images, "Images"_L1), readNode);
        usage.containers = readEach(elements(containers, "Containers"_L1), readUse);
        for (ContainerUse &use : usage.containers)
            use.sizeRw = std::max<qint64>(use.sizeRw, 0);
        usage.volumes = readEach(elements(volumes, "Volumes"_L1), readVolume);
        usage.buildCache = readEach(elements(cache, "BuildCache"_L1), readRecord);
        return usage;
    });
}

core::Result<QList<ContainerUse>> parseContainerUses(const QByteArray &json) { return readList(json, readUse); }

core::Result<QList<ImageNode>> parseImageNodes(const QByteArray &json) { return readList(json, readNode); }

core::Result<QList<Volume>> parseVolumes(const QByteArray &json)
{
    return readObject(
        json, [](const JsonReader &reader) { return readEach(reader.objects("Volumes"_L1), readVolume); });
}

core::Result<Volume> parseVolume(const QByteArray &json) { return readObject(json, readVolume); }

core::Result<QList<Network>> parseNetworks(const QByteArray &json) { return readList(json, readNetwork); }

core::Result<QStringList> parseCachesDeleted(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) { return reader.strings("CachesDeleted"_L1); });
}

core::Pending<DiskUsage> diskUsage(Engine &engine)
{
    http::Request request = get("/system/df");
    request.query.addQueryItem(u"verbose"_s, u"1"_s); // from API 1.52 on, without which it has no items
    request.deadline = noDeadline;
    return parsed(&engine, engine.send(request), parseDiskUsage);
}

core::Pending<QList<ContainerUse>> containerUses(Engine &engine, const QString &filter, const QString &value)
{
    QUrlQuery query;
    query.addQueryItem(u"all"_s, u"1"_s);
    if (!filter.isEmpty())
        add(query, u"filters"_s, filters({{filter, QJsonArray{value}}}));
    return parsed(&engine, engine.send(get("/containers/json", query)), parseContainerUses);
}

core::Pending<QList<ImageNode>> imageNodes(Engine &engine)
{
    QUrlQuery query;
    query.addQueryItem(u"all"_s, u"1"_s);
    return parsed(&engine, engine.send(get("/images/json", query)), parseImageNodes);
}

core::Pending<QList<Volume>> volumes(Engine &engine)
{
    return parsed(&engine, engine.send(get("/volumes")), parseVolumes);
}

core::Pending<Volume> inspectVolume(Engine &engine, const QString &name)
{
    return parsed(&engine, engine.send(get("/volumes/" + escaped(name))), parseVolume);
}

core::Pending<QList<Network>> networks(Engine &engine)
{
    return parsed(&engine, engine.send(get("/networks")), parseNetworks);
}

EventStream *storageEvents(Engine &engine, QObject *parent)
{
    QUrlQuery query;
    add(query, u"filters"_s,
        filters({{"type"_L1, QJsonArray{"volume"_L1, "network"_L1}},
            {"event"_L1, QJsonArray{"create"_L1, "destroy"_L1, "prune"_L1}}}));
    auto *stream = new EventStream(parent);
    engine.open(stream, get("/events", query));
    return stream;
}

core::Pending<void> removeVolume(Engine &engine, const QString &name)
{
    // A volume with millions of small files takes long to delete.
    return engine.send(deletion("/volumes/" + escaped(name), noDeadline)).map([](const http::Response &) {});
}

core::Pending<void> removeNetwork(Engine &engine, const QString &id)
{
    return engine.send(deletion("/networks/" + escaped(id), 60s)).map([](const http::Response &) {});
}

core::Pending<QList<ImageDeletion>> removeImageName(Engine &engine, const QString &reference)
{
    http::Request request = deletion(imagePath(reference, ""), noDeadline); // tens of gigabytes of layers
    request.query.addQueryItem(u"noprune"_s, u"1"_s);
    return parsed(&engine, engine.send(request), parseImageDeletions);
}

QString cacheRecordFilter(const QString &id)
{
    static const QRegularExpression madeByBuildKit(u"^[0-9a-zA-Z]{8,128}$"_s);
    if (!madeByBuildKit.match(id).hasMatch())
        return {};
    // The daemon reads the value as a regular expression that may match anywhere: `id~=VALUE`.
    return filters({{"id"_L1, QJsonArray{u"\"^%1$\""_s.arg(id)}}});
}

core::Pending<QStringList> removeCacheRecord(Engine &engine, const QString &id)
{
    const QString filter = cacheRecordFilter(id);
    if (filter.isEmpty())
        return core::Pending<QStringList>::ready(
            core::Error{core::ErrorKind::Protocol, 0, u"“%1” is no id of a build cache record"_s.arg(id), {}});
    QUrlQuery query;
    query.addQueryItem(u"all"_s, u"1"_s); // else it spares the records that images share
    add(query, u"filters"_s, filter);
    http::Request request = post("/build/prune", query);
    request.deadline = noDeadline;
    return parsed(&engine, engine.send(request), parseCachesDeleted);
}

} // namespace docker
