#include "builds/buildrequest.h"

#include "core/units.h"
#include "docker/imagereference.h"
#include "recipe/startcommand.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QRegularExpression>
#include <algorithm>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("builds::BuildRequest", text); }

QJsonObject objectOf(const QMap<QString, QString> &map)
{
    QJsonObject object;
    for (auto it = map.begin(); it != map.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

QMap<QString, QString> mapOf(const QJsonObject &object)
{
    QMap<QString, QString> map;
    for (auto it = object.begin(); it != object.end(); ++it)
        map.insert(it.key(), it.value().toString());
    return map;
}

} // namespace

QString BuildRequest::dockerfilePath() const
{
    return QDir::cleanPath(QDir(context).absoluteFilePath(dockerfile.isEmpty() ? u"Dockerfile"_s : dockerfile));
}

QString BuildRequest::dockerfileInContext() const
{
    // A link may lead out of the context, and another link to the context into it.
    const auto below = [](const QString &path, const QString &folder) {
        const QString begin = folder.endsWith(u'/') ? folder : QString(folder + u'/');
        return path.startsWith(begin) ? path.mid(begin.size()) : QString();
    };
    const QString real = QFileInfo(dockerfilePath()).canonicalFilePath();
    return real.isEmpty() ? below(dockerfilePath(), QDir::cleanPath(context))
                          : below(real, QFileInfo(context).canonicalFilePath());
}

QString BuildRequest::title() const
{
    return names.isEmpty() ? QFileInfo(QDir::cleanPath(context)).fileName() : names.first();
}

QList<RequestProblem> problemsOf(const BuildRequest &request)
{
    using Field = RequestProblem::Field;
    QList<RequestProblem> problems;
    const QFileInfo folder(request.context);
    if (request.context.isEmpty())
        problems.append({Field::Context, tr("Choose the folder with the Dockerfile.")});
    else if (!folder.exists())
        problems.append({Field::Context, tr("There is no folder “%1”.").arg(request.context)});
    else if (!folder.isDir())
        problems.append({Field::Context, tr("“%1” is a file. Choose its folder.").arg(request.context)});
    else if (!folder.isReadable() || !folder.isExecutable())
        problems.append({Field::Context, tr("You may not read the folder “%1”.").arg(request.context)});
    const QFileInfo file(request.dockerfilePath());
    if (problems.isEmpty() && !file.exists())
        problems.append({Field::Dockerfile,
            request.dockerfile.isEmpty() ? tr("There is no Dockerfile in this folder.")
                                         : tr("There is no file “%1”.").arg(request.dockerfile)});
    else if (problems.isEmpty() && (!file.isFile() || !file.isReadable()))
        problems.append({Field::Dockerfile, tr("“%1” cannot be read.").arg(file.filePath())});
    for (const QString &name : request.names) {
        const auto reference = docker::ImageReference::parse(name);
        if (!reference || !reference->digest.isEmpty())
            problems.append({Field::Name,
                tr("“%1” is no name for an image: small letters, digits, and . _ - / with a tag after a colon.")
                    .arg(name)});
    }
    static const QRegularExpression argumentName(u"^[A-Za-z_][A-Za-z0-9_.-]*$"_s);
    for (const QString &name : request.args.keys()) {
        if (!argumentName.match(name).hasMatch())
            problems.append({Field::Argument, tr("“%1” is no name for a build argument.").arg(name)});
    }
    static const QRegularExpression platform(u"^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$"_s);
    if (!request.platform.isEmpty() && !platform.match(request.platform).hasMatch())
        problems.append(
            {Field::Platform, tr("“%1” is no platform: they look like linux/amd64.").arg(request.platform)});
    return problems;
}

bool looksSecret(const QString &argument, const QString &value)
{
    static const QRegularExpression words(
        u"(TOKEN|PASSWORD|PASSWD|PASS|PWD|SECRET|CREDENTIAL|APIKEY|API_KEY|ACCESS_KEY|PRIVATE|AUTH)"_s
        u"|(^|_)KEY($|_)"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression address(u"://[^/@\\s]*:[^/@\\s]+@"_s);
    return words.match(argument).hasMatch() || address.match(value).hasMatch();
}

QString dockerLine(const BuildRequest &request)
{
    QStringList words{u"docker"_s, u"build"_s};
    for (const QString &name : request.names)
        words << u"-t"_s << name;
    if (!request.dockerfile.isEmpty())
        words << u"-f"_s << request.dockerfilePath();
    if (!request.target.isEmpty())
        words << u"--target"_s << request.target;
    for (auto it = request.args.begin(); it != request.args.end(); ++it)
        words << u"--build-arg"_s
              << (looksSecret(it.key(), it.value()) || request.withheld.contains(it.key())
                         ? it.key()
                         : QString(it.key() + u'=' + it.value()));
    for (auto it = request.labels.begin(); it != request.labels.end(); ++it)
        words << u"--label"_s << it.key() + u'=' + it.value();
    if (!request.network.isEmpty())
        words << u"--network=%1"_s.arg(request.network);
    if (request.noCache)
        words << u"--no-cache"_s;
    if (request.pull)
        words << u"--pull"_s;
    if (!request.platform.isEmpty())
        words << u"--platform=%1"_s.arg(request.platform);
    if (request.shmSize > 0)
        words << u"--shm-size=%1"_s.arg(core::dockerBytes(request.shmSize));
    words << request.context;
    const QString line = recipe::shellJoin(words);
    return request.via == BuildRequest::Via::Classic ? QString(u"DOCKER_BUILDKIT=0 "_s + line)
                                                     : QString(u"DOCKER_BUILDKIT=1 "_s + line);
}

QJsonObject toJson(const BuildRequest &request)
{
    QJsonObject args;
    QJsonArray secrets;
    for (auto it = request.args.begin(); it != request.args.end(); ++it) {
        if (looksSecret(it.key(), it.value()) || request.withheld.contains(it.key()))
            secrets.append(it.key());
        else
            args.insert(it.key(), it.value());
    }
    return {{"context"_L1, request.context}, {"dockerfile"_L1, request.dockerfile},
        {"names"_L1, QJsonArray::fromStringList(request.names)}, {"target"_L1, request.target}, {"args"_L1, args},
        {"secretArgs"_L1, secrets}, {"labels"_L1, objectOf(request.labels)}, {"network"_L1, request.network},
        {"platform"_L1, request.platform}, {"shmSize"_L1, QString::number(request.shmSize)},
        {"noCache"_L1, request.noCache}, {"pull"_L1, request.pull}, {"via"_L1, int(request.via)}};
}

BuildRequest requestFromJson(const QJsonObject &object)
{
    BuildRequest request;
    request.context = object["context"_L1].toString();
    request.dockerfile = object["dockerfile"_L1].toString();
    for (const QJsonValue &name : object["names"_L1].toArray())
        request.names.append(name.toString());
    request.target = object["target"_L1].toString();
    request.args = mapOf(object["args"_L1].toObject());
    for (const QJsonValue &name : object["secretArgs"_L1].toArray()) {
        request.args.insert(name.toString(), QString());
        request.withheld.append(name.toString());
    }
    request.labels = mapOf(object["labels"_L1].toObject());
    request.network = object["network"_L1].toString();
    request.platform = object["platform"_L1].toString();
    request.shmSize = object["shmSize"_L1].toString().toLongLong();
    request.noCache = object["noCache"_L1].toBool();
    request.pull = object["pull"_L1].toBool();
    request.via = BuildRequest::Via(qBound(0, object["via"_L1].toInt(), 2));
    return request;
}

QString withoutSecrets(const BuildRequest &request, QString text)
{
    QStringList values;
    for (auto it = request.args.begin(); it != request.args.end(); ++it) {
        if (looksSecret(it.key(), it.value()) || request.withheld.contains(it.key()))
            values << it.value() << it.value().simplified(); // as names of steps are shown
    }
    values.removeAll(QString());
    // The longest first: of one that holds another nothing may be left over.
    std::sort(values.begin(), values.end(), [](const QString &a, const QString &b) { return a.size() > b.size(); });
    for (const QString &value : std::as_const(values))
        text.replace(value, u"•••"_s);
    return text;
}

} // namespace builds
