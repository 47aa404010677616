#include "builds/dockerfiletemplate.h"

#include "docker/imagereference.h"
#include "recipe/startcommand.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStringList>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("builds::DockerfileTemplate", text); }

/** Credentials in an address end up in the image's history for everybody to read. */
bool holdsPassword(const QString &address)
{
    static const QRegularExpression userInfo(u"://[^/@\\s]*:[^/@\\s]+@|://[^/@\\s]{16,}@"_s);
    return userInfo.match(address).hasMatch();
}

QString installLine(const QString &file)
{
    return u"RUN pip install --no-cache-dir -r %1\n"_s.arg(recipe::shellQuote(file));
}

/** The exec form where the words need no shell, else the shell's. */
QString commandLine(const QString &command)
{
    static const QRegularExpression plain(u"^[\\w./=:,+@%-]+( [\\w./=:,+@%-]+)*$"_s);
    if (!plain.match(command).hasMatch())
        return u"CMD %1\n"_s.arg(command);
    const QJsonArray words = QJsonArray::fromStringList(command.split(u' '));
    return u"CMD %1\n"_s.arg(
        QString::fromUtf8(QJsonDocument(words).toJson(QJsonDocument::Compact)).replace(u","_s, u", "_s));
}

} // namespace

QString DockerfileTemplate::text() const
{
    QString made = u"FROM %1\n\nWORKDIR %2\n"_s.arg(base, workdir);
    if (installGit && !repository.isEmpty())
        made += u"\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends git ca-certificates \\\n"
                " && rm -rf /var/lib/apt/lists/*\n"_s;
    if (!repository.isEmpty()) {
        // The clone is cached: another REF makes it again, and so does "No cache".
        made += u"\nARG REF=%1\nRUN git clone %2 . \\\n && git checkout \"$REF\"\n"_s.arg(
            recipe::shellQuote(reference.isEmpty() ? u"HEAD"_s : reference), recipe::shellQuote(repository));
        if (!requirements.isEmpty())
            made += installLine(requirements);
    } else {
        // First the list, then the rest: a change in the code does not install everything again.
        if (!requirements.isEmpty())
            made += u"\nCOPY %1 %1\n"_s.arg(requirements) + installLine(requirements);
        made += u"\nCOPY . .\n"_s;
    }
    if (!command.trimmed().isEmpty())
        made += u"\n"_s + commandLine(command.simplified());
    return made;
}

QString DockerfileTemplate::problem() const
{
    if (base.trimmed().isEmpty())
        return tr("Say which image to begin with.");
    if (!docker::isImageReference(base))
        return tr("“%1” is no name of an image.").arg(base);
    if (holdsPassword(repository))
        return tr("The address holds a password or token, which everybody with the image could read. Use an address "
                  "without one, or leave it empty to copy the folder.");
    if (repository.contains(u'\n') || requirements.contains(u'\n') || requirements.contains(u' '))
        return tr("The path of the requirements must be one word.");
    if (!workdir.startsWith(u'/'))
        return tr("The working folder begins with a slash.");
    return {};
}

core::Result<void> saveDockerfile(const QString &path, const QString &text, bool overwrite)
{
    if (!overwrite && (QFileInfo(path).isSymLink() || QFileInfo::exists(path)))
        return core::Error{core::ErrorKind::Conflict, 0, tr("There is a file “%1” already.").arg(path), {}};
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly)) {
        file.write(text.toUtf8());
        if (file.commit())
            return {};
    }
    return core::Error{core::ErrorKind::Denied, 0, u"%1: %2"_s.arg(path, file.errorString()), {}};
}

} // namespace builds
