#include "launch/launchjob.h"

#include "launch/sampletraining.h"
#include "support/await.h"
#include "support/fakedaemon.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace launch;
using namespace recipe;
using support::FakeReply;
using support::FakeRequest;

Q_DECLARE_METATYPE(support::FakeReply)

/** The job against a scripted daemon, which does at each step what a real one does once in a year. */
class TestLaunchJob : public QObject
{
    Q_OBJECT

    static constexpr char container[] = "/containers/c0ffee";

    std::unique_ptr<support::FakeDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    QByteArray m_printed;
    QList<core::Result<Launched>> m_results;
    bool m_present = false; ///< the image, of serveImage()

    /** A daemon that has the image or, until m_present is set, has not. */
    void serveImage(bool present)
    {
        m_present = present;
        m_daemon->route("GET", "/images/", [this](const FakeRequest &) {
            return m_present ? FakeReply::json(R"({"Id":"sha256:1"})") : FakeReply::status(404, "No such image: bb:1");
        });
        m_daemon->route("POST", "/containers/create", [this](const FakeRequest &) {
            return m_present ? FakeReply::json(R"({"Id":"c0ffee"})", 201)
                             : FakeReply::status(404, "No such image: bb:1");
        });
    }

    static RunConfig config()
    {
        RunConfig config;
        config.image = QStringLiteral("bb:1");
        config.name = QStringLiteral("run-1");
        return config;
    }

    static QByteArray path(const char *what) { return QByteArray(container) + '/' + what; }

    std::unique_ptr<LaunchJob> launch(const RunConfig &config, bool waitForEnd = false, bool nextFreeName = false)
    {
        m_printed.clear();
        m_results.clear();
        LaunchOptions options;
        options.output = [this](docker::Output, const QByteArray &bytes) { m_printed += bytes; };
        options.waitForEnd = waitForEnd;
        options.nextFreeName = nextFreeName;
        auto job = std::make_unique<LaunchJob>(*m_engine, config, options);
        connect(job.get(), &LaunchJob::finished, this,
            [this](const core::Result<Launched> &result) { m_results += result; });
        job->start();
        return job;
    }

    /** The steps the daemon was asked for, without the version. */
    QStringList steps() const
    {
        QStringList list;
        for (const FakeRequest &request : m_daemon->requests()) {
            if (request.path != "/_ping")
                list += QString::fromLatin1(request.method + ' ' + request.path);
        }
        return list;
    }
    QStringList steps(std::initializer_list<const char *> names) const
    {
        QStringList list;
        for (const char *name : names)
            list += QString::fromLatin1(name).replace(u'@', QLatin1String(container));
        return list;
    }

private Q_SLOTS:
    void init()
    {
        m_daemon = std::make_unique<support::FakeDaemon>();
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
        m_daemon->route("GET", "/images/", FakeReply::json(R"({"Id":"sha256:1"})"));
        m_daemon->route("POST", "/containers/create", FakeReply::json(R"({"Id":"c0ffee","Warnings":["w"]})", 201));
        m_daemon->route("POST", path("attach"), FakeReply::hijack());
        m_daemon->route("POST", path("wait"), FakeReply::stream());
        m_daemon->route("POST", path("start"), FakeReply::status(204));
        m_daemon->route("DELETE", container, FakeReply::status(204));
        m_daemon->route("GET", path("json"), FakeReply::json(R"({"Id":"c0ffee","Name":"/quirky_name"})"));
    }
    void cleanup()
    {
        m_engine.reset();
        m_daemon.reset();
    }

    void missesNoOutput()
    {
        m_daemon->route("POST", path("start"), [this](const FakeRequest &) { // it prints before its start is answered
            m_daemon->push(path("attach"), support::frame(1, "first\n") + support::frame(2, "second\n"));
            return FakeReply::status(204);
        });
        const auto job = launch(config());
        QSignalSpy progress(job.get(), &LaunchJob::progressed);
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(m_results[0].ok());
        QCOMPARE(m_results[0]->id, QStringLiteral("c0ffee"));
        QCOMPARE(m_results[0]->name, QStringLiteral("run-1"));
        QCOMPARE(m_results[0]->warnings, QStringList{QStringLiteral("w")});
        QVERIFY(!progress.isEmpty());
        QCOMPARE(steps(), steps({"GET /images/bb:1/json", "POST /containers/create", "POST @/attach", "POST @/start"}));
        QVERIFY(m_results[0]->output);
        QTRY_COMPARE(m_printed, QByteArray("first\nsecond\n"));
        m_daemon->push(path("attach"), support::frame(1, "third\n"));
        QTRY_COMPARE(m_printed, QByteArray("first\nsecond\nthird\n"));
        QSignalSpy closed(m_results[0]->output, &docker::Stream::closed);
        m_daemon->end(path("attach"));
        QTRY_COMPARE(closed.size(), 1);
    }

    void startsOnlyWhenSomebodyElseHasAttached()
    {
        core::Promise<void> attached;
        LaunchOptions options;
        QStringList asked;
        options.attach = [&](const QString &id, const QString &name, bool tty) {
            asked = {id, name, tty ? QStringLiteral("tty") : QStringLiteral("no tty")};
            return attached.pending();
        };
        LaunchJob job(*m_engine, config(), options);
        QSignalSpy finished(&job, &LaunchJob::finished);
        job.start();
        QTRY_COMPARE(asked, (QStringList{QStringLiteral("c0ffee"), QStringLiteral("run-1"), QStringLiteral("no tty")}));
        QVERIFY(!finished.wait(50));
        QCOMPARE(steps(), steps({"GET /images/bb:1/json", "POST /containers/create"}));
        attached.answer({});
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(steps(), steps({"GET /images/bb:1/json", "POST /containers/create", "POST @/start"}));
    }

    void removesWhatNobodyCouldAttachTo()
    {
        LaunchOptions options;
        options.attach = [](const QString &, const QString &, bool) {
            return core::Pending<void>::ready(core::Error{core::ErrorKind::Unreachable, 0, QStringLiteral("gone"), {}});
        };
        LaunchJob job(*m_engine, config(), options);
        connect(
            &job, &LaunchJob::finished, this, [this](const core::Result<Launched> &result) { m_results += result; });
        m_results.clear();
        job.start();
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].error().message, QStringLiteral("gone"));
        QCOMPARE(steps(), steps({"GET /images/bb:1/json", "POST /containers/create", "DELETE @"}));
    }

    void asksForTheNameAndTheEndBeforeTheStart()
    {
        RunConfig nameless = config();
        nameless.name.clear();
        const auto job = launch(nameless, true);
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(m_results[0].ok());
        QCOMPARE(m_results[0]->name, QStringLiteral("quirky_name"));
        QStringList all = steps();
        QCOMPARE(all.takeLast(), steps({"POST @/start"}).first());
        QVERIFY(all.contains(QString::fromLatin1("POST " + path("wait"))));
        QCOMPARE(m_daemon->requests().last().path, path("start"));
        m_daemon->push(path("wait"), R"({"StatusCode":3,"Error":null})");
        m_daemon->end(path("wait"));
        const auto end = support::await(job->end());
        QVERIFY(end.ok());
        QCOMPARE(end->statusCode, 3);
    }

    void handsOverARunThatIsOverAlready()
    {
        m_daemon->route("POST", path("start"), [this](const FakeRequest &) {
            m_daemon->push(path("attach"), support::frame(1, "all\n"));
            m_daemon->end(path("attach"));
            m_daemon->push(path("wait"), R"({"StatusCode":0})");
            m_daemon->end(path("wait"));
            return FakeReply::status(204).inPieces(3);
        });
        const auto job = launch(config(), true);
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(m_results[0].ok());
        QCOMPARE(m_printed, QByteArray("all\n"));
        QVERIFY(!m_results[0]->output);
        QCOMPARE(support::await(job->end())->statusCode, 0);
    }

    void pullsWhatIsMissing_data()
    {
        QTest::addColumn<QString>("when");
        QTest::addColumn<bool>("present");
        QTest::addColumn<int>("pulls");
        QTest::newRow("missing") << QString() << false << 1;
        QTest::newRow("missing, said") << QStringLiteral("missing") << false << 1;
        QTest::newRow("present") << QStringLiteral("missing") << true << 0;
        QTest::newRow("always") << QStringLiteral("always") << true << 1;
        QTest::newRow("never") << QStringLiteral("never") << false << 0;
    }
    void pullsWhatIsMissing()
    {
        QFETCH(QString, when);
        QFETCH(bool, present);
        QFETCH(int, pulls);
        serveImage(present);
        m_daemon->route("POST", "/images/create", [this](const FakeRequest &) {
            m_present = true;
            return FakeReply::json("{\"status\":\"Pull complete\",\"id\":\"a\"}\r\n");
        });
        RunConfig wanted = config();
        wanted.platform = QStringLiteral("linux/arm64");
        if (!when.isEmpty())
            wanted.options = {{QStringLiteral("pull"), when}};
        const auto job = launch(wanted);
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_daemon->count("POST", "/images/create"), pulls);
        QCOMPARE(m_daemon->count("POST", "/containers/create"), 1);
        QCOMPARE(m_results[0].ok(), when != QStringLiteral("never"));
        for (const FakeRequest &request : m_daemon->requests()) {
            if (request.path == "/images/create")
                QCOMPARE(request.query, QByteArray("fromImage=bb&tag=1&platform=linux%2Farm64"));
        }
        if (!m_results[0].ok()) {
            QCOMPARE(m_results[0].error().kind, core::ErrorKind::NotFound);
            QCOMPARE(m_results[0].error().message, QStringLiteral("No such image: bb:1"));
            QCOMPARE(m_results[0].error().detail, QStringLiteral("The image bb:1 is not on this host."));
        }
    }

    void takesTheNextFreeNameWhereToldTo_data()
    {
        QTest::addColumn<bool>("told");
        QTest::addColumn<int>("taken"); ///< names that are gone before the list of them is
        QTest::newRow("told") << true << 1;
        QTest::newRow("somebody is quicker") << true << 3;
        QTest::newRow("not told") << false << 1;
    }
    void takesTheNextFreeNameWhereToldTo()
    {
        QFETCH(bool, told);
        QFETCH(int, taken);
        QStringList names; // of the requests
        m_daemon->route("POST", "/containers/create", [&](const FakeRequest &request) {
            names += QString::fromLatin1(request.query);
            return names.size() <= taken ? FakeReply::status(
                       409, "Conflict. The container name \"/run-1\" is already in use by container \"1\".")
                                         : FakeReply::json(R"({"Id":"c0ffee"})", 201);
        });
        m_daemon->route("GET", "/containers/json",
            FakeReply::json(R"([{"Id":"1","Names":["/run-1"]},{"Id":"2","Names":["/run-2"]}])"));
        const auto job = launch(config(), false, told);
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(bool(m_results[0]), told);
        const QStringList wanted{QStringLiteral("name=run-1"), QStringLiteral("name=run-3"),
            QStringLiteral("name=run-4"), QStringLiteral("name=run-5")};
        QCOMPARE(names, told ? wanted.first(taken + 1) : wanted.first(1));
        if (told)
            QCOMPARE(m_results[0]->name, wanted[taken].section(u'=', 1));
    }

    void asksForLabelsOnceTheImageIsThere()
    {
        serveImage(false);
        QStringList order;
        m_daemon->route("POST", "/images/create", [&](const FakeRequest &) {
            m_present = true;
            order += QStringLiteral("pull");
            return FakeReply::json("{\"status\":\"x\"}\r\n");
        });
        LaunchOptions options;
        options.labels = [&] {
            order += QStringLiteral("labels");
            return core::Pending<QList<QPair<QString, QString>>>::ready(
                QList<QPair<QString, QString>>{{QStringLiteral("a"), QStringLiteral("1")}});
        };
        LaunchJob job(*m_engine, config(), options);
        QSignalSpy finished(&job, &LaunchJob::finished);
        job.start();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(order, (QStringList{QStringLiteral("pull"), QStringLiteral("labels")}));
        for (const FakeRequest &request : m_daemon->requests()) {
            if (request.path == "/containers/create")
                QVERIFY2(request.body.contains(R"("Labels":{"a":"1"})"), request.body.constData());
        }
    }

    void pullsOnceWhereTheImageIsOfAnotherPlatform_data()
    {
        QTest::addColumn<bool>("helps");
        QTest::newRow("pulling helps") << true;
        QTest::newRow("pulling does not help") << false;
    }
    void pullsOnceWhereTheImageIsOfAnotherPlatform()
    {
        QFETCH(bool, helps);
        bool pulled = false;
        m_daemon->route("POST", "/images/create", [&](const FakeRequest &) {
            pulled = true;
            return FakeReply::json("{\"status\":\"x\"}\r\n");
        });
        const QByteArray words = "image with reference bb:1 was found but does not match the specified platform";
        m_daemon->route("POST", "/containers/create", [&](const FakeRequest &) {
            return pulled && helps ? FakeReply::json(R"({"Id":"c0ffee"})", 201) : FakeReply::status(404, words);
        });
        const auto job = launch(config());
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].ok(), helps);
        QCOMPARE(m_daemon->count("POST", "/images/create"), 1);
        QCOMPARE(m_daemon->count("POST", "/containers/create"), 2);
    }

    void otherRefusalsPullNothing()
    {
        m_daemon->route("POST", "/containers/create", FakeReply::status(404, "No such container: data"));
        const auto job = launch(config());
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_daemon->count("POST", "/images/create"), 0);
    }

    void tellsOfThePullAFewTimesASecond()
    {
        serveImage(false);
        m_daemon->route("POST", "/images/create", FakeReply::stream());
        RunConfig wanted = config();
        wanted.image = QStringLiteral("nvcr.io/nvidia/pytorch:24.05");
        const auto job = launch(wanted);
        QStringList told;
        connect(job.get(), &LaunchJob::progressed, this, [&](const QString &text) { told += text; });
        QElapsedTimer clock;
        clock.start();
        QTRY_COMPARE(m_daemon->count("POST", "/images/create"), 1);
        constexpr int steps = 500;
        for (int i = 1; i <= steps; ++i) {
            const QByteArray current = QByteArray::number(i * 1024 * 1024);
            m_daemon->push("/images/create",
                "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":" + current
                    + ",\"total\":524288000},\"id\":\"a\"}\r\n");
            QTest::qWait(1);
        }
        // The last one is told as well, and not before its time.
        const auto all = QStringLiteral("Pulling pytorch:24.05: 0 of 1 layer, 500 MiB");
        QTRY_VERIFY2(told.last().startsWith(all), qPrintable(told.last()));
        QCOMPARE(told.first(), QStringLiteral("Pulling pytorch:24.05…"));
        QVERIFY2(told.size() <= 3 + clock.elapsed() / 250, qPrintable(QString::number(told.size())));
        m_present = true;
        m_daemon->end("/images/create");
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(m_results[0].ok());
        QCOMPARE(told.last(), QStringLiteral("Starting run-1…"));
    }

    void saysWhyNothingWasPulled_data()
    {
        QTest::addColumn<FakeReply>("reply");
        QTest::addColumn<core::ErrorKind>("kind");
        QTest::addColumn<QString>("message");
        QTest::newRow("refused") << FakeReply::status(404, "manifest for bb:1 not found") << core::ErrorKind::NotFound
                                 << QStringLiteral("manifest for bb:1 not found");
        QTest::newRow("refused later")
            << FakeReply::json("{\"status\":\"x\"}\r\n{\"errorDetail\":{\"message\":\"no space\"}}\r\n").inPieces(5)
            << core::ErrorKind::Daemon << QStringLiteral("no space");
        QTest::newRow("cut") << FakeReply::json("{\"status\":\"x\"}\r\n{\"status\":\"y\"}\r\n").cutAfter(90)
                             << core::ErrorKind::Unreachable << QString();
    }
    void saysWhyNothingWasPulled()
    {
        QFETCH(FakeReply, reply);
        QFETCH(core::ErrorKind, kind);
        QFETCH(QString, message);
        serveImage(false);
        m_daemon->route("POST", "/images/create", reply);
        const auto job = launch(config());
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].error().kind, kind);
        if (!message.isEmpty())
            QCOMPARE(m_results[0].error().message, message);
        QVERIFY(!m_results[0].error().detail.isEmpty());
        QCOMPARE(m_daemon->count("POST", "/containers/create"), 0);
        QCOMPARE(m_daemon->count("DELETE", "/"), 0);
    }

    void pullsInSightAndWithAnAccount()
    {
        serveImage(false);
        m_daemon->route("POST", "/images/create", FakeReply::stream());
        transfers::Transfers transfers(*m_engine, [](const QString &) {
            return core::Pending<docker::RegistryAuth>::ready(
                docker::RegistryAuth{QStringLiteral("docker.io"), QStringLiteral("me"), QStringLiteral("pw"), {}});
        });
        const int mine = transfers.pull(*docker::ImageReference::parse(QStringLiteral("bb:1")));
        LaunchOptions options;
        options.transfers = &transfers;
        auto job = std::make_unique<LaunchJob>(*m_engine, config(), options);
        QSignalSpy finished(job.get(), &LaunchJob::finished);
        job->start();
        QTRY_COMPARE(m_daemon->count("GET", "/images/bb:1/json"), 1);
        QTRY_COMPARE(m_daemon->count("POST", "/images/create"), 1);
        QVERIFY(m_daemon->requests().last().head.toLower().contains("x-registry-auth"));
        QCOMPARE(transfers.all().size(), 1); // joined
        job->abort();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(transfers.find(mine)->running()); // it is not the launch's alone

        finished.clear();
        job = std::make_unique<LaunchJob>(*m_engine, config(), options);
        connect(job.get(), &LaunchJob::finished, this,
            [this](const core::Result<Launched> &result) { m_results += result; });
        m_results.clear();
        job->start();
        QTRY_COMPARE(m_daemon->count("GET", "/images/bb:1/json"), 2);
        m_daemon->push("/images/create", "{\"error\":\"unauthorized: authentication required\"}\r\n");
        m_daemon->end("/images/create");
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].error().kind, core::ErrorKind::Unauthorized);
        QCOMPARE(transfers.find(mine)->state, transfers::Transfer::State::Failed);
    }

    void stopsPullingWhenAborted()
    {
        serveImage(false);
        m_daemon->route("POST", "/images/create", FakeReply::stream());
        const auto job = launch(config());
        QTRY_COMPARE(m_daemon->count("POST", "/images/create"), 1);
        job->abort();
        QVERIFY(m_results.isEmpty());
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].error().kind, core::ErrorKind::Aborted);
        QTRY_COMPARE(m_daemon->push("/images/create", "{}\r\n"), 0); // the daemon sees it, and stops
        QCOMPARE(m_daemon->count("POST", "/containers/create"), 0);
        QCOMPARE(m_results.size(), 1);
    }

    void undoesWhatFailed_data()
    {
        QTest::addColumn<QByteArray>("step");
        QTest::addColumn<FakeReply>("reply");
        QTest::addColumn<QString>("message");
        QTest::newRow("attach refused") << path("attach") << FakeReply::status(404, "No such container")
                                        << QStringLiteral("No such container");
        QTest::newRow("wait refused") << path("wait") << FakeReply::status(500, "no wait") << QStringLiteral("no wait");
        QTest::newRow("start refused") << path("start") << FakeReply::status(500, "could not select device driver")
                                       << QStringLiteral("could not select device driver");
    }
    void undoesWhatFailed()
    {
        QFETCH(QByteArray, step);
        QFETCH(FakeReply, reply);
        m_daemon->route("POST", step, reply);
        const auto job = launch(config(), true);
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(!m_results[0].ok());
        QTEST(m_results[0].error().message, "message");
        QCOMPARE(m_daemon->count("DELETE", "/"), 1);
        const FakeRequest &removal = m_daemon->requests().last();
        QCOMPARE(removal.path, QByteArray(container));
        QVERIFY(removal.query.contains("force=1") && removal.query.contains("v=1"));
    }

    void saysWhatIsLeftBehind()
    {
        m_daemon->route("POST", path("start"), FakeReply::status(500, "no"));
        m_daemon->route("DELETE", container, FakeReply::status(500, "busy"));
        QTest::ignoreMessage(QtWarningMsg, "not removed: \"c0ffee\" \"busy\"");
        auto job = launch(config());
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].error().message, QStringLiteral("no"));
        QCOMPARE(m_results[0].error().detail, QStringLiteral("The container run-1 could not be removed again: busy"));
        m_daemon->route("DELETE", container, FakeReply::status(404, "No such container")); // --rm was quicker
        job = launch(config());
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(!m_results[0].error().detail.contains(QStringLiteral("removed")));
    }

    void aborts_data()
    {
        QTest::addColumn<QByteArray>("step");
        QTest::addColumn<FakeReply>("reply");
        QTest::addColumn<int>("removals");
        QTest::newRow("at once") << QByteArray() << FakeReply() << 0;
        QTest::newRow("create") << QByteArray("/containers/create")
                                << FakeReply::json(R"({"Id":"c0ffee"})", 201).inPieces(1) << 1;
        QTest::newRow("attach") << path("attach") << FakeReply::stall() << 1;
        QTest::newRow("start") << path("start") << FakeReply::stall() << 1;
    }
    void aborts()
    {
        QFETCH(QByteArray, step);
        QFETCH(FakeReply, reply);
        QFETCH(int, removals);
        if (!step.isEmpty())
            m_daemon->route("POST", step, reply);
        std::unique_ptr<LaunchJob> job;
        bool answeredInside = false;
        const auto abort = [&] {
            job->abort();
            job->abort();
            answeredInside = !m_results.isEmpty();
        };
        const auto asked
            = connect(m_daemon.get(), &support::FakeDaemon::requested, this, [&](const FakeRequest &request) {
                  if (!step.isEmpty() && request.path == step)
                      abort(); // before its answer
              });
        job = launch(config());
        if (step.isEmpty())
            abort();
        QTRY_COMPARE(m_results.size(), 1);
        disconnect(asked);
        QVERIFY(!answeredInside);
        QCOMPARE(m_results[0].error().kind, core::ErrorKind::Aborted);
        QCOMPARE(m_daemon->count("DELETE", container), removals);
        QCOMPARE(m_daemon->count("POST", path("start")), step == path("start") ? 1 : 0);
        job->abort();
        QTest::qWait(0);
        QCOMPARE(m_results.size(), 1);
    }

    void makesTheSamplesImageWhenMissing()
    {
        const auto present = launch(sampleTraining());
        m_daemon->route("GET", "/images/", FakeReply::status(404, "No such image"));
        m_daemon->route("POST", "/images/load",
            FakeReply::json("{\"stream\":\"Loaded image: slipway/sample-training:latest\\n\"}\n"));
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(m_results[0].ok());
        QCOMPARE(m_daemon->count("GET", "/images/slipway/sample-training:latest/json"), 1);
        QCOMPARE(m_daemon->count("POST", "/images/load"), 1);
        for (const FakeRequest &request : m_daemon->requests()) {
            if (request.path == "/images/load")
                QVERIFY(request.body == *sampleImageTar());
        }
        m_daemon->forgetRequests();
        m_daemon->route("GET", "/images/", FakeReply::json(R"({"Id":"sha256:1"})"));
        const auto again = launch(sampleTraining());
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_daemon->count("POST", "/images/load"), 0);
        QVERIFY(m_results[0].ok());
    }

    void stopsLoadingWhenAborted()
    {
        m_daemon->route("GET", "/images/", FakeReply::status(404, "No such image"));
        m_daemon->route("POST", "/images/load", FakeReply::stall());
        const auto job = launch(sampleTraining());
        QTRY_COMPARE(m_daemon->count("POST", "/images/load"), 1);
        job->abort();
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].error().kind, core::ErrorKind::Aborted);
        QCOMPARE(m_daemon->count("POST", "/containers/create"), 0);
    }

    void saysThatNobodyAnswers()
    {
        m_daemon->shutDown();
        const auto job = launch(config());
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].error().kind, core::ErrorKind::Unreachable);
    }
};

QTEST_GUILESS_MAIN(TestLaunchJob)
#include "tst_launchjob.moc"
