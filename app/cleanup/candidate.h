#pragma once

#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

namespace cleanup {

/** What can be cleaned up, in the order in which it has to go: a container holds its image, volumes and networks. */
enum class Kind { StoppedContainer, DanglingImage, UnusedImage, UnusedVolume, UnusedNetwork, BuildCache };
inline constexpr int kindCount = 6;

/** Whether something is lost with it. */
enum class Verdict {
    Safe, ///< it can be had again, or nobody can want it
    Careful, ///< it may hold what is nowhere else: reason says what
    Protected, ///< the person has locked it: never removed
};

/** One thing that can go, and what the person has to know of it first. A value. */
struct Candidate
{
    Kind kind = Kind::StoppedContainer;
    QString id; ///< a volume's name
    QString name; ///< as people know it
    QStringList references; ///< of an image: all its names, that is tags and digests
    QStringList steps; ///< of an image: ids of untagged images that it alone is built on, and that go with it, in order
    int depth = 0; ///< of an image: how many it is built on; the deepest goes first
    QStringList parents; ///< of a cache record
    qint64 size = -1; ///< bytes; −1: not computed
    qint64 surelyFree
        = -1; ///< of size, what no other image shares; −1: not computed; of a cache record 0: an image has it
    qint64 created = 0; ///< Unix seconds, as all times here; 0: unknown
    qint64 lastUse = 0;
    Verdict verdict = Verdict::Safe;
    QString reason; ///< in words
    bool stern = false; ///< a volume that somebody named: never ticked along with others

    bool operator==(const Candidate &) const = default;

    QString key() const { return QString::number(int(kind)) + QLatin1Char(' ') + id; }
    quint32 changedColumns(const Candidate &now) const { return *this == now ? 0 : ~quint32(0); }
    bool isImage() const { return kind == Kind::DanglingImage || kind == Kind::UnusedImage; }
};

/** "Stopped containers", as a heading. */
QString kindTitle(Kind kind);
/** "3 stopped containers", "1 dangling image". */
QString countText(Kind kind, qsizetype count);
/** "container", as it stands before a name. */
QString kindWord(Kind kind);

/** What the removal of some things frees, as far as it is known. */
struct Total
{
    int items = 0;
    qint64 atLeast = 0; ///< bytes that nothing else shares
    qint64 atMost = 0; ///< bytes where every shared layer went too
    int unknown = 0; ///< items whose size was not computed

    bool operator==(const Total &) const = default;
};

/** What is shared on one daemon, in bytes. */
struct Shared
{
    qint64 imagesOnDisk = -1; ///< all images, each layer once; −1: not known
    qint64 withCache = 0; ///< of these, what the build cache has too: it stays while either does
};

Total totalOf(const QList<Candidate> &items, const Shared &shared = {});
/** "34 GiB", "up to 34 GiB", "at least 3.2 GiB, up to 34 GiB"; empty where nothing is known. */
QString bytesText(const Total &total);
/** "Remove 12 items, up to 34 GiB…" */
QString removeText(const Total &total);

} // namespace cleanup

Q_DECLARE_METATYPE(cleanup::Candidate)
