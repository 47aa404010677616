#include "cleanup/candidates.h"
#include "cleanup/candidatesmodel.h"
#include "cleanup/cleanupjob.h"
#include "inventory/operations.h"
#include "support/await.h"
#include "support/privatedaemon.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using cleanup::Candidate;
using cleanup::Ending;
using cleanup::Kind;
using cleanup::Report;
using inventory::Inventory;
using settings::Lockable;
using support::PrivateDaemon;
using namespace Qt::StringLiterals;

/** Cleaning up on a real daemon: exactly what was ticked goes, and nothing else, whatever happens meanwhile. */
class CleanupTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<PrivateDaemon> m_daemon;

    /** Where its report will be. */
    static std::shared_ptr<Report> reportOf(cleanup::CleanupJob &job)
    {
        auto report = std::make_shared<Report>();
        connect(&job, &cleanup::CleanupJob::finished, &job,
            [report](const core::Result<Report> &result) { *report = result.value(); });
        return report;
    }

    /** What the page is made of, on the private daemon. */
    struct Program
    {
        QTemporaryDir folder;
        settings::Settings settings;
        settings::Protection protection;
        docker::Engine engine;
        Inventory inventory;
        inventory::Operations operations;
        runs::Library library;
        runs::History history;
        cleanup::Candidates candidates;
        cleanup::CandidatesModel model;
        QAbstractItemModelTester tester;

        explicit Program(const QString &socket)
            : settings(folder.filePath(u"slipway.conf"_s))
            , protection(settings)
            , engine({socket})
            , inventory(engine)
            , operations(engine, inventory, protection)
            , library(folder.filePath(u"runs"_s))
            , history(folder.filePath(u"history.sqlite"_s))
            , candidates({engine, inventory, library, history, protection})
            , tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest)
        {
            QObject::connect(&candidates, &cleanup::Candidates::changed, &model,
                [this] { model.setCandidates(candidates.list(), 1'800'000'000); });
            inventory.start();
            candidates.setWatched(true);
        }

        const Candidate *find(const QString &idOrName) const
        {
            for (const Candidate &item : candidates.list()) {
                if (item.id == idOrName || item.name == idOrName)
                    return &item;
            }
            return nullptr;
        }
        bool has(const QString &idOrName) const { return find(idOrName) != nullptr; }
        QList<Candidate> named(const QStringList &names) const
        {
            QList<Candidate> items;
            for (const QString &name : names) {
                if (const Candidate *item = find(name))
                    items.append(*item);
            }
            return items;
        }
        Report run(const QList<Candidate> &items)
        {
            cleanup::CleanupJob job(engine, inventory, protection, items);
            const auto report = reportOf(job);
            const auto ended = reportOf(job);
            QSignalSpy finished(&job, &cleanup::CleanupJob::finished);
            job.start();
            finished.wait(60000);
            return *report;
        }
    };

    support::CommandResult docker(const QStringList &arguments) const
    {
        const auto result = m_daemon->docker(arguments);
        if (!result.ok())
            qWarning() << arguments << result.err;
        return result;
    }
    QString create(const QStringList &arguments) const
    {
        return docker(QStringList{u"create"_s, u"--network=host"_s} + arguments).text();
    }
    QJsonObject disk() const
    {
        const auto answer = support::runCommand(
            u"curl"_s, {u"-s"_s, u"--unix-socket"_s, m_daemon->socketPath(), u"http://docker/v1.41/system/df"_s});
        return QJsonDocument::fromJson(answer.out).object();
    }
    /** Everything the daemon has, each thing in a line of its own. */
    QSet<QString> everything() const
    {
        QSet<QString> all;
        const auto take = [&](const QString &kind, const QStringList &arguments) {
            for (const QString &line : docker(arguments).text().split(u'\n', Qt::SkipEmptyParts))
                all.insert(kind + u' ' + line);
        };
        take(u"container"_s, {u"ps"_s, u"-aq"_s, u"--no-trunc"_s});
        take(u"image"_s, {u"images"_s, u"-aq"_s, u"--no-trunc"_s});
        take(u"tag"_s, {u"images"_s, u"--format"_s, u"{{.Repository}}:{{.Tag}}"_s});
        take(u"volume"_s, {u"volume"_s, u"ls"_s, u"-q"_s});
        take(u"network"_s, {u"network"_s, u"ls"_s, u"-q"_s, u"--no-trunc"_s});
        for (const QJsonValue &record : disk()[u"BuildCache"_s].toArray())
            all.insert(u"cache "_s + record[u"ID"_s].toString());
        return all;
    }
    /** Builds from a Dockerfile; BuildKit as the program does, or the classic builder, which keeps its steps. */
    bool build(const QString &name, const QByteArray &dockerfile, bool buildKit) const
    {
        QTemporaryDir context;
        QFile file(context.filePath(u"Dockerfile"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(dockerfile) < 0)
            return false;
        file.close();
        const auto tar = support::runCommand(u"tar"_s, {u"-C"_s, context.path(), u"-c"_s, u"."_s});
        const auto answer = support::runCommand(u"curl"_s,
            {u"-s"_s, u"--unix-socket"_s, m_daemon->socketPath(), u"-X"_s, u"POST"_s, u"-H"_s,
                u"Content-Type: application/x-tar"_s, u"--data-binary"_s, u"@-"_s,
                u"http://docker/v1.41/build?networkmode=host&t=%1%2"_s.arg(
                    name, buildKit ? u"&version=2"_s : QString())},
            tar.out);
        if (!answer.out.contains("Successfully tagged"))
            qWarning() << answer.out << answer.err;
        return answer.out.contains("Successfully tagged");
    }
    static QByteArray dockerfile(const QByteArray &word, int steps = 1)
    {
        QByteArray text = "FROM bb:1\n";
        for (int i = 0; i < steps; ++i)
            text += "RUN [\"/bin/busybox\", \"sh\", \"-c\", \"echo " + word + " > /" + word + QByteArray::number(i)
                + "\"]\n";
        return text;
    }
    static QString anonymousName(const QString &container, const PrivateDaemon &daemon)
    {
        return daemon.docker({u"inspect"_s, u"-f"_s, u"{{range .Mounts}}{{.Name}}{{end}}"_s, container}).text();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
    }
    void init()
    {
        m_daemon = std::make_unique<PrivateDaemon>();
        QVERIFY2(m_daemon->start(), qPrintable(m_daemon->failure()));
        QVERIFY(m_daemon->makeBusybox());
    }
    void cleanup() { m_daemon.reset(); }

    void exactlyWhatWasTicked()
    {
        // Two of everything: one to go, one to stay.
        const QString stays = create({u"--name"_s, u"stays"_s, u"bb:1"_s, u"true"_s});
        create({u"--name"_s, u"goes"_s, u"-v"_s, u"/data"_s, u"bb:1"_s, u"true"_s});
        const QString withVolume = create({u"--name"_s, u"gone"_s, u"-v"_s, u"/data"_s, u"bb:1"_s, u"true"_s});
        const QString anonymous = anonymousName(withVolume, *m_daemon);
        docker({u"rm"_s, withVolume});
        for (const QString &name : {u"keep"_s, u"drop"_s}) {
            docker({u"volume"_s, u"create"_s, name});
            docker({u"network"_s, u"create"_s, name + u"-net"_s});
            QVERIFY(build(name + u"-image:1"_s, dockerfile(name.toUtf8()), true));
            QVERIFY(build(u"dangling:1"_s, dockerfile("dangling" + name.toUtf8()), true)); // the first loses its name
        }
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.candidates.known() && program.has(u"goes"_s));
        QVERIFY(!program.has(u"bb:1"_s)); // containers were made from it
        program.candidates.computeSizes();
        QTRY_VERIFY_WITH_TIMEOUT(program.candidates.sizesAt() > 0, 30000);
        QVERIFY(program.find(u"goes"_s)->size >= 0);

        const auto leaf = [&](const QString &word) {
            for (const Candidate &item : program.candidates.list()) {
                if (item.kind == Kind::BuildCache && item.name.contains(u"echo "_s + word + u' '))
                    return item;
            }
            return Candidate();
        };
        const auto dangling = [&] {
            for (const Candidate &item : program.candidates.list()) {
                if (item.kind == Kind::DanglingImage)
                    return item;
            }
            return Candidate();
        };
        QVERIFY(!leaf(u"drop"_s).id.isEmpty());
        QVERIFY(!dangling().id.isEmpty());
        const QStringList names{u"goes"_s, u"drop-image:1"_s, u"drop"_s, u"drop-net"_s};
        QList<Candidate> chosen = program.named(names);
        QCOMPARE(chosen.size(), 4);
        chosen.append(*program.find(anonymous));
        chosen.append(leaf(u"drop"_s));
        chosen.append(dangling());

        QSet<QString> expected = everything();
        for (const Candidate &item : std::as_const(chosen)) {
            static const QHash<Kind, QString> words{{Kind::StoppedContainer, u"container"_s},
                {Kind::DanglingImage, u"image"_s}, {Kind::UnusedImage, u"image"_s}, {Kind::UnusedVolume, u"volume"_s},
                {Kind::UnusedNetwork, u"network"_s}, {Kind::BuildCache, u"cache"_s}};
            QVERIFY2(expected.remove(words[item.kind] + u' ' + item.id), qPrintable(item.name));
            for (const QString &reference : item.references)
                expected.remove(u"tag "_s + reference);
        }
        expected.remove(u"tag <none>:<none>"_s); // a line of its own, and alike for all
        const Report report = program.run(chosen);
        for (const cleanup::Outcome &outcome : report.outcomes)
            QVERIFY2(outcome.ending == Ending::Removed, qPrintable(outcome.item.name + u": "_s + outcome.words));
        QCOMPARE(report.outcomes.size(), 7);
        QSet<QString> left = everything();
        left.remove(u"tag <none>:<none>"_s);
        QVERIFY2(left == expected,
            qPrintable(u"too much gone: "_s + QStringList((expected - left).values()).join(u", "_s)
                + u"; still there: "_s + QStringList((left - expected).values()).join(u", "_s)));
        // The volume of the container that went is left, and is what can go next.
        QTRY_VERIFY(!program.has(u"goes"_s));
        QTRY_COMPARE(std::count_if(program.candidates.list().begin(), program.candidates.list().end(),
                         [](const Candidate &item) { return item.kind == Kind::UnusedVolume && !item.stern; }),
            1);
    }

    void aContainerStartedMeanwhileStays()
    {
        const QString runs = create({u"--name"_s, u"runs"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s});
        create({u"--name"_s, u"ran"_s, u"bb:1"_s, u"true"_s});
        create({u"--name"_s, u"idle"_s, u"bb:1"_s, u"true"_s});
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.has(u"runs"_s) && program.has(u"ran"_s) && program.has(u"idle"_s));
        const QList<Candidate> shown = program.named({u"runs"_s, u"ran"_s, u"idle"_s});
        cleanup::CleanupJob job(program.engine, program.inventory, program.protection, shown);
        const auto ended = reportOf(job);
        QSignalSpy finished(&job, &cleanup::CleanupJob::finished);
        QSignalSpy started(&program.inventory, &Inventory::containerStarted);
        docker({u"start"_s, runs});
        docker({u"start"_s, u"-a"_s, u"ran"_s});
        QTRY_COMPARE(started.size(), 2);
        QTRY_VERIFY(!program.has(u"runs"_s));
        job.start();
        QVERIFY(finished.wait(20000));
        const Report report = *ended;
        QCOMPARE(report.outcomes[0].ending, Ending::Skipped);
        QCOMPARE(report.outcomes[0].words, u"it is running now"_s);
        QCOMPARE(report.outcomes[1].ending, Ending::Skipped);
        QCOMPARE(report.outcomes[1].words, u"it was started meanwhile and has ended again"_s);
        QCOMPARE(report.outcomes[2].ending, Ending::Removed);
        QCOMPARE(docker({u"ps"_s, u"-a"_s, u"--format"_s, u"{{.Names}}"_s}).text().split(u'\n').size(), 2);
        QCOMPARE(finished.size(), 1);
    }

    void whatGotAUserMeanwhileStays()
    {
        QVERIFY(build(u"used:1"_s, dockerfile("used"), true));
        docker({u"tag"_s, u"used:1"_s, u"used:2"_s});
        docker({u"volume"_s, u"create"_s, u"data"_s});
        docker({u"network"_s, u"create"_s, u"net"_s});
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.has(u"used:1, used:2"_s) && program.has(u"data"_s) && program.has(u"net"_s));
        const QList<Candidate> shown = program.named({u"used:1, used:2"_s, u"data"_s, u"net"_s});
        QCOMPARE(shown.size(), 3);
        // It was never started: the daemon alone would take its network away.
        docker({u"create"_s, u"--name"_s, u"user"_s, u"--network=net"_s, u"-v"_s, u"data:/data"_s, u"used:1"_s,
            u"true"_s});
        QTRY_VERIFY(!program.has(u"used:1, used:2"_s));
        QTRY_VERIFY(!program.has(u"data"_s) && !program.has(u"net"_s));
        const QSet<QString> before = everything();
        const Report report = program.run(shown);
        for (const cleanup::Outcome &outcome : report.outcomes) {
            QCOMPARE(outcome.ending, Ending::Skipped);
            QCOMPARE(outcome.words, u"in use by user now"_s);
        }
        QCOMPARE(everything(), before);
    }

    void severalNames()
    {
        QVERIFY(build(u"many:1"_s, dockerfile("many"), true));
        docker({u"tag"_s, u"many:1"_s, u"many:2"_s});
        docker({u"tag"_s, u"many:1"_s, u"localhost:5000/team/many:3"_s});
        QVERIFY(build(u"more:1"_s, dockerfile("more"), true));
        Program program(m_daemon->socketPath());
        QTRY_COMPARE(program.named({u"more:1"_s}).size(), 1);
        const auto many = std::find_if(program.candidates.list().begin(), program.candidates.list().end(),
            [](const Candidate &item) { return item.references.size() == 3; });
        QVERIFY(many != program.candidates.list().end());
        const QList<Candidate> shown{*many, *program.find(u"more:1"_s)};
        // A name that was not shown keeps the image, and its other names.
        docker({u"tag"_s, u"more:1"_s, u"precious:1"_s});
        const Report report = program.run(shown);
        QCOMPARE(report.outcomes[0].ending, Ending::Removed);
        QCOMPARE(report.outcomes[1].ending, Ending::Skipped);
        QCOMPARE(report.outcomes[1].words, u"it is also called precious:1 now"_s);
        QVERIFY(!m_daemon->docker({u"image"_s, u"inspect"_s, shown[0].id}).ok());
        QVERIFY(m_daemon->docker({u"image"_s, u"inspect"_s, u"more:1"_s}).ok());
    }

    void imagesThatOthersAreBuiltOn()
    {
        // The classic builder keeps each step as an untagged image.
        QVERIFY(build(u"base:1"_s, dockerfile("base", 3), false));
        QVERIFY(build(u"child:1"_s, "FROM base:1\nENV A=1\nENV B=2\n", false));
        QVERIFY(build(u"lonely:1"_s, dockerfile("lonely", 3), false));
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.has(u"base:1"_s) && program.has(u"child:1"_s) && program.has(u"lonely:1"_s));
        QCOMPARE(program.find(u"lonely:1"_s)->steps.size(), 2);
        QCOMPARE(program.find(u"child:1"_s)->steps.size(), 1);
        QVERIFY2(program.find(u"base:1"_s)->reason.contains(u"child:1 is built on it"_s),
            qPrintable(program.find(u"base:1"_s)->reason));
        QVERIFY(program.find(u"base:1"_s)->steps.isEmpty());

        // Only what is shown: neither base:1, of which the daemon would take just the name, nor a step of another.
        QSet<QString> expected = everything();
        Report report = program.run(program.named({u"base:1"_s}));
        QCOMPARE(report.outcomes[0].ending, Ending::Skipped);
        QVERIFY(report.outcomes[0].words.contains(u"is built on it"_s));
        QCOMPARE(everything(), expected);

        const Candidate lonely = *program.find(u"lonely:1"_s);
        expected -= QSet<QString>{
            u"image "_s + lonely.id, u"image "_s + lonely.steps[0], u"image "_s + lonely.steps[1], u"tag lonely:1"_s};
        report = program.run({lonely});
        QCOMPARE(report.outcomes[0].ending, Ending::Removed);
        QCOMPARE(everything(), expected);

        // Both, in whatever order they were ticked.
        report = program.run(program.named({u"base:1"_s, u"child:1"_s}));
        QCOMPARE(report.outcomes[0].item.name, u"child:1"_s);
        QCOMPARE(report.outcomes[0].ending, Ending::Removed);
        QCOMPARE(report.outcomes[1].ending, Ending::Removed);
    }

    void protectedThingsStayOnEveryPath()
    {
        QVERIFY(build(u"locked:1"_s, dockerfile("locked"), true));
        const QString container = create({u"--name"_s, u"locked"_s, u"bb:1"_s, u"true"_s});
        const QString holder = create({u"--name"_s, u"holder"_s, u"-v"_s, u"/data"_s, u"bb:1"_s, u"true"_s});
        const QString inner = anonymousName(holder, *m_daemon);
        docker({u"volume"_s, u"create"_s, u"locked"_s});
        const QString fleeting = docker({u"run"_s, u"-d"_s, u"--rm"_s, u"--network=host"_s, u"--name"_s, u"fleeting"_s,
                                            u"bb:1"_s, u"sleep"_s, u"1000"_s})
                                     .text();
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.has(u"locked:1"_s) && program.has(container) && program.find(u"locked"_s));
        QTRY_VERIFY(program.inventory.container(fleeting));
        // Shown before the locks were set: the job asks again.
        QList<Candidate> shown = program.named({u"locked:1"_s, container});
        for (const Candidate &item : program.candidates.list()) {
            if (item.kind == Kind::UnusedVolume)
                shown.append(item);
        }
        QCOMPARE(shown.size(), 3);
        program.protection.protect(Lockable::Image, {u"locked:1"_s});
        program.protection.protect(Lockable::Container, {container, fleeting});
        program.protection.protect(Lockable::Volume, {u"locked"_s, inner});
        QTRY_COMPARE(program.find(container)->verdict, cleanup::Verdict::Protected);
        const QSet<QString> before = everything();

        const Report report = program.run(shown);
        for (const cleanup::Outcome &outcome : report.outcomes) {
            QCOMPARE(outcome.ending, Ending::Skipped);
            QCOMPARE(outcome.words, u"it is protected"_s);
        }
        QSignalSpy failed(&program.operations, &inventory::Operations::failed);
        QSignalSpy imageFailed(&program.operations, &inventory::Operations::imageFailed);
        program.operations.remove({container}, {true, false});
        program.operations.remove({holder}, {true, true}); // would take the protected volume along
        program.operations.run(inventory::Action::Stop, {fleeting}); // with --rm its end is its removal
        program.operations.run(inventory::Action::Kill, {fleeting});
        program.operations.removeImages({u"locked:1"_s});
        QTRY_COMPARE(failed.size(), 4);
        QTRY_COMPARE(imageFailed.size(), 1);
        for (const auto &failure : failed)
            QVERIFY(failure[3].value<core::Error>().message.contains(u"is protected. Choose Unprotect"_s));
        QCOMPARE(everything(), before);

        // The way out.
        program.protection.unprotect(Lockable::Container, {container});
        program.operations.remove({container}, {});
        QTRY_VERIFY(!program.inventory.container(container));
        program.operations.remove({holder}, {});
        QTRY_VERIFY(!program.inventory.container(holder));
        QVERIFY(everything().contains(u"volume "_s + inner));
    }

    void thePageOfImagesRemovesWhatItShowsAndNothingElse()
    {
        // Two images on one chain of the classic builder's steps, and a third one that shares its lower end.
        QVERIFY(build(u"one:1"_s, dockerfile("steps", 3), false));
        QVERIFY(build(u"two:1"_s, dockerfile("steps", 3) + "LABEL a=b\n", false));
        QVERIFY(build(u"three:1"_s, dockerfile("steps", 1) + "LABEL c=d\n", false));
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.has(u"one:1"_s) && program.has(u"two:1"_s) && program.has(u"three:1"_s));
        const QSet<QString> before = everything();
        QSignalSpy failed(&program.operations, &inventory::Operations::imageFailed);
        // Nothing but the name: without asking, the daemon would take what it is built on along.
        program.operations.removeImages({u"two:1"_s});
        QTRY_COMPARE(everything().size(), before.size() - 2);
        QVERIFY(!everything().contains(u"tag two:1"_s));

        const auto nodes = support::await(docker::imageNodes(program.engine));
        QVERIFY(nodes.ok());
        const docker::ImageTree tree(*nodes);
        QString one;
        for (const docker::ImageNode &node : *nodes) {
            if (node.repoTags.contains(u"one:1"_s))
                one = node.id;
        }
        const QStringList steps = tree.stepsOf({one}, {});
        QCOMPARE(steps.size(), 1); // the lower one is below three:1 too
        QSet<QString> left = everything();
        left -= QSet<QString>{u"tag one:1"_s, u"image "_s + one, u"image "_s + steps[0]};
        // Even if it is asked for what is needed: that stays.
        program.operations.removeImages({u"one:1"_s}, steps + QStringList{tree.node(steps[0])->parentId});
        QTRY_COMPARE(everything(), left);
        // A base along with what is built on it: all of it goes, whatever the order of the answers.
        QVERIFY(build(u"base:1"_s, dockerfile("base", 2), false));
        QVERIFY(build(u"child:1"_s, "FROM base:1\nENV A=1\nENV B=2\n", false));
        const auto with = support::await(docker::imageNodes(program.engine));
        QVERIFY(with.ok());
        QStringList both;
        for (const docker::ImageNode &node : *with) {
            if (node.repoTags.contains(u"base:1"_s) || node.repoTags.contains(u"child:1"_s))
                both.append(node.id);
        }
        program.operations.removeImages(
            {u"base:1"_s, u"child:1"_s}, docker::ImageTree(*with).goingWith(both, {}).mid(1));
        QTRY_COMPARE(everything(), left);
        QVERIFY(failed.isEmpty());
    }

    void namedVolumesAreTickedOneByOne()
    {
        const QString container = create({u"-v"_s, u"/data"_s, u"bb:1"_s, u"true"_s});
        const QString anonymous = anonymousName(container, *m_daemon);
        docker({u"rm"_s, container});
        docker({u"volume"_s, u"create"_s, u"datasets"_s});
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.has(u"datasets"_s) && program.has(anonymous));
        QTRY_COMPARE(program.model.rowCount(program.model.indexOf(Kind::UnusedVolume)), 2);
        QVERIFY(program.model.ticked().isEmpty());
        program.model.setData(program.model.indexOf(Kind::UnusedVolume), Qt::Checked, Qt::CheckStateRole);
        QCOMPARE(program.model.ticked().size(), 1);
        QCOMPARE(program.model.ticked().first().id, anonymous);
        const Report report = program.run(program.model.ticked());
        QCOMPARE(report.count(Ending::Removed), 1);
        QCOMPARE(docker({u"volume"_s, u"ls"_s, u"-q"_s}).text(), u"datasets"_s);
        // The same name, and another volume.
        const QList<Candidate> shown = program.named({u"datasets"_s});
        docker({u"volume"_s, u"rm"_s, u"datasets"_s});
        QTest::qWait(1100); // its age is known in seconds
        docker({u"volume"_s, u"create"_s, u"datasets"_s});
        const Report other = program.run(shown);
        QCOMPARE(other.outcomes[0].ending, Ending::Skipped);
        QCOMPARE(docker({u"volume"_s, u"ls"_s, u"-q"_s}).text(), u"datasets"_s);
    }

    void theBuildCacheRecordByRecord()
    {
        QVERIFY(build(u"cached:1"_s, dockerfile("cached", 3), true));
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.candidates.known());
        program.candidates.computeSizes();
        QTRY_VERIFY_WITH_TIMEOUT(program.candidates.sizesAt() > 0, 30000);
        const auto step = [&](int number) {
            for (const Candidate &item : program.candidates.list()) {
                if (item.kind == Kind::BuildCache && item.name.contains(u"/cached%1"_s.arg(number)))
                    return item;
            }
            return Candidate();
        };
        const Candidate first = step(0);
        const Candidate last = step(2);
        QVERIFY(!first.id.isEmpty() && !last.id.isEmpty());
        QSet<QString> expected = everything();
        // Others are built on it: the daemon keeps it, and so it is said.
        Report report = program.run({first});
        QCOMPARE(report.outcomes[0].ending, Ending::Skipped);
        QCOMPARE(everything(), expected);
        report = program.run({last});
        QCOMPARE(report.outcomes[0].ending, Ending::Removed);
        expected.remove(u"cache "_s + last.id);
        QCOMPARE(everything(), expected);
        // A part of an id, or what is none, matches nothing or is refused.
        for (const QString &id : {first.id.left(10), u""_s, u".*"_s, u"a|b"_s}) {
            bool answered = false;
            docker::removeCacheRecord(program.engine, id).then(this, [&](const core::Result<QStringList> &gone) {
                answered = true;
                QVERIFY(!gone || gone->isEmpty());
            });
            QTRY_VERIFY(answered);
        }
        QCOMPARE(everything(), expected);
        // All of a chain, ticked in whatever order.
        program.candidates.forget({last});
        report = program.run({first, step(1)});
        QCOMPARE(report.count(Ending::Removed), 2);
        QCOMPARE(docker({u"run"_s, u"--rm"_s, u"--network=host"_s, u"cached:1"_s, u"cat"_s, u"/cached2"_s}).text(),
            u"cached"_s);
    }

    void theDaemonDiesInTheMiddle()
    {
        QStringList names;
        for (int i = 0; i < 40; ++i) {
            names.append(u"c%1"_s.arg(i));
            create({u"--name"_s, names.last(), u"bb:1"_s, u"true"_s});
        }
        Program program(m_daemon->socketPath());
        QTRY_COMPARE(program.named(names).size(), 40);
        cleanup::CleanupJob job(program.engine, program.inventory, program.protection, program.named(names));
        const auto ended = reportOf(job);
        QSignalSpy finished(&job, &cleanup::CleanupJob::finished);
        connect(&job, &cleanup::CleanupJob::progressed, this, [this](int done) {
            if (done == 15)
                m_daemon->kill();
        });
        job.start();
        QVERIFY(finished.wait(30000));
        const Report report = *ended;
        QVERIFY(!report.trouble.isEmpty());
        QCOMPARE(report.outcomes.size(), 40);
        QVERIFY(report.count(Ending::Removed) >= 14);
        QVERIFY(report.count(Ending::Unknown) <= 1);
        QVERIFY(report.count(Ending::NotReached) >= 20);
        QVERIFY2(m_daemon->start(), qPrintable(m_daemon->failure()));
        const QSet<QString> left = everything();
        for (const cleanup::Outcome &outcome : report.outcomes) {
            if (outcome.ending == Ending::Removed)
                QVERIFY(!left.contains(u"container "_s + outcome.item.id));
            else if (outcome.ending == Ending::NotReached)
                QVERIFY(left.contains(u"container "_s + outcome.item.id));
        }
    }

    void cancelBetweenItems()
    {
        create({u"--name"_s, u"one"_s, u"bb:1"_s, u"true"_s});
        create({u"--name"_s, u"two"_s, u"bb:1"_s, u"true"_s});
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.has(u"one"_s) && program.has(u"two"_s));
        cleanup::CleanupJob job(
            program.engine, program.inventory, program.protection, program.named({u"one"_s, u"two"_s}));
        const auto ended = reportOf(job);
        QSignalSpy finished(&job, &cleanup::CleanupJob::finished);
        connect(&job, &cleanup::CleanupJob::progressed, &job, &cleanup::CleanupJob::abort);
        job.start();
        QVERIFY(finished.wait(20000));
        const Report report = *ended;
        QVERIFY(report.cancelled);
        QCOMPARE(report.outcomes[0].ending, Ending::Removed);
        QCOMPARE(report.outcomes[1].ending, Ending::NotReached);
        QCOMPARE(docker({u"ps"_s, u"-a"_s, u"--format"_s, u"{{.Names}}"_s}).text(), u"two"_s);
    }
};

QTEST_GUILESS_MAIN(CleanupTest)
#include "tst_cleanup.moc"
