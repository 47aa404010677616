#include "docker/disk.h"
#include "docker/engine.h"
#include "support/fakedaemon.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QByteArray oldDf
    = R"({"LayersSize": 300, "Images": [{"Id": "sha256:1", "ParentId": "sha256:0", "RepoTags": ["a:1"],
 "RepoDigests": null, "Created": 17, "Size": 200, "SharedSize": 50, "Containers": 1}, {"Id": "sha256:2", "RepoTags": ["<none>:<none>"],
 "RepoDigests": ["<none>@<none>"], "Size": 100, "SharedSize": 0}],
 "Containers": [{"Id": "c1", "Names": ["/one"], "State": "exited", "ImageID": "sha256:1", "SizeRw": 7,
 "Mounts": [{"Type": "volume", "Name": "data"}, {"Type": "bind", "Source": "/x"}],
 "NetworkSettings": {"Networks": {"net": {"NetworkID": ""}, "bridge": {"NetworkID": "b0"}}}}, {"Id": "c2", "Names": null}],
 "Volumes": [{"Name": "data", "Driver": "local", "CreatedAt": "2026-11-29T00:00:00Z", "Labels": null, "UsageData": {"RefCount": 1, "Size": 30}},
 {"Name": "other", "UsageData": null}],
 "BuildCache": [{"ID": "abc12345", "Parent": "def", "Type": "regular", "Description": "x", "InUse": false, "Shared": true, "Size": 5,
 "CreatedAt": "2026-11-29T00:09:04.689447859Z", "LastUsedAt": null, "UsageCount": 1}], "BuilderSize": 0})";

} // namespace

class DiskTest : public QObject
{
    Q_OBJECT

    template <typename F> static void survivesEveryCut(const QByteArray &json, F parse)
    {
        for (qsizetype cut = 0; cut < json.size(); ++cut)
            QVERIFY(!parse(json.left(cut)).ok());
        QVERIFY(parse(json).ok());
    }
    /** Every value by itself becomes something else, on every level. */
    template <typename F> static void survivesNonsense(const QByteArray &json, F parse)
    {
        static const QList<QByteArray> nonsense{
            "null", "[]", "{}", "\"x\"", "-1", "1e99", "true", "[null,1,\"x\",[],{}]"};
        for (qsizetype at = json.indexOf(':'); at >= 0; at = json.indexOf(':', at + 1)) {
            for (const QByteArray &word : nonsense) {
                // Up to the next comma or bracket: what results need not be JSON either.
                qsizetype end = at + 1;
                while (end < json.size() && json[end] != ',' && json[end] != '}' && json[end] != ']')
                    ++end;
                parse(json.left(at + 1) + word + json.mid(end));
            }
        }
        for (const QByteArray &word : nonsense)
            parse(word);
    }

private Q_SLOTS:
    void theOldShape()
    {
        const auto usage = docker::parseDiskUsage(oldDf);
        QVERIFY(usage.ok());
        QCOMPARE(usage->layersSize, 300);
        QCOMPARE(usage->images[0].sharedSize, 50);
        QCOMPARE(usage->images[0].parentId, u"sha256:0"_s);
        QVERIFY(usage->images[1].repoTags.isEmpty() && usage->images[1].repoDigests.isEmpty());
        QCOMPARE(usage->containers[0].sizeRw, 7);
        QCOMPARE(usage->containers[0].name, u"one"_s);
        QCOMPARE(usage->containers[0].volumes, QStringList{u"data"_s});
        QCOMPARE(usage->containers[0].networks, (QStringList{u"bridge"_s, u"b0"_s, u"net"_s}));
        QCOMPARE(usage->containers[1].sizeRw, 0); // left out where nothing was written
        QCOMPARE(usage->volumes[0].size, 30);
        QCOMPARE(usage->volumes[0].created, 1795910400);
        QCOMPARE(usage->volumes[1].size, -1);
        QCOMPARE(usage->buildCache[0].parents, QStringList{u"def"_s});
        QCOMPARE(usage->buildCache[0].lastUsed, 0);
        QVERIFY(usage->buildCache[0].shared);
    }

    void theNewShape_data()
    {
        QTest::addColumn<QByteArray>("json");
        // Both names: the documents of API 1.52 do not agree with its change log.
        QTest::newRow("1.52 by its description")
            << QByteArray(R"({"ImageUsage": {"TotalSize": 300, "Items": [{"Id": "sha256:1", "SharedSize": 50}]},
                "ContainerUsage": {"Items": [{"Id": "c1", "SizeRw": 7}]}, "VolumeUsage": {"Items": [{"Name": "v", "UsageData": {"Size": 30}}]},
                "BuildCacheUsage": {"Items": [{"ID": "r1", "Parents": ["a", "b"], "Size": 5}]}})");
        QTest::newRow("1.52 by its change log")
            << QByteArray(R"({"ImagesUsage": {"TotalSize": 300, "Items": [{"Id": "sha256:1", "SharedSize": 50}]},
                "ContainersUsage": {"Items": [{"Id": "c1", "SizeRw": 7}]}, "VolumesUsage": {"Items": [{"Name": "v", "UsageData": {"Size": 30}}]},
                "BuildCacheUsage": {"Items": [{"ID": "r1", "Parents": ["a", "b"], "Size": 5}]},
                "LayersSize": 1, "Images": null, "Containers": null, "Volumes": null, "BuildCache": null})");
    }
    void theNewShape()
    {
        QFETCH(QByteArray, json);
        const auto usage = docker::parseDiskUsage(json);
        QVERIFY(usage.ok());
        QCOMPARE(usage->layersSize, 300);
        QCOMPARE(usage->images.value(0).sharedSize, 50);
        QCOMPARE(usage->containers.value(0).sizeRw, 7);
        QCOMPARE(usage->volumes.value(0).size, 30);
        QCOMPARE(usage->buildCache.value(0).parents, (QStringList{u"a"_s, u"b"_s}));
    }

    void nullsAreEmpty()
    {
        const auto usage = docker::parseDiskUsage(
            R"({"LayersSize": 0, "Images": null, "Containers": null, "Volumes": null, "BuildCache": null})");
        QVERIFY(usage.ok());
        QCOMPARE(usage->layersSize, 0);
        QVERIFY(usage->images.isEmpty() && usage->buildCache.isEmpty());
        QVERIFY(docker::parseContainerUses("null")->isEmpty());
        QVERIFY(docker::parseImageNodes("null\n")->isEmpty());
        QVERIFY(docker::parseNetworks("[]")->isEmpty());
        QVERIFY(docker::parseVolumes(R"({"Volumes": null, "Warnings": null})")->isEmpty());
        QVERIFY(docker::parseCachesDeleted(R"({"CachesDeleted": null, "SpaceReclaimed": 0})")->isEmpty());
        QCOMPARE(docker::parseContainerUses(R"([{"Id": "c"}])")->first().sizeRw, -1); // not asked for
    }

    void cutsAndGarbage()
    {
        survivesEveryCut(oldDf, docker::parseDiskUsage);
        survivesNonsense(oldDf, docker::parseDiskUsage);
        const QJsonObject all = QJsonDocument::fromJson(oldDf).object();
        const auto list = [&all](const QString &key) { return QJsonDocument(all[key].toArray()).toJson(); };
        survivesEveryCut(list(u"Containers"_s).trimmed(), docker::parseContainerUses);
        survivesNonsense(list(u"Containers"_s), docker::parseContainerUses);
        survivesNonsense(list(u"Images"_s), docker::parseImageNodes);
        survivesNonsense(list(u"Volumes"_s), docker::parseNetworks);
        const QByteArray volumes = R"({"Volumes":[{"Name":"v","Labels":{"a":"b"},"UsageData":{"Size":1}}]})";
        survivesEveryCut(volumes, docker::parseVolumes);
        survivesNonsense(volumes, docker::parseVolumes);
        survivesNonsense(volumes, docker::parseVolume);
        survivesNonsense(R"({"CachesDeleted":["a"],"SpaceReclaimed":1})", docker::parseCachesDeleted);
    }

    void whatIsAnonymousAndBuiltIn()
    {
        docker::Volume volume;
        volume.name = u"imagenet"_s;
        QVERIFY(!volume.anonymous());
        volume.name = QString(64, u'a');
        QVERIFY(volume.anonymous());
        volume.name = QString(63, u'a');
        QVERIFY(!volume.anonymous());
        volume.labels = {{u"com.docker.volume.anonymous"_s, QString()}};
        QVERIFY(volume.anonymous());
        docker::Network network;
        for (const QString &name : {u"bridge"_s, u"host"_s, u"none"_s}) {
            network.name = name;
            QVERIFY(network.builtIn());
        }
        network.name = u"mine"_s;
        QVERIFY(!network.builtIn());
        network.scope = u"swarm"_s;
        QVERIFY(network.builtIn());
    }

    void oneRecordAndNoOther()
    {
        QCOMPARE(docker::cacheRecordFilter(u"vj183uveij21hhtymbk7tmw31"_s),
            u"{\"id\":[\"\\\"^vj183uveij21hhtymbk7tmw31$\\\"\"]}"_s);
        // What the daemon would read as a pattern of its own, or as all.
        for (const QString &id :
            {u""_s, u"a"_s, u".*"_s, u"abcdefgh|ijklmnop"_s, u"abcdefgh\""_s, u"abcdefgh$"_s, u"abcd efgh"_s})
            QVERIFY2(docker::cacheRecordFilter(id).isEmpty(), qPrintable(id));

        support::FakeDaemon daemon;
        docker::Engine engine({daemon.socketPath()});
        std::optional<core::Error> refusal;
        docker::removeCacheRecord(engine, u".*"_s).then(this, [&](const core::Result<QStringList> &gone) {
            refusal = gone.error();
        });
        QTRY_VERIFY(refusal);
        QCOMPARE(daemon.count("POST", "/build/prune"), 0);
    }

    void neverWithForceAndNeverTheParents()
    {
        support::FakeDaemon daemon;
        daemon.route("DELETE", "/images/team/a:1", support::FakeReply::json(R"([{"Untagged":"team/a:1"}])"));
        docker::Engine engine({daemon.socketPath()});
        bool removed = false;
        docker::removeImageName(engine, u"team/a:1"_s)
            .then(this, [&](const core::Result<QList<docker::ImageDeletion>> &gone) { removed = gone.ok(); });
        QTRY_VERIFY(removed);
        const auto requests = daemon.requests();
        QCOMPARE(requests.last().query, QByteArray("noprune=1"));
    }
};

QTEST_GUILESS_MAIN(DiskTest)
#include "tst_disk.moc"
