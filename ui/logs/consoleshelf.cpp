#include "logs/consoleshelf.h"

#include "core/log.h"
#include "logs/logconsole.h"

#include <QEvent>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>

namespace logs {

using inventory::Container;
using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype mostKept = 8;
/** Logs whose container is gone: this is all there is left of them, but not for ever. */
constexpr qsizetype mostGoneKept = 12;
} // namespace

ConsoleShelf::Entry::~Entry()
{
    delete frame; // shows the feed's document
}

ConsoleShelf::ConsoleShelf(docker::Engine &engine, const inventory::Inventory &inventory, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_inventory(inventory)
{
    connect(&inventory, &inventory::Inventory::containerStarted, this, &ConsoleShelf::started);
    connect(&inventory, &inventory::Inventory::containerEnded, this, &ConsoleShelf::ended);
    connect(&inventory, &inventory::Inventory::containerRemoved, this, &ConsoleShelf::removed);
    connect(&inventory, &inventory::Inventory::containersChanged, this, &ConsoleShelf::takeNames);
    connect(&inventory, &inventory::Inventory::linkChanged, this, &ConsoleShelf::inspectWaiting);
}

ConsoleShelf::~ConsoleShelf() = default;

ConsoleShelf::Entry *ConsoleShelf::find(const QString &id) const
{
    const auto entry = std::find_if(m_entries.begin(), m_entries.end(), [&id](const auto &e) { return e->id == id; });
    return entry == m_entries.end() ? nullptr : entry->get();
}

ConsoleShelf::Entry &ConsoleShelf::add(const QString &id, const QString &name)
{
    auto entry = std::make_unique<Entry>();
    entry->id = id;
    entry->name = name;
    entry->frame = new QWidget;
    auto *layout = new QVBoxLayout(entry->frame);
    layout->setContentsMargins(0, 0, 0, 0);
    entry->frame->installEventFilter(this);
    m_entries.push_back(std::move(entry));
    forgetOldest();
    return *m_entries.back();
}

QWidget *ConsoleShelf::console(const QString &id)
{
    if (Entry *entry = find(id)) {
        const auto at
            = std::find_if(m_entries.begin(), m_entries.end(), [entry](const auto &e) { return e.get() == entry; });
        std::rotate(at, at + 1, m_entries.end());
        return entry->frame;
    }
    const Container *container = m_inventory.container(id);
    Entry &entry = add(id, container ? container->name : id.left(12));
    QWidget *frame = entry.frame;
    inspect(id);
    return frame;
}

void ConsoleShelf::inspect(const QString &id)
{
    // Whether it has a terminal decides how its bytes are read; only inspect tells.
    m_engine.inspectContainer(id).then(this, [this, id](const core::Result<docker::ContainerDetail> &detail) {
        if (detail)
            open(id, *detail);
        else
            qCInfo(core::lcUi) << "no log yet:" << detail.error().message; // asked again when the daemon is back
    });
}

void ConsoleShelf::inspectWaiting()
{
    if (m_inventory.link() != inventory::Inventory::Link::Live)
        return;
    for (const auto &entry : m_entries) {
        if (!entry->feed)
            inspect(entry->id);
    }
}

core::Pending<void> ConsoleShelf::attach(const QString &id, const QString &name, bool tty)
{
    Entry &entry = add(id, name);
    makeFeed(entry, tty);
    return entry.feed->attach();
}

void ConsoleShelf::makeFeed(Entry &entry, bool tty)
{
    entry.feed = std::make_unique<Feed>(m_engine.endpoint(), entry.id, tty);
    entry.console = new LogConsole(*entry.feed, entry.name);
    entry.frame->layout()->addWidget(entry.console);
    connect(entry.console, &LogConsole::startAgainRequested, this,
        [this, id = entry.id] { Q_EMIT startAgainRequested(id); });
    connect(
        entry.console, &LogConsole::duplicateRequested, this, [this, id = entry.id] { Q_EMIT duplicateRequested(id); });
    connect(entry.console->view(), &LogView::shown, this, [this, view = entry.console->view(), told = false]() mutable {
        const qint64 lines = view->document()->endLine() - view->document()->firstLine();
        if (lines > 0 && !std::exchange(told, true))
            Q_EMIT logShown(lines);
    });
}

void ConsoleShelf::open(const QString &id, const docker::ContainerDetail &detail)
{
    Entry *entry = find(id);
    if (!entry || entry->feed)
        return;
    makeFeed(*entry, detail.tty);
    if (!detail.running && detail.startedAt > 0)
        tellEnd(id, detail.exitCode, detail.oomKilled);
    entry->feed->open(detail.running, detail.raw["State"_L1]["StartedAt"_L1].toString());
    // It may have started or ended between that answer and now, when nobody was there to be told.
    const Container *container = m_inventory.container(id);
    if (container && container->detailed && container->running() != detail.running) {
        if (container->running())
            started(id);
        else
            ended(id, container->exitCode);
    }
}

void ConsoleShelf::forget(const QString &id)
{
    std::erase_if(m_entries, [&id](const auto &entry) { return entry->id == id; });
}

// ---- what happens to the containers

void ConsoleShelf::started(const QString &id)
{
    Entry *entry = find(id);
    if (!entry || !entry->feed)
        return;
    entry->feed->containerStarted();
    entry->console->containerStarted();
}

void ConsoleShelf::removed(const QString &id)
{
    const Entry *entry = find(id);
    if (entry && entry->console)
        entry->console->containerRemoved();
}

void ConsoleShelf::ended(const QString &id, int exitCode)
{
    const Entry *entry = find(id);
    if (!entry || !entry->feed)
        return;
    constexpr int killed = 137;
    if (exitCode != killed) {
        tellEnd(id, exitCode, false);
        return;
    }
    // Who killed it: the event does not tell. A restart policy may be quicker than the answer.
    m_engine.inspectContainer(id).then(
        this, [this, id, run = entry->feed->run()](const core::Result<docker::ContainerDetail> &detail) {
            tellEnd(id, killed, detail && detail->oomKilled, run);
        });
}

void ConsoleShelf::tellEnd(const QString &id, int exitCode, bool outOfMemory, std::optional<int> run)
{
    Entry *entry = find(id);
    if (!entry || !entry->feed)
        return;
    entry->feed->setEnded(inventory::exitText(inventory::phaseOfExit(exitCode, outOfMemory), exitCode), run);
}

void ConsoleShelf::takeNames()
{
    for (const auto &entry : m_entries) {
        const Container *container = m_inventory.container(entry->id);
        if (!container)
            continue;
        if (container->name != entry->name) {
            entry->name = container->name;
            if (entry->console)
                entry->console->setContainerName(entry->name);
        }
    }
}

void ConsoleShelf::forgetOldest()
{
    qsizetype readable = 0;
    qsizetype gone = 0;
    // From the last used one back: what is beyond the limit goes, unless it is in sight.
    for (qsizetype i = qsizetype(m_entries.size()) - 1; i >= 0; --i) {
        const Entry &entry = *m_entries[size_t(i)];
        const bool known = m_inventory.container(entry.id) != nullptr;
        const bool tooMany = known ? ++readable > mostKept : ++gone > mostGoneKept;
        if (tooMany && !entry.frame->isVisible())
            m_entries.erase(m_entries.begin() + i);
    }
}

// ---- windows

void ConsoleShelf::tearOff(const QString &id)
{
    Entry *entry = find(id);
    if (!entry)
        return;
    const QRect screen = entry->frame->screen()->availableGeometry();
    QRect place(entry->frame->mapToGlobal(QPoint(24, -24)), entry->frame->size().expandedTo({640, 400}));
    place.setSize(place.size().boundedTo(screen.size() * 0.9));
    place.moveTo(std::min(place.left(), screen.right() - place.width()),
        std::min(place.top(), screen.bottom() - place.height()));
    entry->frame->setParent(nullptr);
    entry->frame->setWindowFlag(Qt::Window);
    entry->frame->setWindowTitle(u"Log of %1 — Slipway"_s.arg(entry->name));
    entry->frame->setGeometry(place);
    entry->frame->show();
}

void ConsoleShelf::closeWindows()
{
    for (const auto &entry : m_entries) {
        if (entry->frame->isWindow() && entry->frame->isVisible())
            entry->frame->close();
    }
}

bool ConsoleShelf::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Close) {
        const auto entry = std::find_if(
            m_entries.begin(), m_entries.end(), [watched](const auto &e) { return e->frame == watched; });
        if (entry != m_entries.end()) {
            (*entry)->frame->setWindowFlag(Qt::Window, false);
            QMetaObject::invokeMethod(
                this, [this, id = (*entry)->id] { Q_EMIT returned(id); }, Qt::QueuedConnection);
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace logs
