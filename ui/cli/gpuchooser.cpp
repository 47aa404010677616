#include "cli/gpuchooser.h"

#include "cli/say.h"
#include "inventory/gpuchoice.h"

#include <QDir>
#include <QFile>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace cli {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto askAgain = 50ms;
/** Another launch may be pulling its image: better the same GPU than none for so long. */
constexpr auto longestWait = 60s;

/** "1", "0 and 1", "0, 1 and 3". */
QString listed(QStringList words)
{
    const QString last = words.takeLast();
    return words.isEmpty() ? last : QString(words.join(u", "_s) + u" and "_s + last);
}

} // namespace

/** For all users, who share the GPUs: a file that one of them made and the others may only read is enough to lock. */
Turn::Turn()
{
    const QString folder = QDir::tempPath();
    if (folder.isEmpty())
        return; // TMPDIR names none that is there
    const QByteArray path = QFile::encodeName(folder + u"/slipway-choosing-gpus"_s);
    constexpr int how = O_RDONLY | O_CLOEXEC | O_NOFOLLOW;
    m_fd = ::open(path.constData(), how);
    if (m_fd < 0) // only then with O_CREAT, which a kernel may refuse for a file of somebody else's
        m_fd = ::open(path.constData(), how | O_CREAT, 0644);
}

Turn::~Turn()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

bool Turn::take() { return m_fd < 0 || ::flock(m_fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK; }

GpuChooser::GpuChooser(const http::Endpoint &endpoint, const recipe::GpuRequest &request)
    : m_endpoint(endpoint)
    , m_request(request)
{
}

void GpuChooser::start()
{
    m_waited.start();
    awaitTurn();
}

void GpuChooser::awaitTurn()
{
    if (!m_turn.take() && std::chrono::milliseconds(m_waited.elapsed()) < longestWait) {
        QTimer::singleShot(askAgain, this, &GpuChooser::awaitTurn);
        return;
    }
    m_look = std::make_unique<GpuLook>(m_endpoint);
    connect(m_look.get(), &GpuLook::finished, this, &GpuChooser::pick);
    connect(m_look.get(), &GpuLook::gaveUp, this, [this](int seconds) {
        Q_EMIT finished(core::Error{core::ErrorKind::Timeout, 0,
            u"The GPU driver has not answered for %1 s, so no GPU can be chosen."_s.arg(seconds), {}});
    });
}

void GpuChooser::pick()
{
    const inventory::GpuState &state = m_look->state();
    const auto offers = inventory::gpuOffers(
        state.snapshot(), [&](const QString &uuid) { return state.users(uuid); },
        [&](const QString &uuid) { return state.waiting(uuid); });
    if (offers.isEmpty() && state.snapshot().trouble) {
        const gpu::Trouble &trouble = *state.snapshot().trouble;
        Q_EMIT finished(core::Error{core::ErrorKind::Conflict, 0, trouble.sentence, trouble.detail});
        return;
    }
    const auto picked = inventory::pickGpus(m_request.count, m_request.minFree, offers);
    if (picked)
        tell(*picked, offers);
    Q_EMIT finished(picked);
}

void GpuChooser::tell(const QStringList &uuids, const QList<inventory::GpuOffer> &offers)
{
    QStringList texts;
    for (const QString &uuid : uuids) {
        const inventory::GpuOffer *offer = inventory::findOffer(offers, uuid);
        QStringList others = offer->askedBy;
        if (offer->busy())
            others.prepend(offer->userNames());
        texts += others.isEmpty() ? u"%1 (%2)"_s.arg(offer->place, uuid)
                                  : u"%1 (%2, shared with %3)"_s.arg(offer->place, uuid, listed(others));
    }
    complain((texts.size() == 1 ? u"Taking GPU %1."_s : u"Taking GPUs %1."_s).arg(listed(texts)));
}

} // namespace cli
