#include "cleanup/holders.h"

#include "docker/imagereference.h"

#include <algorithm>

namespace cleanup {

using namespace Qt::StringLiterals;

Holders::Holders(const Stock &stock)
    : m_stock(stock)
    , m_images(stock.images)
{
    QSet<QString> present;
    for (const inventory::Container &container : stock.containers) {
        present.insert(container.id);
        m_imagesInUse.insert(container.imageId);
    }
    for (const docker::ContainerUse &use : stock.uses) {
        if (!present.contains(use.id))
            continue; // gone since
        m_imagesInUse.insert(use.imageId);
        m_volumes.unite(QSet<QString>(use.volumes.begin(), use.volumes.end()));
        m_networks.unite(QSet<QString>(use.networks.begin(), use.networks.end()));
    }
    if (stock.usage) {
        for (const docker::ContainerUse &use : stock.usage->containers)
            m_containerSizes.insert(use.id, use.sizeRw);
        for (const docker::Volume &volume : stock.usage->volumes)
            m_volumeSizes.insert(volume.name, volume.size);
        for (const docker::ImageNode &image : stock.usage->images)
            m_shared.insert(image.id, image.sharedSize);
    }
    for (const runs::SavedConfig &saved : stock.configs)
        takeConfig(saved);
    for (const runs::Record &record : stock.records) {
        qint64 &last = m_lastRuns[record.imageId];
        last = std::max({last, record.started, record.finished});
        if (!record.containerId.isEmpty())
            m_records.insert(record.containerId, &record);
    }
}

void Holders::takeConfig(const runs::SavedConfig &saved)
{
    QString wanted = saved.file.config.image;
    if (!saved.readable() || wanted.isEmpty())
        return;
    for (const recipe::Parameter &parameter : saved.file.config.parameters) {
        if (parameter.fallback)
            wanted.replace(u"${%1}"_s.arg(parameter.name), *parameter.fallback);
    }
    // A blank that each launch fills in may mean anything: what stands before it decides, if there is something.
    const qsizetype blank = wanted.indexOf("${"_L1);
    if (blank > 0)
        m_openConfigs.append({wanted.left(blank), saved.name});
    else if (blank < 0)
        m_configs[wanted.startsWith("sha256:"_L1) ? wanted : docker::fullImageReference(wanted)].append(saved.name);
}

bool Holders::imageHeld(const docker::ImageNode &image) const
{
    return m_imagesInUse.contains(image.id) || m_images.isStep(image);
}

bool Holders::networkHeld(const docker::Network &network) const
{
    return m_networks.contains(network.id) || m_networks.contains(network.name);
}

QStringList Holders::configsUsing(const docker::ImageNode &image) const
{
    QStringList names = m_configs.value(image.id);
    for (const QString &reference : image.repoTags + image.repoDigests) {
        const QString full = docker::fullImageReference(reference);
        names += m_configs.value(full);
        for (const auto &[start, name] : m_openConfigs) {
            if (reference.startsWith(start) || full.contains(u'/' + start))
                names.append(name);
        }
    }
    names.removeDuplicates();
    return names;
}

QString Holders::builtOn(const QString &imageId) const
{
    QStringList open = m_images.children(imageId);
    QSet<QString> seen;
    QString untagged;
    while (!open.isEmpty()) {
        const QString id = open.takeFirst();
        if (seen.contains(id)) // garbage: nothing is its own ancestor
            continue;
        seen.insert(id);
        const docker::ImageNode *node = m_images.node(id);
        if (!node->repoTags.isEmpty())
            return node->repoTags.first();
        if (m_images.children(id).isEmpty())
            untagged = id.mid(id.indexOf(u':') + 1, 12);
        open += m_images.children(id);
    }
    return untagged;
}

QStringList Holders::buildSteps(const docker::ImageNode &image) const
{
    return m_images.stepsOf({image.id}, m_imagesInUse);
}

int Holders::depth(const docker::ImageNode &image) const
{
    int depth = 0;
    const docker::ImageNode *at = m_images.node(image.parentId);
    for (; at && depth < m_stock.images.size(); at = m_images.node(at->parentId))
        ++depth;
    return depth;
}

} // namespace cleanup
