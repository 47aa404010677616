#include "launch/launchjob.h"

#include "core/log.h"
#include "core/offload.h"
#include "docker/imagereference.h"
#include "launch/sampletraining.h"
#include "recipe/createbody.h"
#include "recipe/rules.h"

#include <QRegularExpression>
#include <algorithm>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

constexpr std::chrono::milliseconds betweenTold{300};
constexpr int mostNames = 20;

/** "pytorch:24.05" of "nvcr.io/nvidia/pytorch:24.05". */
QString shortName(const QString &image) { return image.section(u'@', 0, 0).section(u'/', -1); }

} // namespace

LaunchJob::LaunchJob(docker::Engine &engine, RunConfig config, LaunchOptions options, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_config(std::move(config))
    , m_options(std::move(options))
{
}

template <typename T, typename F> void LaunchJob::then(core::Pending<T> pending, F f)
{
    m_step = std::move(pending).then(this, [this, state = m_state, f](core::Result<T> answer) {
        if (m_state == state)
            f(std::move(answer));
    });
}

void LaunchJob::start()
{
    if (m_state != State::Fresh)
        return;
    m_state = State::Preparing;
    if (usesSampleImage(m_config) || pullWhen() == PullWhen::Missing)
        findImage();
    else if (pullWhen() == PullWhen::Always)
        pull();
    else
        askLabels();
}

// ---- the image

LaunchJob::PullWhen LaunchJob::pullWhen() const
{
    const auto option = std::ranges::find(m_config.options, u"pull"_s, &Option::name);
    if (option == m_config.options.end() || option->value == "missing"_L1)
        return PullWhen::Missing;
    return option->value == "always"_L1 ? PullWhen::Always : PullWhen::Never; // so does Docker's client with ""
}

void LaunchJob::findImage()
{
    then(m_engine.inspectImage(m_config.image), [this](const core::Result<docker::ImageDetail> &image) {
        if (image)
            askLabels();
        else if (image.error().kind != core::ErrorKind::NotFound)
            fail(image.error());
        else if (usesSampleImage(m_config))
            makeSample();
        else
            pull();
    });
}

void LaunchJob::makeSample()
{
    Q_EMIT progressed(tr("Making the sample's image…"));
    then(core::offload(this, sampleImageTar), [this](const core::Result<QByteArray> &tar) {
        if (!tar)
            return fail(tar.error());
        then(m_engine.loadImage(*tar), [this](const core::Result<QString> &loaded) {
            if (!loaded)
                return fail(loaded.error());
            askLabels();
        });
    });
}

void LaunchJob::pull()
{
    m_state = State::Preparing;
    m_hasPulled = true;
    const std::optional<docker::ImageReference> name = docker::ImageReference::parse(m_config.image);
    if (!name)
        return askLabels(); // an id: the daemon has it or nobody
    if (!m_options.transfers)
        m_options.transfers = new transfers::Transfers(m_engine, {}, this);
    const transfers::Transfers *transfers = m_options.transfers;
    m_pull = m_options.transfers->pull(*name, m_config.platform);
    connect(transfers, &transfers::Transfers::changed, this, [this](int id) {
        if (id == m_pull)
            tellPull();
    });
    connect(transfers, &transfers::Transfers::finished, this,
        [this](int id, const core::Result<transfers::Outcome> &result) {
            if (id == m_pull)
                pulled(result ? core::Result<void>() : core::Result<void>(result.error()));
        });
    tellPull();
}

void LaunchJob::tellPull()
{
    const transfers::Transfer *transfer = m_options.transfers->find(m_pull);
    if (!transfer || !transfer->running())
        return;
    const QString image = shortName(m_config.image);
    const QString soFar = transfers::progressText(*transfer);
    Q_EMIT progressed(soFar.isEmpty() ? tr("Pulling %1…").arg(image) : tr("Pulling %1: %2").arg(image, soFar));
}

void LaunchJob::pulled(const core::Result<void> &result)
{
    m_pull = 0;
    m_options.transfers->disconnect(this);
    if (m_state != State::Preparing)
        return; // aborted
    if (result)
        return askLabels();
    core::Error error = result.error();
    if (error.detail.isEmpty() && error.kind != core::ErrorKind::Unauthorized) // there it is why nobody is signed in
        error.detail = tr("The image %1 is not on this host and could not be pulled.").arg(m_config.image);
    fail(error);
}

/** As when the image here is of another platform than the one asked for, or was removed a moment ago. */
bool LaunchJob::wantsPullAfter(const core::Error &refusal) const
{
    static const QRegularExpression lacksImage(
        u"no such image|does not match the specified platform"_s, QRegularExpression::CaseInsensitiveOption);
    return refusal.kind == core::ErrorKind::NotFound && lacksImage.match(refusal.message).hasMatch() && !m_hasPulled
        && pullWhen() == PullWhen::Missing && !usesSampleImage(m_config)
        && docker::ImageReference::parse(m_config.image);
}

// ---- the container

void LaunchJob::askLabels()
{
    if (!m_options.labels)
        return create({});
    then(m_options.labels(), [this](const core::Result<QList<QPair<QString, QString>>> &labels) {
        if (!labels)
            return fail(labels.error());
        create(*labels);
    });
}

void LaunchJob::create(const QList<QPair<QString, QString>> &labels)
{
    if (m_aborted)
        return; // its end is on the way
    m_state = State::Preparing; // nothing is asked for yet: an abort need not wait
    Q_EMIT progressed(tr("Creating the container…"));
    ShellContext context;
    if (const auto &version = m_engine.version())
        context.api = {version->major, version->minor};
    m_labels = labels;
    RunConfig labelled = m_config;
    labelled.labels += labels;
    // The files that options name may lie in a dead network folder.
    then(core::offload(this, [labelled, context] { return createRequest(labelled, context); }),
        [this](const core::Result<CreateRequest> &request) {
            if (m_aborted)
                return; // its end is on the way
            if (!request)
                return fail(request.error());
            m_state = State::Creating;
            then(m_engine.createContainer(request->body, request->name, request->platform),
                [this](const core::Result<docker::Created> &answer) { created(answer); });
        });
}

void LaunchJob::created(const core::Result<docker::Created> &answer)
{
    if (!answer && m_aborted)
        return fail({core::ErrorKind::Aborted, 0, u"aborted"_s, {}});
    if (!answer && wantsPullAfter(answer.error()))
        return pull();
    if (!answer && isNameTaken(answer.error()))
        return takeNextName(answer.error());
    if (!answer) {
        core::Error error = answer.error();
        if (error.kind == core::ErrorKind::NotFound)
            error.detail = tr("The image %1 is not on this host.").arg(m_config.image);
        return fail(error);
    }
    m_launched.id = answer->id;
    m_launched.warnings = answer->warnings;
    m_launched.name = m_config.name;
    if (m_aborted)
        fail({core::ErrorKind::Aborted, 0, u"aborted"_s, {}});
    else if (m_config.name.isEmpty())
        askName();
    else
        attach();
}

bool LaunchJob::isNameTaken(const core::Error &refusal) const
{
    return m_options.nextFreeName && !m_config.name.isEmpty() && refusal.kind == core::ErrorKind::Conflict
        && refusal.message.contains("is already in use"_L1) && m_namesTried < mostNames;
}

/** Asked for only now: whoever launches the same at the same time may just have taken the one that was free. */
void LaunchJob::takeNextName(const core::Error &refusal)
{
    ++m_namesTried;
    then(m_engine.containers(), [this, refusal](const core::Result<QList<docker::ContainerSummary>> &containers) {
        if (!containers)
            return fail(refusal);
        QStringList taken{m_config.name};
        for (const docker::ContainerSummary &container : *containers)
            taken += container.name;
        m_config.name = freeName(m_config.name, taken);
        create(m_labels);
    });
}

void LaunchJob::askName()
{
    // Before the start: with --rm a short run is gone right after it.
    then(m_engine.inspectContainer(m_launched.id), [this](const core::Result<docker::ContainerDetail> &detail) {
        m_launched.name = detail ? detail->name : m_launched.id.left(12);
        attach();
    });
}

void LaunchJob::attach()
{
    m_state = State::Attaching;
    m_missing = 1;
    const auto accepted = [this](const core::Result<void> &result) {
        if (!result)
            return fail(result.error());
        attached();
    };
    if (m_options.waitForEnd) {
        using WaitFor = docker::Engine::WaitFor;
        ++m_missing;
        auto waiting = m_engine.waitContainer(
            m_launched.id, m_config.removeWhenFinished ? WaitFor::Removed : WaitFor::NextExit, this);
        m_end = std::move(waiting.end);
        then(std::move(waiting.registered), accepted);
    }
    if (m_options.attach)
        then(m_options.attach(m_launched.id, m_launched.name, m_config.tty), accepted);
    else if (m_options.output)
        openOutput();
    else
        attached();
}

void LaunchJob::openOutput()
{
    m_output = m_engine.attach(m_launched.id, m_config.tty, false, this);
    connect(m_output, &docker::OutputStream::output, m_output, m_options.output);
    connect(m_output, &docker::Stream::opened, this, &LaunchJob::attached);
    connect(m_output, &docker::Stream::closed, this, [this](const core::Result<void> &result) {
        if (m_state == State::Done)
            return; // handed over
        m_output->deleteLater();
        m_output.clear();
        if (m_state == State::Attaching)
            fail(result
                    ? core::Error{core::ErrorKind::Unreachable, 0, u"the daemon closed the container's output"_s, {}}
                    : result.error());
    });
}

void LaunchJob::attached()
{
    if (m_state == State::Attaching && --m_missing == 0)
        run();
}

void LaunchJob::run()
{
    m_state = State::Starting;
    Q_EMIT progressed(tr("Starting %1…").arg(m_launched.name));
    then(m_engine.startContainer(m_launched.id), [this](const core::Result<void> &started) {
        if (!started)
            return fail(started.error());
        m_launched.output = m_output;
        finish(m_launched);
    });
}

void LaunchJob::abort()
{
    if (m_aborted || m_state >= State::Undoing)
        return;
    m_aborted = true;
    // Whether an aborted create made a container nobody could tell: its answer is waited for, with the id to remove.
    if (m_state == State::Creating && m_launched.id.isEmpty())
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            fail({core::ErrorKind::Aborted, 0, u"aborted"_s, {}});
        },
        Qt::QueuedConnection);
}

void LaunchJob::fail(const core::Error &error)
{
    if (m_state >= State::Undoing)
        return;
    m_state = State::Undoing;
    m_step.abort();
    m_end.abort();
    if (m_pull != 0) // somebody else may want it still
        m_options.transfers->letGo(std::exchange(m_pull, 0));
    if (m_output)
        m_output->stop();
    if (m_launched.id.isEmpty())
        return finish(error);
    // The only removal that asks no lock: the container is one that this job has just made, which nobody can have
    // protected. Its nameless volumes were made with it. With --rm the daemon may be quicker: NotFound, or Conflict
    // while it is at it.
    m_engine.removeContainer(m_launched.id, {.force = true, .volumes = true})
        .then(this, [this, error](const core::Result<void> &removed) {
            core::Error told = error;
            if (!removed && removed.error().kind != core::ErrorKind::NotFound
                && removed.error().kind != core::ErrorKind::Conflict) {
                qCWarning(core::lcLaunch) << "not removed:" << m_launched.id << removed.error().message;
                told.detail = tr("The container %1 could not be removed again: %2")
                                  .arg(m_launched.name, removed.error().message);
            }
            finish(told);
        });
}

void LaunchJob::finish(const core::Result<Launched> &result)
{
    m_state = State::Done;
    Q_EMIT finished(result);
}

} // namespace launch
