#include "logs/inbox.h"

#include <QTest>
#include <QThread>
#include <atomic>

using docker::Output;
using logs::Inbox;

namespace {

Inbox::Piece piece(const QByteArray &bytes, Output output = Output::Stdout, Inbox::Source source = Inbox::Source::Logs)
{
    return {source, 1, output, bytes, {}, 0};
}

} // namespace

/** The store between two threads: in order, bounded, woken once. */
class InboxTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsTheOrderAndJoinsNeighbours()
    {
        Inbox inbox([] {});
        inbox.push(piece("a"));
        inbox.push(piece("b"));
        inbox.push(piece("c", Output::Stderr));
        inbox.push(piece("d"));
        const auto got = inbox.take(1000);
        QCOMPARE(got.size(), 3u);
        QCOMPARE(got[0].bytes, QByteArray("ab"));
        QCOMPARE(got[1].bytes, QByteArray("c"));
        QCOMPARE(got[1].output, Output::Stderr);
        QCOMPARE(got[2].bytes, QByteArray("d"));
        QVERIFY(inbox.take(1000).empty());
    }

    void wakesOnceUntilTaken()
    {
        int woken = 0;
        Inbox inbox([&] { ++woken; });
        inbox.push(piece("a"));
        inbox.push(piece("b"));
        QCOMPARE(woken, 1);
        QCOMPARE(inbox.take(1000).size(), 1u);
        inbox.push(piece("c")); // the taker has not seen it empty yet, so it will look again
        QCOMPARE(woken, 1);
        QCOMPARE(inbox.take(1000).size(), 1u);
        QVERIFY(inbox.take(1000).empty());
        inbox.push(piece("d"));
        QCOMPARE(woken, 2);
    }

    void theOldestGoAndAreCounted()
    {
        Inbox inbox([] {}, 1000);
        inbox.push({Inbox::Source::Attach, 1, Output::Stdout, {}, core::Result<void>(), 0});
        inbox.push(piece(QByteArray(400, 'a'), Output::Stdout));
        inbox.push(piece(QByteArray(400, 'b'), Output::Stderr));
        inbox.push(piece(QByteArray(400, 'c'), Output::Stdout));
        const auto got = inbox.take(10000);
        QCOMPARE(got.size(), 4u);
        QCOMPARE(got[0].skipped, 400);
        QCOMPARE(got[0].source, Inbox::Source::Logs);
        QVERIFY(got[1].closed); // ends are never dropped
        QCOMPARE(got[2].bytes[0], 'b');
        QCOMPARE(got[3].bytes[0], 'c');
        QVERIFY(inbox.take(10000).empty());
    }

    void twoThreads()
    {
        std::atomic<int> woken = 0;
        Inbox inbox([&] { ++woken; });
        constexpr int count = 200'000;
        std::unique_ptr<QThread> writer(QThread::create([&] {
            for (int i = 0; i < count; ++i)
                inbox.push(piece(QByteArray::number(i) + '\n'));
        }));
        writer->start();
        QByteArray all;
        while (!writer->isFinished() || woken > 0) {
            woken = 0;
            for (auto got = inbox.take(100'000); !got.empty(); got = inbox.take(100'000))
                for (const auto &p : got)
                    all += p.bytes;
        }
        QVERIFY(writer->wait());
        for (const auto &p : inbox.take(1 << 30))
            all += p.bytes;
        const QByteArrayList lines = all.split('\n');
        QCOMPARE(lines.size(), count + 1);
        for (int i = 0; i < count; ++i)
            QCOMPARE(lines[i].toInt(), i);
    }
};

QTEST_GUILESS_MAIN(InboxTest)
#include "tst_inbox.moc"
