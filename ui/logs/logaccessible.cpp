#include "logs/logaccessible.h"

#include "logs/logconsole.h"
#include "logs/logview.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QPointer>

namespace logs {

namespace {

constexpr qint64 readableLines = 1000;

/**
 * A LogView, or the console around it, as something with a read-only text: its last lines. The console has it too, so
 * that whoever finds the name `Log of NAME` finds the text. Owned by Qt's accessibility cache.
 */
class LogAccessible : public QAccessibleWidget, public QAccessibleTextInterface
{
public:
    LogAccessible(QWidget *widget, QAccessible::Role role, const LogView *view)
        : QAccessibleWidget(widget, role)
        , m_view(view)
    {
    }

    void *interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::TextInterface)
            return static_cast<QAccessibleTextInterface *>(this);
        return QAccessibleWidget::interface_cast(type);
    }

    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.readOnly = true;
        state.multiLine = true;
        return state;
    }

    QString text(QAccessible::Text type) const override
    {
        return type == QAccessible::Value ? all() : QAccessibleWidget::text(type);
    }

    QString text(int begin, int end) const override { return all().mid(begin, end < 0 ? -1 : end - begin); }
    int characterCount() const override { return int(all().size()); }
    int cursorPosition() const override { return characterCount(); }
    void setCursorPosition(int) override { }
    int selectionCount() const override { return 0; }
    void selection(int, int *begin, int *end) const override { *begin = *end = 0; }
    void addSelection(int, int) override { }
    void removeSelection(int) override { }
    void setSelection(int, int, int) override { }
    QRect characterRect(int) const override { return rect(); }
    int offsetAtPoint(const QPoint &) const override { return -1; }
    void scrollToSubstring(int, int) override { }
    QString attributes(int, int *begin, int *end) const override
    {
        *begin = 0;
        *end = characterCount();
        return {};
    }

private:
    QString all() const { return m_view ? m_view->lastText(readableLines) : QString(); }

    QPointer<const LogView> m_view;
};

QAccessibleInterface *make(const QString &, QObject *object)
{
    if (auto *view = qobject_cast<LogView *>(object))
        return new LogAccessible(view, QAccessible::Terminal, view);
    if (auto *console = qobject_cast<LogConsole *>(object))
        return new LogAccessible(console, QAccessible::Grouping, console->view());
    return nullptr;
}

} // namespace

void installLogAccessible()
{
    static const bool once = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(once)
}

} // namespace logs
