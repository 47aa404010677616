#pragma once

#include "builds/buildrequest.h"
#include "builds/dockerfile.h"

#include <QDialog>
#include <QHash>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace common {
class ChoiceEdit;
class Form;
class ListEditor;
} // namespace common

namespace builds {

class ContextView;

/**
 * "Build image": which folder, which name, and what else `docker build` takes. Problems stand beside their fields, the
 * line that does the same below. What lies on the disk is looked at in the background, each time it is shown. Keeps
 * what was typed when it is closed: open() it again. Owned by its parent.
 */
class BuildDialog : public QDialog
{
    Q_OBJECT
public:
    explicit BuildDialog(const BuildRequest &request, QWidget *parent);

    /** In place of all that is typed. */
    void fill(const BuildRequest &request);
    /** What it was filled with last. */
    const BuildRequest &given() const { return m_given; }
    BuildRequest request() const;
    void accept() override;

Q_SIGNALS:
    void buildRequested(const builds::BuildRequest &request);

protected:
    void showEvent(QShowEvent *event) override;

private:
    /** What a folder and its Dockerfile turned out to be. */
    struct Look
    {
        QList<RequestProblem> problems;
        Dockerfile dockerfile;
    };
    void addMain(common::Form *form);
    void addMore(common::Form *form);
    void chooseFolder();
    void chooseDockerfile();
    void generate();
    void changed();
    void showLine();
    void look();
    void show(const Look &look);
    QList<RequestProblem> fieldProblems() const;
    void showProblems(const QList<RequestProblem> &problems);
    void offerArguments(const Dockerfile &dockerfile);

    QLineEdit *m_folder;
    QLineEdit *m_name;
    QLineEdit *m_dockerfile;
    QComboBox *m_target;
    common::ListEditor *m_args;
    common::ListEditor *m_labels;
    QToolButton *m_more;
    QWidget *m_moreFields;
    common::ChoiceEdit *m_network;
    QCheckBox *m_noCache;
    QCheckBox *m_pull;
    QLineEdit *m_platform;
    QLineEdit *m_shmSize;
    QComboBox *m_via;
    ContextView *m_context;
    QPlainTextEdit *m_line;
    QPushButton *m_copy;
    QPushButton *m_build;
    QHash<int, QLabel *> m_hints; ///< by RequestProblem::Field
    BuildRequest m_given;
    Dockerfile m_read;
    QTimer m_soon;
    int m_looks = 0; ///< answers to earlier ones are old
    QString m_counted; ///< what the context view counts
    QStringList m_offered; ///< arguments put into the list by themselves
};

} // namespace builds
