#pragma once

#include "docker/types.h"

#include <QHash>
#include <QList>
#include <optional>

namespace docker {

/**
 * How far a pull or a push is, layer by layer, from the steps of a PullStream. Bytes are those that go over the
 * network; they may fall when the daemon tries a layer again. A value. FACTS.md section 5.
 */
class PullProgress
{
public:
    /** A layer's way, in this order except for trying again. */
    enum class Stage { Waiting, Moving, Retrying, Moved, Unpacking, Done, Present };
    /** What is known of one layer. */
    struct Layer
    {
        QString id; ///< 12 hex digits
        Stage stage = Stage::Waiting;
        qint64 current = 0; ///< bytes over the network
        qint64 size = 0; ///< bytes to go over it in all; 0: not known
        qint64 unpacked = 0; ///< of `size`, where the daemon counts bytes
        int seconds = -1; ///< until it is tried again; of unpacking so far, where the daemon counts those; −1: neither
        QString mountedFrom; ///< of a push: the repository in which the registry has it already

        bool operator==(const Layer &) const = default;
    };

    void take(const PullStep &step);

    /** In the order in which they were first heard of. */
    const QList<Layer> &layers() const { return m_layers; }
    /** "Downloading 3 of 8 MiB", "Trying again in 5 s", "Already here". */
    QString layerText(const Layer &layer) const;

    /** Unpacked (of a push: sent), or there already. */
    int layersDone() const;
    qint64 bytes() const;
    /** Unset until the size of every layer is known: a daemon learns it when a layer's turn comes. */
    std::optional<qint64> bytesTotal() const;
    /** What of the layers whose size is known has still to come: at least so much. */
    qint64 remainingAtLeast() const;
    /** Of a layer's two ways, over the network and onto the disk, 0 … 1; unset while a size is missing. */
    std::optional<double> fraction() const;
    /** The registry did not go on with a layer, and the daemon waits to ask again. */
    bool retrying() const;
    /** All is downloaded, and not all unpacked. */
    bool unpacking() const;
    bool pushing() const { return m_pushing; }

    /** "sha256:…" of the image, once told. */
    const QString &digest() const { return m_digest; }
    /** The image here was the registry's newest. */
    bool upToDate() const { return m_upToDate; }
    /** The daemon has told how it ended: at the end of a pull nothing more need be asked. */
    bool concluded() const { return m_concluded; }

    /** "3 of 7 layers, 1.2 of 3.4 GiB"; empty before the first layer is known. */
    QString text() const;

private:
    static std::optional<Stage> stageOf(const QString &status);
    void takeOfWhole(const QString &status);
    void move(Layer &layer, const PullStep &step);

    QList<Layer> m_layers;
    QHash<QString, qsizetype> m_indexes; ///< by id
    QString m_digest;
    bool m_pushing = false;
    bool m_upToDate = false;
    bool m_concluded = false;
};

} // namespace docker
