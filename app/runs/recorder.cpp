#include "runs/recorder.h"

#include "docker/imagereference.h"
#include "dockerline/dockerline.h"
#include "recipe/configfile.h"
#include "recipe/resolve.h"
#include "runs/labels.h"

#include <QDateTime>
#include <QJsonArray>
#include <QTimer>
#include <QUuid>
#include <chrono>
#include <memory>

namespace runs {

using namespace Qt::StringLiterals;

namespace {

/** A server that does not answer may keep a launch waiting for so long. */
constexpr std::chrono::seconds commitPatience{2};

/** After this long nobody is still launching it. */
constexpr qint64 launchPatience = 600;

qint64 now() { return QDateTime::currentSecsSinceEpoch(); }

QStringList gpusOf(const recipe::GpuRequest &request)
{
    using Kind = recipe::GpuRequest::Kind;
    QStringList gpus;
    switch (request.kind) {
    case Kind::None:
    case Kind::Any: // not decided
        break;
    case Kind::All:
        return {u"all"_s};
    case Kind::Count: // the daemon takes the first
        for (int i = 0; i < request.count; ++i)
            gpus += QString::number(i);
        break;
    case Kind::Devices:
        return request.devices;
    }
    return gpus;
}

/** The registry's name for exactly this image; of several the one of the repository that was asked for. */
QString digestOf(const docker::ImageDetail &image, const QString &reference)
{
    const auto repository = [](const QString &name) {
        const QString full = docker::fullImageReference(name).section(u'@', 0, 0);
        const qsizetype colon = full.lastIndexOf(u':');
        return colon > full.lastIndexOf(u'/') ? full.left(colon) : full;
    };
    QString first;
    for (const QJsonValue &value : image.raw["RepoDigests"_L1].toArray()) {
        const QString digest = value.toString();
        if (repository(digest) == repository(reference))
            return digest;
        if (first.isEmpty())
            first = digest;
    }
    return first;
}

} // namespace

Recorder::Recorder(History &history, docker::Engine &engine, const QString &host, QObject *parent)
    : QObject(parent)
    , m_history(history)
    , m_engine(engine)
    , m_host(host)
{
}

// ---- launches

/** A run again asks for an image by its id or digest: people know it by the name that it had then. */
QString Recorder::imageName(const QString &image) const
{
    for (const Record &record : m_history.records()) {
        if ((record.imageDigest == image || record.imageId == image) && !record.image.isEmpty())
            return record.image;
    }
    return image;
}

QString Recorder::begin(const Launch &launch, launch::LaunchOptions &options)
{
    Record record;
    record.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    record.configName = launch.configName;
    record.config = recipe::toJson(recipe::escaped(launch.config)); // has no blanks any more
    record.line = dockerline::dockerRunLine(launch.config);
    record.host = m_host;
    record.containerName = launch.config.name;
    record.image = imageName(launch.config.image);
    record.commits = launch.commits;
    if (const recipe::CodeStep &code = launch.config.code; record.commits.isEmpty() && !code.commit.isEmpty())
        record.commits = {{code.folder, code.commit}};
    record.gpus = gpusOf(launch.config.gpus);
    record.created = now();
    record.logFile = launch.logFile;
    record.origin = launch.origin;
    m_launching.insert(record.id, record);
    recipe::RunConfig code; // without secrets, which need not lie about
    code.code = launch.config.code;
    code.mounts = launch.config.mounts;
    code.workingDir = launch.config.workingDir;
    code.image = launch.config.image;
    options.labels = [self = QPointer(this), id = record.id, code] {
        return self ? self->writeDown(id, code) : core::Pending<Labels>::ready(Labels());
    };
    return record.id;
}

core::Pending<Recorder::Labels> Recorder::writeDown(const QString &id, const recipe::RunConfig &code)
{
    const core::Promise<Labels> promise;
    const auto image = std::make_shared<core::Result<docker::ImageDetail>>(core::Error());
    const auto write = [this, id, image, promise](const core::Result<void> &) {
        if (!m_launching.contains(id))
            return promise.answer(Labels()); // taken back
        Record &record = m_launching[id];
        record.created = now(); // its image may have been pulled for an hour
        if (*image) {
            record.imageId = (*image)->id;
            record.imageDigest = digestOf(**image, record.image);
        }
        // On the disk before there is a container; a launch does not fail for want of a history.
        m_history.put(record).then(
            this, [promise, record](const core::Result<void> &) { promise.answer(toLabels(record)); });
    };
    m_engine.inspectImage(code.image)
        .then(this, [this, id, code, image, write](const core::Result<docker::ImageDetail> &detail) {
            *image = detail;
            findCommits(id, code).then(this, write);
        });
    return promise.pending();
}

/** Answers when they are found, nobody knows, or the launch has waited long enough. */
core::Pending<void> Recorder::findCommits(const QString &id, const recipe::RunConfig &code)
{
    const core::Promise<void> promise;
    // What a step is pinned to is known, but not whether there are changes beside it.
    const auto known = [&] { return !m_launching[id].commits.isEmpty() && code.code.commit.isEmpty(); };
    if (!m_commitFinder || !m_launching.contains(id) || known()) {
        promise.answer(core::Result<void>());
        return promise.pending();
    }
    m_commitFinder(code).then(this, [this, id, promise](const core::Result<QList<Commit>> &commits) {
        if (commits)
            commitsFound(id, *commits);
        promise.answer(core::Result<void>());
    });
    QTimer::singleShot(commitPatience, this, [promise] { promise.answer(core::Result<void>()); });
    return promise.pending();
}

void Recorder::commitsFound(const QString &id, const QList<Commit> &commits)
{
    if (m_launching.contains(id))
        m_launching[id].commits = commits;
    const Record *known = m_history.find(id);
    if (!known)
        return; // not written down yet
    Record record = *known;
    record.commits = commits;
    m_history.put(record);
}

void Recorder::follow(const QString &id, launch::LaunchJob &job)
{
    connect(&job, &launch::LaunchJob::finished, this,
        [this, id](const core::Result<launch::Launched> &result) { launched(id, result); });
}

void Recorder::launched(const QString &id, const core::Result<launch::Launched> &result)
{
    const auto it = m_launching.find(id);
    if (it == m_launching.end())
        return;
    if (!result && result.error().kind == core::ErrorKind::Aborted) {
        m_launching.erase(it);
        m_history.remove({id}); // nothing came of it, as the person wanted
        return;
    }
    if (result) {
        it->containerId = result->id;
        it->containerName = result->name;
        it->stage = Stage::Running;
        it->started = now();
    } else {
        it->stage = Stage::NotStarted;
        it->note = result.error().message;
    }
    m_history.put(*it).then(this, [this, id](const core::Result<void> &) {
        const Record record = m_launching.take(id);
        // A short run may have ended before its container was known to be this run's.
        if (record.stage == Stage::Running && m_ends.contains(record.containerId))
            learnEnd(record, m_ends.value(record.containerId));
        if (m_launching.isEmpty())
            m_ends.clear();
    });
}

core::Pending<void> Recorder::ended(const QString &id, const docker::WaitResult &end)
{
    const Record *known = m_history.find(id);
    const Record record = m_launching.contains(id) ? m_launching[id] : known ? *known : Record();
    if (record.id.isEmpty())
        return core::Pending<void>::ready(core::Result<void>());
    return learnEnd(record, end.statusCode);
}

// ---- ends

core::Pending<void> Recorder::learnEnd(const Record &record, std::optional<int> exitCode)
{
    const core::Promise<void> promise;
    m_asking.insert(record.id);
    const auto tell = [this, id = record.id, promise](const End &end) {
        m_asking.remove(id);
        m_history.end(id, end).then(this, [promise](const core::Result<void> &written) { promise.answer(written); });
    };
    m_engine.inspectContainer(record.containerId)
        .then(
            this, [this, id = record.id, exitCode, tell, promise](const core::Result<docker::ContainerDetail> &detail) {
                const bool gone = !detail && detail.error().kind == core::ErrorKind::NotFound;
                const bool runs = detail && (detail->running || detail->status == "restarting"_L1);
                if (detail && !runs && detail->startedAt == 0)
                    tell({.stage = Stage::NotStarted, .note = tr("Slipway ended before it was started.")});
                else if (detail && !runs)
                    tell({.exitCode = detail->exitCode,
                        .oomKilled = detail->oomKilled,
                        .started = detail->startedAt,
                        .finished = detail->finishedAt});
                else if (!detail && exitCode)
                    tell({.exitCode = *exitCode, .finished = now()});
                else if (gone)
                    tell({.stage = Stage::EndUnknown});
                else {
                    m_asking.remove(id);
                    promise.answer(core::Result<void>());
                }
            });
    return promise.pending();
}

void Recorder::watch(inventory::Inventory &inventory)
{
    using inventory::Inventory;
    connect(&inventory, &Inventory::containerStarted, this, &Recorder::containerStarted);
    connect(&inventory, &Inventory::containerEnded, this, &Recorder::containerEnded);
    connect(&inventory, &Inventory::containerRemoved, this,
        [this](const QString &id) { containerEnded(id, std::nullopt); });
    const auto look = [this, &inventory] {
        if (inventory.link() == Inventory::Link::Lost)
            m_caughtUp = false;
        const bool known = m_history.loaded() && inventory.containersKnown();
        if (!m_caughtUp && known && inventory.link() == Inventory::Link::Live) {
            m_caughtUp = true;
            catchUp(inventory);
        }
    };
    connect(&inventory, &Inventory::linkChanged, this, look);
    connect(&inventory, &Inventory::containersChanged, this, look); // the first list comes after the link
    connect(&m_history, &History::loadedChanged, this, look);
    look();
}

void Recorder::containerStarted(const QString &containerId)
{
    const Record *known = m_history.ofContainer(containerId);
    if (!known || known->open())
        return;
    // Somebody has started it again: the run goes on.
    Record record = *known;
    record.stage = Stage::Running;
    record.finished = 0;
    record.oomKilled = false;
    m_history.put(record);
}

void Recorder::containerEnded(const QString &containerId, std::optional<int> exitCode)
{
    const Record *known = m_history.ofContainer(containerId);
    if (!known && exitCode && !m_launching.isEmpty())
        m_ends[containerId] = *exitCode;
    if (known && (known->open() || known->stage == Stage::EndUnknown) && !m_asking.contains(known->id))
        learnEnd(*known, exitCode);
}

void Recorder::catchUp(const inventory::Inventory &inventory)
{
    const QList<Record> records = m_history.records();
    for (const Record &record : records) {
        if (record.host == m_host && record.open() && !m_launching.contains(record.id) && !m_asking.contains(record.id))
            catchUp(inventory, record);
    }
}

void Recorder::catchUp(const inventory::Inventory &inventory, Record record)
{
    if (record.containerId.isEmpty()) {
        // Slipway ended between writing it down and hearing of its container.
        for (const inventory::Container &container : inventory.containers()) {
            const auto labelled = fromLabels(container, m_host);
            if (!labelled || labelled->id != record.id)
                continue;
            record.containerId = container.id;
            record.containerName = container.name;
            record.stage = Stage::Running;
            record.started = container.startedAt;
            m_history.put(record);
        }
    }
    if (record.containerId.isEmpty()) {
        if (record.created < now() - launchPatience)
            m_history.end(record.id, {.stage = Stage::NotStarted, .note = tr("Slipway ended before it was started.")});
        return;
    }
    const inventory::Container *container = inventory.container(record.containerId);
    if (!container || !container->running())
        learnEnd(record, std::nullopt);
}

} // namespace runs
