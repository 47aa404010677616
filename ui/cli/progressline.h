#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

namespace cli {

/**
 * What a launch is busy with, on standard error, if it takes longer than a moment: one line that changes on a terminal,
 * elsewhere a line now and then. Owned by whoever launches.
 */
class ProgressLine : public QObject
{
public:
    /** quiet: says nothing, as `docker run --quiet`. */
    explicit ProgressLine(bool quiet);
    ~ProgressLine() override;

    void tell(const QString &text);
    /** Before anything else is printed: the line is gone, and nothing more is told. */
    void end();

private:
    void show();

    bool m_terminal;
    bool m_ended;
    QString m_text;
    QString m_shown;
    QTimer m_next; ///< until then nothing is shown
};

} // namespace cli
