#include "builds/buildprogress.h"
#include "builds/readers.h"

#include <QFile>
#include <QTest>

using builds::BuildProgress;
using builds::ClassicReader;
using builds::Dockerfile;
using builds::Step;
using builds::StepEvent;
using builds::StepState;
using docker::BuildMessage;
using namespace Qt::StringLiterals;

namespace {

QList<QByteArray> recording(const char *name)
{
    QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/") + QString::fromLatin1(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QList<QByteArray> lines;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (!line.trimmed().isEmpty())
            lines.append(line.trimmed());
    }
    return lines;
}

QList<QByteArray> traces(const char *name)
{
    QList<QByteArray> found;
    for (const QByteArray &line : recording(name)) {
        const auto message = docker::parseBuildMessage(line);
        if (message && message->kind == BuildMessage::Kind::Trace)
            found.append(message->bytes);
    }
    return found;
}

const Step *find(const BuildProgress &progress, const QString &begin)
{
    const auto &steps = progress.steps();
    const auto it
        = std::find_if(steps.begin(), steps.end(), [&](const Step &step) { return step.name.startsWith(begin); });
    return it == steps.end() ? nullptr : &*it;
}

BuildProgress classic(const char *name, const QByteArray &dockerfile = {})
{
    BuildProgress progress;
    progress.setDockerfile(Dockerfile::parse(dockerfile));
    ClassicReader reader;
    std::optional<core::Error> failure;
    qint64 now = 1000;
    for (const QByteArray &line : recording(name)) {
        const auto message = docker::parseBuildMessage(line);
        if (!message)
            failure = message.error();
        else
            for (const StepEvent &event : reader.take(*message, now += 10))
                progress.take(event);
    }
    for (const StepEvent &event : reader.end(failure, now))
        progress.take(event);
    return progress;
}

} // namespace

/** Recorded builds of both builders as steps. */
class ReadersTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void buildKit()
    {
        BuildProgress progress;
        for (const QByteArray &trace : traces("build-buildkit.jsonl")) {
            const auto events = builds::decodeTrace(trace);
            QVERIFY(events.ok());
            for (const StepEvent &event : *events)
                QVERIFY(progress.take(event) >= 0);
        }
        QCOMPARE(progress.steps().size(), 10);
        const Step *context = find(progress, u"load remote build context"_s);
        QVERIFY(context && context->state == StepState::Done && context->number == 0);
        const Step *base = find(progress, u"FROM"_s);
        QVERIFY(base);
        QCOMPARE(base->state, StepState::Cached);
        QCOMPARE(base->stage, u"stage-0"_s);
        const Step *loop = find(progress, u"RUN for i"_s);
        QVERIFY(loop);
        QCOMPARE(loop->number, 4);
        QCOMPARE(loop->total, 4);
        QCOMPARE(loop->log, QByteArray("1\n2\n3\n"));
        QVERIFY(loop->completed - loop->started > 800 && loop->completed - loop->started < 5000);
        const Step *mount = find(progress, u"RUN --mount"_s);
        QVERIFY(mount && mount->log == "x\ny\nerr\n");
        const Step *last = find(progress, u"exporting to image"_s);
        QVERIFY(last);
        QCOMPARE(last->parts.size(), 3);
        QVERIFY(last->parts.last().done);
        QCOMPARE(progress.failed(), -1);
        QCOMPARE(progress.done(), 10);
        QVERIFY(progress.end(true).isEmpty());
    }

    void buildKitFailure()
    {
        BuildProgress progress;
        progress.setDockerfile(Dockerfile::parse("FROM bb:1\n\nRUN echo hi; echo bad >&2; exit 3\n"));
        for (const QByteArray &trace : traces("build-buildkit-fail.jsonl")) {
            const auto events = builds::decodeTrace(trace);
            QVERIFY(events.ok());
            for (const StepEvent &event : *events)
                progress.take(event);
        }
        QVERIFY(progress.failed() >= 0);
        const Step &step = progress.steps()[progress.failed()];
        QCOMPARE(step.line, 3);
        QCOMPARE(step.log, QByteArray("hi\nbad\n"));
        QVERIFY(step.error.contains(u"exit code: 3"_s));
        const BuildProgress again = BuildProgress::fromJson(progress.toJson());
        QCOMPARE(again.failed(), progress.failed());
        QCOMPARE(again.steps()[again.failed()].line, 3);
        QVERIFY(again.steps()[again.failed()].log.isEmpty());
    }

    void everyCutOfATrace()
    {
        int understood = 0;
        for (const QByteArray &trace : traces("build-buildkit.jsonl")) {
            for (qsizetype size = 0; size < trace.size(); ++size)
                understood += builds::decodeTrace(trace.left(size)).ok();
        }
        QVERIFY(understood > 0); // between two fields
    }

    void garbage()
    {
        QVERIFY(!builds::decodeTrace(QByteArray(20, '\xff')).ok());
        QVERIFY(!builds::decodeTrace("\x0a\xff\xff\xff\xff\x0f").ok()); // longer than there is
        QVERIFY(!builds::decodeTrace("\x0b").ok()); // groups are not used
        QVERIFY(builds::decodeTrace({}).ok());
        quint32 state = 12345;
        for (const QByteArray &trace : traces("build-buildkit.jsonl")) {
            for (int round = 0; round < 40; ++round) {
                QByteArray bytes = trace;
                state = state * 1664525 + 1013904223;
                bytes[qsizetype(state >> 8) % bytes.size()] = char(state);
                const auto events = builds::decodeTrace(bytes);
                if (!events)
                    continue;
                BuildProgress progress;
                for (const StepEvent &event : *events)
                    progress.take(event);
            }
        }
    }

    void classicBuild()
    {
        const BuildProgress progress = classic("build-classic.jsonl");
        QCOMPARE(progress.steps().size(), 19);
        const Step *loop = find(progress, u"RUN for i"_s);
        QVERIFY(loop);
        QCOMPARE(loop->number, 11);
        QCOMPARE(loop->log, QByteArray("step 1 for qt\nstep 2 for qt\nstep 3 for qt\nstep 4 for qt\nstep 5 for qt\n"));
        const Step *odd = find(progress, u"RUN echo to-stderr"_s);
        QVERIFY(odd);
        QVERIFY2(odd->log.contains("to-stderr") && odd->log.endsWith("no newline"), odd->log.constData());
        const Step *bar = find(progress, u"RUN busybox printf 'progress"_s);
        QVERIFY(bar);
        QVERIFY(bar->log.contains("progress 1%\rprogress 50%\r"));
        QVERIFY(!bar->log.contains("Removing") && !bar->log.contains("--->"));
        for (const Step &step : progress.steps())
            QCOMPARE(step.state, StepState::Done);
    }

    void classicCached()
    {
        const BuildProgress progress = classic("build-classic-cached.jsonl");
        QCOMPARE(progress.steps()[1].state, StepState::Cached);
        QVERIFY(progress.steps()[1].log.isEmpty());
    }

    void classicFailure()
    {
        const BuildProgress progress
            = classic("build-classic-fail.jsonl", "FROM bb:1\nRUN echo before\n# x\nRUN echo oops >&2; false\n");
        QCOMPARE(progress.failed(), 2);
        QCOMPARE(progress.steps()[2].line, 4);
        QVERIFY(progress.steps()[2].log.contains("oops"));
        QVERIFY(progress.steps()[2].error.contains(u"non-zero code: 1"_s));
    }

    void classicPull()
    {
        const BuildProgress progress = classic("build-classic-pull.jsonl");
        QCOMPARE(progress.steps().size(), 3);
        QVERIFY(!progress.steps()[0].parts.isEmpty());
    }

    void whatPipSaysIsOutput()
    {
        ClassicReader reader;
        BuildProgress progress;
        const auto feed = [&](const QByteArray &text) {
            for (const StepEvent &event : reader.take({BuildMessage::Kind::Text, text, {}}, 1))
                progress.take(event);
        };
        feed("Step 1/1 : RUN pip install x");
        feed("\n");
        feed(" ---> Running in 0123456789ab\n");
        feed("Successfully built flash-attn\n");
        feed("Successfully installed x-1\n");
        feed("\n");
        feed("Step by step\n");
        feed("Successfully built 0123456789ab\n");
        feed("Successfully tagged x:1\n");
        QCOMPARE(progress.steps()[0].log,
            QByteArray("Successfully built flash-attn\nSuccessfully installed x-1\n\nStep by step\n"));
        // Podman's way to say it.
        feed("STEP 2/2: FROM x\n");
        QCOMPARE(progress.steps().size(), 2);
    }

    void keepsTheEndOfALog()
    {
        BuildProgress progress;
        StepEvent event;
        event.kind = StepEvent::Kind::Log;
        event.step = u"s"_s;
        const QByteArray line = QByteArray(99, 'x') + '\n';
        qint64 total = 0;
        for (int i = 0; i < 60; ++i) {
            event.log = line.repeated(1000);
            total += event.log.size();
            progress.take(event);
        }
        const Step &step = progress.steps()[0];
        QVERIFY(step.log.size() <= BuildProgress::logLimit + 512 * 1024);
        QCOMPARE(step.log.size() + step.logCut, total);
        QVERIFY(step.log.startsWith("xxx") && step.log.endsWith('\n'));
    }

    void messages_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("ok");
        QTest::newRow("error") << QByteArray(R"({"errorDetail":{"code":1,"message":"no"},"error":"no"})") << false;
        QTest::newRow("old error") << QByteArray(R"({"error":"no"})") << false;
        QTest::newRow("text") << QByteArray(R"({"stream":"x"})") << true;
        QTest::newRow("unknown") << QByteArray(R"({"id":"moby.other","aux":{}})") << true;
        QTest::newRow("wrong type") << QByteArray(R"({"stream":[1]})") << false;
        QTest::newRow("no json") << QByteArray("<html>") << false;
    }
    void messages()
    {
        QFETCH(QByteArray, line);
        QFETCH(bool, ok);
        QCOMPARE(docker::parseBuildMessage(line).ok(), ok);
    }
};

QTEST_GUILESS_MAIN(ReadersTest)
#include "tst_readers.moc"
