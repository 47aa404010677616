#pragma once

#include "core/pending.h"
#include "docker/engine.h"
#include "inventory/inventory.h"
#include "logs/feed.h"

#include <QObject>
#include <QPointer>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

namespace logs {

class LogConsole;

/**
 * The open log consoles, one a container at most: makes them, tells them when their container starts and ends, puts
 * them into windows of their own and takes them back. Keeps the last few; a log that cannot be read again (its
 * container is gone) stays. Owned by the main window.
 */
class ConsoleShelf : public QObject
{
    Q_OBJECT
public:
    ConsoleShelf(docker::Engine &engine, const inventory::Inventory &inventory, QObject *parent = nullptr);
    ~ConsoleShelf() override;

    /** The console of that container, opened now if it was not. Stays the shelf's; may be shown anywhere. */
    QWidget *console(const QString &id);
    /** A console for a container that was created but not started: answers when nothing it prints can be missed. */
    core::Pending<void> attach(const QString &id, const QString &name, bool tty);

    /** Its container never started: nobody will look at it. */
    void forget(const QString &id);

    void tearOff(const QString &id);
    void closeWindows();

Q_SIGNALS:
    /** Its own window was closed: it may be shown elsewhere again. */
    void returned(const QString &id);
    /** Its GPUs failed it, and the person wants the way out that its console offers. */
    void startAgainRequested(const QString &id);
    void duplicateRequested(const QString &id);
    /** A console painted its first lines. */
    void logShown(qint64 lines);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Entry
    {
        ~Entry();
        QString id;
        QString name;
        QPointer<QWidget> frame; ///< what is shown; holds the console once the feed is there
        std::unique_ptr<Feed> feed;
        LogConsole *console = nullptr; ///< child of frame
    };

    Entry *find(const QString &id) const;
    Entry &add(const QString &id, const QString &name);
    void makeFeed(Entry &entry, bool tty);
    void inspect(const QString &id);
    void open(const QString &id, const docker::ContainerDetail &detail);
    void inspectWaiting();
    void started(const QString &id);
    void ended(const QString &id, int exitCode);
    void tellEnd(const QString &id, int exitCode, bool outOfMemory, std::optional<int> run = {});
    void removed(const QString &id);
    void takeNames();
    void forgetOldest();

    docker::Engine &m_engine;
    const inventory::Inventory &m_inventory;
    std::vector<std::unique_ptr<Entry>> m_entries; ///< the last used one last
};

} // namespace logs
