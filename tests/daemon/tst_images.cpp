#include "images/archivejob.h"
#include "images/detailsloader.h"
#include "images/newercheck.h"
#include "support/await.h"
#include "support/privatedaemon.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using images::ArchiveJob;
using images::Details;
using images::Newer;
using support::PrivateDaemon;
using namespace Qt::StringLiterals;

#if defined(__SANITIZE_ADDRESS__)
/** What was freed is kept for a while to catch its use; the test of flat memory must not see that. */
extern "C" const char *__asan_default_options() { return "quarantine_size_mb=8"; }
#endif

namespace {

constexpr qint64 mebibyte = 1024 * 1024;

/** The most memory this process has held since the last reset, in bytes. */
qint64 peakMemory()
{
    QFile status(u"/proc/self/status"_s);
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong() * 1024;
    }
    return -1;
}
void resetPeakMemory()
{
    QFile clear(u"/proc/self/clear_refs"_s);
    if (clear.open(QIODevice::WriteOnly))
        clear.write("5");
}

/** What a job came to. */
struct Outcome
{
    core::Result<QStringList> result = core::Error{core::ErrorKind::Timeout, 0, u"not finished"_s, {}};
    int times = 0;
    bool fileFault = false;
    qint64 done = 0;
};

} // namespace

/** Images at a real daemon: what they are made of, saved and loaded, and whether a registry has a newer one. */
class ImagesTest : public QObject
{
    Q_OBJECT

    PrivateDaemon m_daemon;
    QTemporaryDir m_folder;
    QString m_tmpfs;

    http::Endpoint endpoint() const { return {m_daemon.socketPath()}; }
    QString idOf(const QString &name) const
    {
        return m_daemon.docker({u"inspect"_s, u"-f"_s, u"{{.Id}}"_s, name}).text();
    }
    QStringList filesIn(const QString &folder) const
    {
        return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }
    Outcome run(ArchiveJob *job, const std::function<void()> &onFirstProgress = {})
    {
        Outcome outcome;
        bool told = false;
        connect(job, &ArchiveJob::progressed, this, [&](qint64 done, qint64, const QString &) {
            outcome.done = done;
            if (onFirstProgress && done > 0 && !std::exchange(told, true))
                onFirstProgress();
        });
        connect(job, &ArchiveJob::finished, this, [&](const core::Result<QStringList> &result) {
            outcome.result = result;
            outcome.fileFault = job->fileFault();
            ++outcome.times;
        });
        job->start();
        support::awaitSignal(job, &ArchiveJob::finished, 60000);
        QCoreApplication::sendPostedEvents();
        delete job;
        return outcome;
    }
    Outcome save(const QStringList &names, const QString &path, qint64 atLeast = 0)
    {
        return run(ArchiveJob::save(endpoint(), names, -1, atLeast, path, this));
    }
    Outcome load(const QString &path) { return run(ArchiveJob::load(endpoint(), path, this)); }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QVERIFY2(m_daemon.start(), qPrintable(m_daemon.failure()));
        QVERIFY2(m_daemon.makeBusybox(), qPrintable(m_daemon.failure()));
        QVERIFY(m_daemon
                    .docker({u"run"_s, u"--network=none"_s, u"--name"_s, u"maker"_s, u"bb:1"_s, u"sh"_s, u"-c"_s,
                        u"dd if=/dev/urandom of=/big bs=1M count=24"_s})
                    .ok());
        QVERIFY(m_daemon
                    .docker({u"commit"_s, u"-c"_s, u"ENV CUDA_VERSION=12.4.1"_s, u"-c"_s, u"EXPOSE 8888"_s, u"-c"_s,
                        u"LABEL who=me"_s, u"maker"_s, u"big:1"_s})
                    .ok());
        m_tmpfs = m_folder.filePath(u"small"_s);
        QVERIFY(QDir().mkpath(m_tmpfs));
        QVERIFY(
            support::runCommand(u"mount"_s, {u"-t"_s, u"tmpfs"_s, u"-o"_s, u"size=4m"_s, u"tmpfs"_s, m_tmpfs}).ok());
    }
    void cleanupTestCase()
    {
        if (!m_tmpfs.isEmpty())
            support::runCommand(u"umount"_s, {m_tmpfs});
    }

    void detailsOfARealImage()
    {
        docker::Engine engine(endpoint());
        inventory::Inventory inventory(engine);
        inventory.start();
        QTRY_VERIFY(inventory.imagesKnown() && inventory.images().size() == 2);
        images::DetailsLoader loader(engine, inventory);
        loader.show(idOf(u"big:1"_s));
        QTRY_VERIFY(loader.details() && loader.details()->sharingKnown);
        const Details details = *loader.details();
        QVERIFY(details.env.contains(u"CUDA_VERSION=12.4.1"_s));
        QCOMPARE(details.ports, QStringList{u"8888/tcp"_s});
        QCOMPARE(details.labels.value(u"who"_s), u"me"_s);
        QVERIFY(details.platform.startsWith("linux/"_L1));
        QCOMPARE(details.sizes.own, 24 * mebibyte);
        QCOMPARE(details.sizes.own + details.sizes.shared, details.size);
        QCOMPARE(details.sizes.sharedWith, QStringList{idOf(u"bb:1"_s)});
        QCOMPARE(details.layers.size(), 2);
        QVERIFY(details.layers[1].wholeCommand.contains(u"dd if=/dev/urandom"_s));

        // The base: nothing of it is its own any more.
        loader.show(idOf(u"bb:1"_s));
        QTRY_VERIFY(loader.details() && loader.details()->sharingKnown);
        QCOMPARE(loader.details()->sizes.own, 0);
        QCOMPARE(loader.details()->sizes.shared, loader.details()->size);
    }

    void savedRemovedLoaded()
    {
        const QString id = idOf(u"big:1"_s);
        const QString path = m_folder.filePath(u"both.tar"_s);
        const Outcome saved = save({u"big:1"_s, u"bb:1"_s}, path);
        QVERIFY2(saved.result, saved.result ? "" : qPrintable(saved.result.error().message));
        QCOMPARE(saved.times, 1);
        QCOMPARE(saved.done, QFileInfo(path).size());
        QVERIFY(QFileInfo(path).size() > 24 * mebibyte);
        QVERIFY(m_daemon.docker({u"tag"_s, u"bb:1"_s, u"keep:1"_s}).ok());
        QVERIFY(m_daemon.docker({u"rm"_s, u"-f"_s, u"maker"_s}).ok());
        QVERIFY(m_daemon.docker({u"rmi"_s, u"big:1"_s, u"bb:1"_s}).ok());
        QVERIFY(idOf(u"big:1"_s).isEmpty());

        const Outcome loaded = load(path);
        QVERIFY2(loaded.result, loaded.result ? "" : qPrintable(loaded.result.error().message));
        QStringList names = *loaded.result;
        names.sort();
        QCOMPARE(names, (QStringList{u"bb:1"_s, u"big:1"_s}));
        QCOMPARE(loaded.done, QFileInfo(path).size());
        QCOMPARE(idOf(u"big:1"_s), id);
    }

    void loadsWhatGzipPacked()
    {
        const QString path = m_folder.filePath(u"bb.tar"_s);
        QVERIFY(save({u"keep:1"_s}, path).result);
        QVERIFY(support::runCommand(u"gzip"_s, {path}).ok());
        const Outcome loaded = load(path + u".gz"_s);
        QVERIFY2(loaded.result, loaded.result ? "" : qPrintable(loaded.result.error().message));
        QCOMPARE(*loaded.result, QStringList{u"keep:1"_s});
    }

    void memoryStaysFlat()
    {
        constexpr qint64 size = 256 * mebibyte;
        QVERIFY(m_daemon
                    .docker({u"run"_s, u"--network=none"_s, u"--name"_s, u"huge"_s, u"keep:1"_s, u"sh"_s, u"-c"_s,
                        u"dd if=/dev/zero of=/zero bs=1M count=256"_s})
                    .ok());
        QVERIFY(m_daemon.docker({u"commit"_s, u"huge"_s, u"huge:1"_s}).ok());
        const QString path = m_folder.filePath(u"huge.tar"_s);
        resetPeakMemory();
        const qint64 before = peakMemory();
        QVERIFY(save({u"huge:1"_s}, path).result);
        QVERIFY(QFileInfo(path).size() > size);
        const qint64 saved = peakMemory() - before;
        QVERIFY(load(path).result);
        const qint64 loaded = peakMemory() - before;
        qInfo() << "for 256 MiB:" << saved / mebibyte << "MiB more while saving," << loaded / mebibyte
                << "after loading";
        QVERIFY(loaded < size / 2); // some 50 MiB of it are the sanitizer's
        QFile::remove(path);
        m_daemon.docker({u"rm"_s, u"-f"_s, u"huge"_s});
        m_daemon.docker({u"rmi"_s, u"huge:1"_s});
    }

    void anExistingFileStaysUntilTheNewOneIsWhole()
    {
        const QString folder = m_folder.filePath(u"target"_s);
        QVERIFY(QDir().mkpath(folder));
        const QString path = folder + u"/x.tar"_s;
        QFile old(path);
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
        old.close();
        const Outcome missing = save({u"no-such-image:1"_s}, path);
        QVERIFY(!missing.result);
        QVERIFY(!missing.fileFault);
        QCOMPARE(missing.result.error().kind, core::ErrorKind::NotFound);
        QVERIFY(old.open(QIODevice::ReadOnly));
        QCOMPARE(old.readAll(), QByteArray("old"));
        QCOMPARE(filesIn(folder), QStringList{u"x.tar"_s});
    }

    void cancelLeavesNothing()
    {
        const QString folder = m_folder.filePath(u"cancel"_s);
        QVERIFY(QDir().mkpath(folder));
        auto *job = ArchiveJob::save(endpoint(), {u"big:1"_s}, -1, 0, folder + u"/x.tar"_s, this);
        const Outcome outcome = run(job, [this, job, folder] {
            m_daemon.freeze(); // so that it cannot end first
            QVERIFY(!QFile::exists(folder + u"/x.tar"_s));
            job->abort();
        });
        m_daemon.thaw();
        QCOMPARE(outcome.times, 1);
        QVERIFY(!outcome.result);
        QCOMPARE(outcome.result.error().kind, core::ErrorKind::Aborted);
        QCOMPARE(filesIn(folder), QStringList());
        QTRY_VERIFY(m_daemon.docker({u"version"_s}).ok());
    }

    void aJobThatGoesMidwayLeavesNothing()
    {
        const QString folder = m_folder.filePath(u"gone"_s);
        QVERIFY(QDir().mkpath(folder));
        auto *job = ArchiveJob::save(endpoint(), {u"big:1"_s}, -1, 0, folder + u"/x.tar"_s, this);
        bool began = false;
        connect(
            job, &ArchiveJob::progressed, this, [&began](qint64 done, qint64, const QString &) { began = done > 0; });
        job->start();
        QTRY_VERIFY(began);
        delete job;
        QVERIFY(filesIn(folder).isEmpty() || filesIn(folder) == QStringList{u"x.tar"_s}); // it may have been done
        if (!filesIn(folder).isEmpty())
            QVERIFY(QFileInfo(folder + u"/x.tar"_s).size() > 24 * mebibyte);
    }

    void fullDisk()
    {
        const Outcome known = save({u"big:1"_s}, m_tmpfs + u"/x.tar"_s, 25 * mebibyte);
        QVERIFY(known.fileFault);
        QCOMPARE(known.done, 0);
        QVERIFY2(known.result.error().message.contains(u"has 4 MiB free"_s), qPrintable(known.result.error().message));
        QCOMPARE(filesIn(m_tmpfs), QStringList());

        const Outcome found = save({u"big:1"_s}, m_tmpfs + u"/x.tar"_s);
        QCOMPARE(found.times, 1);
        QVERIFY(found.fileFault);
        QCOMPARE(found.result.error().message, u"the disk of %1 is full"_s.arg(m_tmpfs));
        QCOMPARE(filesIn(m_tmpfs), QStringList());
    }

    void noPlaceToSaveTo()
    {
        const Outcome outcome = save({u"keep:1"_s}, m_folder.filePath(u"no/such/x.tar"_s));
        QVERIFY(outcome.fileFault);
        QVERIFY(outcome.result.error().message.startsWith(u"there is no folder "_s));
    }

    void noArchives_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("text") << QByteArray("this is no archive\n");
        QByteArray noise(3 * mebibyte, Qt::Uninitialized);
        QRandomGenerator(7).fillRange(reinterpret_cast<quint32 *>(noise.data()), noise.size() / 4);
        QTest::newRow("3 MiB of noise") << noise;
        QTest::newRow("gzip of nothing") << QByteArray::fromHex("1f8b0800000000000003");
    }
    void noArchives()
    {
        QFETCH(QByteArray, content);
        const QString path = m_folder.filePath(u"garbage.tar"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        const Outcome outcome = load(path);
        QCOMPARE(outcome.times, 1);
        QVERIFY(!outcome.result);
        QVERIFY(!outcome.fileFault);
        QVERIFY2(outcome.result.error().kind == core::ErrorKind::Daemon, qPrintable(outcome.result.error().message));
        qInfo().noquote() << outcome.result.error().message;
    }

    void filesThatCannotBeSent()
    {
        QVERIFY(load(m_folder.filePath(u"missing.tar"_s)).fileFault);
        const Outcome folder = load(m_folder.path());
        QVERIFY(folder.fileFault);
        QVERIFY(folder.result.error().message.endsWith(u"is a folder"_s));
        QFile empty(m_folder.filePath(u"empty.tar"_s));
        QVERIFY(empty.open(QIODevice::WriteOnly));
        empty.close();
        QVERIFY(load(empty.fileName()).result.error().message.endsWith(u"is empty"_s));
    }

    void aDaemonThatGoes()
    {
        const QString folder = m_folder.filePath(u"lost"_s);
        QVERIFY(QDir().mkpath(folder));
        auto *job = ArchiveJob::save(endpoint(), {u"big:1"_s}, -1, 0, folder + u"/x.tar"_s, this);
        const Outcome outcome = run(job, [this] { m_daemon.kill(); });
        QVERIFY(m_daemon.start());
        // So small an image may have been sent whole.
        if (!outcome.result) {
            QVERIFY(!outcome.fileFault);
            QCOMPARE(filesIn(folder), QStringList());
        }
    }

    /** Last: pushes another image under the name. */
    void aNewerImageInARealRegistry()
    {
        const QString registry = QStandardPaths::findExecutable(u"docker-registry"_s);
        if (registry.isEmpty())
            QSKIP("there is no docker-registry here");
        QFile config(m_folder.filePath(u"registry.yml"_s));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("version: 0.1\nhttp: {addr: '127.0.0.1:5000'}\nstorage: {filesystem: {rootdirectory: '"
            + m_folder.filePath(u"registry"_s).toLocal8Bit() + "'}}\n");
        config.close();
        QProcess server;
        server.setStandardErrorFile(m_folder.filePath(u"registry.log"_s));
        server.setStandardOutputFile(QProcess::nullDevice());
        server.start(u"nsenter"_s,
            {u"--net="_s + m_daemon.networkNamespace(), u"--"_s, registry, u"serve"_s, config.fileName()});
        QVERIFY(server.waitForStarted());
        const QString name = u"localhost:5000/team/bb:1"_s;
        QVERIFY(m_daemon.docker({u"tag"_s, u"keep:1"_s, name}).ok());
        QTRY_VERIFY_WITH_TIMEOUT(m_daemon.docker({u"push"_s, name}).ok(), 20000);
        docker::Engine engine(endpoint());
        const auto digests = [&] {
            return m_daemon.docker({u"inspect"_s, u"-f"_s, u"{{join .RepoDigests \" \"}}"_s, u"keep:1"_s})
                .text()
                .split(u' ');
        };
        const auto check = [&](const QString &reference) {
            images::NewerCheck asking(engine, {}, reference, digests());
            core::Result<Newer> answer = core::Error{};
            connect(&asking, &images::NewerCheck::finished, this,
                [&answer](const core::Result<Newer> &result) { answer = result; });
            asking.start();
            support::awaitSignal(&asking, &images::NewerCheck::finished, 30000);
            return answer;
        };
        core::Result<Newer> same = check(name);
        QVERIFY2(same, same ? "" : qPrintable(same.error().message));
        QCOMPARE(*same, Newer::UpToDate);
        QCOMPARE(*check(u"keep:1"_s), Newer::NotFromRegistry);
        // Somebody pushes another image under the name.
        QVERIFY(m_daemon.docker({u"tag"_s, u"big:1"_s, name}).ok());
        QVERIFY(m_daemon.docker({u"push"_s, name}).ok());
        QCOMPARE(*check(name), Newer::There);
        QVERIFY(!check(u"localhost:5000/team/bb:nowhere"_s));
        server.kill();
        server.waitForFinished();
    }
};

QTEST_GUILESS_MAIN(ImagesTest)
#include "tst_images.moc"
