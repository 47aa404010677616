#include "support/await.h"
#include "support/fakedaemon.h"
#include "transfers/pulljob.h"
#include "transfers/transfers.h"

#include <QFile>
#include <QSignalSpy>
#include <QSysInfo>
#include <QTest>

using docker::ImageReference;
using support::FakeReply;
using support::FakeRequest;
using transfers::Outcome;
using transfers::Transfer;
using transfers::Transfers;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(support::FakeReply)

/** Pulls and pushes against a scripted daemon, which is silent, cut off, full or wrong on demand. */
class TransfersTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 MiB = 1024 * 1024;
    static constexpr char create[] = "/images/create";

    std::unique_ptr<support::FakeDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    QStringList m_asked; ///< registries
    core::Result<docker::RegistryAuth> m_auth{docker::RegistryAuth()};
    QList<core::Result<Outcome>> m_results;

    static ImageReference image(const QString &text) { return ImageReference::parse(text).value(); }
    static QByteArray recording(const QString &name)
    {
        QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/") + name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static QByteArray step(const char *status, qint64 current = -1, qint64 total = -1, const char *id = "a")
    {
        QByteArray detail;
        if (current >= 0)
            detail = "\"current\":" + QByteArray::number(current);
        if (total >= 0)
            detail += ",\"total\":" + QByteArray::number(total);
        return QByteArray("{\"status\":\"") + status + "\",\"progressDetail\":{" + detail + "},\"id\":\"" + id
            + "\"}\r\n";
    }
    static QByteArray end() { return "{\"status\":\"Digest: sha256:ab\"}\r\n{\"status\":\"Status: x\"}\r\n"; }
    docker::CredentialSource source()
    {
        return [this](const QString &registry) {
            m_asked += registry;
            return core::Pending<docker::RegistryAuth>::ready(m_auth);
        };
    }
    std::unique_ptr<transfers::PullJob> pullJob(const QString &name = u"nvcr.io/nvidia/pytorch:24.05"_s)
    {
        m_results.clear();
        auto job = std::make_unique<transfers::PullJob>(*m_engine, image(name), QString(), source());
        connect(job.get(), &transfers::TransferJob::finished, this,
            [this](const core::Result<Outcome> &result) { m_results += result; });
        return job;
    }
    QByteArray authField() const
    {
        for (const QByteArray &line : m_daemon->requests().last().head.split('\n')) {
            if (line.toLower().startsWith("x-registry-auth:"))
                return line.mid(16).trimmed();
        }
        return {};
    }

private Q_SLOTS:
    void init()
    {
        m_daemon = std::make_unique<support::FakeDaemon>();
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
        m_asked.clear();
        m_auth = docker::RegistryAuth();
    }
    void cleanup()
    {
        m_engine.reset();
        m_daemon.reset();
    }

    // ---- one job

    void pullsWithTheAccount()
    {
        m_auth = docker::RegistryAuth{u"nvcr.io"_s, u"$oauthtoken"_s, u"secret"_s, {}};
        m_daemon->route("POST", create, FakeReply::json(recording(u"pull-progress.jsonl"_s)));
        const auto job = pullJob();
        job->start();
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(m_results[0].ok());
        QCOMPARE(m_asked, QStringList{u"nvcr.io"_s});
        QCOMPARE(authField(), m_auth->header());
        QCOMPARE(job->account(), u"$oauthtoken"_s);
        QVERIFY(m_results[0]->digest.startsWith(u"sha256:"_s) && !m_results[0]->upToDate);
        QCOMPARE(job->progress().layersDone(), 7);
        QCOMPARE(m_daemon->requests().last().query, QByteArray("fromImage=nvcr.io%2Fnvidia%2Fpytorch&tag=24.05"));
    }

    void noTagIsLatest()
    {
        m_daemon->route("POST", create, FakeReply::json(recording(u"pull-uptodate.jsonl"_s)));
        const auto job = pullJob(u"ubuntu"_s);
        job->start();
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(m_results[0]->upToDate);
        QCOMPARE(m_asked, QStringList{u"docker.io"_s});
        QCOMPARE(m_daemon->requests().last().query, QByteArray("fromImage=ubuntu&tag=latest"));
        QCOMPARE(authField(), QByteArray());
    }

    void aLockedKeyringStopsNobody()
    {
        m_auth = core::Error{core::ErrorKind::Denied, 0, u"the keyring is locked"_s, {}};
        m_daemon->route("POST", create, FakeReply::json(end()));
        auto job = pullJob();
        job->start();
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(m_results[0].ok());

        m_daemon->route("POST", create, FakeReply::status(500, "unauthorized: authentication required"));
        job = pullJob();
        job->start();
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].error().kind, core::ErrorKind::Unauthorized);
        QCOMPARE(m_results[0].error().detail, u"the keyring is locked"_s);
    }

    void failures_data()
    {
        QTest::addColumn<FakeReply>("reply");
        QTest::addColumn<core::ErrorKind>("kind");
        QTest::addColumn<QString>("message");
        using Kind = core::ErrorKind;
        QTest::newRow("missing tag") << FakeReply::status(404, "manifest for a:1 not found: manifest unknown")
                                     << Kind::NotFound << u"manifest for a:1 not found: manifest unknown"_s;
        QTest::newRow("denied")
            << FakeReply::status(
                   404, "pull access denied for a, repository does not exist or may require 'docker login'")
            << Kind::Unauthorized
            << u"pull access denied for a, repository does not exist or may require 'docker login'"_s;
        QTest::newRow("in the stream") << FakeReply::json(step("Downloading", 1, 2)
            + "{\"errorDetail\":{\"message\":\"write /x: no space left on device\"},\"error\":\"n\"}\r\n")
                                              .inPieces(3)
                                       << Kind::Daemon << u"write /x: no space left on device"_s;
        QTest::newRow("denied in the stream")
            << FakeReply::json("{\"error\":\"unauthorized: authentication required\"}\r\n") << Kind::Unauthorized
            << u"unauthorized: authentication required"_s;
        QTest::newRow("cut") << FakeReply::json(step("Downloading", 1, 2) + end()).cutAfter(150) << Kind::Unreachable
                             << QString();
        QTest::newRow("garbage, and no image") << FakeReply::json("\x01\x02 nonsense\r\n[]\r\n{\"status\":[]}\r\n")
                                               << Kind::NotFound << u"page not found"_s;
        QTest::newRow("empty, and no image") << FakeReply::json("") << Kind::NotFound << u"page not found"_s;
    }
    void failures()
    {
        QFETCH(FakeReply, reply);
        QFETCH(core::ErrorKind, kind);
        QFETCH(QString, message);
        m_daemon->route("POST", create, reply);
        const auto job = pullJob();
        job->start();
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(!m_results[0].ok());
        QCOMPARE(m_results[0].error().kind, kind);
        if (!message.isEmpty())
            QCOMPARE(m_results[0].error().message, message);
        job->abort();
        QTest::qWait(0);
        QCOMPARE(m_results.size(), 1);
    }

    void nothingListens()
    {
        m_daemon->shutDown();
        const auto job = pullJob();
        job->start();
        QTRY_COMPARE(m_results.size(), 1);
        QCOMPARE(m_results[0].error().kind, core::ErrorKind::Unreachable);
    }

    void silenceIsStalledAndNoFailure()
    {
        m_daemon->route("POST", create, FakeReply::stream("application/json", step("Downloading", 1, 2)));
        const auto job = pullJob();
        job->setStalledAfter(400ms);
        QList<bool> stalled;
        connect(job.get(), &transfers::TransferJob::progressed, this, [&] { stalled += job->stalled(); });
        job->start();
        QTRY_VERIFY(stalled.contains(true));
        QVERIFY(!stalled.first() && m_results.isEmpty());
        m_daemon->push(create, step("Downloading", 2, 2));
        QTRY_VERIFY(!job->stalled());
        QTRY_VERIFY(!stalled.last());
        m_daemon->push(create, end());
        m_daemon->end(create);
        QTRY_COMPARE(m_results.size(), 1);
        QVERIFY(m_results[0].ok());
    }

    void abortClosesTheConnection_data()
    {
        QTest::addColumn<bool>("credentialsCome");
        QTest::newRow("while it pulls") << true;
        QTest::newRow("while the keyring asks") << false;
    }
    void abortClosesTheConnection()
    {
        QFETCH(bool, credentialsCome);
        m_daemon->route("POST", create, FakeReply::stream("application/json", step("Downloading", 1, 2)));
        core::Promise<docker::RegistryAuth> never;
        transfers::PullJob job(*m_engine, image(u"a"_s), {}, [&](const QString &) {
            return credentialsCome ? core::Pending<docker::RegistryAuth>::ready(docker::RegistryAuth())
                                   : never.pending();
        });
        QSignalSpy finished(&job, &transfers::TransferJob::finished);
        QSignalSpy progressed(&job, &transfers::TransferJob::progressed);
        QList<core::ErrorKind> ends;
        connect(&job, &transfers::TransferJob::finished, this,
            [&](const core::Result<Outcome> &result) { ends += result.error().kind; });
        job.start();
        if (credentialsCome)
            QTRY_VERIFY(!progressed.isEmpty());
        job.abort();
        job.abort();
        QVERIFY(finished.isEmpty());
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(ends, QList<core::ErrorKind>{core::ErrorKind::Aborted});
        QTRY_COMPARE(m_daemon->push(create, "{}\r\n"), 0);
        never.answer(docker::RegistryAuth());
        QTest::qWait(10);
        QCOMPARE(m_daemon->count("POST", create), credentialsCome ? 1 : 0);
        QCOMPARE(finished.size(), 1);
    }

    void manyStepsAreToldAFewTimes()
    {
        m_daemon->route("POST", create, FakeReply::stream());
        const auto job = pullJob();
        QSignalSpy progressed(job.get(), &transfers::TransferJob::progressed);
        QElapsedTimer clock;
        clock.start();
        job->start();
        QTRY_COMPARE(m_daemon->count("POST", create), 1);
        for (int i = 1; i <= 300; ++i) {
            m_daemon->push(create, step("Downloading", i * MiB, 300 * MiB));
            QTest::qWait(1);
        }
        QTRY_COMPARE(job->progress().bytes(), 300 * MiB);
        QVERIFY2(progressed.size() <= 3 + clock.elapsed() / 125, qPrintable(QString::number(progressed.size())));
        m_daemon->push(create, end());
        m_daemon->end(create);
        QTRY_COMPARE(m_results.size(), 1);
    }

    // ---- all of them

    void aSecondPullJoins()
    {
        m_daemon->route("POST", create, FakeReply::stream());
        Transfers all(*m_engine, source());
        QSignalSpy added(&all, &Transfers::added);
        QSignalSpy finished(&all, &Transfers::finished);
        const int first = all.pull(image(u"ubuntu"_s));
        QCOMPARE(all.pull(image(u"docker.io/library/ubuntu:latest"_s)), first);
        const int other = all.pull(image(u"ubuntu"_s), u"linux/arm64"_s);
        QVERIFY(other != first);
        QCOMPARE(added.size(), 2);
        QCOMPARE(all.running(), 2);
        QTRY_COMPARE(m_daemon->count("POST", create), 2);
        all.letGo(first); // one of two
        QTest::qWait(10);
        QVERIFY(finished.isEmpty());
        all.letGo(first);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(all.find(first)->state, Transfer::State::Cancelled);
        QVERIFY(all.find(other)->running());
        all.letGo(first); // it is over
        m_daemon->push(create, step("Pull complete") + end());
        m_daemon->end(create);
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(all.find(other)->state, Transfer::State::Done);
        QCOMPARE(all.find(other)->digest, u"sha256:ab"_s);
        QCOMPARE(all.running(), 0);
        // What is over is not joined.
        QVERIFY(all.pull(image(u"ubuntu"_s), u"linux/arm64"_s) != other);
    }

    void triesAgainInItsPlace()
    {
        m_daemon->route("POST", create, FakeReply::status(500, "Get \"https://nvcr.io/v2/\": EOF"));
        Transfers all(*m_engine, source());
        QSignalSpy finished(&all, &Transfers::finished);
        QSignalSpy running(&all, &Transfers::runningChanged);
        const int id = all.pull(image(u"nvcr.io/a"_s));
        all.pull(image(u"nvcr.io/b"_s));
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(all.find(id)->error.message, u"Get \"https://nvcr.io/v2/\": EOF"_s);
        QVERIFY(all.find(id)->endedAt >= all.find(id)->startedAt);
        m_daemon->route("POST", create, FakeReply::json(end()));
        all.retry(id);
        QVERIFY(all.find(id)->running() && all.find(id)->error.message.isEmpty());
        QTRY_COMPARE(finished.size(), 3);
        QCOMPARE(all.all().first().state, Transfer::State::Done);
        all.retry(id); // nothing to do
        QCOMPARE(all.running(), 0);
        QCOMPARE(running.size(), 6); // 1, 2, 1, 0, 1, 0
    }

    void removesWhatIsOver()
    {
        m_daemon->route("POST", create, FakeReply::stream());
        Transfers all(*m_engine);
        QSignalSpy removed(&all, &Transfers::removed);
        const int id = all.pull(image(u"a"_s));
        all.remove(id);
        QVERIFY(removed.isEmpty() && all.find(id));
        all.cancel(id);
        QTRY_VERIFY(!all.find(id)->running());
        all.remove(id);
        QCOMPARE(removed.size(), 1);
        QVERIFY(!all.find(id));
        all.remove(id);
        all.retry(id);
        all.cancel(id);
        QCOMPARE(removed.size(), 1);
    }

    void pushesUnderAnotherName()
    {
        m_daemon->route("POST", "/images/", [](const FakeRequest &request) {
            return request.path.endsWith("/tag") ? FakeReply::json({}, 201)
                                                 : FakeReply::json(recording(u"push-progress.jsonl"_s));
        });
        Transfers all(*m_engine, source());
        QSignalSpy finished(&all, &Transfers::finished);
        const int id = all.push(u"vit:3"_s, image(u"reg.example/team/vit:3"_s));
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(all.find(id)->state, Transfer::State::Done);
        QCOMPARE(m_asked, QStringList{u"reg.example"_s});
        QCOMPARE(m_daemon->count("POST", "/images/vit:3/tag"), 1);
        QCOMPARE(m_daemon->count("POST", "/images/reg.example/team/vit/push"), 1);
        QCOMPARE(transfers::stateText(*all.find(id)), u"Done"_s);
        // Its own name is not given again.
        all.push(u"reg.example/team/vit:3"_s, image(u"reg.example/team/vit:3"_s));
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(m_daemon->count("POST", "/images/reg.example/team/vit:3/tag"), 0);
        // Nothing is pushed where the image is gone.
        m_daemon->route("POST", "/images/", FakeReply::status(404, "No such image: gone:1"));
        const int gone = all.push(u"gone:1"_s, image(u"reg.example/team/vit:4"_s));
        QTRY_COMPARE(finished.size(), 3);
        QCOMPARE(all.find(gone)->error.kind, core::ErrorKind::NotFound);
        QCOMPARE(m_daemon->count("POST", "/images/reg.example/team/vit/push"), 2);
    }

    void looksAtTheDisk()
    {
        QTemporaryDir root;
        const QByteArray name = QSysInfo::machineHostName().toUtf8();
        m_daemon->route("GET", "/info",
            FakeReply::json("{\"Name\":\"" + name + "\",\"DockerRootDir\":\"" + root.path().toUtf8() + "/deep/er\"}"));
        m_daemon->route("POST", create, FakeReply::stream());
        Transfers all(*m_engine);
        const int id = all.pull(image(u"a"_s));
        QTRY_VERIFY(all.find(id)->room.free > 0);
        QCOMPARE(all.find(id)->room.folder, root.path() + u"/deep/er"_s);
        // A disk that is too small for what is known to come.
        const qint64 free = all.find(id)->room.free;
        m_daemon->push(create, step("Downloading", 1, 2 * free));
        QTRY_COMPARE(all.find(id)->progress.remainingAtLeast(), 2 * free - 1);
        QVERIFY(transfers::roomWarning(all.find(id)->room, all.find(id)->progress.remainingAtLeast())
                    .startsWith(u"This needs at least "_s));
    }

    void whoAsksTogetherIsAnsweredTogether()
    {
        QTemporaryDir root;
        const QByteArray name = QSysInfo::machineHostName().toUtf8();
        m_daemon->route("GET", "/info",
            FakeReply::json("{\"Name\":\"" + name + "\",\"DockerRootDir\":\"" + root.path().toUtf8() + "\"}"));
        transfers::DiskRoom disk(*m_engine);
        QVERIFY(support::await(disk.ask())->free > 0);
        int answers = 0;
        for (int i = 0; i < 3; ++i)
            disk.ask().then(&disk, [&](const core::Result<transfers::Room> &room) {
                QVERIFY(room->free > 0 && room->total >= room->free);
                QCOMPARE(room->folder, root.path());
                ++answers;
            });
        QTRY_COMPARE(answers, 3);
        QVERIFY(support::await(disk.ask())->free > 0); // and the next looks anew
        QCOMPARE(m_daemon->count("GET", "/info"), 1);
    }

    void theDiskOfAnotherMachineIsUnknown()
    {
        docker::Info info;
        info.name = u"gpu1"_s;
        info.dockerRootDir = u"/var/lib/docker"_s;
        QCOMPARE(transfers::localRoot(info, u"gpu1"_s), u"/var/lib/docker"_s);
        QCOMPARE(transfers::localRoot(info, u"laptop"_s), QString());
        info.name.clear();
        QCOMPARE(transfers::localRoot(info, {}), QString());
        QCOMPARE(transfers::roomWarning({}, 1), QString());
        constexpr qint64 GiB = 1024 * MiB;
        QCOMPARE(transfers::roomWarning({u"/d"_s, 9 * GiB}, GiB), QString());
        QCOMPARE(transfers::roomWarning({u"/d"_s, GiB}, 0), u"The disk with /d has only 1 GiB free."_s);
        QVERIFY(transfers::roomWarning({u"/d"_s, GiB}, 2 * GiB).startsWith(u"This needs at least 2 GiB more"_s));
    }

    void words()
    {
        Transfer transfer;
        QCOMPARE(transfers::stateText(transfer), u"Asking the registry"_s);
        QCOMPARE(transfers::progressText(transfer), QString());
        transfer.progress.take({u"a"_s, u"Downloading"_s, MiB, 4 * MiB});
        transfer.speed = 2 * MiB;
        transfer.secondsLeft = 150;
        QCOMPARE(transfers::stateText(transfer), u"Downloading"_s);
        QCOMPARE(transfers::progressText(transfer), u"0 of 1 layer, 1 of 4 MiB, 2 MiB/s, 2 min left"_s);
        transfer.silentFor = 61;
        QCOMPARE(transfers::stateText(transfer), u"Stalled: nothing for 1 min"_s);
        QCOMPARE(transfers::progressText(transfer), u"0 of 1 layer, 1 of 4 MiB, stalled, nothing for 1 min"_s);
        transfer.silentFor = 0;
        transfer.progress.take({u"a"_s, u"Retrying in 5 seconds"_s});
        QCOMPARE(transfers::stateText(transfer), u"Trying again"_s);
        transfer.progress.take({u"a"_s, u"Extracting"_s, MiB, 4 * MiB});
        QCOMPARE(transfers::stateText(transfer), u"Unpacking"_s);
        transfer.state = Transfer::State::Done;
        QCOMPARE(transfers::stateText(transfer), u"Done"_s);
        QCOMPARE(transfers::speedText(transfer) + transfers::leftText(transfer), QString());
        transfer.what = Transfer::What::Push;
        transfer.state = Transfer::State::Running;
        transfer.progress = {};
        transfer.progress.take({u"a"_s, u"Pushing"_s, MiB, 4 * MiB});
        QCOMPARE(transfers::stateText(transfer), u"Uploading"_s);
    }
};

QTEST_GUILESS_MAIN(TransfersTest)
#include "tst_transfers.moc"
