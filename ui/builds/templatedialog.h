#pragma once

#include "builds/dockerfiletemplate.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace builds {

/**
 * "Generate Dockerfile": a few answers become a Dockerfile that can be read and edited before it is saved; a file that
 * is there is only replaced after a question. Deletes itself when closed; open() it.
 */
class TemplateDialog : public QDialog
{
    Q_OBJECT
public:
    /** folder: where it will lie; may be empty. */
    TemplateDialog(const QString &folder, QWidget *parent);

Q_SIGNALS:
    void saved(const QString &file);

private:
    DockerfileTemplate answers() const;
    void regenerate();
    void save(bool overwrite);
    void confirmOverwrite(const QString &path);

    QLineEdit *m_base;
    QLineEdit *m_repository;
    QLineEdit *m_reference;
    QLineEdit *m_requirements;
    QLineEdit *m_command;
    QCheckBox *m_installGit;
    QPlainTextEdit *m_text;
    QLineEdit *m_file;
    QLabel *m_problem;
    QPushButton *m_save;
    bool m_edited = false; ///< by hand: answers change it no more
};

} // namespace builds
