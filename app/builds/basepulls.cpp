#include "builds/basepulls.h"

#include <QDateTime>

namespace builds {

using namespace Qt::StringLiterals;

BasePulls::BasePulls(transfers::Transfers &transfers, QObject *parent)
    : QObject(parent)
    , m_transfers(transfers)
{
    connect(&transfers, &transfers::Transfers::changed, this, [this](int id) {
        if (id == m_pull)
            tell(nullptr);
    });
    connect(&transfers, &transfers::Transfers::finished, this,
        [this](int id, const core::Result<transfers::Outcome> &result) {
            if (id == m_pull)
                ended(result);
        });
}

BasePulls::~BasePulls()
{
    m_transfers.disconnect(this);
    if (m_pull != 0) // somebody else may want it still
        m_transfers.letGo(m_pull);
}

void BasePulls::start(const QStringList &images, const QString &platform, bool always)
{
    m_images = images;
    m_platform = platform;
    m_always = always;
    QMetaObject::invokeMethod(this, &BasePulls::next, Qt::QueuedConnection);
}

void BasePulls::next()
{
    if (m_images.isEmpty()) {
        Q_EMIT finished({});
        return;
    }
    if (m_always)
        return pull();
    m_transfers.isHere(m_images.first()).then(this, [this](const core::Result<bool> &here) {
        if (!here) {
            Q_EMIT finished(here.error());
        } else if (*here) {
            m_images.removeFirst();
            next();
        } else {
            pull();
        }
    });
}

void BasePulls::pull()
{
    m_started = QDateTime::currentMSecsSinceEpoch();
    m_pull = m_transfers.pull(*docker::ImageReference::parse(m_images.first()), m_platform);
    tell(nullptr);
}

void BasePulls::tell(const core::Result<transfers::Outcome> *end)
{
    const transfers::Transfer *transfer = m_transfers.find(m_pull);
    StepEvent step;
    step.step = u"pull "_s + m_images.first();
    step.name = tr("Pull %1").arg(m_images.first());
    step.started = m_started;
    if (end) {
        step.completed = QDateTime::currentMSecsSinceEpoch();
        step.error = *end ? QString() : end->error().message;
    }
    StepEvent part;
    part.kind = StepEvent::Kind::Status;
    part.step = step.step;
    part.name = tr("Layers");
    part.current = transfer ? transfer->progress.bytes() : 0;
    part.total = transfer ? transfer->progress.bytesTotal().value_or(0) : 0;
    part.done = end != nullptr;
    Q_EMIT told({step, part});
}

void BasePulls::ended(const core::Result<transfers::Outcome> &result)
{
    const bool cancelled = !result && result.error().kind == core::ErrorKind::Aborted; // where transfers are shown
    if (!cancelled)
        tell(&result);
    m_pull = 0;
    const QString image = m_images.takeFirst();
    if (result)
        return next();
    core::Error error = result.error();
    if (error.kind == core::ErrorKind::Unauthorized)
        m_refused = image;
    if (!cancelled)
        error.detail
            = QStringList{tr("The base image %1 could not be pulled.").arg(image), error.detail}.join(u' ').trimmed();
    Q_EMIT finished(error);
}

QString BasePulls::text() const
{
    const transfers::Transfer *transfer = m_transfers.find(m_pull);
    if (!transfer)
        return {};
    const QString soFar = transfers::progressText(*transfer);
    return soFar.isEmpty() ? tr("Pulling %1…").arg(transfer->image.text())
                           : tr("Pulling %1: %2").arg(transfer->image.text(), soFar);
}

} // namespace builds
