#include "launch/sampletraining.h"

#include "archives/tarwriter.h"
#include "docker/imagereference.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSysInfo>
#include <array>

/** A static library's resource must be brought in by hand, and outside of any namespace. */
static void bringInResource() { Q_INIT_RESOURCE(sample); }

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** Go's name of the machine the program, and with it the sample, was built for. */
QString architecture()
{
    struct Name
    {
        QLatin1String qt, go;
    };
    static constexpr std::array names
        = {Name{"x86_64"_L1, "amd64"_L1}, Name{"i386"_L1, "386"_L1}, Name{"power64"_L1, "ppc64le"_L1}};
    const QString built = QSysInfo::buildCpuArchitecture(); // "arm64", "arm", "riscv64" and "s390x" are Go's words too
    for (const Name &name : names) {
        if (built == name.qt)
            return name.go;
    }
    return built;
}

QString sha256(const QByteArray &bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

core::Result<QByteArray> resource(const QString &name)
{
    bringInResource();
    QFile file(u":/sample/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        return core::Error{
            core::ErrorKind::NotFound, 0, u"The sample training is missing in this build."_s, file.fileName()};
    return file.readAll();
}

core::Result<QByteArray> layer(qint64 made)
{
    const auto train = resource(u"train"_s);
    if (!train)
        return train.error();
    const auto passwd = resource(u"passwd"_s);
    if (!passwd)
        return passwd.error();
    archives::TarWriter tar(made);
    tar.addFolder("bin/", 0755);
    tar.addFile("bin/train", 0755, *train);
    tar.addFolder("etc/", 0755);
    tar.addFile("etc/passwd", 0644, *passwd);
    tar.addFolder("tmp/", 01777);
    tar.addFolder("workspace/", 0777); // whatever user the run has
    return tar.finish();
}

QByteArray imageConfig(qint64 made, const QString &layerDigest)
{
    const QString created = QDateTime::fromSecsSinceEpoch(made, Qt::UTC).toString(Qt::ISODate);
    const QJsonObject config{{u"Env"_s, QJsonArray{u"PATH=/bin"_s}}, {u"Entrypoint"_s, QJsonArray{u"/bin/train"_s}},
        {u"Cmd"_s, QJsonArray{u"--epochs"_s, u"20"_s}}, {u"WorkingDir"_s, u"/workspace"_s}};
    const QJsonObject image{{u"architecture"_s, architecture()}, {u"os"_s, u"linux"_s}, {u"created"_s, created},
        {u"config"_s, config},
        {u"rootfs"_s,
            QJsonObject{{u"type"_s, u"layers"_s}, {u"diff_ids"_s, QJsonArray{QString(u"sha256:"_s + layerDigest)}}}},
        {u"history"_s, QJsonArray{QJsonObject{{u"created"_s, created}, {u"created_by"_s, u"slipway"_s}}}}};
    return QJsonDocument(image).toJson(QJsonDocument::Compact);
}

} // namespace

QString sampleImageName() { return u"slipway/sample-training:latest"_s; }

RunConfig sampleTraining()
{
    RunConfig config;
    config.image = sampleImageName();
    config.command = {u"--epochs"_s, u"20"_s, u"--lr"_s, u"0.005"_s, u"--steps"_s, u"150"_s, u"--step-ms"_s, u"20"_s};
    config.removeWhenFinished = false;
    return config;
}

bool usesSampleImage(const RunConfig &config)
{
    return docker::fullImageReference(config.image) == docker::fullImageReference(sampleImageName());
}

core::Result<QByteArray> sampleImageTar()
{
    bringInResource();
    // The resource keeps the time the program was built; with it the image has the same id each time it is made.
    const qint64 made = QFileInfo(u":/sample/train"_s).lastModified().toSecsSinceEpoch();
    const auto layerTar = layer(made);
    if (!layerTar)
        return layerTar.error();
    const QString layerDigest = sha256(*layerTar);
    const QByteArray config = imageConfig(made, layerDigest);
    const QString configName = sha256(config) + u".json"_s;
    const QString layerName = layerDigest + u"/layer.tar"_s;
    const QJsonArray manifest{QJsonObject{{u"Config"_s, configName}, {u"RepoTags"_s, QJsonArray{sampleImageName()}},
        {u"Layers"_s, QJsonArray{layerName}}}};
    archives::TarWriter tar(made);
    tar.addFile("manifest.json", 0644, QJsonDocument(manifest).toJson(QJsonDocument::Compact));
    tar.addFile(configName.toLatin1(), 0644, config);
    tar.addFile(layerName.toLatin1(), 0644, *layerTar);
    return tar.finish();
}

} // namespace launch
