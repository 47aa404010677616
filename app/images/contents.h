#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace images {

/** Something an image says it holds, and where it says so. */
struct Content
{
    QString what; ///< "PyTorch"
    QString value; ///< "2.4.0a0"
    QString source; ///< "PYTORCH_VERSION", a variable or label

    bool operator==(const Content &) const = default;
};

/** What the environment ("NAME=value") and the labels tell of the programs in an image, the weightiest first. */
QList<Content> contentsOf(const QStringList &env, const QMap<QString, QString> &labels);

/**
 * What NVIDIA_REQUIRE_CUDA asks of the machine's driver, for people: "550 or newer (CUDA 12.4), or a data centre driver
 * 470, 535". Empty where it tells nothing. Source: nvidia-container-toolkit's requirements; CUDA's release notes.
 */
QString driverFor(const QString &requireCuda);

} // namespace images
