#include "recipe/configfile.h"
#include "recipe/resolve.h"
#include "runs/again.h"

#include <QTest>

using namespace runs;
using namespace Qt::StringLiterals;

/** A run once more, and two runs side by side. */
class TestAgain : public QObject
{
    Q_OBJECT

    static Record record(const recipe::RunConfig &config)
    {
        Record made;
        made.config = recipe::toJson(recipe::escaped(config));
        made.image = config.image;
        return made;
    }
    static recipe::RunConfig training()
    {
        recipe::RunConfig config;
        config.image = u"bb:1"_s;
        config.code.folder = u"/w"_s;
        config.code.checkout = u"main"_s;
        config.env = {{u"LR"_s, u"${X}"_s}, {u"KEY"_s, std::nullopt, true}};
        config.command = {u"train"_s, u"--x y"_s};
        return config;
    }

private Q_SLOTS:
    void pinsImageAndCommit()
    {
        Record first = record(training());
        first.imageId = u"sha256:1"_s;
        QCOMPARE(runAgain(first)->image, u"sha256:1"_s);
        first.imageDigest = u"bb@sha256:2"_s;
        first.commits = {{u"/v"_s, u"no"_s}, {u"/w"_s, u"abc"_s}};
        const auto again = runAgain(first);
        QVERIFY(again.ok());
        recipe::RunConfig expected = training();
        expected.image = u"bb@sha256:2"_s;
        expected.code.commit = u"abc"_s;
        expected.code.update = recipe::CodeStep::Update::Fetch;
        QVERIFY(*again == expected);
    }

    void saysWhatCannotBeDoneAgain()
    {
        Record first;
        first.configName = u"vit"_s;
        QVERIFY(runAgain(first).error().message.contains(u"“vit”"_s));
        first.config = "{}";
        QVERIFY(!runAgain(first).ok());
    }

    void compares()
    {
        const Record left = record(training());
        QVERIFY(compare(left, left).isEmpty());
        recipe::RunConfig other = training();
        other.env[0].value = u"2"_s;
        other.env += recipe::EnvVar{u"SEED"_s, u"7"_s};
        other.command = {u"train"_s};
        other.shmSize = 1 << 30;
        other.mounts = {{u"/data"_s, u"/d"_s, false, false, {}}};
        other.detach = false;
        Record right = record(other);
        right.imageDigest = u"bb@sha256:2"_s;
        right.finished = 77; // when is no difference
        QStringList seen;
        for (const Difference &difference : compare(left, right))
            seen += u"%1|%2|%3"_s.arg(difference.field, difference.left, difference.right);
        QCOMPARE(seen,
            (QStringList{u"Command|train \"--x y\"|train"_s, u"Environment: LR|$${X}|2"_s,
                u"Image digest|–|bb@sha256:2"_s, u"Mount: /d|–|source: /data, target: /d"_s, u"Environment: SEED|–|7"_s,
                u"Shared memory|–|1g"_s, u"In the background|–|no"_s}));
    }
};

QTEST_GUILESS_MAIN(TestAgain)
#include "tst_again.moc"
