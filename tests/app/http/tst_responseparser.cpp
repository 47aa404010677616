#include "http/responseparser.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

using core::ErrorKind;
using http::ResponseParser;

namespace {

/** What came of an answer: everything the parser says about it. */
struct Reading
{
    int status = 0;
    QByteArray contentType;
    QByteArray body;
    QByteArray rest;
    bool complete = false;
    bool keepAlive = false;
    std::optional<ErrorKind> feedError;
    std::optional<ErrorKind> finishError;

    bool operator==(const Reading &) const = default;
};

Reading read(const QList<QByteArrayView> &pieces, bool headOnly = false)
{
    ResponseParser parser(headOnly);
    Reading reading;
    for (const QByteArrayView piece : pieces) {
        if (const auto fed = parser.feed(piece); !fed) {
            reading.feedError = fed.error().kind;
            return reading;
        }
        reading.body += parser.takeBody();
    }
    reading.complete = parser.complete();
    reading.keepAlive = parser.keepAlive();
    if (const auto finished = parser.finish(); !finished)
        reading.finishError = finished.error().kind;
    reading.body += parser.takeBody();
    if (parser.head()) {
        reading.status = parser.head()->status;
        reading.contentType = parser.head()->contentType();
        if (reading.status == 101)
            reading.rest = parser.takeRest();
    }
    return reading;
}

QByteArray recording(const QString &name)
{
    QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/http/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/** The body as RFC 9112 describes it, read in the plainest way: the whole answer is there. */
QByteArray plainBody(const QByteArray &answer)
{
    const auto headEnd = answer.indexOf("\r\n\r\n");
    QByteArray rest = answer.mid(headEnd + 4);
    if (!answer.left(headEnd).contains("Transfer-Encoding: chunked"))
        return rest;
    QByteArray body;
    for (;;) {
        const auto lineEnd = rest.indexOf("\r\n");
        const qsizetype size = rest.left(lineEnd).toLongLong(nullptr, 16);
        if (size == 0)
            return body;
        body += rest.mid(lineEnd + 2, size);
        rest.remove(0, lineEnd + 2 + size + 2);
    }
}

} // namespace

/** Recorded answers of a real dockerd 20.10, cut anywhere, and answers that are none. */
class ResponseParserTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void recordings_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("contentType");
        QTest::addColumn<bool>("keepAlive");
        const auto row = [](const char *name, int status, const char *contentType, bool keepAlive = true) {
            QTest::newRow(name) << QString::fromLatin1(name) << status << QByteArray(contentType) << keepAlive;
        };
        row("ping.http", 200, "text/plain");
        row("list-chunked.http", 200, "application/json");
        row("inspect.http", 200, "application/json");
        row("images.http", 200, "application/json");
        row("notfound.http", 404, "application/json");
        row("tooold-text.http", 400, "text/plain");
        row("rename-204.http", 204, "");
        row("start-304.http", 304, "");
        row("logs.http", 200, "");
        row("inspect-http10.http", 200, "application/json", false); // the body ends with the connection
        row("nohost-400.http", 400, "text/plain", false);
    }

    void recordings()
    {
        QFETCH(QString, file);
        QFETCH(int, status);
        QFETCH(bool, keepAlive);
        const QByteArray answer = recording(file);
        QVERIFY(!answer.isEmpty());
        const Reading whole = read({answer});
        QVERIFY(!whole.feedError);
        QVERIFY(!whole.finishError);
        QCOMPARE(whole.status, status);
        QTEST(whole.contentType, "contentType");
        QCOMPARE(whole.body, plainBody(answer));
        if (whole.contentType == "application/json")
            QVERIFY(!QJsonDocument::fromJson(whole.body).isNull());
        QCOMPARE(whole.keepAlive, keepAlive);

        // Cut in two at every byte, and into single bytes: the same answer.
        for (qsizetype cut = 1; cut < answer.size(); ++cut) {
            const QByteArrayView view(answer);
            QVERIFY2(
                read({view.first(cut), view.sliced(cut)}) == whole, qPrintable(QStringLiteral("cut at %1").arg(cut)));
        }
        QList<QByteArrayView> bytes;
        for (qsizetype i = 0; i < answer.size(); ++i)
            bytes.append(QByteArrayView(answer).sliced(i, 1));
        QVERIFY(read(bytes) == whole);
    }

    void anAnswerThatEndsEarly_data() { recordings_data(); }

    /** The connection ends after any byte but the last: Unreachable, or complete only where nothing was missing. */
    void anAnswerThatEndsEarly()
    {
        QFETCH(QString, file);
        QFETCH(bool, keepAlive);
        const QByteArray answer = recording(file);
        const auto headEnd = answer.indexOf("\r\n\r\n") + 4;
        const bool hasLength
            = answer.left(headEnd).contains("Content-Length") || answer.left(headEnd).contains("chunked");
        for (qsizetype cut = 0; cut < answer.size(); ++cut) {
            const Reading reading = read({QByteArrayView(answer).first(cut)});
            QVERIFY(!reading.feedError);
            QVERIFY2(!reading.complete, qPrintable(QStringLiteral("cut at %1").arg(cut)));
            if (cut < headEnd || hasLength || keepAlive)
                QVERIFY2(
                    reading.finishError == ErrorKind::Unreachable, qPrintable(QStringLiteral("cut at %1").arg(cut)));
            else
                QVERIFY(!reading.finishError); // HTTP/1.0 cannot tell
            QVERIFY(plainBody(answer).startsWith(reading.body));
        }
    }

    void answerToHeadHasNoBody()
    {
        const QByteArray answer = recording(QStringLiteral("ping-head.http"));
        QVERIFY(answer.contains("Content-Length: 0") || !answer.contains("Content-Length"));
        const QByteArray withLength = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";
        for (const QByteArray &head : {answer, withLength}) {
            const Reading reading = read({head}, true);
            QVERIFY(reading.complete && reading.keepAlive && !reading.finishError);
            QCOMPARE(reading.body, QByteArray());
        }
        QVERIFY(read({withLength}).finishError == ErrorKind::Unreachable);
    }

    /** After 101 all bytes are the other protocol's, wherever the header was cut. */
    void switchedProtocols()
    {
        const QByteArray answer = recording(QStringLiteral("attach-101.http"));
        const QByteArray payload = answer.mid(answer.indexOf("\r\n\r\n") + 4);
        QCOMPARE(payload, QByteArray("\1\0\0\0\0\0\0\6hello\n", 14));
        for (qsizetype cut = 0; cut < answer.size(); ++cut) {
            const QByteArrayView view(answer);
            const Reading reading = read({view.first(cut), view.sliced(cut)});
            QVERIFY(!reading.feedError);
            QCOMPARE(reading.status, 101);
            QCOMPARE(reading.rest, payload);
            QCOMPARE(reading.body, QByteArray());
            QVERIFY(!reading.complete && !reading.keepAlive && !reading.finishError);
        }
    }

    void closeDelimitedBodyIsHandedOutAsItComes()
    {
        ResponseParser parser;
        QVERIFY(parser.feed("HTTP/1.1 200 OK\r\n\r\nfirst").ok());
        QCOMPARE(parser.takeBody(), QByteArray("first"));
        QVERIFY(parser.feed(" second").ok());
        QCOMPARE(parser.takeBody(), QByteArray(" second"));
        QVERIFY(!parser.complete());
        QVERIFY(parser.finish().ok());
        QVERIFY(!parser.keepAlive());
    }

    void connectionCloseIsNotKept()
    {
        const Reading reading = read({"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nOK"});
        QVERIFY(reading.complete && !reading.keepAlive);
    }

    void theLastChunkIsMissing()
    {
        const Reading reading = read({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"});
        QCOMPARE(reading.body, QByteArray("abc"));
        QVERIFY(!reading.complete);
        QVERIFY(reading.finishError == ErrorKind::Unreachable);
    }

    void notHttp_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("text") << QByteArray("hello, world\r\n\r\n");
        QTest::newRow("ssh") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n");
        QTest::newRow("binary") << QByteArray("\x15\x03\x01\x00\x02\x02\x46\x00\xff\xfe", 10);
        QTest::newRow("zeros") << QByteArray(100, '\0');
        QTest::newRow("a request") << QByteArray("GET / HTTP/1.1\r\n\r\n");
        QTest::newRow("status is a word") << QByteArray("HTTP/1.1 abc OK\r\n\r\n");
        QTest::newRow("a field without colon") << QByteArray("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n");
        QTest::newRow("length is a word") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n");
        QTest::newRow("negative length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n");
        QTest::newRow("chunk size is a word")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
        QTest::newRow("chunk longer than said")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n");
        QTest::newRow("more than the answer") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOKOK");
    }

    void notHttp()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(read({bytes}).feedError == ErrorKind::Protocol);
        for (qsizetype cut = 1; cut < bytes.size(); ++cut)
            QVERIFY(read({QByteArrayView(bytes).first(cut), QByteArrayView(bytes).sliced(cut)}).feedError
                == ErrorKind::Protocol);
    }

    void theHeaderHasALimit()
    {
        QByteArray answer = "HTTP/1.1 200 OK\r\n";
        for (int i = 0; answer.size() < 60 * 1024; ++i)
            answer += "X-Field-" + QByteArray::number(i) + ": " + QByteArray(1000, 'x') + "\r\n";
        QVERIFY(read({QByteArray(answer + "Content-Length: 0\r\n\r\n")}).complete);
        while (answer.size() < 70 * 1024)
            answer += "X-More: " + QByteArray(1000, 'x') + "\r\n";
        QVERIFY(read({QByteArray(answer + "Content-Length: 0\r\n\r\n")}).feedError == ErrorKind::Protocol);
        // In small pieces, and one field without an end.
        ResponseParser parser;
        QVERIFY(parser.feed("HTTP/1.1 200 OK\r\nX: ").ok());
        core::Result<void> fed;
        for (int i = 0; i < 100 && fed; ++i)
            fed = parser.feed(QByteArray(1024, 'x'));
        QVERIFY(!fed);
        QCOMPARE(fed.error().kind, ErrorKind::Protocol);
    }
};

QTEST_APPLESS_MAIN(ResponseParserTest)
#include "tst_responseparser.moc"
