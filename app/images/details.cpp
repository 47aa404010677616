#include "images/details.h"

#include "docker/jsonreader.h"

namespace images {

using namespace Qt::StringLiterals;

QStringList diffIdsOf(const docker::ImageDetail &image)
{
    return docker::JsonReader(image.raw).object("RootFS"_L1).strings("Layers"_L1);
}

Details detailsOf(const docker::ImageDetail &image, const QList<docker::HistoryEntry> &history)
{
    const docker::JsonReader raw(image.raw);
    const docker::JsonReader config = raw.object("Config"_L1);
    Details details;
    details.id = image.id;
    details.platform = QStringList{image.os, image.architecture, raw.string("Variant"_L1)}.join(u'/');
    while (details.platform.endsWith(u'/'))
        details.platform.chop(1);
    details.author = raw.string("Author"_L1);
    details.created = raw.time("Created"_L1);
    details.size = image.size;
    details.env = image.env;
    details.entrypoint = image.entrypoint;
    details.command = image.cmd;
    details.workingDir = image.workingDir;
    details.user = image.user;
    details.ports = config.object("ExposedPorts"_L1).raw().keys();
    details.volumes = config.object("Volumes"_L1).raw().keys();
    details.labels = config.stringMap("Labels"_L1);
    details.diffIds = diffIdsOf(image);
    details.layers = layersOf(history, details.diffIds);
    return details;
}

} // namespace images
