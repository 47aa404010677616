#pragma once

#include <QString>
#include <optional>

namespace docker {

/** [domain/]path[:tag][@digest], or an id. Source: distribution/reference. */
bool isImageReference(const QString &text);
/** The reference with what Docker adds: "ubuntu" is "docker.io/library/ubuntu:latest". */
QString fullImageReference(const QString &reference);

/**
 * The name of an image taken apart by Docker's rules: "ubuntu" is docker.io, library/ubuntu, tag latest. A value.
 * Source: distribution/reference.
 */
struct ImageReference
{
    QString registry; ///< "docker.io", "nvcr.io", "localhost:5000"
    QString path; ///< "library/ubuntu", "nvidia/pytorch"
    QString tag; ///< empty only where there is a digest
    QString digest; ///< "sha256:…" or empty

    bool operator==(const ImageReference &) const = default;

    /** Unset for what is no reference, and for an image's id, which no registry is asked for. */
    static std::optional<ImageReference> parse(const QString &text);

    /** As people write it, without tag and digest: "ubuntu", "pytorch/pytorch", "nvcr.io/nvidia/pytorch". */
    QString repository() const;
    /** What follows the repository in a request; never empty, which would mean all tags. Of both, the digest counts. */
    QString version() const { return digest.isEmpty() ? tag : digest; }
    /** repository() with tag and digest, as far as there are any: "ubuntu:latest". */
    QString text() const;
    /** With everything: "docker.io/library/ubuntu:latest". */
    QString full() const;
};

} // namespace docker
