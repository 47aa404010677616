#include "logs/logaccessible.h"

#include "logs/logview.h"

#include <QAccessible>
#include <QAccessibleWidget>

namespace logs {

namespace {

constexpr qint64 readableLines = 1000;

/** A LogView as a read-only terminal whose text is its last lines. Owned by Qt's accessibility cache. */
class LogAccessible : public QAccessibleWidget, public QAccessibleTextInterface
{
public:
    explicit LogAccessible(LogView *view)
        : QAccessibleWidget(view, QAccessible::Terminal)
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
    QString all() const { return static_cast<LogView *>(widget())->lastText(readableLines); }
};

QAccessibleInterface *make(const QString &, QObject *object)
{
    auto *view = qobject_cast<LogView *>(object);
    return view ? new LogAccessible(view) : nullptr;
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
