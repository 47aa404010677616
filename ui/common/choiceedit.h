#pragma once

#include <QList>
#include <QPair>
#include <QWidget>

class QComboBox;
class QLineEdit;

namespace common {

/** A few usual values by their meaning, and "Other…" with a field for any other. Its value is Docker's own word. */
class ChoiceEdit : public QWidget
{
    Q_OBJECT
public:
    /** choices: value and label, the first is the default. other: placeholder of the field. */
    ChoiceEdit(const QList<QPair<QString, QString>> &choices, const QString &other, QWidget *parent = nullptr);

    QString value() const;
    void setValue(const QString &value);
    /** The accessible name of both parts. */
    void setLabel(const QString &label);

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QComboBox *m_choices;
    QLineEdit *m_other;
};

} // namespace common
