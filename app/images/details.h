#pragma once

#include "images/layers.h"

#include <QMap>

namespace images {

/** What is known of one image beyond its row in the table. A value. */
struct Details
{
    QString id;
    QString platform; ///< "linux/amd64"
    QString author;
    qint64 created = 0; ///< Unix seconds
    qint64 size = 0; ///< bytes, shared layers included
    QStringList env;
    QStringList entrypoint;
    QStringList command;
    QString workingDir;
    QString user; ///< empty: root
    QStringList ports; ///< "8888/tcp"
    QStringList volumes;
    QMap<QString, QString> labels;
    QStringList diffIds; ///< of its layers of files, from the lowest
    QList<Layer> layers;
    OwnSize sizes; ///< meaningful once sharingKnown
    bool sharingKnown = false; ///< the layers of all other images are known
};

Details detailsOf(const docker::ImageDetail &image, const QList<docker::HistoryEntry> &history);
/** RootFS.Layers of what an image's inspection answered. */
QStringList diffIdsOf(const docker::ImageDetail &image);

} // namespace images
