#include "gpu/history.h"

#include <QTest>

using namespace gpu;

namespace {

Snapshot at(qint64 ms, const QStringList &uuids, int utilisation = 1)
{
    Snapshot snapshot;
    snapshot.taken = ms;
    for (const QString &uuid : uuids) {
        Gpu gpu;
        gpu.uuid = uuid;
        gpu.utilisation = utilisation;
        gpu.memoryUsed = ms * 2;
        snapshot.gpus.append(gpu);
    }
    return snapshot;
}

} // namespace

/** The last half hour, and no more than that. */
class HistoryTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsHalfAnHour()
    {
        History history;
        for (int second = 1; second <= 4000; ++second)
            history.append(at(second * 1000, {QStringLiteral("a")}, second % 100));
        const auto points = history.points(QStringLiteral("a"));
        QCOMPARE(points.size(), 1800);
        QCOMPARE(points.first().time, 2201 * 1000);
        QCOMPARE(points.last(), (HistoryPoint{4000 * 1000, 0, 8000 * 1000}));
        for (qsizetype i = 1; i < points.size(); ++i)
            QCOMPARE(points[i].time, points[i - 1].time + 1000);
    }

    void oldPointsAreNotTold()
    {
        History history;
        history.append(at(1000, {QStringLiteral("a")}));
        history.append(at(1000 + History::span - 1, {QStringLiteral("a")}));
        QCOMPARE(history.points(QStringLiteral("a")).size(), 2);
        history.append(at(1000 + History::span, {QStringLiteral("a")}));
        QCOMPARE(history.points(QStringLiteral("a")).size(), 2);
    }

    void forgetsWhatIsGone()
    {
        History history;
        history.append(at(1000, {QStringLiteral("a"), QStringLiteral("b")}));
        history.append(at(2000, {QStringLiteral("b")}));
        QCOMPARE(history.points(QStringLiteral("a")).size(), 1);
        history.append(at(1000 + History::span, {QStringLiteral("b")}));
        QVERIFY(history.points(QStringLiteral("a")).isEmpty());
        QCOMPARE(history.points(QStringLiteral("b")).size(), 2);
        QVERIFY(history.points(QStringLiteral("c")).isEmpty());
    }

    void lastBusy()
    {
        History history;
        QCOMPARE(history.lastBusy(QStringLiteral("a")), 0);
        history.append(at(1000, {QStringLiteral("a")}, 0));
        QCOMPARE(history.lastBusy(QStringLiteral("a")), 0);
        history.append(at(2000, {QStringLiteral("a")}, 3));
        history.append(at(3000, {QStringLiteral("a")}, int(unknown)));
        history.append(at(4000, {QStringLiteral("a")}, 0));
        QCOMPARE(history.lastBusy(QStringLiteral("a")), 2000);
    }
};

QTEST_APPLESS_MAIN(HistoryTest)
#include "tst_history.moc"
