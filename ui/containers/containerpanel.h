#pragma once

#include "inventory/inventory.h"

#include <QPointer>
#include <QWidget>
#include <functional>
#include <optional>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTabWidget;

namespace containers {

/**
 * What is known of one container, under the table: its log and its inspect output. The log console is made elsewhere
 * and given by the owner; torn off, it lives in a window of its own. Owned by the containers page.
 */
class ContainerPanel : public QWidget
{
    Q_OBJECT
public:
    /** The log console of a container, made or found; the panel shows it and never deletes it. */
    using ConsoleFactory = std::function<QWidget *(const QString &id)>;

    ContainerPanel(docker::Engine &engine, const inventory::Inventory &inventory, QWidget *parent = nullptr);

    void setConsoleFactory(ConsoleFactory factory) { m_console = std::move(factory); }
    /**
     * Shows that container; an empty id shows nothing. A container that went keeps its log here until another comes.
     * name: where the inventory may not know it (yet, or any more).
     */
    void show(const QString &id, const QString &name = {});
    QString id() const { return m_id; }
    /** Ages are counted from here (Unix seconds), as in the table above. */
    void setNow(qint64 now);
    /** The console came back from its own window. */
    void consoleReturned(const QString &id);

Q_SIGNALS:
    void tearOffRequested(const QString &id);

private:
    void containerChanged();
    void refreshTitle();
    void showConsole();
    void loadInspect();

    docker::Engine &m_engine;
    const inventory::Inventory &m_inventory;
    ConsoleFactory m_console;
    QString m_id;
    qint64 m_now;
    std::optional<inventory::Container> m_inspected; ///< what the loaded inspect output is of
    QLabel *m_title;
    QLabel *m_state;
    QPushButton *m_tearOff;
    QTabWidget *m_tabs;
    QStackedWidget *m_log;
    QLabel *m_elsewhere;
    QPlainTextEdit *m_inspect;
};

} // namespace containers
