#include "cleanup/cleanupjob.h"
#include "support/fakedaemon.h"

#include <QSignalSpy>
#include <QTest>

using cleanup::Candidate;
using cleanup::CleanupJob;
using cleanup::Ending;
using cleanup::Kind;
using cleanup::Report;
using support::FakeDaemon;
using support::FakeReply;
using support::FakeRequest;
using namespace Qt::StringLiterals;

/** What a real daemon does not do on demand: refuses, lies, is cut off. */
class CleanupJobTest : public QObject
{
    Q_OBJECT

    struct Rig
    {
        QTemporaryDir folder;
        settings::Settings settings{folder.filePath(u"slipway.conf"_s)};
        settings::Protection protection{settings};
        FakeDaemon daemon;
        docker::Engine engine{{daemon.socketPath()}};
        inventory::Inventory inventory{engine};
        int finishedTimes = 0;

        Rig()
        {
            for (const QByteArray &id : QList<QByteArray>{"a", "b", "c"})
                daemon.route("GET", "/containers/" + id + "/json",
                    FakeReply::json(R"({"Id":")" + id + R"(","Name":"/x","State":{"Status":"exited"}})"));
            daemon.route("DELETE", "/containers/", FakeReply::status(204));
            daemon.route("GET", "/containers/json", FakeReply::json("[]"));
        }
        Report run(const QList<Candidate> &items)
        {
            CleanupJob job(engine, inventory, protection, items);
            Report report;
            connect(&job, &CleanupJob::finished, &job, [&](const core::Result<Report> &result) {
                report = *result;
                ++finishedTimes;
            });
            QSignalSpy finished(&job, &CleanupJob::finished);
            job.start();
            if (finishedTimes != 0) // never inside the call
                return {};
            finished.wait(10000);
            QTest::qWait(0);
            return report;
        }
    };
    static Candidate item(Kind kind, const QString &id, const QStringList &references = {})
    {
        Candidate candidate;
        candidate.kind = kind;
        candidate.id = id;
        candidate.name = id;
        candidate.references = references;
        return candidate;
    }
    static QList<Candidate> containers(const QStringList &ids)
    {
        QList<Candidate> items;
        for (const QString &id : ids)
            items.append(item(Kind::StoppedContainer, id));
        return items;
    }
    static QString endings(const Report &report)
    {
        static const QStringList words{u"removed"_s, u"skipped"_s, u"failed"_s, u"unknown"_s, u"not reached"_s};
        QStringList list;
        for (const cleanup::Outcome &outcome : report.outcomes)
            list.append(words[int(outcome.ending)]);
        return list.join(u", "_s);
    }

private Q_SLOTS:
    void nothingToDo()
    {
        Rig rig;
        QVERIFY(rig.run({}).outcomes.isEmpty());
        QCOMPARE(rig.finishedTimes, 1);
    }

    void aRefusalDoesNotStopTheRest()
    {
        Rig rig;
        rig.daemon.route("DELETE", "/containers/a", FakeReply::json(R"({"message":"driver says no"})", 500));
        rig.daemon.route("DELETE", "/containers/b", FakeReply::json(R"({"message":"No such container: b"})", 404));
        const Report report = rig.run(containers({u"a"_s, u"b"_s, u"c"_s}));
        QCOMPARE(endings(report), u"failed, skipped, removed"_s);
        QCOMPARE(report.outcomes[0].words, u"driver says no"_s);
        QCOMPARE(report.outcomes[1].words, u"it was gone already"_s);
        QCOMPARE(rig.finishedTimes, 1);
        for (const FakeRequest &request : rig.daemon.requests())
            QVERIFY(!request.query.contains("force") && !request.query.contains("v=1"));
    }

    void cutOffWhileRemoving()
    {
        Rig rig;
        rig.daemon.route("DELETE", "/containers/b", FakeReply::raw({}, FakeReply::After::Close));
        const Report report = rig.run(containers({u"a"_s, u"b"_s, u"c"_s}));
        QCOMPARE(endings(report), u"removed, unknown, not reached"_s);
        QVERIFY(!report.trouble.isEmpty());
        QCOMPARE(rig.daemon.count("DELETE", "/containers/c"), 0);
    }

    void cutOffWhileAsking()
    {
        Rig rig;
        rig.daemon.route("GET", "/containers/b/json", FakeReply::raw({}, FakeReply::After::Close));
        const Report report = rig.run(containers({u"a"_s, u"b"_s, u"c"_s}));
        QCOMPARE(endings(report), u"removed, not reached, not reached"_s); // nothing was sent for b
        QCOMPARE(rig.daemon.count("DELETE", "/containers/b"), 0);
    }

    void garbageRemovesNothing()
    {
        Rig rig;
        rig.daemon.route("GET", "/containers/json", FakeReply::json("{"));
        rig.daemon.route("GET", "/containers/a/json", FakeReply::json("[1]"));
        const Report report
            = rig.run({item(Kind::StoppedContainer, u"a"_s), item(Kind::UnusedImage, u"sha256:1"_s, {u"a:1"_s}),
                item(Kind::UnusedVolume, u"v"_s), item(Kind::UnusedNetwork, u"n"_s)});
        QCOMPARE(report.count(Ending::Failed), 4);
        QCOMPARE(rig.daemon.count("DELETE", "/"), 0);
    }

    void aDaemonThatRemovesNothingIsNotAskedForEver()
    {
        Rig rig;
        rig.daemon.route("GET", "/images/json", FakeReply::json(R"([{"Id":"sha256:1","RepoTags":["a:1"]}])"));
        rig.daemon.route("DELETE", "/images/", FakeReply::json(R"([{"Untagged":"a:1"}])"));
        const Report report = rig.run({item(Kind::UnusedImage, u"sha256:1"_s, {u"a:1"_s})});
        QCOMPARE(endings(report), u"failed"_s);
        QVERIFY(rig.daemon.count("DELETE", "/images/") <= 2);
    }

    void aUserThatComesBetweenTwoNames()
    {
        Rig rig;
        rig.daemon.route("GET", "/images/json", FakeReply::json(R"([{"Id":"sha256:1","RepoTags":["a:1","a:2"]}])"));
        rig.daemon.route("DELETE", "/images/a:1", [&rig](const FakeRequest &) {
            rig.daemon.route("GET", "/containers/json",
                FakeReply::json(R"([{"Id":"u","Names":["/user"],"ImageID":"sha256:1","State":"running"}])"));
            return FakeReply::json(R"([{"Untagged":"a:1"}])");
        });
        const Report report = rig.run({item(Kind::UnusedImage, u"sha256:1"_s, {u"a:1"_s, u"a:2"_s})});
        QCOMPARE(endings(report), u"skipped"_s);
        QCOMPARE(report.outcomes[0].words, u"in use by user now; one of its names is gone"_s);
        QCOMPARE(rig.daemon.count("DELETE", "/images/a:2"), 0);
    }

    void aLockThatComesMeanwhile()
    {
        Rig rig;
        rig.daemon.route("GET", "/containers/b/json", [&rig](const FakeRequest &) {
            rig.protection.protect(settings::Lockable::Container, {u"b"_s});
            return FakeReply::json(R"({"Id":"b","Name":"/b","State":{"Status":"exited"}})");
        });
        const Report report = rig.run(containers({u"a"_s, u"b"_s}));
        QCOMPARE(endings(report), u"removed, skipped"_s);
        QCOMPARE(report.outcomes[1].words, u"it is protected"_s);
        QCOMPARE(rig.daemon.count("DELETE", "/containers/b"), 0);
    }

    void imagesWithDigestsOnly()
    {
        Rig rig;
        const auto list = [&rig](const QByteArray &digests) {
            rig.daemon.route("GET", "/images/json",
                FakeReply::json(
                    digests.isEmpty() ? QByteArray("[]") : R"([{"Id":"sha256:1","RepoDigests":[)" + digests + "]}]"));
        };
        list(R"("x@sha256:d","y@sha256:d")");
        rig.daemon.route("DELETE", "/images/x@sha256:d", [list](const FakeRequest &) {
            list(R"("y@sha256:d")");
            return FakeReply::json("[]");
        });
        rig.daemon.route("DELETE", "/images/y@sha256:d", [list](const FakeRequest &) {
            list({});
            return FakeReply::json("[]");
        });
        const Report report = rig.run({item(Kind::DanglingImage, u"sha256:1"_s, {u"x@sha256:d"_s, u"y@sha256:d"_s})});
        QCOMPARE(endings(report), u"removed"_s);
    }

    void theOrderWorks()
    {
        Candidate deep = item(Kind::DanglingImage, u"deep"_s);
        deep.depth = 3;
        Candidate parent = item(Kind::BuildCache, u"parent"_s), child = item(Kind::BuildCache, u"child"_s);
        child.parents = {u"parent"_s};
        QStringList order;
        for (const Candidate &one :
            cleanup::inOrder({parent, child, item(Kind::UnusedNetwork, u"net"_s), item(Kind::UnusedVolume, u"volume"_s),
                item(Kind::UnusedImage, u"flat"_s), deep, item(Kind::StoppedContainer, u"container"_s)}))
            order.append(one.id);
        QCOMPARE(
            order, (QStringList{u"container"_s, u"deep"_s, u"flat"_s, u"volume"_s, u"net"_s, u"child"_s, u"parent"_s}));
        // A circle is garbage, and ends nothing.
        parent.parents = {u"child"_s};
        QCOMPARE(cleanup::inOrder({parent, child}).size(), 2);
    }
};

QTEST_GUILESS_MAIN(CleanupJobTest)
#include "tst_cleanupjob.moc"
