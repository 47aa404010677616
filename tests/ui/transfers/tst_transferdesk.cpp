#include "common/messagebar.h"
#include "support/fakedaemon.h"
#include "transfers/pushdialog.h"
#include "transfers/transferdesk.h"
#include "transfers/transferspanel.h"

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using support::FakeReply;
using support::FakeRequest;
using transfers::TransferDesk;
using namespace Qt::StringLiterals;

/** Naming and pushing: no name is taken from another image without a word, and who pushes knows where and as whom. */
class TransferDeskTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<support::FakeDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    std::unique_ptr<inventory::Inventory> m_inventory;
    std::unique_ptr<transfers::Transfers> m_transfers;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<settings::Settings> m_settings;
    std::unique_ptr<QWidget> m_window;
    TransferDesk *m_desk = nullptr;

    QDialog *dialog() const { return m_window->findChild<QDialog *>(); }
    template <typename T> T *named(const QString &name) const
    {
        for (T *widget : dialog()->findChildren<T *>()) {
            if (widget->accessibleName() == name)
                return widget;
        }
        return nullptr;
    }
    bool says(const QString &words) const
    {
        const auto labels = dialog()->findChildren<QLabel *>();
        return std::any_of(
            labels.begin(), labels.end(), [&](const QLabel *label) { return label->text().contains(words); });
    }

private Q_SLOTS:
    void init()
    {
        m_daemon = std::make_unique<support::FakeDaemon>();
        m_daemon->route("GET", "/images/json",
            FakeReply::json(R"([{"Id":"sha256:1","RepoTags":["vit:3","reg.example/team/vit:3"],"Size":3},)"
                            R"({"Id":"sha256:2","RepoTags":["other:1"],"Size":3}])"));
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
        m_inventory = std::make_unique<inventory::Inventory>(*m_engine);
        m_inventory->start();
        QTRY_VERIFY(m_inventory->imagesKnown());
        m_transfers = std::make_unique<transfers::Transfers>(*m_engine, [](const QString &registry) {
            docker::RegistryAuth auth;
            if (registry == "reg.example"_L1)
                auth = {registry, u"me"_s, u"pw"_s, {}};
            return core::Pending<docker::RegistryAuth>::ready(auth);
        });
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<settings::Settings>(m_folder->filePath(u"slipway.conf"_s));
        m_window = std::make_unique<QWidget>();
        m_window->show();
        m_desk = new TransferDesk({*m_engine, *m_inventory, *m_transfers, *m_settings}, m_window.get());
    }
    void cleanup()
    {
        m_window.reset();
        m_settings.reset();
        m_transfers.reset();
        m_inventory.reset();
        m_engine.reset();
        m_daemon.reset();
    }

    void givesAName()
    {
        m_daemon->route("POST", "/images/", FakeReply::json({}, 201));
        m_desk->tag(u"vit:3"_s);
        auto *name = named<QLineEdit>(u"Name"_s);
        QVERIFY(says(u"It has this name already."_s));
        name->setText(u"Vit"_s);
        QVERIFY(says(u"lower case"_s));
        name->setText(u"other:1"_s);
        QVERIFY(says(u"Another image here has this name."_s));
        QVERIFY(!named<QPushButton>(u"Add"_s)->isEnabled());
        name->setText(u"vit:best"_s);
        named<QPushButton>(u"Add"_s)->click();
        QTRY_COMPARE(m_daemon->count("POST", "/images/vit:3/tag"), 1);
        QCOMPARE(m_daemon->requests().last().query, QByteArray("repo=vit&tag=best"));
    }

    void saysWhyThereIsNoName()
    {
        m_daemon->route("POST", "/images/", FakeReply::status(404, "No such image: vit:3"));
        QSignalSpy wanted(m_desk, &TransferDesk::panelWanted);
        m_desk->tag(u"vit:3"_s);
        named<QLineEdit>(u"Name"_s)->setText(u"vit:best"_s);
        named<QPushButton>(u"Add"_s)->click();
        QTRY_COMPARE(wanted.size(), 1);
        QCOMPARE(m_desk->panel()->findChild<common::MessageBar *>()->title(),
            u"Could not add the name vit:best: there is no image vit:3 here."_s);
    }

    void pushes()
    {
        m_daemon->route("POST", "/images/", [](const FakeRequest &request) {
            return request.path.endsWith("/tag") ? FakeReply::json({}, 201)
                                                 : FakeReply::json("{\"status\":\"1: digest: sha256:ab size: 1\"}\r\n");
        });
        QSignalSpy wanted(m_desk, &TransferDesk::panelWanted);
        m_desk->push(u"vit:3"_s);
        auto *target = named<QLineEdit>(u"Push as"_s);
        QVERIFY(says(u"Docker Hub wants your user name before it: USER/vit:3."_s));
        QVERIFY(!named<QPushButton>(u"Push"_s)->isEnabled());
        target->setText(u"reg.example/other:1"_s);
        QVERIFY(says(u"Goes to reg.example. The image gets this name here, too."_s));
        QTRY_VERIFY(says(u"As me."_s));
        target->setText(u"me/vit"_s);
        QTRY_VERIFY(says(u"Nobody is signed in there"_s));
        target->setText(u"reg.example/team/vit@sha256:"_s + QString(64, u'a'));
        QVERIFY(says(u"not under a digest"_s));
        target->setText(u"reg.example/team/vit:3"_s); // its other name
        QVERIFY(named<QPushButton>(u"Push"_s)->isEnabled());
        named<QPushButton>(u"Push"_s)->click();
        QCOMPARE(wanted.size(), 1);
        QTRY_COMPARE(m_daemon->count("POST", "/images/reg.example/team/vit/push"), 1);
        QTRY_COMPARE(m_transfers->running(), 0);
        QCOMPARE(m_transfers->all().first().state, transfers::Transfer::State::Done);
    }

    void noneOfItsWordsAreCut()
    {
        m_desk->push(u"vit:3"_s);
        named<QLineEdit>(u"Push as"_s)->setText(u"ghcr.io/team/with-a-rather-long-name-for-an-image/vit:3"_s);
        QTRY_VERIFY(says(u"Nobody is signed in there"_s));
        for (const QLabel *label : dialog()->findChildren<QLabel *>()) {
            if (label->wordWrap() && label->isVisible())
                QTRY_VERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
        }
    }

    void pushTakesNoNameAway()
    {
        m_desk->push(u"other:1"_s);
        named<QLineEdit>(u"Push as"_s)->setText(u"reg.example/team/vit:3"_s);
        QVERIFY(says(u"Another image here has this name."_s));
        QVERIFY(!named<QPushButton>(u"Push"_s)->isEnabled());
    }
};

QTEST_MAIN(TransferDeskTest)
#include "tst_transferdesk.moc"
