#include "launch/sampletraining.h"
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
            (QStringList{u"Command|train \"--x y\"|train"_s, u"Environment: LR|${X}|2"_s,
                u"Image digest|not known|bb@sha256:2"_s, u"Mount: /d|not mounted|/data"_s,
                u"Environment: SEED|not set|7"_s, u"Shared memory|Docker's default, 64 MiB|1g"_s,
                u"In the background|yes|no"_s}));
    }

    void tellsUncommittedChangesApart()
    {
        Record clean = record(training());
        clean.commits = {{u"/w"_s, u"abc"_s}};
        Record changed = clean;
        changed.commits[0].changed = true;
        QVERIFY(compare(clean, clean).isEmpty());
        const QList<Difference> differences = compare(clean, changed);
        QCOMPARE(differences.size(), 1);
        QCOMPARE(differences[0].field, u"Commit in /w"_s);
        QCOMPARE(differences[0].left, u"abc"_s);
        QCOMPARE(differences[0].right, u"abc, with uncommitted changes"_s);
        QCOMPARE(compare(changed, changed).size(), 1); // who knows whether with the same ones
        QCOMPARE(runAgain(changed)->code.commit, u"abc"_s);
    }

    void comparesInWords()
    {
        recipe::RunConfig plain;
        plain.image = u"a"_s;
        recipe::RunConfig full = plain;
        full.gpus = {recipe::GpuRequest::Kind::Any, 2, {}, qint64(20) << 30};
        full.code = {u"/w"_s, recipe::CodeStep::Update::Fetch, u"dev"_s, QString(40, u'a'), {}, {}};
        full.command = {u"train"_s};
        full.mounts = {{{}, u"/v"_s, true, true, u"z"_s}};
        full.env = {{u"KEY"_s, std::nullopt, true}};
        full.options = {{u"init"_s, u"true"_s}, {u"cap-add"_s, u"SYS_PTRACE"_s}};
        full.memory = qint64(8) << 30;
        QStringList seen;
        for (const Difference &difference : compare(record(plain), record(full)))
            seen += u"%1|%2|%3"_s.arg(difference.field, difference.left, difference.right);
        seen.sort();
        QStringList wanted{u"GPUs|none|any 2 with 20g free"_s, u"Code: folder|none|/w"_s,
            u"Code: first|nothing|git fetch"_s, u"Code: check out|what lies there|dev"_s,
            u"Code: pinned to|no commit|"_s + QString(40, u'a'), u"Command|the image's own|train"_s,
            u"Mount: /v|not mounted|a new volume, read-only, must exist, z"_s,
            u"Environment: KEY|not set|asked for at the launch"_s, u"Option: --init|not given|given"_s,
            u"Option: --cap-add|not given|SYS_PTRACE"_s, u"Memory|no limit|8g"_s};
        wanted.sort();
        QCOMPARE(seen, wanted);
    }

    void makesTheSampleAnew()
    {
        Record sample = record(launch::sampleTraining());
        sample.imageId = u"sha256:1"_s; // gone since
        QCOMPARE(runAgain(sample)->image, launch::sampleImageName());
    }
};

QTEST_GUILESS_MAIN(TestAgain)
#include "tst_again.moc"
