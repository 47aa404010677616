#include "images/savedusers.h"

#include "docker/imagereference.h"

#include <QRegularExpression>
#include <algorithm>

namespace images {

using docker::ImageReference;
using inventory::Image;
using namespace Qt::StringLiterals;

namespace {

bool hasDigest(const Image &image, const ImageReference &wanted)
{
    return std::any_of(image.digests.begin(), image.digests.end(), [&](const QString &text) {
        const auto digest = ImageReference::parse(text);
        return digest && digest->registry == wanted.registry && digest->path == wanted.path
            && digest->digest == wanted.digest;
    });
}

/** The rows of that repository; where the image has only other names, those. */
QStringList keysOfDigest(const QList<Image> &images, const ImageReference &wanted)
{
    QStringList keys;
    QStringList others;
    for (const Image &image : images) {
        if (!hasDigest(image, wanted))
            continue;
        const auto name = ImageReference::parse(image.reference());
        const bool same = name && name->registry == wanted.registry && name->path == wanted.path;
        (same ? keys : others).append(image.key());
    }
    return keys.isEmpty() ? others : keys;
}

/** An id, or the first digits of one. */
bool isIdOf(const QString &text, const Image &image)
{
    static const QRegularExpression id(u"^(?:sha256:)?([0-9a-f]{4,64})$"_s);
    const auto match = id.match(text);
    return match.hasMatch() && image.id.section(u':', -1).startsWith(match.captured(1));
}

} // namespace

QHash<QString, QStringList> savedUsers(const QList<Image> &images, const QList<runs::SavedConfig> &configs)
{
    QHash<QString, QStringList> keysOfName; // as Docker completes it
    for (const Image &image : images) {
        if (!image.repository.isEmpty())
            keysOfName[docker::fullImageReference(image.reference())].append(image.key());
    }
    QHash<QString, QStringList> users;
    for (const runs::SavedConfig &config : configs) {
        const QString text = config.file.config.image;
        if (!config.readable() || text.isEmpty())
            continue;
        QStringList keys;
        if (const auto wanted = ImageReference::parse(text); wanted && wanted->digest.isEmpty()) {
            keys = keysOfName.value(wanted->full());
        } else if (wanted) {
            keys = keysOfDigest(images, *wanted);
        }
        for (const Image &image : images) { // a name goes before an id, as at the daemon
            if (keys.isEmpty() && isIdOf(text, image))
                users[image.key()].append(config.name);
        }
        for (const QString &key : std::as_const(keys))
            users[key].append(config.name);
    }
    return users;
}

} // namespace images
