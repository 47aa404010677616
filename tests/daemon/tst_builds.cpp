#include "builds/buildjob.h"
#include "support/await.h"
#include "support/privatedaemon.h"
#include "support/privateregistry.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

using builds::BuildJob;
using builds::BuildRequest;
using builds::Step;
using builds::StepState;
using support::CommandResult;
using support::PrivateDaemon;
using support::PrivateRegistry;
using namespace Qt::StringLiterals;

namespace {

/** What a build came to. */
struct Outcome
{
    core::Result<QString> result = core::Error{core::ErrorKind::Timeout, 0, u"no end"_s, {}};
    builds::BuildProgress progress;
    QStringList remarks;
    int ends = 0;
};

/** Peak memory in KiB. */
qint64 peakMemory()
{
    QFile status(u"/proc/self/status"_s);
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong();
    }
    return -1;
}

} // namespace

/** Builds on a real daemon, with both builders, beside what Docker's own client builds. */
class BuildsTest : public QObject
{
    Q_OBJECT

    PrivateDaemon m_daemon;
    QTemporaryDir m_home;
    PrivateRegistry m_registry{u"me"_s, u"pa:ss wörd"_s}; ///< has baseName() once a test has asked for it
    bool m_registryRuns = false;
    std::unique_ptr<QTemporaryDir> m_context;

    static QString baseName() { return u"localhost:5000/team/base:1"_s; }

    void put(const QString &name, const QByteArray &content) const
    {
        QDir(m_context->path()).mkpath(QFileInfo(m_context->filePath(name)).path());
        QFile file(m_context->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    BuildRequest request(BuildRequest::Via via, const QString &name = u"built:1"_s) const
    {
        BuildRequest made;
        made.context = m_context->path();
        made.names = {name};
        made.network = u"host"_s;
        made.via = via;
        return made;
    }
    http::Endpoint endpoint() const { return http::Endpoint{m_daemon.socketPath()}; }
    Outcome run(BuildJob &job, int timeoutMs = 60000) const
    {
        Outcome outcome;
        connect(&job, &BuildJob::finished, &job, [&](const core::Result<QString> &result) {
            outcome.result = result;
            ++outcome.ends;
        });
        job.start();
        if (!QTest::qWaitFor([&] { return outcome.ends > 0; }, timeoutMs))
            qWarning("the build does not end");
        outcome.progress = job.progress();
        outcome.remarks = job.remarks();
        return outcome;
    }
    Outcome build(const BuildRequest &request) const
    {
        BuildJob job(endpoint(), request);
        return run(job);
    }
    static const Step *find(const builds::BuildProgress &progress, const QString &begin)
    {
        const auto &steps = progress.steps();
        const auto it
            = std::find_if(steps.begin(), steps.end(), [&](const Step &step) { return step.name.startsWith(begin); });
        return it == steps.end() ? nullptr : &*it;
    }
    QStringList contentOf(const QString &image) const
    {
        // Copied out of a container that never runs: quicker than a run.
        const QString id = m_daemon.docker({u"create"_s, image}).text();
        const CommandResult archive = m_daemon.docker({u"cp"_s, id + u":/ctx"_s, u"-"_s});
        m_daemon.docker({u"rm"_s, id});
        const CommandResult list = support::runCommand(u"tar"_s, {u"-t"_s}, archive.out);
        QStringList content;
        for (const QString &line : QString::fromUtf8(list.out).split(u'\n', Qt::SkipEmptyParts)) {
            if (line != "ctx/"_L1)
                content.append(u"./"_s + (line.endsWith(u'/') ? line.chopped(1) : line).mid(4));
        }
        content.sort();
        return content;
    }
    /** A `docker` that can talk to BuildKit: one before 23, or one with its buildx plug-in. Empty: there is none. */
    static QString buildKitClient()
    {
        for (const QString &program : {QStandardPaths::findExecutable(u"docker"_s), u"/usr/bin/docker"_s}) {
            const QString version = support::runCommand(program, {u"--version"_s}).text();
            if (version.contains(u"version 20."_s) || support::runCommand(program, {u"buildx"_s, u"version"_s}).ok())
                return program;
        }
        return {};
    }
    CommandResult dockerBuild(const QString &program, const QStringList &options, bool buildKit) const
    {
        return support::runCommand(u"env"_s,
            QStringList{u"DOCKER_BUILDKIT=%1"_s.arg(int(buildKit)), program, u"--config"_s,
                m_daemon.folder() + u"/config"_s, u"--host"_s, m_daemon.host(), u"build"_s, u"--network=host"_s}
                + options + QStringList{m_context->path()});
    }

    static void bothWays()
    {
        QTest::addColumn<int>("via");
        QTest::newRow("BuildKit") << int(BuildRequest::Via::BuildKit);
        QTest::newRow("classic") << int(BuildRequest::Via::Classic);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QVERIFY2(m_daemon.start(), qPrintable(m_daemon.failure()));
        QVERIFY2(m_daemon.makeBusybox(), qPrintable(m_daemon.failure()));
    }
    void init() { m_context = std::make_unique<QTemporaryDir>(); }
    void cleanupTestCase() { }

    void builds_data() { bothWays(); }
    void builds()
    {
        QFETCH(int, via);
        put(u"Dockerfile"_s,
            "ARG BASE=bb\nFROM ${BASE}:1 AS base\nARG WHO=world\nWORKDIR /work\n\n# say it\nRUN echo hello $WHO && \\\n"
            "    echo twice\nFROM base\nCOPY f /f\nRUN cat /f; printf '10%%\\r20%%\\r'; echo err >&2\n");
        put(u"f"_s, "content\n");
        BuildRequest wanted = request(BuildRequest::Via(via));
        wanted.args.insert(u"WHO"_s, u"qt"_s);
        wanted.labels.insert(u"made.by"_s, u"slipway"_s);
        wanted.noCache = true;
        const Outcome outcome = build(wanted);
        QVERIFY2(outcome.result.ok(), qPrintable(outcome.result.ok() ? QString() : outcome.result.error().message));
        QCOMPARE(outcome.ends, 1);
        const CommandResult id
            = m_daemon.docker({u"inspect"_s, u"-f"_s, u"{{.Id}} {{index .Config.Labels \"made.by\"}}"_s, u"built:1"_s});
        QCOMPARE(id.text(), *outcome.result + u" slipway"_s);
        const Step *hello = find(outcome.progress, u"RUN echo hello"_s);
        QVERIFY(hello);
        QCOMPARE(hello->state, StepState::Done);
        QCOMPARE(hello->line, 7);
        QVERIFY2(hello->log.contains("hello qt\n") && hello->log.contains("twice"), hello->log.constData());
        QVERIFY(hello->started > 0 && hello->completed >= hello->started);
        const Step *cat = find(outcome.progress, u"RUN cat"_s);
        QVERIFY(cat);
        QCOMPARE(cat->line, 11);
        QVERIFY2(cat->log.contains("content\n") && cat->log.contains("err") && cat->log.contains("10%\r20%\r"),
            cat->log.constData());
        const Step *workdir = find(outcome.progress, u"WORKDIR"_s);
        QVERIFY(workdir);
        QCOMPARE(workdir->line, 4);
        for (const Step &step : outcome.progress.steps())
            QVERIFY2(step.state == StepState::Done || step.state == StepState::Cached, qPrintable(step.name));
    }

    void saysWhatIsCached_data() { bothWays(); }
    void saysWhatIsCached()
    {
        QFETCH(int, via);
        put(u"Dockerfile"_s, "FROM bb:1\nRUN echo cached-" + QByteArray::number(via) + "\n");
        const BuildRequest wanted = request(BuildRequest::Via(via));
        const Outcome first = build(wanted);
        QVERIFY(first.result.ok());
        QCOMPARE(find(first.progress, u"RUN"_s)->state, StepState::Done);
        const Outcome second = build(wanted);
        QVERIFY(second.result.ok());
        QCOMPARE(find(second.progress, u"RUN"_s)->state, StepState::Cached);
    }

    void findsTheFailingLine_data() { bothWays(); }
    void findsTheFailingLine()
    {
        QFETCH(int, via);
        put(u"Dockerfile"_s, "FROM bb:1\n# one\nRUN true\n\nRUN echo oops >&2; \\\n  exit 3\nRUN echo never\n");
        const Outcome outcome = build(request(BuildRequest::Via(via)));
        QVERIFY(!outcome.result.ok());
        QCOMPARE(outcome.result.error().kind, core::ErrorKind::Daemon);
        const int failed = outcome.progress.failed();
        QVERIFY(failed >= 0);
        const Step &step = outcome.progress.steps()[failed];
        QCOMPARE(step.line, 5);
        QVERIFY(step.log.contains("oops"));
        QCOMPARE(
            outcome.progress.dockerfile().lines(step.line), QStringList({u"RUN echo oops >&2; \\"_s, u"  exit 3"_s}));
    }

    void syntaxErrorInMidUpload_data() { bothWays(); }
    void syntaxErrorInMidUpload()
    {
        QFETCH(int, via);
        put(u"Dockerfile"_s, "FROM bb:1\nRUNN true\n");
        put(u"big"_s, QByteArray(20'000'000, 'x'));
        const Outcome outcome = build(request(BuildRequest::Via(via)));
        QVERIFY(!outcome.result.ok());
        QVERIFY2(outcome.result.error().message.contains("unknown instruction"_L1, Qt::CaseInsensitive),
            qPrintable(outcome.result.error().message));
    }

    void missingDockerfileIsSaidFirst()
    {
        put(u"f"_s, "x");
        const Outcome outcome = build(request(BuildRequest::Via::Automatic));
        QVERIFY(!outcome.result.ok());
        QCOMPARE(outcome.result.error().message, u"There is no Dockerfile in this folder."_s);
    }

    void dockerfileFromOutside_data() { bothWays(); }
    void dockerfileFromOutside()
    {
        QFETCH(int, via);
        QFile file(m_home.filePath(u"Other.Dockerfile"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("FROM bb:1\nCOPY . /ctx/\n");
        file.close();
        put(u"f"_s, "x");
        BuildRequest wanted = request(BuildRequest::Via(via));
        wanted.dockerfile = file.fileName();
        const Outcome outcome = build(wanted);
        QVERIFY2(outcome.result.ok(), qPrintable(outcome.result.ok() ? QString() : outcome.result.error().message));
        QCOMPARE(contentOf(u"built:1"_s), QStringList{u"./f"_s});
    }

    void aLinkedDockerfileKeepsItsIgnoreFile()
    {
        put(u"docker/gpu.Dockerfile"_s, "FROM bb:1\nCOPY . /ctx/\n");
        QFile::link(u"docker/gpu.Dockerfile"_s, m_context->filePath(u"Dockerfile"_s));
        put(u"Dockerfile.dockerignore"_s, "data\n*ocker*\n");
        put(u"data/secret"_s, "x");
        put(u"f"_s, "x");
        QVERIFY(build(request(BuildRequest::Via::BuildKit)).result.ok());
        QCOMPARE(contentOf(u"built:1"_s), QStringList{u"./f"_s});
        // Where it leads out of the folder, what lies there counts.
        QVERIFY(QFile::rename(m_context->filePath(u"docker/gpu.Dockerfile"_s), m_home.filePath(u"gpu.Dockerfile"_s)));
        QVERIFY(QFile::remove(m_context->filePath(u"Dockerfile"_s)));
        QFile::link(m_home.filePath(u"gpu.Dockerfile"_s), m_context->filePath(u"Dockerfile"_s));
        QFile rules(m_home.filePath(u"gpu.Dockerfile.dockerignore"_s));
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write("data\n*ocker*\nf\n");
        rules.close();
        put(u"g"_s, "x");
        QVERIFY(build(request(BuildRequest::Via::BuildKit)).result.ok());
        QCOMPARE(contentOf(u"built:1"_s), QStringList{u"./g"_s});
    }

    void onlyWhatIsNewIsSent()
    {
        constexpr qint64 big = 4 * 1024 * 1024;
        put(u"Dockerfile"_s, "FROM bb:1\nCOPY src /ctx/\n");
        put(u"src/big"_s, QByteArray(big, 'x'));
        put(u"src/train.py"_s, "print(1)\n");
        put(u"unused"_s, QByteArray(big, 'y'));
        const auto sent = [this] {
            BuildJob job(endpoint(), request(BuildRequest::Via::BuildKit));
            const Outcome outcome = run(job);
            return outcome.result.ok() ? job.sent() : -1;
        };
        const qint64 first = sent();
        QVERIFY2(first > big && first < 2 * big, qPrintable(QString::number(first))); // no COPY asks for the other one
        put(u"src/train.py"_s, "print(2, 'changed')\n");
        const qint64 second = sent();
        QVERIFY2(second > 0 && second < big, qPrintable(QString::number(second)));
        const QString id = m_daemon.docker({u"create"_s, u"built:1"_s}).text();
        QVERIFY(m_daemon.docker({u"cp"_s, id + u":/ctx/train.py"_s, u"-"_s}).out.contains("changed"));
        QVERIFY(m_daemon.docker({u"cp"_s, id + u":/ctx/big"_s, u"-"_s}).out.size() > big);
        m_daemon.docker({u"rm"_s, id});
    }

    void filesAsTheyAre()
    {
        put(u"Dockerfile"_s, "FROM bb:1\nCOPY . /ctx/\n");
        put(u"run.sh"_s, "#!/bin/sh\n");
        QFile::setPermissions(m_context->filePath(u"run.sh"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        put(u"twice"_s, "same file");
        QCOMPARE(::link(QFile::encodeName(m_context->filePath(u"twice"_s)).constData(),
                     QFile::encodeName(m_context->filePath(u"twice2"_s)).constData()),
            0);
        put(u"empty"_s, {});
        QFile::link(u"run.sh"_s, m_context->filePath(u"start"_s));
        QVERIFY(::mkfifo(QFile::encodeName(m_context->filePath(u"pipe"_s)).constData(), 0600) == 0);
        const Outcome outcome = build(request(BuildRequest::Via::BuildKit));
        QVERIFY2(outcome.result.ok(), qPrintable(outcome.result.ok() ? QString() : outcome.result.error().message));
        const QString id = m_daemon.docker({u"create"_s, u"built:1"_s}).text();
        const CommandResult archive = m_daemon.docker({u"cp"_s, id + u":/ctx"_s, u"-"_s});
        m_daemon.docker({u"rm"_s, id});
        const QString list
            = QString::fromUtf8(support::runCommand(u"tar"_s, {u"--numeric-owner"_s, u"-tv"_s}, archive.out).out);
        QVERIFY2(list.contains(QRegularExpression(u"-rwx------ 0/0 +10 .*ctx/run.sh"_s)), qPrintable(list));
        QVERIFY2(list.contains(u"ctx/start -> run.sh"_s), qPrintable(list));
        QVERIFY2(list.contains(QRegularExpression(u" 0/0 +9 .*ctx/twice\\b"_s)), qPrintable(list));
        QVERIFY2(list.contains(u"ctx/twice2"_s) && list.contains(u"ctx/empty"_s), qPrintable(list));
        QVERIFY2(!list.contains(u"pipe"_s), qPrintable(list));
    }

    void cancelEndsItAtTheDaemon_data() { bothWays(); }
    void cancelEndsItAtTheDaemon()
    {
        QFETCH(int, via);
        const QByteArray mark = "31" + QByteArray::number(via) + QByteArray::number(::getpid());
        put(u"Dockerfile"_s, "FROM bb:1\nRUN echo begun; sleep " + mark + "\nRUN true\n");
        const auto sleeps = [&mark] {
            const CommandResult all = support::runCommand(u"ps"_s, {u"-eo"_s, u"args"_s});
            return all.out.contains(QByteArray("\nsleep " + mark));
        };
        BuildRequest wanted = request(BuildRequest::Via(via));
        wanted.noCache = true;
        BuildJob job(endpoint(), wanted);
        connect(&job, &BuildJob::logAppended, &job, [&job](int, const QByteArray &bytes) {
            if (bytes.contains("begun"))
                job.abort();
        });
        const Outcome outcome = run(job);
        QVERIFY(!outcome.result.ok());
        QCOMPARE(outcome.result.error().kind, core::ErrorKind::Aborted);
        QCOMPARE(outcome.ends, 1);
        QCOMPARE(find(outcome.progress, u"RUN echo begun"_s)->state, StepState::Cancelled);
        QTRY_VERIFY_WITH_TIMEOUT(!sleeps(), 15000);
    }

    void cancelBeforeTheBuild()
    {
        put(u"Dockerfile"_s, "FROM bb:1\n");
        docker::Engine engine(endpoint());
        transfers::Transfers transfers(engine, [](const QString &) {
            return core::Promise<docker::RegistryAuth>().pending(); // a keyring that asks for its password
        });
        BuildJob job(endpoint(), request(BuildRequest::Via::Automatic), &transfers);
        connect(&job, &BuildJob::progressed, &job, [&job] {
            if (job.phase() == BuildJob::Phase::Preparing)
                job.abort();
        });
        const Outcome outcome = run(job);
        QVERIFY(!outcome.result.ok());
        QCOMPARE(outcome.result.error().kind, core::ErrorKind::Aborted);
    }

    void privateBase_data() { bothWays(); }
    void privateBase()
    {
        QFETCH(int, via);
        if (!havePrivateBase())
            return;
        docker::Engine engine(endpoint());
        docker::RegistryAuth auth;
        transfers::Transfers transfers(engine, [&auth](const QString &name) {
            return core::Pending<docker::RegistryAuth>::ready(
                name == PrivateRegistry::host() ? auth : docker::RegistryAuth());
        });
        // As nobody it fails, with the base named.
        BuildRequest wanted = request(BuildRequest::Via(via));
        BuildJob asNobody(endpoint(), wanted, &transfers);
        const Outcome nobody = run(asNobody);
        QVERIFY(!nobody.result.ok());
        QVERIFY2(asNobody.refusedBase(nobody.result.error()) == baseName(), qPrintable(nobody.result.error().message));
        QVERIFY(transfers.all().isEmpty());
        // With a wrong password it says so, too.
        auth = {PrivateRegistry::host(), m_registry.user(), u"wrong"_s, {}};
        BuildJob asOther(endpoint(), wanted, &transfers);
        const Outcome other = run(asOther);
        QVERIFY(!other.result.ok());
        QCOMPARE(other.result.error().kind, core::ErrorKind::Unauthorized);
        QCOMPARE(asOther.refusedBase(other.result.error()), baseName());
        QCOMPARE(find(other.progress, u"Pull "_s)->state, StepState::Failed);
        // The pull stands among the transfers.
        auth.password = m_registry.password();
        wanted.pull = true;
        BuildJob job(endpoint(), wanted, &transfers);
        const Outcome outcome = run(job);
        QVERIFY2(outcome.result.ok(), qPrintable(outcome.result.ok() ? QString() : outcome.result.error().message));
        const Step *pulled = find(outcome.progress, u"Pull "_s);
        QVERIFY(pulled);
        QCOMPARE(pulled->state, StepState::Done);
        QCOMPARE(transfers.all().size(), 2);
        QCOMPARE(transfers.all().last().state, transfers::Transfer::State::Done);
        QCOMPARE(transfers.all().last().account, m_registry.user());
        // What is here is not pulled again unless that is asked for.
        wanted.pull = false;
        BuildJob again(endpoint(), wanted, &transfers);
        QVERIFY(run(again).result.ok());
        QCOMPARE(transfers.all().size(), 2);
    }

    void cancelledWhileABaseIsPulled()
    {
        if (!havePrivateBase())
            return;
        docker::Engine engine(endpoint());
        transfers::Transfers transfers(engine, [this](const QString &name) {
            return core::Pending<docker::RegistryAuth>::ready(
                docker::RegistryAuth{name, m_registry.user(), m_registry.password(), {}});
        });
        for (const bool inTransfers : {false, true}) {
            BuildJob job(endpoint(), request(BuildRequest::Via::Automatic), &transfers);
            connect(&transfers, &transfers::Transfers::added, &job, [&](int id) {
                QMetaObject::invokeMethod(
                    &job,
                    [&, id] {
                        if (inTransfers)
                            transfers.cancel(id);
                        else
                            job.abort();
                    },
                    Qt::QueuedConnection);
            });
            const Outcome outcome = run(job);
            QVERIFY(!outcome.result.ok());
            QCOMPARE(outcome.result.error().kind, core::ErrorKind::Aborted);
            QCOMPARE(outcome.ends, 1);
            QTRY_COMPARE(transfers.running(), 0);
            QCOMPARE(transfers.all().last().state, transfers::Transfer::State::Cancelled);
        }
    }
    /** False: there is no registry; the test has been skipped, or has failed. The base is not with the daemon. */
    bool havePrivateBase()
    {
        if (const QString reason = PrivateRegistry::skipReason(); !reason.isEmpty()) {
            QTest::qSkip(qPrintable(reason), __FILE__, __LINE__);
            return false;
        }
        if (!m_registryRuns)
            m_registryRuns = m_registry.start(m_daemon) && m_registry.put(m_daemon, u"bb:1"_s, u"team/base:1"_s);
        m_daemon.docker({u"rmi"_s, u"-f"_s, baseName()});
        put(u"Dockerfile"_s, "FROM " + baseName().toUtf8() + "\nRUN echo private\n");
        return QTest::qVerify(m_registryRuns, "m_registryRuns", "the registry", __FILE__, __LINE__);
    }

    void bigContextFlatMemory()
    {
        // SLIPWAY_BIG_CONTEXT: MiB; 1024 takes a daemon minutes where the disk is slow.
        bool given = false;
        const qint64 wanted = qEnvironmentVariableIntValue("SLIPWAY_BIG_CONTEXT", &given);
        const qint64 size = (given ? wanted : 200) * 1024 * 1024;
        put(u"Dockerfile"_s, "FROM bb:1\nCOPY big /big\n");
        put(u"big"_s, {});
        QVERIFY(QFile::resize(m_context->filePath(u"big"_s), size));
        const qint64 before = peakMemory();
        BuildJob job(endpoint(), request(BuildRequest::Via::BuildKit));
        const Outcome outcome = run(job, 300000);
        QVERIFY2(outcome.result.ok(), qPrintable(outcome.result.ok() ? QString() : outcome.result.error().message));
        QVERIFY(job.sent() >= size);
        const qint64 grown = peakMemory() - before;
        qInfo("%lld MiB of context, %lld KiB more at the peak", size / 1024 / 1024, grown);
        QVERIFY2(grown < 96 * 1024, qPrintable(QString::number(grown))); // a sanitizer keeps freed memory for a while
    }

    void sendsWhatDockersClientSends_data()
    {
        QTest::addColumn<QByteArray>("ignore");
        QTest::newRow("none") << QByteArray();
        QTest::newRow("plain") << QByteArray("data\n*.log\n");
        QTest::newRow("anywhere") << QByteArray("**/*.log\n**/cache\n");
        QTest::newRow("keeps") << QByteArray("*\n!src\n!data/keep.txt\nsrc/**/*.log\n");
        QTest::newRow("slashes, comments, blanks") << QByteArray("# data\n/data/\n  a.log  \n\n./src/deep/\n");
        QTest::newRow("classes") << QByteArray("[a-b].log\nsrc/?.py\nsrc/[!x]*\n");
        QTest::newRow("escaped") << QByteArray("we\\[i\\]rd\n\\#x\n");
        QTest::newRow("last wins") << QByteArray("src\n!src/m.py\nsrc/m.py\n!src/deep\n");
        QTest::newRow("itself") << QByteArray(".dockerignore\n");
        QTest::newRow("folder's end") << QByteArray("src/**\n!src/deep/**\n");
        QTest::newRow("carriage returns") << QByteArray("data\r\n*.log\r\n");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf"
                                                       "data\n");
        QTest::newRow("dots") << QByteArray("src/../data\n.hidden\n");
    }
    void sendsWhatDockersClientSends()
    {
        QFETCH(QByteArray, ignore);
        for (const char *name : {"a.log", "b.log", "c.log", "data/x.bin", "data/keep.txt", "data/cache/y", "src/m.py",
                 "src/x", "src/xy.log", "src/deep/m.py", "src/deep/deeper/z.log", "src/deep/deeper/cache/q", "we[i]rd",
                 "#x", ".hidden/h", "empty.d/.keep"})
            put(QString::fromUtf8(name), "x");
        QDir(m_context->path()).mkpath(u"hollow"_s);
        QFile::link(u"src/m.py"_s, m_context->filePath(u"link"_s));
        QFile::link(u"/nowhere"_s, m_context->filePath(u"broken"_s));
        put(u"Dockerfile"_s, "FROM bb:1\nCOPY . /ctx/\n");
        if (!ignore.isEmpty())
            put(u".dockerignore"_s, ignore);
        if (const QString client = buildKitClient(); !client.isEmpty()) {
            const CommandResult theirs = dockerBuild(client, {u"-q"_s, u"-t"_s, u"theirs:1"_s}, true);
            QVERIFY2(theirs.ok(), theirs.err.constData());
            QStringList expected = contentOf(u"theirs:1"_s);
            QVERIFY(expected.size() > 2);
            const Outcome ours = build(request(BuildRequest::Via::BuildKit));
            QVERIFY2(ours.result.ok(), qPrintable(ours.result.ok() ? QString() : ours.result.error().message));
            QStringList content = contentOf(u"built:1"_s);
            // Without a session BuildKit takes the Dockerfile from what COPY sees.
            expected.removeAll(u"./Dockerfile"_s);
            content.removeAll(u"./Dockerfile"_s);
            QCOMPARE(content, expected);
        }
        const CommandResult classic = dockerBuild(u"docker"_s, {u"-q"_s, u"-t"_s, u"theirs:2"_s}, false);
        QVERIFY2(classic.ok(), classic.err.constData());
        QVERIFY(build(request(BuildRequest::Via::Classic, u"built:2"_s)).result.ok());
        QCOMPARE(contentOf(u"built:2"_s), contentOf(u"theirs:2"_s));
    }
};

QTEST_GUILESS_MAIN(BuildsTest)
#include "tst_builds.moc"
