#include "code/commitfinder.h"

#include "support/await.h"
#include "support/gitrig.h"

#include <QTest>

using namespace Qt::StringLiterals;
using code::CommitFinder;
using recipe::CodeStep;
using recipe::RunConfig;
using support::await;
using Update = CodeStep::Update;

/** Which commit a launch will run, in real repositories. */
class TestCommitFinder : public QObject
{
    Q_OBJECT
private:
    struct Bench
    {
        GitRig rig;
        QString server = rig.repository(u"server"_s);
        QString first = rig.hash(server, u"HEAD"_s);
        QString copy;

        Bench()
        {
            rig.git(server, {u"branch"_s, u"dev"_s});
            rig.git(rig.folder({}), {u"clone"_s, u"-q"_s, server, u"copy"_s});
            copy = rig.folder(u"copy"_s);
        }
        RunConfig config(Update update, const QString &checkout = {}) const
        {
            RunConfig config;
            config.mounts = {{rig.folder({}), u"/w"_s, false, false, {}}};
            config.code.folder = u"/w/copy"_s;
            config.code.update = update;
            config.code.checkout = checkout;
            return config;
        }
        /** The hash; empty: nobody knows. */
        QString found(const RunConfig &config, bool local = true) const
        {
            CommitFinder finder(rig.environment(), local);
            const auto commits = await(finder.find(config));
            if (!commits || commits->isEmpty())
                return {};
            return commits->first().folder == "/w/copy"_L1 ? commits->first().hash : u"in "_s + commits->first().folder;
        }
    };

private Q_SLOTS:
    void knowsWhatAPullBrings()
    {
        Bench bench;
        QCOMPARE(bench.found(bench.config(Update::Pull)), bench.first);
        const QString second = bench.rig.commit(bench.server, u"train.py"_s, "2", u"Second"_s);
        QCOMPARE(bench.found(bench.config(Update::Pull)), second);
        QCOMPARE(bench.found(bench.config(Update::Pull, u"main"_s)), second);
        QCOMPARE(bench.found(bench.config(Update::None)), bench.first);
        QCOMPARE(bench.found(bench.config(Update::Fetch)), bench.first);
        QCOMPARE(bench.found(bench.config(Update::Pull), false), QString()); // another machine's folder
        // Own commits and new ones there: the merge is yet to be made.
        bench.rig.commit(bench.copy, u"mine.py"_s, "1", u"Mine"_s);
        QCOMPARE(bench.found(bench.config(Update::Pull)), QString());
        bench.rig.git(bench.copy, {u"pull"_s, u"-q"_s, u"--no-rebase"_s, u"--no-edit"_s});
        QCOMPARE(bench.found(bench.config(Update::Pull)), bench.rig.hash(bench.copy, u"HEAD"_s));
    }

    void tellsOfUncommittedChanges()
    {
        Bench bench;
        const auto changed = [&bench](const RunConfig &config) {
            CommitFinder finder(bench.rig.environment(), true);
            const auto commits = await(finder.find(config));
            return commits ? int(commits->first().changed) : -1;
        };
        QCOMPARE(changed(bench.config(Update::None)), 0);
        RunConfig pinned = bench.config(Update::Fetch, u"main"_s);
        pinned.code.commit = bench.first;
        QCOMPARE(changed(pinned), 0);
        QFile file(bench.copy + u"/new.py"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QCOMPARE(changed(bench.config(Update::None)), 1);
        QCOMPARE(changed(pinned), 1);
        QCOMPARE(bench.found(pinned), bench.first);
        QCOMPARE(bench.found(pinned, false), bench.first); // of another machine's folder the pin is all that is known
        pinned.mounts[0].source = bench.rig.folder(u"gone"_s);
        QCOMPARE(changed(pinned), 0);
        QCOMPARE(bench.found(pinned), bench.first);
    }

    void knowsWhatIsCheckedOut()
    {
        Bench bench;
        bench.rig.git(bench.server, {u"checkout"_s, u"-q"_s, u"dev"_s});
        const QString dev = bench.rig.commit(bench.server, u"train.py"_s, "dev", u"Dev"_s);
        // Only the server has the branch: it is fetched first.
        QCOMPARE(bench.found(bench.config(Update::Pull, u"dev"_s)), dev);
        QCOMPARE(bench.found(bench.config(Update::Fetch, u"dev"_s)), dev);
        QCOMPARE(bench.found(bench.config(Update::None, u"dev"_s)), bench.first);
        // A branch that is here does not move.
        bench.rig.git(bench.copy, {u"branch"_s, u"dev"_s, u"main"_s});
        QCOMPARE(bench.found(bench.config(Update::Pull, u"dev"_s)), bench.first);
        QCOMPARE(bench.found(bench.config(Update::Pull, u"nope"_s)), QString());
        QCOMPARE(bench.found(bench.config(Update::Fetch, dev)), dev);
        QCOMPARE(bench.found(bench.config(Update::None, bench.first.left(8))), bench.first);
    }

    void knowsWhatIsCloned()
    {
        Bench bench;
        RunConfig config = bench.config(Update::None);
        config.code.source = CodeStep::Source::Clone;
        config.code.url = u"file://"_s + bench.server;
        QCOMPARE(bench.found(config, false), bench.first);
        config.code.checkout = u"nope"_s;
        QCOMPARE(bench.found(config, false), QString());
        config.code.url = bench.rig.folder(u"gone"_s);
        QCOMPARE(bench.found(config, false), QString());
    }

    void knowsTheFolderTheCommandStartsIn()
    {
        Bench bench;
        RunConfig config = bench.config(Update::Pull);
        config.code = {};
        QCOMPARE(bench.found(config), QString());
        config.workingDir = u"/w/copy"_s;
        QCOMPARE(bench.found(config), bench.first);
        config.workingDir = u"/w"_s; // no repository
        QCOMPARE(bench.found(config), QString());
    }
};

QTEST_GUILESS_MAIN(TestCommitFinder)
#include "tst_commitfinder.moc"
