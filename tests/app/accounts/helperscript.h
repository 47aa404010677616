#pragma once

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

/** A folder first in PATH, for programs docker-credential-NAME that are shell scripts. */
class HelperFolder
{
public:
    HelperFolder() { qputenv("PATH", QFile::encodeName(m_folder.path()) + ':' + qgetenv("PATH")); }

    bool add(const QString &name, const QByteArray &script) const
    {
        QFile file(m_folder.filePath(QStringLiteral("docker-credential-") + name));
        if (!file.open(QIODevice::WriteOnly))
            return false;
        file.write("#!/bin/sh\n" + script + '\n');
        return file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
};

/** Keeps one sign-in, under that very name of a server, as the helpers of docker-credential-helpers do. */
inline QByteArray keepsOne(const QByteArray &server, const QByteArray &user, const QByteArray &secret)
{
    return "case $1 in\nget) IFS= read -r asked; [ \"$asked\" = '" + server
        + "' ] || { echo credentials not found in native keychain; exit 1; }\n"
          "echo '{\"ServerURL\":\""
        + server + "\",\"Username\":\"" + user + "\",\"Secret\":\"" + secret + "\"}' ;;\nlist) echo '{\"" + server
        + "\":\"" + user + "\"}' ;;\nesac";
}
