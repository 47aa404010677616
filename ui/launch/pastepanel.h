#pragma once

#include "dockerline/namedfiles.h"
#include "dockerline/pastedline.h"

#include <QTimer>
#include <QWidget>
#include <array>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace common {
class Form;
}

namespace launch {

struct Fix;

/**
 * In place of the wizard's pages: a docker run line from a README or a chat is pasted, told in plain words while it is
 * typed, and taken over. What is wrong is underlined at its place; bad text stays. Runs nothing. Owned by the wizard.
 */
class PastePanel : public QWidget
{
    Q_OBJECT
public:
    /** reader: see NamedFiles. */
    explicit PastePanel(QWidget *parent = nullptr, dockerline::NamedFiles::Read reader = recipe::readLocalFile);

    void setText(const QString &text);
    /** Asks for what is understood, where all of it is, once the files that it names are read. */
    void use();

Q_SIGNALS:
    void used(const recipe::RunConfig &config);
    /** Back to the pages; the text stays for the next time. */
    void backRequested();

protected:
    void changeEvent(QEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeFindings();
    QWidget *makeButtons();
    void edited();
    void read();
    void tell();
    void showState();
    void showVariables(const QStringList &names);
    void showWarnings(const QStringList &warnings);
    void numberGpus(const Fix &fix);
    void underline(const std::optional<dockerline::ParseError> &error);
    QString place(qsizetype position) const;

    struct Understood
    {
        QLabel *step;
        QLabel *words;
    };

    QTimer m_soon; ///< one frame, so that a burst of changes is read once
    dockerline::NamedFiles m_files;
    dockerline::PastedLine m_line;
    bool m_useWanted = false; ///< as soon as the files are read
    QPlainTextEdit *m_text;
    QLabel *m_mark;
    QLabel *m_state;
    QWidget *m_variables;
    QList<QLineEdit *> m_values; ///< one for each variable, named after it
    QLabel *m_title; ///< over what is understood
    std::array<Understood, 6> m_understood{}; ///< by dockerline::Part
    QWidget *m_warnings;
    QStringList m_shownWarnings;
    QPushButton *m_use;
};

} // namespace launch
