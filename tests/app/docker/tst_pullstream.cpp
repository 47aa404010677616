#include "docker/engine.h"
#include "docker/parse.h"
#include "support/await.h"
#include "support/fakedaemon.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

using docker::PullStep;
using docker::PullStream;
using support::FakeReply;
using namespace Qt::StringLiterals;

namespace {

/** Fed by hand: how HTTP cuts a stream is nobody's choice. */
class Fed : public PullStream
{
public:
    using PullStream::take;
    using PullStream::verdict;
};

} // namespace

/** A pull's lines, wherever they are cut, and each way in which it ends. */
class PullStreamTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<support::FakeDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    QList<PullStep> m_steps;
    QList<core::Result<void>> m_ends;

    static QByteArray recording(const QString &name)
    {
        QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/") + name);
        if (!file.open(QIODevice::ReadOnly))
            return {};
        return file.readAll().replace("\n", "\r\n"); // as daemons end them
    }
    static QList<PullStep> parsed(const QByteArray &lines)
    {
        QList<PullStep> steps;
        for (const QByteArray &line : lines.split('\n')) {
            if (!line.trimmed().isEmpty())
                steps += docker::parsePullStep(line.trimmed()).value();
        }
        return steps;
    }
    static QList<PullStep> fed(const QList<QByteArray> &pieces)
    {
        Fed stream;
        QList<PullStep> steps;
        connect(&stream, &PullStream::step, &stream, [&](const PullStep &step) { steps += step; });
        for (const QByteArray &piece : pieces)
            stream.take(piece);
        return stream.verdict({}).ok() ? steps : QList<PullStep>();
    }
    std::unique_ptr<PullStream> pull(const QString &platform = {})
    {
        m_steps.clear();
        m_ends.clear();
        std::unique_ptr<PullStream> stream(
            m_engine->pullImage(u"nvcr.io/nvidia/py+torch"_s, u"24.05"_s, platform, nullptr));
        connect(stream.get(), &PullStream::step, this, [this](const PullStep &step) { m_steps += step; });
        connect(stream.get(), &PullStream::closed, this, [this](const core::Result<void> &end) { m_ends += end; });
        return stream;
    }

private Q_SLOTS:
    void init()
    {
        m_daemon = std::make_unique<support::FakeDaemon>();
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
    }
    void cleanup()
    {
        m_engine.reset();
        m_daemon.reset();
    }

    void recordings_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("steps");
        QTest::newRow("pull") << u"pull-progress.jsonl"_s << 161;
        QTest::newRow("cut and retried") << u"pull-retry.jsonl"_s << 144;
        QTest::newRow("up to date") << u"pull-uptodate.jsonl"_s << 3;
        QTest::newRow("push") << u"push-progress.jsonl"_s << 66;
    }
    void recordings()
    {
        QFETCH(QString, name);
        const QByteArray bytes = recording(name);
        const QList<PullStep> wanted = parsed(bytes);
        QTEST(int(wanted.size()), "steps");
        for (qsizetype size = 1; size < 300; ++size) {
            QList<QByteArray> pieces;
            for (qsizetype at = 0; at < bytes.size(); at += size)
                pieces += bytes.mid(at, size);
            QVERIFY2(fed(pieces) == wanted, QByteArray::number(size).constData());
        }
        // And each cut by itself; a cut matters to its own line alone, so the first lines stand for all.
        const QByteArray some = bytes.left(bytes.indexOf('\n', 1500) + 1);
        const QByteArray whole = some.isEmpty() ? bytes : some;
        for (qsizetype cut = 0; cut <= whole.size(); ++cut)
            QVERIFY2(fed({whole.left(cut), whole.mid(cut)}) == parsed(whole), QByteArray::number(cut).constData());
    }

    void throughHttp()
    {
        const QByteArray bytes = recording(u"pull-retry.jsonl"_s);
        m_daemon->route("POST", "/images/create", FakeReply::json(bytes).inPieces(7));
        const auto stream = pull();
        QTRY_COMPARE(m_ends.size(), 1);
        QVERIFY(m_ends[0].ok());
        QCOMPARE(m_steps, parsed(bytes));
    }

    void figures()
    {
        const auto step = docker::parsePullStep(
            R"({"status":"Downloading","progressDetail":{"current":99,"total":100},"progress":"[=>] 99B","id":"c96c"})");
        QCOMPARE(*step, (PullStep{u"c96c"_s, u"Downloading"_s, 99, 100}));
        const auto seconds = docker::parsePullStep(
            R"({"status":"Extracting","progressDetail":{"current":3,"units":"s"},"id":"c96c"})");
        QCOMPARE(*seconds, (PullStep{u"c96c"_s, u"Extracting"_s, 3, -1}));
        QCOMPARE(docker::parsePullStep("{}").value(), PullStep());
        QCOMPARE(docker::parsePullStep("nonsense").error().kind, core::ErrorKind::Protocol);
        QCOMPARE(docker::parsePullStep(R"({"status":[]})").error().kind, core::ErrorKind::Protocol);
    }

    void asksForOneTag()
    {
        m_daemon->route("POST", "/images/create", FakeReply::json("{\"status\":\"x\"}\r\n"));
        const auto stream = pull(u"linux/arm64"_s);
        QTRY_COMPARE(m_ends.size(), 1);
        const QByteArray query = m_daemon->requests().last().query;
        QCOMPARE(QByteArray::fromPercentEncoding(query),
            QByteArray("fromImage=nvcr.io/nvidia/py+torch&tag=24.05&platform=linux/arm64"));
        QVERIFY2(!query.contains('+'), query.constData()); // Go would read a blank
    }

    void anErrorInASuccess_data()
    {
        QTest::addColumn<QByteArray>("last");
        QTest::newRow("both") << QByteArray(R"({"errorDetail":{"code":1,"message":"no space"},"error":"no space"})"
                                            "\r\n");
        QTest::newRow("old") << QByteArray(R"({"error":"no space"})"
                                           "\r\n");
        QTest::newRow("no line end") << QByteArray(R"({"errorDetail":{"message":"no space"}})");
    }
    void anErrorInASuccess()
    {
        QFETCH(QByteArray, last);
        m_daemon->route("POST", "/images/create",
            FakeReply::json("{\"status\":\"Pulling fs layer\",\"id\":\"a\"}\r\n" + last).inPieces(11));
        const auto stream = pull();
        QTRY_COMPARE(m_ends.size(), 1);
        QVERIFY(!m_ends[0].ok());
        QCOMPARE(m_ends[0].error().kind, core::ErrorKind::Daemon);
        QCOMPARE(m_ends[0].error().message, u"no space"_s);
        QCOMPARE(m_steps.size(), 1);
    }

    void aRefusal()
    {
        m_daemon->route("POST", "/images/create", FakeReply::status(404, "manifest for a:1 not found"));
        const auto stream = pull();
        QTRY_COMPARE(m_ends.size(), 1);
        QCOMPARE(m_ends[0].error().kind, core::ErrorKind::NotFound);
        QCOMPARE(m_ends[0].error().message, u"manifest for a:1 not found"_s);
    }

    void cutInTheMiddle()
    {
        m_daemon->route("POST", "/images/create",
            FakeReply::stream("application/json", "{\"status\":\"Waiting\",\"id\":\"a\"}\r\n{\"stat"));
        const auto stream = pull();
        QTRY_COMPARE(m_steps.size(), 1);
        m_daemon->dropConnections();
        QTRY_COMPARE(m_ends.size(), 1);
        QCOMPARE(m_ends[0].error().kind, core::ErrorKind::Unreachable);
        QCOMPARE(m_steps.size(), 1);
    }

    void stopEndsTheConnection()
    {
        m_daemon->route("POST", "/images/create",
            FakeReply::stream("application/json", "{\"status\":\"Waiting\",\"id\":\"a\"}\r\n"));
        const auto stream = pull();
        QTRY_COMPARE(m_steps.size(), 1);
        stream->stop();
        QVERIFY(m_ends.isEmpty());
        QTRY_COMPARE(m_ends.size(), 1);
        QCOMPARE(m_ends[0].error().kind, core::ErrorKind::Aborted);
        QTRY_COMPARE(m_daemon->push("/images/create", "{}\r\n"), 0);
        stream->stop();
        QTest::qWait(0);
        QCOMPARE(m_ends.size(), 1);
    }

    void mayDieWhileItTells()
    {
        m_daemon->route("POST", "/images/create", FakeReply::json(recording(u"pull-progress.jsonl"_s)));
        auto stream = pull();
        int told = 0;
        connect(stream.get(), &PullStream::step, this, [&] {
            ++told;
            stream.reset();
        });
        QTRY_COMPARE(told, 1);
        QTest::qWait(20);
        QCOMPARE(told, 1);
    }
};

QTEST_GUILESS_MAIN(PullStreamTest)
#include "tst_pullstream.moc"
