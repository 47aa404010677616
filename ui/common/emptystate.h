#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace common {

/** What stands where a table has nothing to show: an icon, a sentence that says what to do next, and the button for it.
 */
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(QWidget *parent = nullptr);

    /** icon: a name of the icon theme; button: its text, empty for none. */
    void setContent(const QString &icon, const QString &sentence, const QString &button = {});
    QString sentence() const;

Q_SIGNALS:
    void buttonClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void color();

    QString m_iconName;
    QLabel *m_icon;
    QLabel *m_sentence;
    QPushButton *m_button;
};

} // namespace common
