#include "cleanup/advice.h"

#include "cleanup/holders.h"
#include "core/units.h"

#include <QFileInfo>
#include <QHash>
#include <algorithm>
#include <array>

namespace cleanup {

using namespace Qt::StringLiterals;
using settings::Lockable;

namespace {

/** Bytes written in a container from which on they are worth a word. */
constexpr qint64 worthAWord = 1024 * 1024;
const QString logGoesToo = u"its log goes with it"_s;

void protect(Candidate &candidate)
{
    candidate.verdict = Verdict::Protected;
    candidate.reason = u"protected: "_s + candidate.reason;
}

// ---- containers

QString logWords(const inventory::Container &container, const Holders &holders)
{
    const runs::Record *record = holders.recordOf(container);
    if (record && !record->logFile.isEmpty())
        return u"its log is kept in %1"_s.arg(record->logFile);
    return container.hasLogs ? logGoesToo : u"it has no log"_s;
}

Candidate ofContainer(const inventory::Container &container, const Holders &holders)
{
    Candidate item;
    item.kind = Kind::StoppedContainer;
    item.id = container.id;
    item.name = container.name;
    item.size = holders.sizeOf(container.id);
    item.created = container.created;
    item.lastUse = container.finishedAt;
    if (container.phase == inventory::Phase::Created) {
        item.reason = u"never started"_s;
        return item;
    }
    const QString log = logWords(container, holders);
    const bool logGoes = log == logGoesToo;
    const bool wrote = item.size >= worthAWord;
    item.verdict = logGoes || wrote ? Verdict::Careful : Verdict::Safe;
    item.reason = inventory::exitText(container.phase, container.exitCode) + u"; "_s + log;
    if (wrote)
        item.reason += u"; %1 written in it go too"_s.arg(core::bytesText(item.size));
    return item;
}

// ---- images

QString registryOf(const QString &digest) { return digest.section(u'@', 0, 0); }

void adviseUnused(Candidate &item, const docker::ImageNode &image, const Holders &holders)
{
    const QStringList configs = holders.configsUsing(image);
    const QString built = holders.builtOn(image.id);
    QStringList why;
    if (!built.isEmpty())
        why.append(u"%1 is built on it and has to go first"_s.arg(built));
    if (!configs.isEmpty())
        why.append(u"used by configuration %1"_s.arg(configs.join(", "_L1)));
    if (image.repoDigests.isEmpty())
        why.append(u"may be the only copy: not known to be in a registry"_s);
    item.verdict = why.isEmpty() ? Verdict::Safe : Verdict::Careful;
    if (!image.repoDigests.isEmpty())
        why.append(u"can be pulled again: %1"_s.arg(registryOf(image.repoDigests.first())));
    item.reason = why.join("; "_L1);
}

Candidate ofImage(const docker::ImageNode &image, const Holders &holders)
{
    Candidate item;
    const bool dangling = image.repoTags.isEmpty();
    item.kind = dangling ? Kind::DanglingImage : Kind::UnusedImage;
    item.id = image.id;
    item.references = image.repoTags + image.repoDigests;
    const QString shortId = image.id.mid(image.id.indexOf(u':') + 1, 12);
    item.name = dangling ? shortId : image.repoTags.join(", "_L1);
    item.steps = holders.buildSteps(image);
    item.depth = holders.depth(image);
    item.size = image.size;
    if (const qint64 shared = holders.sharedOf(image.id); shared >= 0)
        item.surelyFree = std::max<qint64>(image.size - shared, 0);
    item.created = image.created;
    item.lastUse = holders.lastRunOf(image);
    if (!dangling) {
        adviseUnused(item, image, holders);
    } else if (!image.repoDigests.isEmpty()) {
        item.name = u"%1 (%2)"_s.arg(registryOf(image.repoDigests.first()), shortId);
        item.reason = u"has no tag; can be pulled again by its digest"_s;
    } else {
        item.reason = u"lost its name to a newer build; not known to be in a registry"_s;
    }
    if (!item.steps.isEmpty())
        item.reason += item.steps.size() == 1
            ? u"; 1 untagged image, a step of its build, goes with it"_s
            : u"; %1 untagged images, steps of its build, go with it"_s.arg(item.steps.size());
    return item;
}

// ---- the others

Candidate ofVolume(const docker::Volume &volume, const Holders &holders)
{
    Candidate item;
    item.kind = Kind::UnusedVolume;
    item.id = volume.name;
    item.stern = !volume.anonymous();
    item.name = item.stern ? volume.name : volume.name.left(12);
    item.size = holders.sizeOfVolume(volume.name);
    item.created = volume.created;
    item.verdict = Verdict::Careful;
    const bool empty = item.size == 0;
    item.reason = item.stern ? u"named volume: may hold data"_s : u"anonymous volume: no container uses it"_s;
    if (item.size > 0)
        item.reason = item.stern
            ? u"named volume: holds %1"_s.arg(core::bytesText(item.size))
            : u"anonymous volume: holds %1, no container uses it"_s.arg(core::bytesText(item.size));
    if (empty)
        item.reason = item.stern ? u"named volume, empty"_s : u"anonymous volume, empty"_s;
    if (empty && !item.stern)
        item.verdict = Verdict::Safe;
    return item;
}

Candidate ofNetwork(const docker::Network &network)
{
    Candidate item;
    item.kind = Kind::UnusedNetwork;
    item.id = network.id;
    item.name = network.name;
    item.created = network.created;
    const QString project = network.labels.value(u"com.docker.compose.project"_s);
    item.reason = project.isEmpty() ? u"no container is attached; “docker network create” makes it again"_s
                                    : u"of the compose project %1, which makes it again"_s.arg(project);
    return item;
}

/** BuildKit's words for a record as the line of the Dockerfile that made it. */
QString recordName(const docker::CacheRecord &record)
{
    static const QList<std::pair<QString, QString>> beginnings{{u"mount / from exec "_s, u"RUN "_s},
        {u"fileop target"_s, u"COPY or ADD"_s}, {u"http url http://build-context-"_s, u"build context "_s},
        {u"local source for context"_s, u"build context"_s}, {u"local source for dockerfile"_s, u"Dockerfile"_s},
        {u"pulled from "_s, u"FROM "_s}, {u"from local"_s, u"FROM an image here"_s}};
    for (const auto &[theirs, ours] : beginnings) {
        if (record.description.startsWith(theirs))
            return ours + record.description.mid(theirs.size()).trimmed();
    }
    return record.description.isEmpty() ? record.id.left(12) : record.description;
}

Candidate ofRecord(const docker::CacheRecord &record)
{
    Candidate item;
    item.kind = Kind::BuildCache;
    item.id = record.id;
    item.name = recordName(record);
    item.parents = record.parents;
    item.size = record.size;
    item.surelyFree = record.shared ? 0 : record.size;
    item.created = record.created;
    item.lastUse = record.lastUsed;
    item.reason = record.shared               ? u"an image has these bytes too: frees nothing while that stays"_s
        : record.type == "exec.cachemount"_L1 ? u"what a RUN --mount=type=cache kept: the next build fetches it again"_s
                                              : u"the next build that needs it takes longer"_s;
    return item;
}

} // namespace

QList<Candidate> candidates(const Stock &stock, const settings::Protection &protection)
{
    const Holders holders(stock);
    QList<Candidate> list;
    const auto take = [&list](Candidate item, bool locked) {
        if (locked)
            protect(item);
        list.append(std::move(item));
    };
    for (const inventory::Container &container : stock.containers) {
        if (!container.running() && container.phase != inventory::Phase::Removing)
            take(ofContainer(container, holders), protection.contains(Lockable::Container, container.id));
    }
    for (const docker::ImageNode &image : stock.images) {
        if (holders.imageHeld(image))
            continue;
        take(ofImage(image, holders),
            protection.containsAny(Lockable::Image, image.repoTags + image.repoDigests + QStringList{image.id}));
    }
    for (const docker::Volume &volume : stock.volumes) {
        if (!holders.volumeHeld(volume.name))
            take(ofVolume(volume, holders), protection.contains(Lockable::Volume, volume.name));
    }
    for (const docker::Network &network : stock.networks) {
        if (!network.builtIn() && !holders.networkHeld(network))
            take(ofNetwork(network), false);
    }
    if (stock.usage) {
        for (const docker::CacheRecord &record : stock.usage->buildCache) {
            if (!record.inUse)
                take(ofRecord(record), false);
        }
    }
    return list;
}

QString commandText(Command command)
{
    static constexpr std::array texts = {"docker container prune"_L1, "docker image prune"_L1,
        "docker image prune -a"_L1, "docker builder prune"_L1, "docker volume prune"_L1};
    static_assert(texts.size() == commandCount);
    return texts[size_t(command)];
}

QString commandHint(Command command)
{
    switch (command) {
    case Command::ContainerPrune:
        return u"“docker container prune” removes every stopped container. Here it only ticks them."_s;
    case Command::ImagePrune:
        return u"“docker image prune” removes images without a tag that no container uses. Here it only ticks them."_s;
    case Command::ImagePruneAll:
        return u"“docker image prune -a” removes every image no container uses, even if a saved configuration wants it or it may be the only copy."_s;
    case Command::BuilderPrune:
        return u"“docker builder prune” removes the build cache that no image shares. Here it only ticks it."_s;
    case Command::VolumePrune:
        return u"“docker volume prune” removes unused volumes, with older Docker named ones too. Here it ticks only the anonymous ones."_s;
    }
    return {};
}

bool wouldRemove(Command command, const Candidate &candidate)
{
    if (candidate.verdict == Verdict::Protected)
        return false;
    switch (command) {
    case Command::ContainerPrune:
        return candidate.kind == Kind::StoppedContainer;
    case Command::ImagePrune:
        return candidate.kind == Kind::DanglingImage;
    case Command::ImagePruneAll:
        return candidate.isImage();
    case Command::BuilderPrune:
        return candidate.kind == Kind::BuildCache && candidate.surelyFree > 0;
    case Command::VolumePrune:
        return candidate.kind == Kind::UnusedVolume && !candidate.stern;
    }
    return false;
}

} // namespace cleanup
