#include "core/trace.h"

#include <QApplication>
#include <QMainWindow>

/** An empty window that says when it was first painted: the floor under the program's own start. */
class BareWindow : public QMainWindow
{
public:
    explicit BareWindow(const core::Trace &trace)
        : m_trace(trace)
    {
        resize(1280, 800);
    }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QMainWindow::paintEvent(event);
        if (!std::exchange(m_painted, true))
            m_trace.event("first-paint");
    }

private:
    const core::Trace &m_trace;
    bool m_painted = false;
};

int main(int argc, char **argv)
{
    const core::Trace trace = core::Trace::fromEnvironment();
    QApplication application(argc, argv);
    BareWindow window(trace);
    window.show();
    return QApplication::exec();
}
