#include "common/choiceedit.h"
#include "common/tableview.h"
#include "support/fakedaemon.h"
#include "transfers/pulldialog.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using docker::ImageReference;
using support::FakeReply;
using transfers::PullDialog;
using namespace Qt::StringLiterals;

/** Which image is meant is clear before it is pulled, and what is typed wrong is said while it is typed. */
class PullDialogTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<support::FakeDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    std::unique_ptr<inventory::Inventory> m_inventory;
    std::unique_ptr<transfers::Transfers> m_transfers;
    QPointer<PullDialog> m_dialog;
    QList<std::pair<QString, QString>> m_pulled;

    template <typename T> T *named(const QString &name) const
    {
        for (T *widget : m_dialog->findChildren<T *>()) {
            if (widget->accessibleName() == name)
                return widget;
        }
        return nullptr;
    }
    bool says(const QString &words) const
    {
        const auto labels = m_dialog->findChildren<QLabel *>();
        return std::any_of(
            labels.begin(), labels.end(), [&](const QLabel *label) { return label->text().contains(words); });
    }
    void type(const QString &text) { named<QLineEdit>(u"Image"_s)->setText(text); }
    void open(const QString &reference = {})
    {
        m_dialog = new PullDialog({*m_inventory, *m_transfers}, reference, nullptr);
        connect(
            m_dialog, &PullDialog::pullRequested, this, [this](const ImageReference &image, const QString &platform) {
                m_pulled += {image.full(), platform};
            });
        m_dialog->show();
    }

private Q_SLOTS:
    void init()
    {
        m_daemon = std::make_unique<support::FakeDaemon>();
        m_daemon->route("GET", "/images/json",
            FakeReply::json(R"([{"Id":"sha256:1","RepoTags":["nvcr.io/nvidia/pytorch:24.05-py3"],"Size":3}])"));
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
        m_inventory = std::make_unique<inventory::Inventory>(*m_engine);
        m_inventory->start();
        QTRY_VERIFY(m_inventory->imagesKnown());
        m_transfers = std::make_unique<transfers::Transfers>(*m_engine);
        m_pulled.clear();
    }
    void cleanup()
    {
        delete m_dialog;
        m_transfers.reset();
        m_inventory.reset();
        m_engine.reset();
        m_daemon.reset();
    }

    void theListIsValid()
    {
        const auto known = transfers::knownImages();
        QVERIFY(known.size() >= 15);
        for (const auto &name : {u"nvcr.io/nvidia/pytorch:"_s, u"nvcr.io/nvidia/tensorflow:"_s, u"pytorch/pytorch:"_s,
                 u"tensorflow/tensorflow:"_s, u"vllm/vllm-openai:"_s, u"rocm/pytorch:"_s, u"nvidia/cuda:"_s,
                 u"huggingface/transformers-pytorch-gpu:"_s, u"quay.io/jupyter/"_s})
            QVERIFY2(std::any_of(known.begin(), known.end(),
                         [&](const auto &image) { return image.reference.startsWith(name); }),
                qPrintable(name));
        for (const auto &image : known)
            QVERIFY2(ImageReference::parse(image.reference) && image.download > 0 && !image.what.isEmpty(),
                qPrintable(image.reference));
        transfers::KnownImagesModel model(known);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), int(known.size()));
    }

    void aWrongListIsSaid_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("none") << QByteArray("{}");
        QTest::newRow("no JSON") << QByteArray("[{");
        QTest::newRow("no name") << QByteArray(R"([{"repository":"A B","tags":[{"tag":"1","download":"1g"}]}])");
        QTest::newRow("no size") << QByteArray(R"([{"repository":"a","tags":[{"tag":"1","download":"much"}]}])");
        QTest::newRow("wrong type") << QByteArray(R"([{"repository":"a","tags":7}])");
    }
    void aWrongListIsSaid()
    {
        QFETCH(QByteArray, json);
        QCOMPARE(transfers::parseKnownImages(json).error().kind, core::ErrorKind::Protocol);
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("words");
        QTest::newRow("nothing") << QString() << u":latest"_s;
        QTest::newRow("capitals") << u"PyTorch/pytorch"_s << u"lower case"_s;
        QTest::newRow("a page") << u"https://nvcr.io/nvidia/pytorch"_s << u"Without http"_s;
        QTest::newRow("blank") << u"pytorch latest"_s << u"no blanks"_s;
        QTest::newRow("unfinished") << u"pytorch:"_s << u"after the “:”"_s;
        QTest::newRow("an id") << QString(64, u'a') << u"Not an image's name"_s;
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, typed);
        open();
        type(typed);
        QVERIFY(!named<QPushButton>(u"Pull"_s)->isEnabled());
        QFETCH(QString, words);
        QVERIFY(says(words));
        m_dialog->accept(); // as Enter would
        QVERIFY(m_pulled.isEmpty() && m_dialog->isVisible());
        QCOMPARE(named<QLineEdit>(u"Image"_s)->text(), typed);
    }

    void saysWhereFrom()
    {
        open(u"ubuntu"_s);
        QVERIFY(says(u"Comes from Docker Hub, as library/ubuntu:latest."_s));
        QVERIFY(!says(u"It is here already"_s));
        type(u"nvcr.io/nvidia/pytorch:24.05-py3"_s);
        QVERIFY(says(u"Comes from nvcr.io, as nvidia/pytorch:24.05-py3. It is here already"_s));
        QVERIFY(says(u"Roughly 9 GiB"_s));
        type(u"ubuntu"_s);
        QTest::keyClick(named<QLineEdit>(u"Image"_s), Qt::Key_Return);
        QCOMPARE(m_pulled, (QList<std::pair<QString, QString>>{{u"docker.io/library/ubuntu:latest"_s, QString()}}));
        QTRY_VERIFY(!m_dialog);
    }

    void wellKnownOnes()
    {
        open();
        auto *table = named<common::TableView>(u"Well-known images"_s);
        const int all = table->model()->rowCount();
        named<QLineEdit>(u"Find"_s)->setText(u"amd pytorch"_s);
        QCOMPARE(table->model()->rowCount(), 1);
        table->selectRow(0);
        QCOMPARE(named<QLineEdit>(u"Image"_s)->text(), u"rocm/pytorch:latest"_s);
        named<QLineEdit>(u"Find"_s)->setText(QString());
        QCOMPARE(table->model()->rowCount(), all);
        QVERIFY(named<QPushButton>(u"Pull"_s)->isEnabled());
    }

    void anotherPlatform()
    {
        open(u"ubuntu"_s);
        auto *platform = m_dialog->findChild<common::ChoiceEdit *>();
        QVERIFY(!platform->isVisible());
        named<QToolButton>(u"Other platform"_s)->click();
        QVERIFY(platform->isVisible());
        platform->setValue(u"linux/arm64"_s);
        named<QPushButton>(u"Pull"_s)->click();
        QCOMPARE(m_pulled.value(0).second, u"linux/arm64"_s);
    }
};

QTEST_MAIN(PullDialogTest)
#include "tst_pulldialog.moc"
