#pragma once

#include "dockerline/namedfiles.h"
#include "launch/finding.h"
#include "recipe/optiontable.h"

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace common {
class FinderField;
}

namespace launch {

/**
 * "More options": every option of docker run that no other field of the wizard stands for, found by searching, each
 * with the editor its value asks for and Docker's own description. What is typed stays, valid or not. Owned by the
 * Resources step.
 */
class OptionsPanel : public QWidget
{
    Q_OBJECT
public:
    explicit OptionsPanel(QWidget *parent = nullptr);

    void setOptions(const QList<recipe::Option> &options);
    /** In the rows' order, without what cannot be understood and what is still empty. */
    QList<recipe::Option> options() const;
    /** One sentence for each row that cannot be understood. */
    QStringList problems() const;
    /** What no row has yet, and where the others are edited; each name once. */
    common::FinderField *finder() const { return m_finder; }

Q_SIGNALS:
    void changed();
    /** The option has fields of its own, on this step. */
    void editedElsewhere(launch::WizardStep step, const QString &option);

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Row
    {
        const recipe::DockerOption *option; ///< null: Docker has none of this name
        QString name;
        QWidget *line;
        QWidget *editor;
        QLabel *fault; ///< what Docker's client would say of it; empty: nothing
        bool mayBeEmpty; ///< it was loaded so
    };

    void choose(const QString &name);
    void addRow(const QString &name, const QString &value, bool mayBeEmpty);
    QWidget *makeEditor(const recipe::DockerOption *option, const QString &value, QWidget *line);
    QWidget *makeFileEditor(const QString &name, const QString &value, QWidget *line);
    void remove(QWidget *line);
    void colorFaults();
    void edited();
    void judge(const Row &row);
    static QString valueOf(const Row &row);
    QString faultOf(const Row &row);
    void filesArrived();

    QList<Row> m_rows;
    dockerline::NamedFiles m_files;
    QVBoxLayout *m_lines;
    common::FinderField *m_finder;
};

/** The step where an option with fields of its own is edited. */
WizardStep stepOfOption(const recipe::DockerOption &option);

} // namespace launch
