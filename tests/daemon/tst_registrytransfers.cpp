#include "docker/registry.h"
#include "support/await.h"
#include "support/privatedaemon.h"
#include "support/privateregistry.h"
#include "transfers/transfers.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using docker::ImageReference;
using docker::PullProgress;
using docker::RegistryAuth;
using support::await;
using support::PrivateDaemon;
using support::PrivateRegistry;
using transfers::Transfer;
using transfers::Transfers;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 MiB = 1024 * 1024;
constexpr int patienceMs = 60000;

} // namespace

/** Pulls and pushes of a real daemon, with a real registry that asks for a password. */
class RegistryTransfersTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    PrivateDaemon m_daemon;
    PrivateRegistry m_registry;
    QProcess m_proxy; ///< port 5001, slowly
    std::unique_ptr<docker::Engine> m_engine;
    std::unique_ptr<Transfers> m_transfers;
    RegistryAuth m_auth;

    static ImageReference image(const QString &text) { return ImageReference::parse(text).value(); }
    static RegistryAuth account(const QString &password) { return {u"localhost:5000"_s, u"me"_s, password, {}}; }
    bool startProxy(int bytesPerSecond)
    {
        m_proxy.start(u"nsenter"_s,
            {u"--net="_s + m_daemon.networkNamespace(), u"--"_s, u"python3"_s,
                QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/slowproxy.py"), u"5001"_s, u"5000"_s,
                QString::number(bytesPerSecond)});
        return m_proxy.waitForReadyRead(10000);
    }
    void stopProxy()
    {
        m_proxy.kill();
        m_proxy.waitForFinished();
    }
    /** An image of a busybox and three layers of 8 MiB that cannot be compressed. */
    bool makeImage(const QString &name)
    {
        if (!m_daemon.makeBusybox())
            return false;
        QString below = u"bb:1"_s;
        for (int i = 0; i < 3; ++i) {
            QList<quint32> noise(8 * MiB / 4);
            QRandomGenerator::global()->fillRange(noise.data(), noise.size());
            QFile file(m_folder.filePath(u"noise%1"_s.arg(i)));
            if (!file.open(QIODevice::WriteOnly))
                return false;
            file.write(reinterpret_cast<const char *>(noise.constData()), noise.size() * 4);
            file.close();
            if (!m_daemon.docker({u"create"_s, u"--name"_s, u"layer"_s, below}).ok()
                || !m_daemon.docker({u"cp"_s, file.fileName(), u"layer:/noise%1"_s.arg(i)}).ok()
                || !m_daemon.docker({u"commit"_s, u"layer"_s, name}).ok()
                || !m_daemon.docker({u"rm"_s, u"layer"_s}).ok())
                return false;
            below = name;
        }
        return true;
    }
    void forgetImages() const
    {
        const QStringList ids = m_daemon.docker({u"images"_s, u"-aq"_s}).text().split(u'\n', Qt::SkipEmptyParts);
        if (!ids.isEmpty())
            m_daemon.docker(QStringList{u"rmi"_s, u"-f"_s} + ids);
    }
    bool has(const QString &name) const { return m_daemon.docker({u"image"_s, u"inspect"_s, name}).ok(); }
    const Transfer &transfer(int id) const { return *m_transfers->find(id); }
    static bool isOver(const Transfers &all, int id) { return !all.find(id)->running(); }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        if (const QString reason = PrivateRegistry::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        if (QStandardPaths::findExecutable(u"python3"_s).isEmpty())
            QSKIP("there is no python3 here");
        QVERIFY2(m_daemon.start(), qPrintable(m_daemon.failure()));
        QVERIFY(m_registry.start(m_daemon));
        QVERIFY2(makeImage(u"multi:1"_s), qPrintable(m_daemon.failure()));
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon.socketPath()});
        m_transfers = std::make_unique<Transfers>(
            *m_engine, [this](const QString &) { return core::Pending<RegistryAuth>::ready(m_auth); });
        m_auth = account(u"pw"_s);
        const int id = m_transfers->push(u"multi:1"_s, image(u"localhost:5000/team/multi:1"_s));
        QTRY_VERIFY_WITH_TIMEOUT(isOver(*m_transfers, id), patienceMs);
        QVERIFY2(transfer(id).state == Transfer::State::Done, qPrintable(transfer(id).error.message));
        QCOMPARE(transfer(id).progress.layersDone(), 4);
        QCOMPARE(transfer(id).account, u"me"_s);
        QVERIFY(transfer(id).progress.bytes() > 24 * MiB);
    }
    void init()
    {
        m_auth = account(u"pw"_s);
        forgetImages();
    }
    void cleanupTestCase()
    {
        stopProxy();
        m_transfers.reset();
        m_engine.reset();
    }

    void signsIn()
    {
        QCOMPARE(await(docker::signIn(*m_engine, account(u"pw"_s)))->status, u"Login Succeeded"_s);
        QCOMPARE(await(docker::signIn(*m_engine, account(u"wrong"_s))).error().kind, core::ErrorKind::Unauthorized);
    }

    void tellsWhatTheRegistryHas()
    {
        const auto told = await(docker::distribution(*m_engine, image(u"localhost:5000/team/multi:1"_s), m_auth));
        QVERIFY2(told.ok(), told ? "" : qPrintable(told.error().message));
        QVERIFY(told->digest.startsWith(u"sha256:"_s));
        QCOMPARE(told->platforms.size(), 1);
        QVERIFY2(told->platforms[0].startsWith(u"linux/"_s), qPrintable(told->platforms[0]));
        QCOMPARE(await(docker::distribution(*m_engine, image(u"localhost:5000/team/multi:1"_s))).error().kind,
            core::ErrorKind::Unauthorized);
        QVERIFY(!await(docker::distribution(*m_engine, image(u"localhost:5000/team/multi:no"_s), m_auth)).ok());
    }

    void pullsBack()
    {
        const int id = m_transfers->pull(image(u"localhost:5000/team/multi:1"_s));
        QTRY_VERIFY_WITH_TIMEOUT(isOver(*m_transfers, id), patienceMs);
        QVERIFY2(transfer(id).state == Transfer::State::Done, qPrintable(transfer(id).error.message));
        QVERIFY(has(u"localhost:5000/team/multi:1"_s));
        QCOMPARE(transfer(id).progress.layersDone(), 4);
        QVERIFY(!transfer(id).upToDate);
        const auto told = await(docker::distribution(*m_engine, image(u"localhost:5000/team/multi:1"_s), m_auth));
        QCOMPARE(transfer(id).digest, told->digest);
        // By its digest, and again: nothing to do.
        const int again = m_transfers->pull(image(u"localhost:5000/team/multi@"_s + told->digest));
        QTRY_VERIFY_WITH_TIMEOUT(isOver(*m_transfers, again), patienceMs);
        QVERIFY(transfer(again).state == Transfer::State::Done && transfer(again).upToDate);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("password");
        QTest::addColumn<core::ErrorKind>("kind");
        using Kind = core::ErrorKind;
        QTest::newRow("wrong password") << u"localhost:5000/team/multi:1"_s << u"wrong"_s << Kind::Unauthorized;
        QTest::newRow("nobody") << u"localhost:5000/team/multi:1"_s << QString() << Kind::Unauthorized;
        QTest::newRow("no tag") << u"localhost:5000/team/multi:no"_s << u"pw"_s << Kind::NotFound;
        QTest::newRow("no repository") << u"localhost:5000/team/none:1"_s << u"pw"_s << Kind::NotFound;
        QTest::newRow("no registry") << u"localhost:5009/team/multi:1"_s << u"pw"_s << Kind::Daemon;
    }
    void refusals()
    {
        QFETCH(QString, name);
        QFETCH(QString, password);
        QFETCH(core::ErrorKind, kind);
        m_auth = account(password);
        const int id = m_transfers->pull(image(name));
        QTRY_VERIFY_WITH_TIMEOUT(isOver(*m_transfers, id), patienceMs);
        QCOMPARE(transfer(id).state, Transfer::State::Failed);
        QVERIFY2(transfer(id).error.kind == kind, qPrintable(transfer(id).error.message));
        // Put right, it goes on in its place.
        if (kind == core::ErrorKind::Unauthorized) {
            m_auth = account(u"pw"_s);
            m_transfers->retry(id);
            QTRY_VERIFY_WITH_TIMEOUT(isOver(*m_transfers, id), patienceMs);
            QCOMPARE(transfer(id).state, Transfer::State::Done);
        }
    }

    void cancelledAndPulledAgain()
    {
        QVERIFY(startProxy(2 * MiB));
        const ImageReference slow = image(u"localhost:5001/team/multi:1"_s);
        const int id = m_transfers->pull(slow);
        QTRY_VERIFY_WITH_TIMEOUT(transfer(id).progress.layersDone() >= 1, patienceMs);
        QTRY_VERIFY(transfer(id).speed.has_value());
        QVERIFY(*transfer(id).speed > 0);
        m_transfers->cancel(id);
        QTRY_COMPARE(transfer(id).state, Transfer::State::Cancelled);
        QVERIFY(!has(slow.text()));
        stopProxy();
        QVERIFY(startProxy(0));
        m_transfers->retry(id);
        QTRY_VERIFY_WITH_TIMEOUT(isOver(*m_transfers, id), patienceMs);
        QVERIFY2(transfer(id).state == Transfer::State::Done, qPrintable(transfer(id).error.message));
        QVERIFY(has(slow.text()));
        stopProxy();
    }

    void cutAndTriedAgain()
    {
        QVERIFY(startProxy(2 * MiB));
        const ImageReference slow = image(u"localhost:5001/team/multi:1"_s);
        bool retried = false;
        connect(m_transfers.get(), &Transfers::changed, this, [&](int id) {
            const PullProgress &progress = m_transfers->find(id)->progress;
            retried
                = retried || (progress.retrying() && transfers::stateText(*m_transfers->find(id)) == u"Trying again"_s);
        });
        const int id = m_transfers->pull(slow);
        QTRY_VERIFY_WITH_TIMEOUT(transfer(id).progress.bytes() > 2 * MiB, patienceMs);
        stopProxy();
        QVERIFY(startProxy(0));
        QTRY_VERIFY_WITH_TIMEOUT(isOver(*m_transfers, id), patienceMs);
        QVERIFY2(transfer(id).state == Transfer::State::Done, qPrintable(transfer(id).error.message));
        QVERIFY(retried);
        stopProxy();
        m_transfers->disconnect(this);
    }

    void twoAtOnce()
    {
        const int one = m_transfers->pull(image(u"localhost:5000/team/multi:1"_s));
        const int missing = m_transfers->pull(image(u"localhost:5000/team/multi:no"_s));
        QCOMPARE(m_transfers->pull(image(u"localhost:5000/team/multi:1"_s)), one);
        QCOMPARE(m_transfers->running(), 2);
        QTRY_COMPARE_WITH_TIMEOUT(m_transfers->running(), 0, patienceMs);
        QCOMPARE(transfer(one).state, Transfer::State::Done);
        QCOMPARE(transfer(missing).state, Transfer::State::Failed);
    }

    void aNameMore()
    {
        QVERIFY(m_daemon.makeBusybox());
        QVERIFY(await(docker::tagImage(*m_engine, u"bb:1"_s, image(u"nvcr.io/team/bb:2"_s))).ok());
        QVERIFY(has(u"nvcr.io/team/bb:2"_s) && has(u"bb:1"_s));
    }

    void aFullDisk()
    {
        PrivateDaemon small;
        const QString data = small.folder() + u"/data"_s;
        QVERIFY(QDir().mkpath(data));
        QVERIFY(support::runCommand(u"mount"_s, {u"-t"_s, u"tmpfs"_s, u"-o"_s, u"size=24m"_s, u"tmpfs"_s, data}).ok());
        const auto unmount = qScopeGuard([&] {
            small.stop();
            support::runCommand(u"umount"_s, {u"-l"_s, data});
        });
        QVERIFY2(small.start(), qPrintable(small.failure()));
        PrivateRegistry registry;
        QVERIFY(registry.start(small, m_registry.storage()));
        docker::Engine engine(http::Endpoint{small.socketPath()});
        Transfers all(engine, [this](const QString &) { return core::Pending<RegistryAuth>::ready(m_auth); });
        QString warned;
        connect(&all, &Transfers::changed, this, [&](int id) {
            const Transfer &pull = *all.find(id);
            if (pull.running() && warned.isEmpty())
                warned = transfers::roomWarning(pull.room, pull.progress.remainingAtLeast());
        });
        const int id = all.pull(image(u"localhost:5000/team/multi:1"_s));
        QTRY_VERIFY_WITH_TIMEOUT(isOver(all, id), patienceMs);
        QCOMPARE(all.find(id)->state, Transfer::State::Failed);
        QVERIFY2(all.find(id)->error.message.contains(u"no space left on device"_s),
            qPrintable(all.find(id)->error.message));
        QVERIFY2(warned.contains(data), qPrintable(warned));
    }
};

QTEST_GUILESS_MAIN(RegistryTransfersTest)
#include "tst_registrytransfers.moc"
