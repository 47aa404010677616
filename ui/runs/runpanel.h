#pragma once

#include "runs/record.h"

#include <QWidget>

class QFormLayout;
class QLabel;
class QPlainTextEdit;

namespace runs {

/** Everything that was written down of one run, to read and copy. Owned by the page. */
class RunPanel : public QWidget
{
    Q_OBJECT
public:
    explicit RunPanel(QWidget *parent = nullptr);

    void show(const Record &record, qint64 now);
    /** A quiet sentence in place of a run. */
    void showNone(const QString &sentence);

private:
    QLabel *addFact(const QString &label);
    void setFact(QLabel *fact, const QString &text);

    QFormLayout *m_form;
    QLabel *m_title;
    QLabel *m_none;
    QLabel *m_end;
    QLabel *m_times;
    QLabel *m_image;
    QLabel *m_commits;
    QLabel *m_gpus;
    QLabel *m_log;
    QPlainTextEdit *m_line;
};

} // namespace runs
