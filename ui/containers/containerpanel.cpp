#include "containers/containerpanel.h"

#include "common/errortext.h"
#include "common/theme.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

namespace containers {

using inventory::Container;
using namespace Qt::StringLiterals;

namespace {
constexpr int inspectTab = 1;
}

ContainerPanel::ContainerPanel(docker::Engine &engine, const inventory::Inventory &inventory, QWidget *parent)
    : QWidget(parent)
    , m_engine(engine)
    , m_inventory(inventory)
    , m_now(QDateTime::currentSecsSinceEpoch())
    , m_title(new QLabel)
    , m_state(new QLabel)
    , m_tearOff(new QPushButton(QIcon::fromTheme(u"window-new"_s), u"Tear off"_s))
    , m_tabs(new QTabWidget)
    , m_log(new QStackedWidget)
    , m_elsewhere(new QLabel(u"This log is in its own window."_s))
    , m_inspect(new QPlainTextEdit)
{
    m_title->setFont(common::headingFont(font(), 0));
    m_title->setTextFormat(Qt::PlainText);
    m_state->setTextFormat(Qt::PlainText);
    m_tearOff->setFlat(true);
    m_tearOff->setToolTip(u"Show this log in a window of its own"_s);
    connect(m_tearOff, &QPushButton::clicked, this, [this] {
        Q_EMIT tearOffRequested(m_id);
        showConsole();
    });
    m_elsewhere->setAlignment(Qt::AlignCenter);
    m_log->addWidget(m_elsewhere);

    m_inspect->setReadOnly(true);
    m_inspect->setFont(common::monospaceFont());
    m_inspect->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_inspect->setAccessibleName(u"Inspect"_s);

    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_log, u"Log"_s);
    m_tabs->addTab(m_inspect, u"Inspect"_s);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int tab) {
        if (tab == inspectTab)
            loadInspect();
    });

    auto *corner = new QWidget;
    auto *line = new QHBoxLayout(corner);
    line->setContentsMargins(0, 0, common::grid, 0);
    line->setSpacing(common::grid);
    line->addWidget(m_title);
    line->addWidget(m_state);
    line->addWidget(m_tearOff);
    m_tabs->setCornerWidget(corner);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);

    connect(&inventory, &inventory::Inventory::containersChanged, this, &ContainerPanel::containerChanged);
}

void ContainerPanel::show(const QString &id, const QString &name)
{
    if (id == m_id)
        return;
    m_id = id;
    m_inspected.reset();
    m_inspect->clear();
    setVisible(!id.isEmpty());
    if (id.isEmpty())
        return;
    m_title->setText(name.isEmpty() ? id.left(12) : name);
    m_state->clear();
    refreshTitle();
    showConsole();
    if (m_tabs->currentIndex() == inspectTab)
        loadInspect();
}

void ContainerPanel::showConsole()
{
    QWidget *console = m_console ? m_console(m_id) : nullptr;
    const bool tornOff = console && console->isWindow() && console->isVisible();
    if (!console || tornOff) {
        m_log->setCurrentWidget(m_elsewhere);
        m_tearOff->setEnabled(false);
        return;
    }
    if (m_log->indexOf(console) < 0)
        m_log->addWidget(console);
    m_log->setCurrentWidget(console);
    m_tearOff->setEnabled(true);
}

void ContainerPanel::setNow(qint64 now)
{
    m_now = now;
    refreshTitle();
}

void ContainerPanel::consoleReturned(const QString &id)
{
    if (id == m_id)
        showConsole();
}

void ContainerPanel::containerChanged()
{
    refreshTitle();
    const Container *now = m_inventory.container(m_id);
    // Started, ended, renamed: what Inspect shows is old. CPU and memory are no part of the row.
    if (m_inspected && now && *now != *m_inspected) {
        m_inspected.reset();
        if (m_tabs->currentIndex() == inspectTab)
            loadInspect();
    }
}

void ContainerPanel::refreshTitle()
{
    const Container *container = m_inventory.container(m_id);
    if (!container) {
        m_state->setText(u"removed"_s);
        return;
    }
    m_title->setText(container->name);
    m_state->setText(inventory::stateText(*container, m_now));
}

void ContainerPanel::loadInspect()
{
    const Container *container = m_inventory.container(m_id);
    if (m_inspected || !container)
        return;
    m_inspected = *container;
    m_engine.inspectContainer(m_id).then(this, [this, id = m_id](const core::Result<docker::ContainerDetail> &detail) {
        if (id != m_id)
            return;
        if (detail) {
            const int place = m_inspect->verticalScrollBar()->value();
            m_inspect->setPlainText(QString::fromUtf8(QJsonDocument(detail->raw).toJson(QJsonDocument::Indented)));
            m_inspect->verticalScrollBar()->setValue(place);
        } else {
            m_inspected.reset();
            const common::ErrorText text = common::errorText(detail.error(), u"inspect this container"_s);
            m_inspect->setPlainText(text.title + u'\n' + text.whatToDo + u'\n' + text.details);
        }
    });
}

} // namespace containers
