#include "models/imagesmodel.h"
#include "models/tablefilter.h"
#include "support/fakedaemon.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using inventory::ImageColumn;
using inventory::Inventory;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

/** The images table: one row a name, with who uses it. */
class ImagesModelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rows()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/images/json", FakeReply::json(R"([
            {"Id":"sha256:0123456789abcdef","RepoTags":["nvcr.io:5000/nvidia/pytorch:24.05-py3","pt:1"],"Size":3221225472,"Created":20},
            {"Id":"sha256:fedcba9876543210","RepoTags":["<none>:<none>"],"Size":5,"Created":10}])"));
        daemon.route("GET", "/containers/json",
            FakeReply::json(
                R"([{"Id":"a","Names":["/tf2"],"ImageID":"sha256:0123456789abcdef"},{"Id":"b","Names":["/tf1"],"ImageID":"sha256:0123456789abcdef"}])"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        models::ImagesModel model(inventory);
        models::TableFilter proxy;
        proxy.setSourceModel(&model);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester proxyTester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);
        inventory.start();
        QTRY_COMPARE(model.rowCount(), 3);
        QTRY_COMPARE(model.index(0, int(ImageColumn::UsedBy)).data().toString(), u"tf1, tf2"_s);
        QStringList cells;
        for (int column = 0; column < int(ImageColumn::Created); ++column)
            cells.append(model.index(0, column).data().toString());
        QCOMPARE(cells, (QStringList{u"nvcr.io:5000/nvidia/pytorch"_s, u"24.05-py3"_s, u"0123456789ab"_s, u"3 GiB"_s}));
        QCOMPARE(model.index(2, 0).data().toString(), u"(untagged)"_s);
        QCOMPARE(model.index(2, 0).data(models::ReferenceRole).toString(), u"sha256:fedcba9876543210"_s);

        proxy.sort(int(ImageColumn::Size));
        QCOMPARE(proxy.index(0, int(ImageColumn::Size)).data().toString(), u"5 B"_s);

        daemon.route("GET", "/images/json",
            FakeReply::json(
                R"([{"Id":"sha256:0123456789abcdef","RepoTags":["pt:1"],"Size":3221225472,"Created":20}])"));
        daemon.push(
            "/events", "{\"Type\":\"image\",\"Action\":\"untag\",\"Actor\":{\"ID\":\"sha256:0123456789abcdef\"}}\n");
        QTRY_COMPARE(model.rowCount(), 1);
    }
};

QTEST_GUILESS_MAIN(ImagesModelTest)
#include "tst_imagesmodel.moc"
