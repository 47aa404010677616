#include "builds/buildspanel.h"

#include "builds/builddialog.h"
#include "builds/builds.h"
#include "builds/stepsview.h"
#include "common/hint.h"
#include "common/tableview.h"
#include "support/fakedaemon.h"

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace builds;
using namespace Qt::StringLiterals;
using support::FakeReply;

/** The panel of builds on a daemon that refuses them. */
class BuildsPanelTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    support::FakeDaemon m_daemon;
    settings::Settings m_settings{m_home.filePath(u"slipway.conf"_s)};

    /** A build FROM nvcr.io/team/base:1 of me/x:1, selected, which the daemon answers so; its id. */
    QString start(Builds &list, BuildsPanel &panel, const FakeReply &answer)
    {
        m_daemon.route("POST", "/build", answer);
        BuildRequest request;
        request.context = m_home.filePath(u"context"_s);
        request.names = {u"me/x:1"_s};
        const QString id = list.start(request);
        panel.findChild<common::TableView *>()->selectRow(0);
        return id;
    }
    /** One that fails with these words. */
    void fail(Builds &list, BuildsPanel &panel, const QByteArray &words)
    {
        const QString id = start(list, panel,
            FakeReply::json("{\"errorDetail\":{\"message\":\"" + words + "\"},\"error\":\"" + words + "\"}"));
        QTRY_COMPARE(list.find(id)->state, BuildState::Failed);
    }
    static QStringList faults(const QWidget &dialog)
    {
        QStringList texts;
        for (const auto *hint : dialog.findChildren<common::Hint *>()) {
            if (!hint->isHidden() && hint->tone() == common::Tone::Failed)
                texts.append(hint->text());
        }
        return texts;
    }
    static QPushButton *button(const BuildsPanel &panel, const QString &name)
    {
        for (auto *one : panel.findChildren<QPushButton *>()) {
            if (one->accessibleName() == name)
                return one;
        }
        qFatal("no button %s", qPrintable(name));
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(QDir(m_home.path()).mkpath(u"context"_s));
        QFile file(m_home.filePath(u"context/Dockerfile"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("FROM nvcr.io/team/base:1\nRUN true\n");
    }

    void aRefusedBaseLeadsToTheSignIn()
    {
        Builds list(http::Endpoint{m_daemon.socketPath()}, m_daemon.host(), m_home.filePath(u"builds"_s));
        BuildsPanel panel(list, m_settings);
        panel.show();
        QTRY_VERIFY(list.loaded());
        fail(list, panel, "Get \\\"https://nvcr.io/v2/\\\": unauthorized: authentication required");
        auto *signIn = button(panel, u"Sign in…"_s);
        QVERIFY(!signIn->isVisible()); // nobody could do it
        QSignalSpy requested(&panel, &BuildsPanel::signInRequested);
        fail(list, panel, "pull access denied, repository does not exist or may require authorization");
        QTRY_VERIFY(signIn->isVisible());
        QCOMPARE(list.records().first().refusedBase, u"nvcr.io/team/base:1"_s);
        QVERIFY2(failureSentence(list.records().first()).contains(u"nvcr.io/team/base:1"_s),
            qPrintable(failureSentence(list.records().first())));
        signIn->click();
        QCOMPARE(requested.value(0).value(0).toString(), u"nvcr.io/team/base:1"_s);
        // Signed in there, it is built anew.
        const qsizetype builds = list.records().size();
        panel.signedIn(u"docker.io"_s);
        QCOMPARE(list.records().size(), builds);
        panel.signedIn(u"nvcr.io"_s);
        QCOMPARE(list.records().size(), builds + 1);
        QTRY_VERIFY(list.records().first().state == BuildState::Failed);
        fail(list, panel, "no space left on device");
        QTRY_VERIFY(!signIn->isVisible());
        QVERIFY(list.records().first().refusedBase.isEmpty());
    }

    void aStageThatWasClosedStaysClosed()
    {
        Builds list(http::Endpoint{m_daemon.socketPath()}, m_daemon.host(), m_home.filePath(u"builds"_s));
        BuildsPanel panel(list, m_settings);
        panel.show();
        QTRY_VERIFY(list.loaded());
        QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/build-buildkit.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArrayList lines = file.readAll().trimmed().split('\n');
        const qsizetype half = lines.size() / 2;
        const QString id
            = start(list, panel, FakeReply::stream("application/json", lines.first(half).join('\n') + '\n'));
        auto *tree = panel.findChild<StepsView *>();
        const auto stages = [tree] {
            QModelIndexList found;
            for (int row = 0; row < tree->model()->rowCount(); ++row) {
                const QModelIndex top = tree->model()->index(row, 0);
                if (tree->model()->hasChildren(top))
                    found.append(top);
            }
            return found;
        };
        QTRY_VERIFY(!stages().isEmpty());
        const QPersistentModelIndex stage = stages().last();
        QVERIFY(tree->isExpanded(stage)); // nobody had to open it
        tree->collapse(stage);
        m_daemon.push("/build", lines.sliced(half).join('\n') + '\n');
        m_daemon.end("/build");
        QTRY_COMPARE(list.find(id)->state, BuildState::Succeeded);
        QVERIFY(stages().size() > 1);
        for (const QModelIndex &one : stages())
            QCOMPARE(tree->isExpanded(one), one != stage);
    }

    void theDialogKeepsWhatWasTyped()
    {
        Builds list(http::Endpoint{m_daemon.socketPath()}, m_daemon.host(), m_home.filePath(u"draft"_s));
        BuildsPanel panel(list, m_settings);
        panel.show();
        panel.openDialog();
        auto *dialog = panel.findChild<BuildDialog *>();
        QVERIFY(dialog);
        const auto field = [dialog](const QString &name) {
            for (auto *edit : dialog->findChildren<QLineEdit *>()) {
                if (edit->accessibleName() == name)
                    return edit;
            }
            qFatal("no field %s", qPrintable(name));
        };
        auto *line = dialog->findChild<QPlainTextEdit *>();
        QVERIFY(line->toPlainText().isEmpty()); // no folder, no line
        field(u"Folder"_s)->setText(m_home.filePath(u"context"_s));
        field(u"Name"_s)->setText(u"Me/Proj"_s);
        QVERIFY(!line->toPlainText().isEmpty());
        dialog->reject();
        panel.openDialog();
        QVERIFY(dialog->isVisible());
        QCOMPARE(field(u"Name"_s)->text(), u"Me/Proj"_s);
        QTRY_VERIFY(faults(*dialog).join(u' ').contains(u"Me/Proj"_s)); // loud, not as a hint
        BuildRequest other;
        other.context = m_home.filePath(u"context"_s);
        other.names = {u"me/other:1"_s};
        dialog->reject();
        panel.openDialog(other);
        QCOMPARE(field(u"Name"_s)->text(), u"me/other:1"_s);
        QTRY_VERIFY(faults(*dialog).isEmpty());
        for (auto *button : dialog->findChildren<QPushButton *>()) {
            if (button->accessibleName() == u"Start over"_s)
                button->click();
        }
        QVERIFY(dialog->request() == BuildRequest());
    }

    void aFailureSaysTheCommandOnceAndItsCause()
    {
        BuildRecord record;
        record.state = BuildState::Failed;
        record.error = u"executor failed running [/bin/sh -c pip install torch]: exit code: 127"_s;
        StepEvent event;
        event.step = u"a"_s;
        event.name = u"[5/5] RUN pip install torch"_s;
        event.started = event.completed = 1;
        event.error = record.error;
        record.progress.take(event);
        QCOMPARE(
            failureSentence(record), u"“RUN pip install torch” ended with exit code 127: a command was not found."_s);
        QVERIFY(failureCause(record).isEmpty());
        QVERIFY(failureHint(record).isEmpty());
        record.error = u"executor failed running [/bin/sh -c echo a[0]: b]: network bridge not found"_s;
        event.error = record.error;
        record.progress.take(event);
        QCOMPARE(failureCause(record), u"network bridge not found"_s);
        QVERIFY(failureHint(record).contains(u"More → Network"_s));
    }

    void causesInPlainWords_data()
    {
        QTest::addColumn<QByteArray>("daemonSays");
        QTest::addColumn<QString>("expected");
        QTest::newRow("a file that is not there") << QByteArray(
            "failed to solve with frontend dockerfile.v0: failed to compute cache key: \\\"/nofile.py\\\" not "
            "found: not found") << u"The folder has no “nofile.py”, or .dockerignore leaves it out."_s;
        QTest::newRow("the same of newer ones")
            << QByteArray("failed to solve: failed to compute cache key: failed to calculate checksum of ref "
                          "moby::abc: \\\"/data/x\\\": not found")
            << u"The folder has no “data/x”, or .dockerignore leaves it out."_s;
        QTest::newRow("no way to the registry") << QByteArray(
            "failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to do "
            "request: Head \\\"https://registry-1.docker.io/v2/pytorch/pytorch/manifests/latest\\\": dial tcp: "
            "lookup registry-1.docker.io: network is unreachable")
                                                << u"The registry registry-1.docker.io cannot be reached"_s;
        QTest::newRow("a mistake") << QByteArray(
            "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse "
            "error line 2: unknown instruction: COPPY")
                                   << u"dockerfile parse error line 2: unknown instruction: COPPY"_s;
        QTest::newRow("a full disk") << QByteArray("write /x: no space left on device") << u"The disk is full"_s;
    }
    void causesInPlainWords()
    {
        QFETCH(QByteArray, daemonSays);
        QFETCH(QString, expected);
        Builds list(http::Endpoint{m_daemon.socketPath()}, m_daemon.host(), m_home.filePath(u"builds"_s));
        BuildsPanel panel(list, m_settings);
        panel.show();
        QTRY_VERIFY(list.loaded());
        fail(list, panel, daemonSays);
        QString shown;
        for (const auto *label : panel.findChildren<QLabel *>())
            shown += label->text() + u'\n';
        QVERIFY2(shown.contains(expected), qPrintable(shown));
        QVERIFY2(!shown.contains(u"frontend"_s), qPrintable(shown));
    }

    void whatWasBuiltIsRun()
    {
        Builds list(http::Endpoint{m_daemon.socketPath()}, m_daemon.host(), m_home.filePath(u"builds"_s));
        BuildsPanel panel(list, m_settings);
        panel.show();
        QTRY_VERIFY(list.loaded());
        const QString id = start(list, panel, FakeReply::json(R"({"aux":{"ID":"sha256:abc"}})"));
        QTRY_COMPARE(list.find(id)->state, BuildState::Succeeded);
        QSignalSpy run(&panel, &BuildsPanel::runRequested);
        button(panel, u"Run…"_s)->click();
        QCOMPARE(run.value(0), (QVariantList{u"me/x:1"_s, u"sha256:abc"_s}));
    }
};

QTEST_MAIN(BuildsPanelTest)
#include "tst_buildspanel.moc"
