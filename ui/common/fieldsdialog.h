#pragma once

#include <QDialog>
#include <QStringList>

class QLineEdit;

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

Q_SIGNALS:
    /** In the order of the fields. Secrets are in there: keep them nowhere. */
    void filled(const QStringList &values);

private:
    QList<Field> m_fields;
    QList<QLineEdit *> m_edits;
};

} // namespace common
