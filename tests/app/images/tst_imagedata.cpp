#include "http/bodysource.h"
#include "images/detailsloader.h"
#include "images/newercheck.h"
#include "images/removal.h"
#include "images/savedusers.h"
#include "support/fakedaemon.h"

#include <QSignalSpy>
#include <QTest>

using images::Newer;
using inventory::Image;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

namespace {

const QString idA = u"sha256:aaaa000000000000000000000000000000000000000000000000000000000000"_s;
const QString idB = u"sha256:bbbb000000000000000000000000000000000000000000000000000000000000"_s;
const QString digest = u"sha256:cccc000000000000000000000000000000000000000000000000000000000000"_s;

Image row(const QString &id, const QString &repository, const QString &tag)
{
    Image image;
    image.id = id;
    image.repository = repository;
    image.tag = tag;
    image.size = 1000;
    return image;
}

runs::SavedConfig config(const QString &name, const QString &image)
{
    runs::SavedConfig saved;
    saved.name = name;
    saved.file.config.image = image;
    return saved;
}

/** A daemon of two images, the second made on the first. */
void serve(FakeDaemon &daemon)
{
    daemon.route("GET", "/images/json",
        FakeReply::json(QByteArray("[{'Id':'%A','RepoTags':['base:1'],'Size':100,'Created':1},{'Id':'%B','RepoTags':"
                                   "['mine:1','mine:2'],'RepoDigests':['mine@%D'],'Size':1100,'Created':2}]")
                            .replace("%A", idA.toLatin1())
                            .replace("%B", idB.toLatin1())
                            .replace("%D", digest.toLatin1())
                            .replace('\'', '"')));
    daemon.route("GET", "/images/" + idA.toLatin1() + "/json",
        FakeReply::json("{\"Id\":\"" + idA.toLatin1() + "\",\"RootFS\":{\"Layers\":[\"d1\"]}}"));
    daemon.route("GET", "/images/" + idA.toLatin1() + "/history", FakeReply::json("[]"));
    daemon.route("GET", "/images/" + idB.toLatin1() + "/json",
        FakeReply::json(QByteArray("{'Id':'%B','Os':'linux','Architecture':'arm64','Variant':'v8','Size':1100,"
                                   "'Created':'2024-05-01T10:00:00Z','Config':{'Env':['CUDA_VERSION=12.4'],"
                                   "'ExposedPorts':{'8888/tcp':{}},'Labels':{'a':'b'},'User':'me'},"
                                   "'RootFS':{'Layers':['d1','d2']}}")
                            .replace("%B", idB.toLatin1())
                            .replace('\'', '"')));
    daemon.route("GET", "/images/" + idB.toLatin1() + "/history",
        FakeReply::json(
            R"([{"CreatedBy":"RUN make # buildkit","Size":1000},{"CreatedBy":"ADD rootfs / # buildkit","Size":100}])"));
}

/** What a check came to, and how often. */
struct Answer
{
    core::Result<Newer> result = core::Error{};
    int times = 0;

    explicit Answer(images::NewerCheck &check)
    {
        QObject::connect(&check, &images::NewerCheck::finished, &check, [this](const core::Result<Newer> &told) {
            result = told;
            ++times;
        });
    }
};

} // namespace

/** What the Images page knows beyond the table: details, users, removal, newer images. */
class ImageDataTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void savedUsers()
    {
        QList<Image> images = {row(idA, u"pytorch/pytorch"_s, u"2.4"_s), row(idA, u"mine"_s, u"latest"_s),
            row(idB, {}, {}), row(idB, u"localhost:5000/x"_s, u"1"_s)};
        images[0].digests = images[1].digests = {u"pytorch/pytorch@"_s + digest};
        runs::SavedConfig broken = config(u"broken"_s, u"mine"_s);
        broken.trouble = u"not JSON"_s;
        const auto users = images::savedUsers(images,
            {config(u"tag"_s, u"docker.io/pytorch/pytorch:2.4"_s), config(u"latest"_s, u"mine"_s),
                config(u"digest"_s, u"pytorch/pytorch@"_s + digest), config(u"id"_s, u"bbbb00000000"_s),
                config(u"whole id"_s, idB), config(u"port"_s, u"localhost:5000/x:1"_s), config(u"other"_s, u"mine:2"_s),
                config(u"none"_s, {}), broken});
        QCOMPARE(users.value(images[0].key()), (QStringList{u"tag"_s, u"digest"_s}));
        QCOMPARE(users.value(images[1].key()), (QStringList{u"latest"_s}));
        QCOMPARE(users.value(images[2].key()), (QStringList{u"id"_s, u"whole id"_s}));
        QCOMPARE(users.value(images[3].key()), (QStringList{u"id"_s, u"whole id"_s, u"port"_s}));
        QCOMPARE(users.size(), 4);
    }

    void removal()
    {
        QList<Image> all = {row(idA, u"a"_s, u"1"_s), row(idA, u"a"_s, u"2"_s), row(idB, u"b"_s, u"1"_s)};
        all[2].usedBy = QStringList{u"resnet"_s};
        // One name of two: nothing goes.
        images::Removal one = images::removalOf({all[0]}, all, {{all[0].key(), {u"vit"_s}}}, {}, {});
        QCOMPARE(one.images(), 0);
        QCOMPARE(one.freed, 0);
        QVERIFY(one.lines[0].text.contains(u"stays as a:2"_s));
        QCOMPARE(one.lines[0].saved, QStringList{u"vit"_s});
        // Both names: the image goes once.
        images::Removal both = images::removalOf({all[0], all[1]}, all, {}, {}, {{idA, 700}});
        QCOMPARE(both.images(), 1);
        QCOMPARE(both.freed, 700);
        QVERIFY(!both.refused());
        QCOMPARE(both.lines[1].reference, u"a:2"_s);
        // In use: Docker refuses, and nothing is counted as freed.
        images::Removal used = images::removalOf({all[2]}, all, {}, {}, {});
        QVERIFY(used.refused());
        QVERIFY(used.references().isEmpty()); // it is not even asked
        QCOMPARE(used.images(), 0);
        QCOMPARE(used.freed, 0);
        // Protected: it is not asked for, and what it is another name of stays.
        images::Removal locked = images::removalOf({all[0], all[1]}, all, {}, {all[1].key()}, {});
        QCOMPARE(locked.references(), QStringList{u"a:1"_s});
        QCOMPARE(locked.images(), 0);
        QVERIFY(locked.lines[0].text.contains(u"stays as a:2"_s));
        QVERIFY(locked.lines[1].text.contains(u"protected"_s));
        // Untagged: by its id.
        Image untagged = row(idB, {}, {});
        untagged.digests = {u"nvcr.io/nvidia/pytorch@"_s + digest};
        images::Removal id = images::removalOf({untagged}, {untagged}, {}, {}, {});
        QCOMPARE(id.lines[0].reference, idB);
        QVERIFY(id.lines[0].text.contains(u"nvcr.io/nvidia/pytorch"_s));
    }

    void stepsGoWithTheLastThatNeedsThem()
    {
        // root ← s1 ← {a, s2 ← b}; root has a name.
        const auto node = [](const QString &id, const QString &parent, const QStringList &tags) {
            docker::ImageNode made;
            made.id = id;
            made.parentId = parent;
            made.repoTags = tags;
            return made;
        };
        const QList<docker::ImageNode> nodes{node(u"root"_s, {}, {u"root:1"_s}), node(u"s1"_s, u"root"_s, {}),
            node(u"s2"_s, u"s1"_s, {}), node(u"a"_s, u"s1"_s, {u"a:1"_s}), node(u"b"_s, u"s2"_s, {u"b:1"_s})};
        const docker::ImageTree tree(nodes);
        QCOMPARE(tree.stepsOf({u"a"_s}, {}), QStringList());
        QCOMPARE(tree.stepsOf({u"b"_s}, {}), QStringList{u"s2"_s});
        QCOMPARE(tree.stepsOf({u"a"_s, u"b"_s}, {}), (QStringList{u"s2"_s, u"s1"_s}));
        QCOMPARE(tree.stepsOf({u"b"_s, u"a"_s}, {}), (QStringList{u"s2"_s, u"s1"_s}));
        QCOMPARE(tree.stepsOf({u"a"_s, u"b"_s}, {u"s1"_s}), QStringList{u"s2"_s});
        QCOMPARE(tree.goingWith({u"root"_s, u"nobody"_s}, {}), QStringList()); // others are built on it: it stays
        QCOMPARE(tree.goingWith({u"root"_s, u"b"_s, u"a"_s}, {}),
            (QStringList{u"b"_s, u"a"_s, u"s2"_s, u"s1"_s, u"root"_s}));
        QVERIFY(tree.isStep(*tree.node(u"s1"_s)) && !tree.isStep(*tree.node(u"root"_s)));
        // Of what stays, or is refused, nothing goes along.
        Image a = row(u"a"_s, u"a"_s, u"1"_s);
        Image b = row(u"b"_s, u"b"_s, u"1"_s);
        images::Removal removal = images::removalOf({a, b}, {a, b}, {}, {}, {});
        images::addSteps(removal, nodes, {});
        QCOMPARE(removal.steps, (QStringList{u"s2"_s, u"s1"_s}));
        b.usedBy = QStringList{u"resnet"_s};
        removal = images::removalOf({a, b}, {a, b}, {}, {}, {});
        images::addSteps(removal, nodes, {});
        QCOMPARE(removal.steps, QStringList());
        // Its name goes, and the dialog does not say more.
        const Image root = row(u"root"_s, u"root"_s, u"1"_s);
        removal = images::removalOf({root}, {root}, {}, {}, {});
        images::addSteps(removal, nodes, {});
        QCOMPARE(removal.images(), 0);
        QVERIFY2(removal.lines[0].text.contains(u"only this name"_s), qPrintable(removal.lines[0].text));
        // With all that is built on it: it goes last, by its id.
        b.usedBy.clear();
        removal = images::removalOf({root, a, b}, {root, a, b}, {}, {}, {});
        images::addSteps(removal, nodes, {});
        QCOMPARE(removal.images(), 3);
        QCOMPARE(removal.rest, (QStringList{u"s2"_s, u"s1"_s, u"root"_s}));
    }

    void detailsAreAskedOnceAndOnlyWhileShown()
    {
        FakeDaemon daemon;
        serve(daemon);
        docker::Engine engine({daemon.socketPath()});
        inventory::Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.images().size(), 3);
        images::DetailsLoader loader(engine, inventory);
        QCOMPARE(daemon.count("GET", "/images/sha256"), 0);
        QVERIFY(!loader.details());

        loader.show(idB);
        QTRY_VERIFY(loader.details() && loader.details()->sharingKnown);
        QCOMPARE(loader.details()->platform, u"linux/arm64/v8"_s);
        QCOMPARE(loader.details()->ports, QStringList{u"8888/tcp"_s});
        QCOMPARE(loader.details()->user, u"me"_s);
        QCOMPARE(loader.details()->sizes, (images::OwnSize{1000, 100, {idA}}));
        QCOMPARE(daemon.count("GET", "/images/sha256"), 3); // inspect, history, the other's layers

        loader.show({});
        QVERIFY(!loader.details());
        QSignalSpy changed(&loader, &images::DetailsLoader::changed);
        loader.show(idB);
        QVERIFY(changed.count() > 0); // from memory, at once
        QCOMPARE(daemon.count("GET", "/images/sha256"), 3);
    }

    void theSelectionMovesOn()
    {
        FakeDaemon daemon;
        serve(daemon);
        daemon.route("GET", "/images/" + idA.toLatin1() + "/json", FakeReply::stall());
        docker::Engine engine({daemon.socketPath()});
        inventory::Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.images().size(), 3);
        images::DetailsLoader loader(engine, inventory);
        QSignalSpy failed(&loader, &images::DetailsLoader::failed);
        loader.show(idA);
        QTRY_COMPARE(daemon.count("GET", "/images/" + idA.toLatin1() + "/json"), 1);
        loader.show(idB);
        QTRY_VERIFY(loader.details());
        QCOMPARE(loader.details()->id, idB);
        QVERIFY(!loader.details()->sharingKnown); // nobody tells of the other one
        QCOMPARE(failed.count(), 0);
    }

    void failureAndAgain()
    {
        FakeDaemon daemon;
        serve(daemon);
        daemon.route("GET", "/images/" + idB.toLatin1() + "/history", FakeReply::status(500, "busy"));
        docker::Engine engine({daemon.socketPath()});
        inventory::Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.images().size(), 3);
        images::DetailsLoader loader(engine, inventory);
        QSignalSpy failed(&loader, &images::DetailsLoader::failed);
        loader.show(idB);
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed[0][0].value<core::Error>().message, u"busy"_s);
        serve(daemon);
        loader.show(idB);
        QTRY_VERIFY(loader.details());
    }

    void newer_data()
    {
        QTest::addColumn<QString>("remote");
        QTest::addColumn<QStringList>("digests");
        QTest::addColumn<int>("verdict");
        QTest::newRow("the same") << digest << QStringList{u"nvcr.io/x@"_s + digest} << int(Newer::UpToDate);
        QTest::newRow("another") << idA << QStringList{u"nvcr.io/x@"_s + digest} << int(Newer::There);
        QTest::newRow("built here") << digest << QStringList{} << int(Newer::NotFromRegistry);
        QTest::newRow("of another registry")
            << digest << QStringList{u"ghcr.io/x@"_s + digest} << int(Newer::NotFromRegistry);
    }
    void newer()
    {
        QFETCH(QString, remote);
        QFETCH(QStringList, digests);
        FakeDaemon daemon;
        daemon.route("GET", "/distribution/nvcr.io/x:1/json",
            FakeReply::json("{\"Descriptor\":{\"digest\":\"" + remote.toLatin1() + "\"}}"));
        docker::Engine engine({daemon.socketPath()});
        QString asked;
        images::NewerCheck check(
            engine,
            [&asked](const QString &registry) {
                asked = registry;
                return core::Pending<docker::RegistryAuth>::ready(docker::RegistryAuth{registry, u"u"_s, u"p"_s, {}});
            },
            u"nvcr.io/x:1"_s, digests);
        Answer answer(check);
        check.start();
        QCOMPARE(answer.times, 0); // never inside the call
        QTRY_COMPARE(answer.times, 1);
        const core::Result<Newer> result = answer.result;
        QVERIFY(result);
        QTEST(int(*result), "verdict");
        if (*result != Newer::NotFromRegistry) {
            QCOMPARE(asked, u"nvcr.io"_s);
            QVERIFY(daemon.requests().last().head.contains("X-Registry-Auth: "));
        }
    }

    void newerCannotBeAsked()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/distribution/", FakeReply::status(500, "dial tcp: no route"));
        docker::Engine engine({daemon.socketPath()});
        images::NewerCheck check(engine, {}, u"x:1"_s, {u"x@"_s + digest});
        Answer answer(check);
        check.start();
        QTRY_COMPARE(answer.times, 1);
        QCOMPARE(answer.result.error().message, u"dial tcp: no route"_s);

        daemon.route("GET", "/distribution/", FakeReply::stall());
        images::NewerCheck stalled(engine, {}, u"x:1"_s, {u"x@"_s + digest});
        Answer aborted(stalled);
        stalled.start();
        QTRY_VERIFY(daemon.count("GET", "/distribution/") > 1);
        stalled.abort();
        QTRY_COMPARE(aborted.times, 1);
        QCOMPARE(aborted.result.error().kind, core::ErrorKind::Aborted);
    }

    void historyAndLoadLines()
    {
        const auto history
            = docker::parseHistory(R"([{"Created":5,"CreatedBy":"RUN x","Size":7,"Comment":"c","Tags":null}])");
        QCOMPARE(*history, (QList<docker::HistoryEntry>{{5, u"RUN x"_s, u"c"_s, 7}}));
        QVERIFY(docker::parseHistory("null")->isEmpty());
        for (const char *bad : {"{}", "[", "", "[{\"Size\":{}}]"})
            QCOMPARE(docker::parseHistory(bad).error().kind, core::ErrorKind::Protocol);

        QCOMPARE(docker::parseLoadStep("{\"stream\":\"Loaded image: a/b:1\\n\"}")->loaded, u"a/b:1"_s);
        QCOMPARE(docker::parseLoadStep("{\"stream\":\"Loaded image ID: sha256:12\\n\"}")->loaded, u"sha256:12"_s);
        QVERIFY(docker::parseLoadStep("{\"stream\":\"The image x already exists\\n\"}")->loaded.isEmpty());
        const auto step = docker::parseLoadStep(
            R"({"status":"Loading layer","progressDetail":{"current":5,"total":9},"id":"abc"})");
        QCOMPARE(*step, (docker::LoadStep{{}, u"Loading layer"_s, u"abc"_s, 5, 9}));
        QCOMPARE(docker::parseLoadStep(R"({"errorDetail":{"message":"no space left on device"}})").error().message,
            u"no space left on device"_s);
    }

    /** Whatever way the stream is cut. */
    void loadStreamInPieces()
    {
        const QByteArray body
            = "{\"status\":\"Loading layer\",\"progressDetail\":{\"current\":1,\"total\":2},\"id\":\"a\"}\r\n"
              "{\"stream\":\"Loaded image: x:1\\n\"}\r\n";
        for (qsizetype piece = 1; piece < 12; ++piece) {
            FakeDaemon daemon;
            daemon.route("POST", "/images/load", FakeReply::json(body).inPieces(piece));
            docker::Engine engine({daemon.socketPath()});
            struct Source : http::BodySource
            {
                core::Result<QByteArray> next() override { return QByteArray(); }
            };
            auto *stream = docker::loadImages(engine, std::make_shared<Source>(), &engine);
            QStringList loaded;
            connect(stream, &docker::LoadStream::step, this,
                [&loaded](const docker::LoadStep &step) { loaded.append(step.loaded); });
            QSignalSpy closed(stream, &docker::Stream::closed);
            QTRY_COMPARE(closed.count(), 1);
            QVERIFY(closed[0][0].value<core::Result<void>>());
            QCOMPARE(loaded, (QStringList{QString(), u"x:1"_s}));
        }
    }
};

QTEST_GUILESS_MAIN(ImageDataTest)
#include "tst_imagedata.moc"
