#include "logs/consoleshelf.h"

#include "logs/logconsole.h"

#include <QEvent>
#include <QVBoxLayout>
#include <algorithm>

namespace logs {

using inventory::Container;
using namespace Qt::StringLiterals;

namespace {
constexpr size_t mostKept = 8;
}

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
    connect(&inventory, &inventory::Inventory::containersChanged, this, &ConsoleShelf::takeNames);
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
    // Whether it has a terminal decides how its bytes are read; only inspect tells.
    m_engine.inspectContainer(id).then(this, [this, id](const core::Result<docker::ContainerDetail> &detail) {
        if (detail) {
            open(id, detail->tty, detail->running);
            if (!detail->running && detail->startedAt > 0)
                tellEnd(id, detail->exitCode, detail->oomKilled);
        } else {
            open(id, false, false); // the feed meets the same trouble and shows it
        }
    });
    return frame;
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
    connect(entry.console->view(), &LogView::shown, this, [this, view = entry.console->view(), told = false]() mutable {
        const qint64 lines = view->document()->endLine() - view->document()->firstLine();
        if (lines > 0 && !std::exchange(told, true))
            Q_EMIT logShown(lines);
    });
}

void ConsoleShelf::open(const QString &id, bool tty, bool running)
{
    Entry *entry = find(id);
    if (!entry || entry->feed)
        return;
    makeFeed(*entry, tty);
    entry->feed->open(running);
}

// ---- what happens to the containers

void ConsoleShelf::started(const QString &id)
{
    Entry *entry = find(id);
    if (!entry || !entry->feed)
        return;
    entry->feed->containerStarted();
}

void ConsoleShelf::ended(const QString &id, int exitCode)
{
    if (!find(id))
        return;
    constexpr int killed = 137;
    if (exitCode != killed) {
        tellEnd(id, exitCode, false);
        return;
    }
    // Who killed it: the event does not tell.
    m_engine.inspectContainer(id).then(this, [this, id](const core::Result<docker::ContainerDetail> &detail) {
        tellEnd(id, killed, detail && detail->oomKilled);
    });
}

void ConsoleShelf::tellEnd(const QString &id, int exitCode, bool outOfMemory)
{
    Entry *entry = find(id);
    if (!entry || !entry->feed)
        return;
    entry->feed->setEnded(inventory::exitText(inventory::phaseOfExit(exitCode, outOfMemory), exitCode));
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
    size_t candidates = m_entries.size();
    for (auto entry = m_entries.begin(); candidates > mostKept && entry != m_entries.end() - 1;) {
        const bool readable = m_inventory.container((*entry)->id) != nullptr;
        if (readable && !(*entry)->frame->isVisible()) {
            entry = m_entries.erase(entry);
            --candidates;
        } else {
            ++entry;
        }
    }
}

// ---- windows

void ConsoleShelf::tearOff(const QString &id)
{
    Entry *entry = find(id);
    if (!entry)
        return;
    const QRect place(entry->frame->mapToGlobal(QPoint(24, -24)), entry->frame->size().expandedTo({640, 400}));
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
