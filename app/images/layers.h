#pragma once

#include "docker/imagefiles.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace images {

/** One step of an image's making: of most comes a layer of files, some only set something. A value. */
struct Layer
{
    int number = 0; ///< from 1, in the order of building
    QString command; ///< "RUN pip install torch", on one line
    QString wholeCommand; ///< as the daemon tells it
    qint64 size = 0; ///< bytes
    qint64 created = 0; ///< Unix seconds
    QString chain; ///< of this and all layers below it; equal where images share them; empty: no files
    QStringList sharedWith; ///< ids of other images that have it

    bool operator==(const Layer &) const = default;
};

/** How much of an image would go with it. */
struct OwnSize
{
    qint64 own = 0; ///< bytes
    qint64 shared = 0; ///< bytes of layers that other images have too
    QStringList sharedWith; ///< ids of those

    bool operator==(const OwnSize &) const = default;
};

/** The builder's notation as people write it in a Dockerfile: without shells, `#(nop)`, arguments' count, white space.
 */
QString plainCommand(const QString &createdBy);

/** For each layer what it and all below it are: OCI's ChainID. Source: opencontainers/image-spec config.md. */
QStringList chainsOf(const QStringList &diffIds);

/**
 * The layers in the order of building. history: newest first, as the daemon tells it; diffIds: RootFS.Layers. The API
 * does not say which steps made no layer of files: those that cannot have made one by their command, of the rest
 * those without bytes.
 */
QList<Layer> layersOf(const QList<docker::HistoryEntry> &history, const QStringList &diffIds);

/** Fills in sharedWith of each from the layers (diff ids) of all images, this one's left out, and sums it up. */
OwnSize share(QList<Layer> &layers, const QString &id, const QHash<QString, QStringList> &diffIdsOfAll);

} // namespace images
