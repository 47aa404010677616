#include "session/protobuf.h"

#include <QTest>
#include <limits>

using session::Field;
using session::MessageReader;
using session::MessageWriter;

/** Messages as they are written on the wire. */
class ProtobufTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesWhatTheEncodingSays()
    {
        // The examples of protobuf's own description of its encoding.
        QCOMPARE(MessageWriter().number(1, 150).wire(), QByteArray::fromHex("089601"));
        QCOMPARE(MessageWriter().bytes(2, "testing").wire(), QByteArray::fromHex("120774657374696e67"));
        QCOMPARE(MessageWriter().message(3, MessageWriter().number(1, 150)).wire(), QByteArray::fromHex("1a03089601"));
        QCOMPARE(MessageWriter().number(1, 0).bytes(2, {}).wire(), QByteArray()); // defaults
        QCOMPARE(MessageWriter().message(2, {}).wire(), QByteArray::fromHex("1200")); // there, though empty
    }

    void readsWhatItWrote()
    {
        const quint64 numbers[]{1, 127, 128, 300, 1ULL << 31, 1ULL << 63, std::numeric_limits<quint64>::max()};
        for (const quint64 number : numbers) {
            const QByteArray wire = MessageWriter().number(2000, number).bytes(3, "\0x").wire();
            int seen = 0;
            QVERIFY(session::eachField(wire, [&](const Field &field) {
                if (field.number == 2000)
                    QCOMPARE(field.value, number);
                ++seen;
            }));
            QCOMPARE(seen, 1 + (QByteArrayView("\0x").isEmpty() ? 0 : 1));
        }
    }

    void everyCutIsSeen()
    {
        const QByteArray whole = MessageWriter().number(1, 300).bytes(2, "testing").number(3, 5).wire();
        const QSet<qsizetype> ends{0, 3, 12, 14}; // between two fields
        for (qsizetype size = 0; size < whole.size(); ++size)
            QCOMPARE(session::eachField(whole.first(size), [](const Field &) {}), ends.contains(size));
    }

    void passesOverWhatItDoesNotKnow()
    {
        // A fixed64 (9) and a fixed32 (13) before the field that counts.
        const QByteArray wire = QByteArray::fromHex("09") + QByteArray(8, 'x') + QByteArray::fromHex("15")
            + QByteArray(4, 'y') + MessageWriter().number(4, 7).wire();
        quint64 seen = 0;
        QVERIFY(session::eachField(wire, [&](const Field &field) { seen = field.number == 4 ? field.value : seen; }));
        QCOMPARE(seen, 7U);
    }

    void noMessage()
    {
        for (const char *hex : {"0b", "ff", "ffffffffffffffffffffff", "12ffffffff0f"}) {
            MessageReader reader(QByteArrayView{});
            const QByteArray wire = QByteArray::fromHex(hex);
            QVERIFY2(!session::eachField(wire, [](const Field &) {}), hex);
        }
    }
};

QTEST_GUILESS_MAIN(ProtobufTest)
#include "tst_protobuf.moc"
