#pragma once

#include "core/result.h"

#include <QString>

namespace builds {

/** What a generated Dockerfile is made of; what is empty is left out. */
struct DockerfileTemplate
{
    QString base; ///< "pytorch/pytorch:2.3.0-cuda12.1-cudnn8-runtime"
    QString repository; ///< address for git clone; empty: the folder itself is copied
    QString reference; ///< branch or tag
    QString requirements; ///< path in the code: "requirements.txt"
    QString workdir = QStringLiteral("/workspace");
    QString command; ///< "python train.py"
    bool installGit = false; ///< the base has no git, and has apt

    QString text() const;
    /** A sentence on what is missing or cannot be; empty when it can be generated. */
    QString problem() const;
};

/** Writes a new file; Conflict, and nothing happens, where there is one and overwrite is false. Blocks on the disk. */
core::Result<void> saveDockerfile(const QString &path, const QString &text, bool overwrite);

} // namespace builds
