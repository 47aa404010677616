#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QProcessEnvironment>
#include <QString>
#include <functional>
#include <utility>

namespace recipe {

/** A file of this machine that an option names: regular, at most 4 MiB, or a sentence why it cannot be read. */
core::Result<QByteArray> readLocalFile(const QString &path);

/** Where a line is typed and for which daemon: what its variables, relative folders and files mean. */
struct ShellContext
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    QString folder; ///< $PWD, $(pwd), "./x" and relative files; empty: the program's own
    /** Of --env-file, --label-file and seccomp profiles; gets an absolute path. */
    std::function<core::Result<QByteArray>(const QString &path)> readFile = readLocalFile;
    /** Of the daemon, {1, 41}: some options need a newer one, and the body differs. */
    std::pair<int, int> api = {1, 41};
    QString apiSocket = QStringLiteral("/var/run/docker.sock"); ///< of the daemon's host, for --use-api-socket

    /** The path seen from `folder`, cleaned. */
    QString absolute(const QString &path) const;
};

} // namespace recipe
