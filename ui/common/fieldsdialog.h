#pragma once

#include <QDialog>
#include <QStringList>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace common {

/** Asks for a few named texts at once, each with a quiet hint. Deletes itself when closed; open() it. */
class FieldsDialog : public QDialog
{
    Q_OBJECT
public:
    struct Field
    {
        QString name;
        QString hint;
        QString value; ///< to begin with
        bool secret = false; ///< shown as dots
        bool needed = true; ///< the button waits for it
    };

    /** button: what goes on, "Launch". */
    FieldsDialog(const QString &title, const QString &sentence, const QList<Field> &fields, const QString &button,
        QWidget *parent);

    /** A check box under the fields, with a word on what it does. */
    void offer(const QString &label, const QString &hint, bool checked);
    void takeOffer();
    bool offerTaken() const;
    /** Fills in a field that is still empty. */
    void suggest(int field, const QString &value);
    /** A quiet sentence with a button beside it: noticePressed(). Empty: none. */
    void setNotice(const QString &sentence, const QString &button);

Q_SIGNALS:
    void noticePressed();
    /** In the order of the fields. Secrets are in there: keep them nowhere. */
    void filled(const QStringList &values);

private:
    QList<Field> m_fields;
    QList<QLineEdit *> m_edits;
    QCheckBox *m_offer;
    QLabel *m_offerHint;
    QLabel *m_notice;
    QPushButton *m_noticeButton;
};

} // namespace common
