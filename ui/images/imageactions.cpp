#include "images/imageactions.h"

#include "common/tableview.h"

#include <QMenu>
#include <QToolButton>
#include <QWidgetAction>
#include <algorithm>

namespace images {

using namespace Qt::StringLiterals;

ImageActions::ImageActions(common::TableView *table)
    : QObject(table)
    , m_table(table)
{
    struct Kind
    {
        Which which;
        QString text;
        QString icon;
        QKeySequence shortcut;
        Needs needs;
        QString help;
    };
    const QList<Kind> kinds = {
        {Run, tr("R&un…"), u"media-playback-start"_s, QKeySequence(u"Ctrl+Return"_s), Needs::One, {}},
        {Pull, tr("&Pull…"), u"download"_s, {}, Needs::Daemon, tr("Fetch an image from a registry")},
        {PullAgain, tr("Pull &again…"), u"download"_s, {}, Needs::OneNamed, {}},
        {Build, tr("&Build…"), u"run-build"_s, {}, Needs::Daemon, tr("Build an image from a folder with a Dockerfile")},
        {Remove, tr("Re&move…"), u"edit-delete"_s, QKeySequence(Qt::Key_Delete), Needs::Some, {}},
        {Push, tr("Pus&h…"), u"cloud-upload"_s, {}, Needs::OneNamed, tr("Send the image to its registry")},
        {Tag, tr("Add &tag…"), u"tag-new"_s, {}, Needs::One, tr("Give the image another name")},
        {Save, tr("&Save…"), u"document-save"_s, {}, Needs::Some, tr("Write the selected images into a tar file")},
        {Load, tr("&Load…"), u"document-open"_s, {}, Needs::Daemon, tr("Read images from a tar file")},
        {Accounts, tr("Acc&ounts…"), u"user-identity"_s, {}, Needs::Nothing, tr("Sign in to registries")},
        {Copy, tr("&Copy name"), u"edit-copy"_s, QKeySequence(u"Ctrl+Shift+C"_s), Needs::Some, {}},
        {Protect, tr("P&rotect"), u"object-locked"_s, {}, Needs::Some,
            tr("Nothing in Slipway removes it from then on")},
        {Unprotect, tr("Unp&rotect"), u"object-unlocked"_s, {}, Needs::Some, {}},
    };
    for (const Kind &kind : kinds) {
        QAction *action = common::addTableAction(table, kind.text, kind.icon, kind.shortcut);
        if (!kind.help.isEmpty())
            action->setToolTip(kind.help);
        connect(action, &QAction::triggered, this, [this, which = kind.which] { Q_EMIT requested(which); });
        m_entries.append({kind.which, action, kind.needs});
    }
}

ImageActions::Entry &ImageActions::entry(Which which)
{
    return *std::find_if(m_entries.begin(), m_entries.end(), [which](const Entry &e) { return e.which == which; });
}

void ImageActions::setOffered(Which which, bool offered)
{
    Entry &one = entry(which);
    one.offered = offered;
    if (!offered)
        m_table->removeAction(one.action); // its shortcut with it
}

void ImageActions::setSelection(int selected, int named, bool live)
{
    for (const Entry &entry : std::as_const(m_entries)) {
        bool fits = live;
        switch (entry.needs) {
        case Needs::Nothing:
            fits = true;
            break;
        case Needs::Daemon:
            break;
        case Needs::One:
            fits = live && selected == 1;
            break;
        case Needs::OneNamed:
            fits = live && selected == 1 && named == 1;
            break;
        case Needs::Some:
            // The others ask nobody.
            fits = (live || entry.which == Copy || entry.which == Protect || entry.which == Unprotect) && selected > 0;
            break;
        }
        entry.action->setEnabled(fits);
    }
}

void ImageActions::setProtected(int locked, int selected)
{
    entry(Protect).action->setVisible(selected == 0 || locked < selected);
    entry(Unprotect).action->setVisible(locked > 0);
}

QList<QAction *> ImageActions::offered(const QList<Which> &wanted)
{
    QList<QAction *> actions;
    for (const Which which : wanted) {
        if (const Entry &one = entry(which); one.offered)
            actions.append(one.action);
    }
    return actions;
}

QList<QAction *> ImageActions::toolBarActions()
{
    if (!m_more) {
        auto *button = new QToolButton;
        button->setText(tr("More"));
        button->setAccessibleName(button->text());
        button->setToolTip(tr("What is needed less often"));
        button->setPopupMode(QToolButton::InstantPopup);
        auto *menu = new QMenu(button);
        menu->addActions(offered({Tag, Save, Load}));
        menu->addSeparator();
        menu->addActions(offered({Copy, Protect, Unprotect}));
        button->setMenu(menu);
        auto *more = new QWidgetAction(this);
        more->setDefaultWidget(button);
        m_more = more;
    }
    return offered({Run, Pull, Build, Push, Remove, Accounts}) + QList<QAction *>{m_more};
}

void ImageActions::addTo(QMenu *menu)
{
    const QList<QList<Which>> groups = {{Run}, {PullAgain, Push, Tag, Save}, {Copy}, {Protect, Unprotect, Remove}};
    for (const QList<Which> &group : groups) {
        if (!menu->isEmpty())
            menu->addSeparator();
        menu->addActions(offered(group));
    }
}

} // namespace images
