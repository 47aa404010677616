#include "images/layers.h"
#include "images/layersmodel.h"
#include "models/rowsmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using docker::HistoryEntry;
using images::Layer;
using images::LayerColumn;
using namespace Qt::StringLiterals;

/** An image's layers of its history, and what it shares. */
class LayersTest : public QObject
{
    Q_OBJECT

    static HistoryEntry entry(const QString &createdBy, qint64 size) { return {1, createdBy, {}, size}; }

private Q_SLOTS:
    void plainCommand_data()
    {
        QTest::addColumn<QString>("told");
        QTest::addColumn<QString>("plain");
        QTest::newRow("classic run") << u"/bin/sh -c apt-get update &&     apt-get install -y git"_s
                                     << u"RUN apt-get update && apt-get install -y git"_s;
        QTest::newRow("classic setting") << u"/bin/sh -c #(nop)  CMD [\"bash\"]"_s << u"CMD [\"bash\"]"_s;
        QTest::newRow("classic add")
            << u"/bin/sh -c #(nop) ADD file:5d68d27cc15a80653c93d3a0b262a28112d47a46326ff5fc2dfbf7fa3b9a0ce8 in / "_s
            << u"ADD file to /"_s;
        QTest::newRow("classic copy") << u"/bin/sh -c #(nop) COPY multi:0ab2 in /app "_s << u"COPY multi to /app"_s;
        QTest::newRow("classic with arguments") << u"|2 A=1 B=two words /bin/sh -c echo $A"_s << u"RUN echo $A"_s;
        QTest::newRow("buildkit run") << u"RUN /bin/sh -c pip install torch # buildkit"_s << u"RUN pip install torch"_s;
        QTest::newRow("buildkit run with arguments")
            << u"RUN |1 TARGETARCH=amd64 /bin/sh -c apt-get update # buildkit"_s << u"RUN apt-get update"_s;
        QTest::newRow("bash with pipefail")
            << u"RUN /bin/bash -o pipefail -c curl x | tar x # buildkit"_s << u"RUN curl x | tar x"_s;
        QTest::newRow("buildkit copy") << u"COPY . /workspace # buildkit"_s << u"COPY . /workspace"_s;
        QTest::newRow("buildkit env") << u"ENV CUDA_VERSION=12.4.1"_s << u"ENV CUDA_VERSION=12.4.1"_s;
        QTest::newRow("a comment in the command") << u"RUN /bin/sh -c echo a # b # buildkit"_s << u"RUN echo a # b"_s;
        QTest::newRow("without a shell") << u"RUN [\"/bin/true\"] # buildkit"_s << u"RUN [\"/bin/true\"]"_s;
        QTest::newRow("docker commit") << u"sh -c dd if=/dev/zero of=/x"_s << u"RUN dd if=/dev/zero of=/x"_s;
        QTest::newRow("bazel") << u"bazel build ..."_s << u"bazel build ..."_s;
        QTest::newRow("white space") << u"/bin/sh -c set -e;\t\tx;\n y"_s << u"RUN set -e; x; y"_s;
        QTest::newRow("nothing") << QString() << QString();
    }
    void plainCommand()
    {
        QFETCH(QString, told);
        QTEST(images::plainCommand(told), "plain");
    }

    /** As the image specification has it. */
    void chains()
    {
        QCOMPARE(images::chainsOf({}), QStringList());
        QCOMPARE(images::chainsOf({u"sha256:aa"_s}), QStringList{u"sha256:aa"_s});
        // printf 'sha256:aa sha256:bb' | sha256sum
        QCOMPARE(images::chainsOf({u"sha256:aa"_s, u"sha256:bb"_s}),
            (QStringList{
                u"sha256:aa"_s, u"sha256:b68ad689d6d1ec110ea1c13617437ad6f3766d4b3b309f6a603a222e07a0164f"_s}));
    }

    void layersOfAClassicBuild()
    {
        const QList<HistoryEntry> history
            = {entry(u"/bin/sh -c #(nop)  CMD [\"x\"]"_s, 0), entry(u"/bin/sh -c touch /a"_s, 0),
                entry(u"/bin/sh -c #(nop) WORKDIR /w"_s, 0), entry(u"/bin/sh -c make"_s, 300),
                entry(u"/bin/sh -c #(nop)  ENV A=1"_s, 0), entry(u"/bin/sh -c #(nop) ADD file:12 in / "_s, 1000)};
        const QList<Layer> layers = images::layersOf(history, {u"d1"_s, u"d2"_s, u"d3"_s});
        QCOMPARE(layers.size(), 6);
        QCOMPARE(layers.first().command, u"ADD file to /"_s);
        QCOMPARE(layers.first().number, 1);
        QCOMPARE(layers.first().chain, u"d1"_s);
        QVERIFY(layers[1].chain.isEmpty()); // ENV
        QCOMPARE(layers[2].size, 300);
        QVERIFY(!layers[2].chain.isEmpty());
        QVERIFY(layers[3].chain.isEmpty()); // WORKDIR made no folder: `touch` is the third layer
        QVERIFY(!layers[4].chain.isEmpty());
        QVERIFY(layers[5].chain.isEmpty()); // CMD
    }

    /** Where the two do not fit together, sizes are told and nothing is claimed to be shared. */
    void layersThatDoNotFit()
    {
        const QList<HistoryEntry> history = {entry(u"RUN a"_s, 1), entry(u"RUN b"_s, 2)};
        for (const QStringList &diffIds : {QStringList{u"d1"_s}, QStringList{u"1"_s, u"2"_s, u"3"_s}}) {
            for (const Layer &layer : images::layersOf(history, diffIds))
                QVERIFY(layer.chain.isEmpty());
        }
    }

    void imported()
    {
        const QList<Layer> layers = images::layersOf({{5, {}, u"Imported from -"_s, 700}}, {u"d1"_s});
        QCOMPARE(layers.first().command, u"Imported from -"_s);
        QCOMPARE(layers.first().chain, u"d1"_s);
    }

    void sharing()
    {
        // base: d1 d2; mine: d1 d2 d3 d4; sibling: d1 d2 d3'; stranger has d3, but on other layers below.
        QList<Layer> mine = images::layersOf(
            {entry(u"RUN d"_s, 4000), entry(u"RUN c"_s, 300), entry(u"RUN b"_s, 20), entry(u"RUN a"_s, 1)},
            {u"d1"_s, u"d2"_s, u"d3"_s, u"d4"_s});
        const QHash<QString, QStringList> all
            = {{u"base"_s, {u"d1"_s, u"d2"_s}}, {u"mine"_s, {u"d1"_s, u"d2"_s, u"d3"_s, u"d4"_s}},
                {u"sibling"_s, {u"d1"_s, u"d2"_s, u"d3b"_s}}, {u"stranger"_s, {u"x"_s, u"d3"_s}}};
        const images::OwnSize sizes = images::share(mine, u"mine"_s, all);
        QCOMPARE(sizes.own, 4300);
        QCOMPARE(sizes.shared, 21);
        QCOMPARE(sizes.sharedWith, (QStringList{u"base"_s, u"sibling"_s}));
        QCOMPARE(mine[0].sharedWith, (QStringList{u"base"_s, u"sibling"_s}));
        QVERIFY(mine[2].sharedWith.isEmpty());
        // Alone, all of it is its own.
        QCOMPARE(images::share(mine, u"mine"_s, {{u"mine"_s, all.value(u"mine"_s)}}).own, 4321);
    }

    void model()
    {
        images::LayersModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QList<Layer> layers
            = images::layersOf({entry(u"/bin/sh -c #(nop)  ENV A=<b>"_s, 0), entry(u"/bin/sh -c make"_s, 3072),
                                   entry(u"COPY . . # buildkit"_s, 1024)},
                {u"d1"_s, u"d2"_s});
        model.setLayers(layers, {}, false);
        QCOMPARE(model.rowCount(), 3);
        const auto cell
            = [&model](int row, LayerColumn column) { return model.index(row, int(column)).data().toString(); };
        QCOMPARE(cell(0, LayerColumn::Size), u"1 KiB"_s);
        QCOMPARE(cell(0, LayerColumn::Share), u"25 %"_s);
        QCOMPARE(cell(0, LayerColumn::SharedWith), u"–"_s); // not known
        QCOMPARE(cell(1, LayerColumn::Command), u"RUN make"_s);
        QCOMPARE(cell(2, LayerColumn::Size), u"–"_s);
        QVERIFY(model.index(2, 4).data(Qt::ToolTipRole).toString().contains(u"#(nop)  ENV A=&lt;b&gt;"_s));
        QCOMPARE(model.index(1, 1).data(models::SortRole).toLongLong(), 3072);

        // More of the same image keeps the rows.
        QPersistentModelIndex kept = model.index(1, 0);
        images::share(layers, u"mine"_s, {{u"base"_s, {u"d1"_s}}});
        model.setLayers(layers, {{u"base"_s, u"ubuntu:22.04"_s}}, true);
        QVERIFY(kept.isValid());
        QCOMPARE(cell(0, LayerColumn::SharedWith), u"ubuntu:22.04"_s);
        QCOMPARE(cell(1, LayerColumn::SharedWith), u"only here"_s);
        model.setLayers({}, {}, false);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(LayersTest)
#include "tst_layers.moc"
