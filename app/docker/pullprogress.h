#pragma once

#include "docker/types.h"

#include <QHash>
#include <optional>

namespace docker {

/**
 * How far a pull is, from the steps of a PullStream. Bytes are those that come over the network; they may fall when the
 * daemon tries a layer again. A value.
 */
class PullProgress
{
public:
    void take(const PullStep &step);

    int layers() const { return int(m_layers.size()); }
    /** Unpacked, or here already. */
    int layersDone() const;
    qint64 bytes() const;
    /** Unset until the size of every layer is known: a daemon learns it when a layer's turn comes. */
    std::optional<qint64> bytesTotal() const;
    /** The registry did not go on with a layer, and the daemon waits to ask again. */
    bool retrying() const;
    /** All is downloaded, and not all unpacked. */
    bool unpacking() const;

    /** "3 of 7 layers, 1.2 of 3.4 GiB"; empty before the first layer is known. */
    QString text() const;

private:
    /** A layer's way, in this order except for trying again. */
    enum class Stage { Known, Downloading, Retrying, Downloaded, Done, Present };
    /** What is known of one layer. */
    struct Layer
    {
        Stage stage = Stage::Known;
        qint64 current = 0; ///< bytes downloaded
        qint64 size = 0; ///< bytes to download; 0: not known
    };
    static std::optional<Stage> stageOf(const QString &status);

    QHash<QString, Layer> m_layers; ///< by id
};

} // namespace docker
