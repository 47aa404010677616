#include "session/grpcserver.h"

#include "grpcclient.h"

#include <QTest>

using namespace session;

namespace {

/** Gives back each message, and "end" makes an end. */
class Echo : public GrpcCall
{
public:
    void take(const QByteArray &message) override { m_messages += message; }
    Next next(QByteArray &message) override
    {
        if (m_messages.isEmpty())
            return Next::Nothing;
        message = m_messages.takeFirst();
        return message == "end" ? Next::End : Next::Message;
    }
    GrpcStatus status() const override { return {GrpcCode::NotFound, "gone: 100%"}; }

private:
    QList<QByteArray> m_messages;
};

/** Has always more to say. */
class Flood : public GrpcCall
{
public:
    void take(const QByteArray &) override { }
    Next next(QByteArray &message) override
    {
        message.fill('x', 10'000);
        return Next::Message;
    }
};

/** Has something to say after a while. */
class Slow : public GrpcCall
{
public:
    void take(const QByteArray &) override { }
    Next next(QByteArray &message) override
    {
        if (m_asked++ < 3)
            return Next::Later;
        message = "found";
        return m_asked == 4 ? Next::Message : Next::End;
    }

private:
    int m_asked = 0;
};

std::unique_ptr<GrpcCall> echo(const QByteArray &path, const Metadata &)
{
    if (path == "/test.Echo/Slow")
        return std::make_unique<Slow>();
    if (path == "/test.Echo/Flood")
        return std::make_unique<Flood>();
    return path == "/test.Echo/Echo" ? std::make_unique<Echo>() : nullptr;
}

/** Joins the two, byte for byte. */
class Joined
{
public:
    explicit Joined(GrpcServer &server, qsizetype cut = 1 << 20)
        : client([&server, cut](const QByteArray &bytes) {
            for (qsizetype at = 0; at < bytes.size(); at += cut)
                QVERIFY(server.take(bytes.mid(at, cut)).ok());
        })
    {
        QObject::connect(
            &server, &GrpcServer::sends, &server, [this](const QByteArray &bytes) { fromServer += bytes; });
        server.start();
    }
    void call(const char *path)
    {
        client.call(path);
        exchange();
    }
    void send(const QByteArray &bytes)
    {
        client.send(bytes);
        exchange();
    }
    /** Until neither has anything to say. */
    void exchange()
    {
        while (!deaf && !fromServer.isEmpty())
            client.take(std::exchange(fromServer, {}));
    }

    GrpcClient client;
    QByteArray fromServer;
    bool deaf = false;
};

} // namespace

/** gRPC's server side against nghttp2's own client. */
class GrpcServerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<int>("cut");
        for (const int cut : {1, 2, 3, 7, 9, 1 << 20})
            QTest::addRow("pieces of %d", cut) << cut;
    }
    void answers()
    {
        QFETCH(int, cut);
        Metadata seen;
        GrpcServer server([&seen](const QByteArray &path, const Metadata &metadata) {
            seen = metadata;
            return echo(path, metadata);
        });
        Joined joined(server, cut);
        GrpcClient &client = joined.client;
        joined.call("/test.Echo/Echo");
        QCOMPARE(client.headers.value(":status"), "200");
        QCOMPARE(client.headers.value("content-type"), "application/grpc");
        QVERIFY(seen.contains(QPair<QByteArray, QByteArray>("dir-name", "context")));
        QVERIFY(client.body.isEmpty());
        const QByteArray long_(100'000, 'l');
        joined.send(framed("one") + framed({}) + framed(long_).first(50));
        QCOMPARE(client.body, framed("one") + framed({}));
        joined.send(framed(long_).mid(50));
        QCOMPARE(client.body, framed("one") + framed({}) + framed(long_));
        QVERIFY(!client.headers.contains("grpc-status"));
        joined.send(framed("end"));
        QCOMPARE(client.headers.value("grpc-status"), "5");
        QCOMPARE(client.headers.value("grpc-message"), "gone: 100%25");
    }

    void unknownMethods()
    {
        GrpcServer server(echo);
        Joined joined(server);
        GrpcClient &client = joined.client;
        joined.call("/test.Echo/Other");
        QCOMPARE(client.headers.value("grpc-status"), "12");
        joined.send(framed("nobody listens"));
        QVERIFY(client.body.isEmpty());
    }

    void neverMoreThanThereIsRoomFor()
    {
        GrpcServer server(echo);
        Joined joined(server);
        joined.deaf = true; // reads nothing, so gives no new room
        joined.call("/test.Echo/Flood");
        const qsizetype first = joined.fromServer.size();
        QVERIFY2(first > 60'000 && first < 70'000, qPrintable(QString::number(first))); // HTTP/2's window at the start
        joined.deaf = false;
        for (int i = 0; i < 20; ++i)
            joined.client.take(std::exchange(joined.fromServer, {}));
        QVERIFY(joined.client.body.size() > 500'000);
        QVERIFY(joined.fromServer.size() < 100'000);
    }

    void aSlowCallIsAskedAgain()
    {
        GrpcServer server(echo);
        Joined joined(server);
        joined.call("/test.Echo/Slow");
        QVERIFY(joined.client.body.isEmpty()); // others have their turn
        QTRY_COMPARE((joined.exchange(), joined.client.headers.value("grpc-status")), "0");
        QCOMPARE(joined.client.body, framed("found"));
    }

    void compressedMessagesEndTheCall()
    {
        GrpcServer server(echo);
        Joined joined(server);
        GrpcClient &client = joined.client;
        joined.call("/test.Echo/Echo");
        joined.send("\x01" + framed("x").mid(1));
        QVERIFY(client.closed);
        QVERIFY(client.body.isEmpty());
    }

    void noHttp2()
    {
        GrpcServer server(echo);
        server.start();
        const auto taken = server.take("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(!taken.ok());
        QCOMPARE(taken.error().kind, core::ErrorKind::Protocol);
    }
};

QTEST_GUILESS_MAIN(GrpcServerTest)
#include "tst_grpcserver.moc"
