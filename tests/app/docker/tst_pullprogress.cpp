#include "docker/parse.h"
#include "docker/pullprogress.h"

#include <QFile>
#include <QTest>

using docker::PullProgress;
using docker::PullStep;
using namespace Qt::StringLiterals;

/** What is said of a pull is never more than what the daemon has told. */
class PullProgressTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 MiB = 1024 * 1024;

    static QList<PullStep> recorded(const QString &name)
    {
        QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/") + name);
        if (!file.open(QIODevice::ReadOnly))
            return {};
        QList<PullStep> steps;
        while (!file.atEnd())
            steps += docker::parsePullStep(file.readLine()).value();
        return steps;
    }
    static PullProgress after(const QList<PullStep> &steps)
    {
        PullProgress progress;
        for (const PullStep &step : steps)
            progress.take(step);
        return progress;
    }

private Q_SLOTS:
    void aRecordedPull()
    {
        PullProgress progress;
        int done = 0;
        for (const PullStep &step : recorded(u"pull-progress.jsonl"_s)) {
            progress.take(step);
            QVERIFY(progress.layersDone() >= done && progress.layersDone() <= progress.layers().size());
            if (const auto total = progress.bytesTotal())
                QVERIFY(progress.bytes() <= *total);
            done = progress.layersDone();
        }
        QCOMPARE(progress.layers().size(), 7);
        QCOMPARE(done, 7);
        QVERIFY(progress.bytesTotal() && progress.bytes() == *progress.bytesTotal());
        QVERIFY(progress.bytes() > 30 * MiB / 2); // six layers of some megabytes
        QVERIFY(!progress.unpacking() && !progress.retrying());
        QVERIFY2(progress.text().startsWith(u"7 of 7 layers, "_s), qPrintable(progress.text()));
    }

    void aRecordedPullThatWasCut()
    {
        PullProgress progress;
        bool retried = false;
        bool fell = false;
        for (const PullStep &step : recorded(u"pull-retry.jsonl"_s)) {
            const qint64 before = progress.bytes();
            progress.take(step);
            fell = fell || progress.bytes() < before;
            retried = retried || progress.retrying();
            QCOMPARE(progress.text().endsWith(u", trying again"_s), progress.retrying());
        }
        QVERIFY(retried && fell);
        QVERIFY(!progress.retrying());
        QCOMPARE(progress.layersDone(), 7);
    }

    void nothingToPull()
    {
        const PullProgress progress = after(recorded(u"pull-uptodate.jsonl"_s));
        QVERIFY(progress.layers().isEmpty());
        QVERIFY(progress.upToDate() && progress.concluded());
        QCOMPARE(progress.text(), QString());
    }

    void aRecordedPush()
    {
        PullProgress progress;
        double last = 0;
        for (const PullStep &step : recorded(u"push-progress.jsonl"_s)) {
            progress.take(step);
            if (const auto total = progress.bytesTotal())
                QVERIFY(progress.bytes() <= *total);
            const double now = progress.fraction().value_or(last);
            QVERIFY(now <= 1);
            last = now;
        }
        QCOMPARE(progress.layers().size(), 7);
        QCOMPARE(progress.layersDone(), 7);
        QVERIFY(progress.pushing() && !progress.unpacking());
        QCOMPARE(last, 1.0);
        QCOMPARE(progress.digest(), u"sha256:d9e5e4b1d719e9329aab3e203366ec8dcbcbe1011dac70bd3b26697fbec14f22"_s);
        QCOMPARE(progress.layers().first().id, u"fd4e143fd6c2"_s); // in the order of the image
    }

    /** Each layer says what happens to it, and keeps its place. */
    void layers_data()
    {
        QTest::addColumn<QList<PullStep>>("steps");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const QList<PullStep> &steps, const char *text) {
            QTest::newRow(name) << steps << QString::fromUtf8(text);
        };
        const PullStep a{u"a"_s, u"Pulling fs layer"_s};
        const PullStep up{u"a"_s, u"Preparing"_s};
        row("known", {a}, "Waiting");
        row("downloading", {a, {u"a"_s, u"Downloading"_s, MiB, 3 * MiB}}, "Downloading 1 of 3 MiB");
        row("no size", {a, {u"a"_s, u"Downloading"_s, MiB, -1}}, "Downloading 1 MiB");
        row("checked", {a, {u"a"_s, u"Downloading"_s, 3 * MiB, 3 * MiB}, {u"a"_s, u"Verifying Checksum"_s}},
            "Downloading 3 MiB");
        row("downloaded", {a, {u"a"_s, u"Download complete"_s}}, "Downloaded");
        row("again", {a, {u"a"_s, u"Downloading"_s, MiB, 3 * MiB}, {u"a"_s, u"Retrying in 5 seconds"_s}},
            "Trying again in 5 s");
        row("again in no time", {a, {u"a"_s, u"Retrying in a moment"_s}}, "Trying again");
        row("unpacking", {a, {u"a"_s, u"Extracting"_s, MiB, 3 * MiB}}, "Unpacking 1 of 3 MiB");
        row("unpacking by the clock", {a, {u"a"_s, u"Downloading"_s, MiB, 3 * MiB}, {u"a"_s, u"Extracting"_s, 3, -1}},
            "Unpacking for 3 s");
        row("unpacking, nothing told", {a, {u"a"_s, u"Extracting"_s}}, "Unpacking");
        row("done", {a, {u"a"_s, u"Extracting"_s, MiB, 3 * MiB}, {u"a"_s, u"Pull complete"_s}}, "Done, 3 MiB");
        row("done unseen", {a, {u"a"_s, u"Pull complete"_s}}, "Done");
        row("here", {{u"a"_s, u"Already exists"_s}}, "Already here");
        row("uploading", {up, {u"a"_s, u"Pushing"_s, MiB, 3 * MiB}}, "Uploading 1 of 3 MiB");
        row("uploaded", {up, {u"a"_s, u"Pushing"_s, 4 * MiB, 3 * MiB}, {u"a"_s, u"Pushed"_s}}, "Done, 4 MiB");
        row("there", {up, {u"a"_s, u"Layer already exists"_s}}, "In the registry already");
        row("there elsewhere", {up, {u"a"_s, u"Mounted from team/base"_s}}, "In the registry already, in team/base");
    }
    void layers()
    {
        QFETCH(QList<PullStep>, steps);
        const PullProgress progress = after(QList<PullStep>{{u"0"_s, u"Waiting"_s}} + steps);
        QCOMPARE(progress.layers().size(), 2);
        QTEST(progress.layerText(progress.layers().last()), "text");
    }

    void howMuchIsLeft()
    {
        PullProgress progress = after({{u"a"_s, u"Waiting"_s}, {u"b"_s, u"Downloading"_s, MiB, 4 * MiB}});
        QCOMPARE(progress.remainingAtLeast(), 3 * MiB); // and whatever a is
        QVERIFY(!progress.fraction());
        progress.take({u"a"_s, u"Downloading"_s, 0, 4 * MiB});
        QCOMPARE(progress.fraction().value(), 1.0 / 16);
        progress.take({u"b"_s, u"Extracting"_s, 2 * MiB, 4 * MiB});
        QCOMPARE(progress.fraction().value(), 6.0 / 16);
        progress.take({u"a"_s, u"Pull complete"_s});
        progress.take({u"b"_s, u"Pull complete"_s});
        QCOMPARE(progress.fraction().value(), 1.0);
        QCOMPARE(progress.remainingAtLeast(), 0);
    }

    void words_data()
    {
        QTest::addColumn<QList<PullStep>>("steps");
        QTest::addColumn<QString>("text");
        const PullStep a{u"a"_s, u"Pulling fs layer"_s};
        const PullStep b{u"b"_s, u"Pulling fs layer"_s};
        const auto loading = [](const QString &id, qint64 current, qint64 total) {
            return PullStep{id, u"Downloading"_s, current, total};
        };
        const auto row = [](const char *name, const QList<PullStep> &steps, const char *text) {
            QTest::newRow(name) << steps << QString::fromUtf8(text);
        };
        row("nothing yet", {{u"24.05"_s, u"Pulling from nvidia/pytorch"_s}}, "");
        row("waiting", {a, b}, "0 of 2 layers");
        row("a size is missing", {a, b, loading(u"a"_s, 3 * MiB, 8 * MiB)}, "0 of 2 layers, 3 MiB so far");
        row("no sizes", {a, loading(u"a"_s, 3 * MiB, -1)}, "0 of 1 layer, 3 MiB so far");
        row("a size of 0", {a, loading(u"a"_s, 3 * MiB, 0)}, "0 of 1 layer, 3 MiB so far");
        row("all sizes", {a, b, loading(u"a"_s, 3 * MiB, 8 * MiB), loading(u"b"_s, MiB, 2 * MiB)},
            "0 of 2 layers, 4 of 10 MiB");
        row("other units", {a, loading(u"a"_s, 3 * MiB, 2048 * MiB)}, "0 of 1 layer, 3 MiB of 2 GiB");
        row("more than was promised", {a, loading(u"a"_s, 3 * MiB, 2 * MiB)}, "0 of 1 layer, 3 MiB");
        row("one is here", {{u"a"_s, u"Already exists"_s}, b, loading(u"b"_s, MiB, 2 * MiB)},
            "1 of 2 layers, 1 of 2 MiB");
        row("all are here", {{u"a"_s, u"Already exists"_s}}, "1 of 1 layer");
        row("unpacking", {a, loading(u"a"_s, MiB, 2 * MiB), {u"a"_s, u"Download complete"_s}},
            "0 of 1 layer, unpacking 2 MiB");
        row("too small to be seen downloading",
            {a, b, {u"a"_s, u"Download complete"_s}, {u"a"_s, u"Extracting"_s, 99, 99}, {u"b"_s, u"Pull complete"_s}},
            "1 of 2 layers, unpacking 99 B");
        row("again", {a, loading(u"a"_s, MiB, 2 * MiB), {u"a"_s, u"Retrying in 5 seconds"_s}},
            "0 of 1 layer, 0 B of 2 MiB, trying again");
        row("words of the future", {a, {u"a"_s, u"Admiring"_s}, {u"c"_s, u"Admiring"_s}}, "0 of 1 layer");
    }
    void words()
    {
        QFETCH(QList<PullStep>, steps);
        QTEST(after(steps).text(), "text");
    }
};

QTEST_APPLESS_MAIN(PullProgressTest)
#include "tst_pullprogress.moc"
