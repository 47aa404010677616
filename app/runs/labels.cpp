#include "runs/labels.h"

#include "models/imagename.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

namespace runs {

using namespace Qt::StringLiterals;

namespace {

constexpr auto runLabel = "io.slipway.run"_L1;
constexpr auto nameLabel = "io.slipway.name"_L1;
constexpr auto recipeLabel = "io.slipway.recipe"_L1;
constexpr auto lineLabel = "io.slipway.line"_L1;
constexpr QLatin1String imageLabel = models::imageNameLabel;
constexpr auto imageIdLabel = "io.slipway.image-id"_L1;
constexpr auto digestLabel = "io.slipway.image-digest"_L1;
constexpr auto commitLabel = "io.slipway.commit"_L1;
constexpr auto changedLabel = "io.slipway.uncommitted"_L1; ///< folders of commits, one a line
constexpr auto gpusLabel = "io.slipway.gpus"_L1;
constexpr auto originLabel = "io.slipway.origin"_L1;
constexpr auto launchedLabel = "io.slipway.launched-at"_L1;
constexpr auto versionLabel = "io.slipway.version"_L1;

/** The words of the label, which every version of Slipway has to understand. */
const QList<QPair<Origin, QString>> &originWords()
{
    static const QList<QPair<Origin, QString>> words{{Origin::Wizard, u"wizard"_s}, {Origin::Sample, u"sample"_s},
        {Origin::CommandLine, u"command-line"_s}, {Origin::RunAgain, u"run-again"_s}};
    return words;
}

QString commitsText(const QList<Commit> &commits)
{
    QStringList lines;
    for (const Commit &commit : commits)
        lines += commit.hash + u' ' + commit.folder;
    return lines.join(u'\n');
}

QString changedText(const QList<Commit> &commits)
{
    QStringList folders;
    for (const Commit &commit : commits) {
        if (commit.changed)
            folders += commit.folder;
    }
    return folders.join(u'\n');
}

void takeState(Record &record, const inventory::Container &container)
{
    record.exitCode = container.exitCode;
    record.oomKilled = container.phase == inventory::Phase::OutOfMemory;
    record.started = container.startedAt;
    record.finished = container.finishedAt;
    if (container.running())
        record.stage = Stage::Running;
    else
        record.stage = container.phase == inventory::Phase::Created ? Stage::NotStarted : Stage::Ended;
}

} // namespace

QList<QPair<QString, QString>> toLabels(const Record &record)
{
    QList<QPair<QString, QString>> labels;
    const auto put = [&labels](QLatin1String name, const QString &value) {
        if (!value.isEmpty())
            labels += {QString(name), value};
    };
    put(runLabel, record.id);
    put(nameLabel, record.configName);
    put(recipeLabel, QString::fromUtf8(QJsonDocument::fromJson(record.config).toJson(QJsonDocument::Compact)));
    put(lineLabel, record.line);
    put(imageLabel, record.image);
    put(imageIdLabel, record.imageId);
    put(digestLabel, record.imageDigest);
    put(commitLabel, commitsText(record.commits));
    put(changedLabel, changedText(record.commits));
    put(gpusLabel, record.gpus.join(u','));
    put(launchedLabel, QDateTime::fromSecsSinceEpoch(record.created, Qt::UTC).toString(Qt::ISODate));
    put(versionLabel, QCoreApplication::applicationVersion());
    for (const auto &[origin, word] : originWords()) {
        if (origin == record.origin)
            put(originLabel, word);
    }
    return labels;
}

std::optional<Record> fromLabels(const inventory::Container &container, const QString &host)
{
    const auto label = [&container](QLatin1String name) { return container.labels.value(name); };
    if (label(runLabel).isEmpty())
        return std::nullopt;
    Record record;
    record.id = label(runLabel);
    record.configName = label(nameLabel);
    record.config = QJsonDocument::fromJson(label(recipeLabel).toUtf8()).toJson();
    record.line = label(lineLabel);
    record.host = host;
    record.containerId = container.id;
    record.containerName = container.name;
    record.image = label(imageLabel).isEmpty() ? container.image : label(imageLabel);
    record.imageId = label(imageIdLabel);
    record.imageDigest = label(digestLabel);
    const QStringList changed = label(changedLabel).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : label(commitLabel).split(u'\n', Qt::SkipEmptyParts)) {
        const QString folder = line.section(u' ', 1);
        record.commits += Commit{folder, line.section(u' ', 0, 0), changed.contains(folder)};
    }
    record.gpus = label(gpusLabel).split(u',', Qt::SkipEmptyParts);
    record.created = QDateTime::fromString(label(launchedLabel), Qt::ISODate).toSecsSinceEpoch();
    for (const auto &[origin, word] : originWords()) {
        if (word == label(originLabel))
            record.origin = origin;
    }
    record.elsewhere = true;
    takeState(record, container);
    return record;
}

} // namespace runs
