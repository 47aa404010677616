#include "recipe/shellcontext.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace recipe {

using namespace Qt::StringLiterals;

core::Result<QByteArray> readLocalFile(const QString &path)
{
    constexpr qint64 most = 4 << 20;
    const auto refused = [&path](core::ErrorKind kind, const QString &why) {
        return core::Error{kind, 0, u"The file %1 %2."_s.arg(path, why), {}};
    };
    const QFileInfo info(path);
    if (!info.exists())
        return refused(core::ErrorKind::NotFound, u"does not exist"_s);
    if (!info.isFile()) // a pipe or a device might never end
        return refused(core::ErrorKind::Denied, u"is no regular file"_s);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refused(core::ErrorKind::Denied, u"cannot be read (%1)"_s.arg(file.errorString()));
    if (file.size() > most)
        return refused(core::ErrorKind::Denied, u"is larger than 4 MiB"_s);
    return file.read(most);
}

QString ShellContext::absolute(const QString &path) const
{
    return QDir::cleanPath(QDir(folder.isEmpty() ? QDir::currentPath() : folder).filePath(path));
}

} // namespace recipe
