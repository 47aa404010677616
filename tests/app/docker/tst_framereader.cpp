#include "docker/framereader.h"

#include <QTest>

using docker::FrameReader;
using docker::Output;

namespace {

QByteArray frame(char stream, const QByteArray &payload)
{
    QByteArray header(8, '\0');
    header[0] = stream;
    header[6] = char(payload.size() >> 8);
    header[7] = char(payload.size());
    return header + payload;
}

/** What came out of each output, in the order of the pieces, neighbours joined. */
QList<QPair<Output, QByteArray>> joined(const QList<FrameReader::Frame> &frames)
{
    QList<QPair<Output, QByteArray>> all;
    for (const auto &piece : frames) {
        if (!all.isEmpty() && all.last().first == piece.from)
            all.last().second += piece.bytes;
        else
            all.append({piece.from, piece.bytes});
    }
    return all;
}

} // namespace

/** Frames cut anywhere come out the same. */
class FrameReaderTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cutAtEveryOffset()
    {
        const QByteArray wire = frame(1, "out one\n") + frame(2, "err\n") + frame(1, "")
            + frame(1, QByteArray(300, 'x')) + frame(3, "daemon") + frame(0, "in");
        const QList<QPair<Output, QByteArray>> expected = {{Output::Stdout, "out one\n"}, {Output::Stderr, "err\n"},
            {Output::Stdout, QByteArray(300, 'x')}, {Output::Stderr, "daemon"}, {Output::Stdout, "in"}};
        for (qsizetype cut = 0; cut <= wire.size(); ++cut) {
            FrameReader reader;
            auto frames = reader.feed(wire.left(cut));
            frames += reader.feed(wire.mid(cut));
            QCOMPARE(joined(frames), expected);
        }
        FrameReader byteByByte;
        QList<FrameReader::Frame> frames;
        for (const char c : wire)
            frames += byteByByte.feed(QByteArrayView(&c, 1));
        QCOMPARE(joined(frames), expected);
    }

    void aPayloadIsNotHeldBack()
    {
        FrameReader reader;
        const auto frames = reader.feed(frame(1, "0123456789").left(12));
        QCOMPARE(frames.size(), 1);
        QCOMPARE(frames[0].bytes, QByteArray("0123"));
    }
};

QTEST_APPLESS_MAIN(FrameReaderTest)
#include "tst_framereader.moc"
