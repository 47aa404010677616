#include "common/elidedlabel.h"
#include "common/emptystate.h"
#include "common/messagebar.h"
#include "common/tableview.h"
#include "support/fakedaemon.h"
#include "transfers/transferspanel.h"

#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using docker::ImageReference;
using support::FakeReply;
using transfers::Transfer;
using transfers::TransfersPanel;
using namespace Qt::StringLiterals;

/** What can be done with a transfer, at each of its ends, and that a hidden panel does nothing. */
class TransfersPanelTest : public QObject
{
    Q_OBJECT

    static constexpr char create[] = "/images/create";

    std::unique_ptr<support::FakeDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    std::unique_ptr<transfers::Transfers> m_transfers;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<settings::Settings> m_settings;
    std::unique_ptr<TransfersPanel> m_panel;

    static ImageReference image(const QString &text) { return ImageReference::parse(text).value(); }
    static QByteArray downloading(qint64 current, qint64 total)
    {
        return "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":" + QByteArray::number(current)
            + ",\"total\":" + QByteArray::number(total) + "},\"id\":\"a\"}\r\n";
    }
    QPushButton *button(const QString &name) const
    {
        for (QPushButton *each : m_panel->findChildren<QPushButton *>()) {
            if (each->accessibleName() == name)
                return each;
        }
        return nullptr;
    }
    bool offers(const QString &name) const { return button(name) && button(name)->isVisible(); }
    common::TableView *table(const QString &name) const
    {
        for (auto *each : m_panel->findChildren<common::TableView *>()) {
            if (each->accessibleName() == name)
                return each;
        }
        return nullptr;
    }
    common::MessageBar *bar() const { return m_panel->findChild<common::MessageBar *>(); }

private Q_SLOTS:
    void init()
    {
        m_daemon = std::make_unique<support::FakeDaemon>();
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
        m_transfers = std::make_unique<transfers::Transfers>(*m_engine);
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<settings::Settings>(m_folder->filePath(u"slipway.conf"_s));
        m_panel = std::make_unique<TransfersPanel>(*m_transfers, *m_settings);
        m_panel->resize(1000, 300);
        m_panel->show();
    }
    void cleanup()
    {
        m_panel.reset();
        m_settings.reset();
        m_transfers.reset();
        m_engine.reset();
        m_daemon.reset();
    }

    void emptySaysWhatToDo()
    {
        QSignalSpy wanted(m_panel.get(), &TransfersPanel::pullRequested);
        QVERIFY(m_panel->findChild<common::EmptyState *>()->isVisible());
        button(u"Pull…"_s)->click();
        QCOMPARE(wanted.size(), 1);
        QVERIFY(!offers(u"Cancel"_s) && !offers(u"Retry"_s) && !offers(u"Run…"_s) && !offers(u"Remove from list"_s));
    }

    void fromBeginToEnd()
    {
        m_daemon->route("POST", create, FakeReply::stream());
        m_transfers->pull(image(u"nvcr.io/a/b:1"_s));
        QTRY_COMPARE(m_daemon->count("POST", create), 1);
        QVERIFY(offers(u"Cancel"_s) && !offers(u"Retry"_s) && !offers(u"Run…"_s) && !offers(u"Remove from list"_s));
        m_daemon->push(create, downloading(1, 4));
        QTRY_COMPARE(table(u"Layers"_s)->model()->rowCount(), 1);
        QCOMPARE(table(u"Layers"_s)->model()->index(0, 2).data().toString(), u"Downloading 1 of 4 B"_s);
        m_daemon->push(create, "{\"status\":\"Digest: sha256:ab\"}\r\n");
        m_daemon->end(create);
        QTRY_VERIFY(offers(u"Run…"_s));
        QVERIFY(!offers(u"Cancel"_s) && !offers(u"Retry"_s) && bar()->isHidden());
        QSignalSpy run(m_panel.get(), &TransfersPanel::runRequested);
        button(u"Run…"_s)->click();
        QCOMPARE(run.value(0).value(0).toString(), u"nvcr.io/a/b:1"_s);
        button(u"Remove from list"_s)->click();
        QVERIFY(m_transfers->all().isEmpty());
        QVERIFY(!offers(u"Run…"_s));
    }

    /** At 1280 pixels all columns fit, and a pull's end with its long digest moves nothing. */
    void nothingMovesAtTheEnd()
    {
        m_panel->resize(1088, 300);
        m_daemon->route("POST", create, FakeReply::stream());
        m_transfers->pull(image(u"registry.example.com:5000/team/project/trainer:2024.05.17-cu124-rc1"_s));
        QTRY_COMPARE(m_daemon->count("POST", create), 1);
        m_daemon->push(create, downloading(1, 4));
        QTRY_COMPARE(table(u"Layers"_s)->model()->rowCount(), 1);
        QTRY_VERIFY(table(u"Transfers"_s)->columnWidth(0) > 0);
        const int width = table(u"Transfers"_s)->width();
        QCOMPARE(table(u"Transfers"_s)->horizontalScrollBar()->maximum(), 0);
        const QString digest = u"sha256:"_s + QString(64, u'a');
        m_daemon->push(create, "{\"status\":\"Digest: " + digest.toUtf8() + "\"}\r\n");
        m_daemon->end(create);
        QTRY_VERIFY(offers(u"Run…"_s));
        QCoreApplication::processEvents();
        QCOMPARE(table(u"Transfers"_s)->width(), width);
        QCOMPARE(table(u"Transfers"_s)->horizontalScrollBar()->maximum(), 0);
        const auto labels = m_panel->findChildren<common::ElidedLabel *>();
        const auto said = std::ranges::find_if(
            labels, [&digest](const common::ElidedLabel *label) { return label->text().endsWith(digest); });
        QVERIFY(said != labels.end());
        QVERIFY((*said)->shown().contains(u'…') && (*said)->shown().startsWith(u"Done"_s)
            && (*said)->shown().endsWith(u"aaa"_s));
    }

    void cancelAndRetry()
    {
        m_daemon->route("POST", create, FakeReply::stream());
        m_transfers->pull(image(u"a"_s));
        QTRY_COMPARE(m_daemon->count("POST", create), 1);
        button(u"Cancel"_s)->click();
        QTRY_VERIFY(offers(u"Retry"_s) && offers(u"Remove from list"_s));
        QVERIFY(bar()->isHidden()); // who cancels knows
        button(u"Retry"_s)->click();
        QTRY_COMPARE(m_daemon->count("POST", create), 2);
        QVERIFY(offers(u"Cancel"_s));
    }

    void aRefusalOffersTheSignIn()
    {
        m_daemon->route("POST", create, FakeReply::status(500, "unauthorized: authentication required"));
        m_transfers->pull(image(u"nvcr.io/a/b:1"_s));
        QTRY_VERIFY(bar()->isVisible());
        QCOMPARE(bar()->title(),
            u"Could not pull nvcr.io/a/b:1: the registry wants a sign-in, or another account, for this image."_s);
        QVERIFY(!offers(u"Sign in…"_s)); // nobody would do it
        QSignalSpy signIn(m_panel.get(), &TransfersPanel::signInRequested);
        button(u"Retry"_s)->click();
        QTRY_VERIFY(offers(u"Sign in…"_s));
        button(u"Sign in…"_s)->click();
        QCOMPARE(signIn.value(0).value(0).toString(), u"nvcr.io/a/b:1"_s);
        // Another one is selected: its own words.
        m_daemon->route("POST", create, FakeReply::status(404, "manifest for c:1 not found"));
        m_transfers->pull(image(u"c:1"_s));
        QTRY_VERIFY(bar()->title().contains(u"has no image c:1"_s));
        QVERIFY(!offers(u"Sign in…"_s));
        table(u"Transfers"_s)->clearSelection();
        QVERIFY(bar()->isHidden());
    }

    /** What was refused begins again by itself, at that registry only, and the bar goes. */
    void aSignInTriesAgain()
    {
        m_daemon->route("POST", create, FakeReply::status(500, "unauthorized: authentication required"));
        const int other = m_transfers->pull(image(u"ghcr.io/a/b:1"_s));
        const int refused = m_transfers->pull(image(u"nvcr.io/a/b:1"_s));
        QTRY_COMPARE(m_transfers->running(), 0);
        QTRY_VERIFY(bar()->isVisible());
        m_daemon->route("POST", create, FakeReply::status(404, "manifest for nvcr.io/c:1 not found"));
        const int missing = m_transfers->pull(image(u"nvcr.io/c:1"_s));
        QTRY_COMPARE(m_transfers->running(), 0);
        m_panel->select(refused);
        QVERIFY(bar()->isVisible());

        m_daemon->route("POST", create, FakeReply::json("{\"status\":\"Digest: sha256:ab\"}\r\n"));
        m_panel->signedIn(u"nvcr.io"_s);
        QVERIFY(m_transfers->find(refused)->running());
        QVERIFY(bar()->isHidden());
        QTRY_COMPARE(m_transfers->find(refused)->state, Transfer::State::Done);
        QCOMPARE(m_transfers->find(other)->state, Transfer::State::Failed);
        QCOMPARE(m_transfers->find(missing)->state, Transfer::State::Failed);
        QCOMPARE(m_daemon->count("POST", create), 4);
    }

    void saysWhatTheDiskLacks()
    {
        m_daemon->route("GET", "/info",
            FakeReply::json("{\"Name\":\"" + QSysInfo::machineHostName().toUtf8() + "\",\"DockerRootDir\":\""
                + m_folder->path().toUtf8() + "\"}"));
        m_daemon->route("POST", create, FakeReply::stream("application/json", downloading(1, qint64(1) << 60)));
        m_transfers->pull(image(u"a"_s));
        QTRY_VERIFY(bar()->isVisible());
        QVERIFY2(bar()->title().startsWith(u"This needs at least "_s), qPrintable(bar()->title()));
        bar()->clear(); // closed by the person: it is not told again
        m_daemon->push(create, downloading(1, qint64(1) << 60));
        QTest::qWait(0);
        QVERIFY(bar()->isHidden());
    }

    void hiddenItCostsNothing()
    {
        m_daemon->route("POST", create, FakeReply::stream());
        const int id = m_transfers->pull(image(u"a"_s));
        QTRY_COMPARE(m_daemon->count("POST", create), 1);
        m_panel->hide();
        m_daemon->push(create, downloading(1, 4));
        QTRY_COMPARE(m_transfers->find(id)->progress.bytes(), 1);
        QCOMPARE(table(u"Layers"_s)->model()->rowCount(), 0);
        m_panel->show();
        QCOMPARE(table(u"Layers"_s)->model()->rowCount(), 1);
    }
};

QTEST_MAIN(TransfersPanelTest)
#include "tst_transferspanel.moc"
