#pragma once

#include <QDialog>
#include <functional>

class QLabel;
class QLineEdit;
class QPushButton;

namespace common {

/**
 * Asks for one name and says beneath it, while it is typed, what is wrong with it. Deletes itself when closed; open()
 * it.
 */
class NameDialog : public QDialog
{
    Q_OBJECT
public:
    struct Texts
    {
        QString title; ///< "Rename container"
        QString question; ///< "New name of vit-3:"
        QString name; ///< to begin with
        QString button; ///< "Rename"
    };
    /** A sentence on what is wrong with the name; empty when it can be taken. */
    using Judge = std::function<QString(const QString &name)>;

    NameDialog(const Texts &texts, Judge judge, QWidget *parent);

    QString name() const;
    void accept() override;

Q_SIGNALS:
    void named(const QString &name);

private:
    void reconsider();

    Judge m_judge;
    QLineEdit *m_name;
    QLabel *m_fault;
    QPushButton *m_ok;
};

} // namespace common
