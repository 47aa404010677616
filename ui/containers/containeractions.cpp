#include "containers/containeractions.h"

#include <QIcon>
#include <QMenu>
#include <algorithm>

namespace containers {

using inventory::Action;
using inventory::Container;
using namespace Qt::StringLiterals;

ContainerActions::ContainerActions(QWidget *table)
    : QObject(table)
    , m_table(table)
    , m_protect(new QAction(QIcon::fromTheme(u"object-locked"_s), u"Pr&otect"_s, this))
    , m_unprotect(new QAction(QIcon::fromTheme(u"object-unlocked"_s), u"Unprot&ect"_s, this))
{
    const auto request = [this](Action action) { return [this, action] { Q_EMIT actionRequested(action); }; };
    struct Simple
    {
        Action action;
        QString text;
        QString icon;
        QKeySequence shortcut;
    };
    const QList<Simple> simple = {
        {Action::Start, u"&Start"_s, u"media-playback-start"_s, QKeySequence(u"Ctrl+S"_s)},
        {Action::Stop, u"S&top"_s, u"media-playback-stop"_s, QKeySequence(u"Ctrl+T"_s)},
        {Action::Restart, u"&Restart"_s, u"view-refresh"_s, QKeySequence(u"Ctrl+R"_s)},
        {Action::Kill, u"&Kill"_s, u"process-stop"_s, QKeySequence(u"Ctrl+Shift+K"_s)},
        {Action::Pause, u"&Pause"_s, u"media-playback-pause"_s, QKeySequence(u"Ctrl+P"_s)},
        {Action::Unpause, u"&Unpause"_s, u"media-seek-forward"_s, QKeySequence(u"Ctrl+U"_s)},
    };
    for (const Simple &entry : simple)
        connect(add(entry.text, entry.icon, entry.shortcut, entry.action, false), &QAction::triggered, this,
            request(entry.action));
    connect(add(u"Re&name…"_s, u"edit-rename"_s, QKeySequence(Qt::Key_F2), Action::Rename, true), &QAction::triggered,
        this, &ContainerActions::renameRequested);
    connect(add(u"Re&move…"_s, u"edit-delete"_s, QKeySequence(Qt::Key_Delete), Action::Remove, false),
        &QAction::triggered, this, &ContainerActions::removeRequested);
    connect(add(u"&Copy as docker run"_s, u"edit-copy"_s, QKeySequence(u"Ctrl+Shift+C"_s), std::nullopt, true),
        &QAction::triggered, this, &ContainerActions::copyLineRequested);
    connect(add(u"&Duplicate as new run…"_s, u"edit-duplicate"_s, QKeySequence(u"Ctrl+D"_s), std::nullopt, true),
        &QAction::triggered, this, &ContainerActions::duplicateRequested);
    connect(m_protect, &QAction::triggered, this, [this] { Q_EMIT protectRequested(true); });
    connect(m_unprotect, &QAction::triggered, this, [this] { Q_EMIT protectRequested(false); });
}

QAction *ContainerActions::add(
    const QString &text, const QString &icon, const QKeySequence &shortcut, std::optional<Action> does, bool oneOnly)
{
    auto *action = new QAction(QIcon::fromTheme(icon), text, this);
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetShortcut);
    const QString plain = QString(text).remove(u'&');
    action->setToolTip(u"%1 (%2)"_s.arg(plain, shortcut.toString(QKeySequence::NativeText)));
    action->setEnabled(false);
    m_table->addAction(action);
    m_entries.append({action, does, oneOnly});
    return action;
}

void ContainerActions::setSelection(const QList<const Container *> &selected, bool live)
{
    for (const Entry &entry : std::as_const(m_entries)) {
        const bool fits = entry.oneOnly ? selected.size() == 1 : !selected.isEmpty();
        const bool allowed = !entry.does
            || std::any_of(selected.begin(), selected.end(),
                [&](const Container *container) { return container->allows(*entry.does); });
        entry.action->setEnabled(live && fits && allowed);
    }
}

void ContainerActions::setLocks(bool someProtected, bool someNot)
{
    m_protect->setEnabled(someNot);
    m_unprotect->setEnabled(someProtected);
}

QList<QAction *> ContainerActions::toolBarActions() const
{
    QList<QAction *> actions;
    for (const Entry &entry : m_entries) {
        if (entry.does
            && (*entry.does == Action::Start || *entry.does == Action::Stop || *entry.does == Action::Restart
                || *entry.does == Action::Remove))
            actions.append(entry.action);
    }
    return actions;
}

void ContainerActions::addTo(QMenu *menu) const
{
    for (const Entry &entry : m_entries) {
        if (entry.does == Action::Rename || !entry.does)
            menu->addSeparator();
        menu->addAction(entry.action);
    }
    menu->addSeparator();
    menu->addActions({m_protect, m_unprotect});
}

} // namespace containers
