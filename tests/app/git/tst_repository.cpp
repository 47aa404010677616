#include "git/repository.h"

#include "support/await.h"
#include "support/gitrig.h"

#include <QTest>
#include <unistd.h>

using namespace git;
using namespace Qt::StringLiterals;
using core::ErrorKind;
using support::await;

class TestRepository : public QObject
{
    Q_OBJECT

    static Repository facts(const GitRig &rig, const QString &folder)
    {
        Git git(rig.environment());
        const auto result = await(readRepository(git, folder));
        if (!result)
            qWarning("%s", qPrintable(result.error().message));
        return result ? *result : Repository();
    }

private Q_SLOTS:
    void readsACleanClone()
    {
        GitRig rig;
        const QString origin = rig.repository(u"origin"_s);
        rig.git(rig.folder(QString()), {u"clone"_s, u"-q"_s, origin, u"a\nb ä"_s});
        const QString clone = rig.folder(u"a\nb ä"_s);
        QDir(clone).mkdir(u"sub"_s);
        Repository wanted;
        wanted.root = clone;
        wanted.branch = u"main"_s;
        wanted.commit = rig.hash(origin, u"main"_s);
        wanted.upstream = Upstream{u"origin/main"_s, 0, 0};
        wanted.remotes = {{u"origin"_s, origin}};
        QVERIFY(facts(rig, clone) == wanted);
        QVERIFY(facts(rig, clone + u"/sub"_s) == wanted);
        QVERIFY(facts(rig, clone).changes.clean());
        QCOMPARE(facts(rig, clone).mainRemote()->url, origin);
    }

    void countsChangesWithAnyBytesInNames()
    {
        GitRig rig;
        const QString repo = rig.repository(u"r"_s);
        rig.commit(repo, u"old name"_s, QByteArray(200, 'x'), u"More"_s);
        rig.commit(repo, u"gone"_s, "y", u"Gone"_s);
        rig.git(repo, {u"mv"_s, u"old name"_s, u"new \"näme\"\n"_s});
        QFile::remove(repo + u"/gone"_s);
        rig.write(repo + u"/train.py"_s, "changed");
        for (int i = 0; i < 7; ++i)
            rig.write(repo + u"/untracked %1"_s.arg(i), "z");
        rig.write(repo + u"/folder/deep"_s, "z");
        rig.write(repo + u"/x.log"_s, "ignored");
        rig.write(repo + u"/.git/info/exclude"_s, "*.log\n");
        const QByteArray latin = QFile::encodeName(repo) + "/\xe4\xff";
        FILE *made = fopen(latin.constData(), "w");
        QVERIFY(made);
        fclose(made);
        const Changes changes = facts(rig, repo).changes;
        QCOMPARE(changes.tracked, 3);
        QCOMPARE(changes.trackedNames, QStringList({u"gone"_s, u"new \"näme\"\n"_s, u"train.py"_s}));
        QCOMPARE(changes.untracked, 9);
        QCOMPARE(changes.untrackedNames.size(), Changes::most);
        QVERIFY(changes.untrackedNames.contains(u"folder/"_s));
    }

    void readsConflicts()
    {
        GitRig rig;
        const QString repo = rig.repository(u"r"_s);
        rig.git(repo, {u"checkout"_s, u"-q"_s, u"-b"_s, u"other"_s});
        rig.commit(repo, u"train.py"_s, "other", u"Other"_s);
        rig.git(repo, {u"checkout"_s, u"-q"_s, u"main"_s});
        rig.commit(repo, u"train.py"_s, "mine", u"Mine"_s);
        rig.run(u"sh"_s, {u"-c"_s, u"! git merge -q other"_s}, repo);
        const Changes changes = facts(rig, repo).changes;
        QCOMPARE(changes.tracked, 1);
        QCOMPARE(changes.trackedNames, QStringList(u"train.py"_s));
    }

    void countsAheadAndBehind()
    {
        GitRig rig;
        const QString origin = rig.repository(u"origin"_s);
        rig.git(rig.folder(QString()), {u"clone"_s, u"-q"_s, origin, u"c"_s});
        const QString clone = rig.folder(u"c"_s);
        rig.commit(origin, u"a"_s, "1", u"Theirs"_s);
        rig.commit(clone, u"b"_s, "1", u"Mine"_s);
        rig.commit(clone, u"b"_s, "2", u"Mine again"_s);
        rig.git(clone, {u"fetch"_s, u"-q"_s});
        QVERIFY(facts(rig, clone).upstream == (Upstream{u"origin/main"_s, 2, 1}));
        rig.git(clone, {u"update-ref"_s, u"-d"_s, u"refs/remotes/origin/main"_s});
        QVERIFY(!facts(rig, clone).upstream);
    }

    void readsDetachedShallowBareAndEmpty()
    {
        GitRig rig;
        const QString repo = rig.repository(u"r"_s);
        rig.commit(repo, u"a"_s, "1", u"Second"_s);
        const QString top = rig.folder(QString());
        rig.git(top, {u"clone"_s, u"-q"_s, u"--depth"_s, u"1"_s, u"file://"_s + repo, u"shallow"_s});
        const Repository shallow = facts(rig, rig.folder(u"shallow"_s));
        QVERIFY(shallow.shallow && !shallow.bare && !shallow.detached());

        rig.git(repo, {u"checkout"_s, u"-q"_s, u"--detach"_s, u"HEAD~1"_s});
        const Repository detached = facts(rig, repo);
        QVERIFY(detached.detached() && !detached.shallow && !detached.upstream);
        QCOMPARE(detached.commit, rig.hash(repo, u"main~1"_s));

        rig.git(top, {u"clone"_s, u"-q"_s, u"--bare"_s, repo, u"bare.git"_s});
        const Repository bare = facts(rig, rig.folder(u"bare.git"_s));
        QVERIFY(bare.bare);
        QCOMPARE(bare.root, rig.folder(u"bare.git"_s));

        rig.git(top, {u"init"_s, u"-q"_s, u"empty"_s});
        const Repository empty = facts(rig, rig.folder(u"empty"_s));
        QCOMPARE(empty.branch, u"main"_s);
        QCOMPARE(empty.commit, QString());
    }

    void namesSubmodules()
    {
        GitRig rig;
        const QString part = rig.repository(u"part"_s);
        const QString repo = rig.repository(u"r"_s);
        rig.git(repo, {u"submodule"_s, u"-q"_s, u"add"_s, part, u"lib/ä b"_s});
        rig.git(repo, {u"commit"_s, u"-q"_s, u"-m"_s, u"Part"_s});
        QCOMPARE(facts(rig, repo).submodules, QStringList(u"lib/ä b"_s));
        QCOMPARE(facts(rig, repo).emptySubmodules, QStringList());
        rig.git(rig.folder(QString()), {u"clone"_s, u"-q"_s, repo, u"c"_s});
        QCOMPARE(facts(rig, rig.folder(u"c"_s)).submodules, QStringList(u"lib/ä b"_s));
        QCOMPARE(facts(rig, rig.folder(u"c"_s)).emptySubmodules, QStringList(u"lib/ä b"_s));
    }

    void readsRemotes()
    {
        GitRig rig;
        const QString repo = rig.repository(u"r"_s);
        QVERIFY(!facts(rig, repo).mainRemote());
        rig.git(repo, {u"remote"_s, u"add"_s, u"my.fork"_s, u"git@host:me/r.git"_s});
        QCOMPARE(facts(rig, repo).mainRemote()->name, u"my.fork"_s);
        rig.git(repo, {u"remote"_s, u"add"_s, u"second"_s, u"/srv/r"_s});
        QVERIFY(!facts(rig, repo).mainRemote());
        QVERIFY(facts(rig, repo).remotes
            == (QList<Remote>{{u"my.fork"_s, u"git@host:me/r.git"_s}, {u"second"_s, u"/srv/r"_s}}));
    }

    void saysWhyItIsNone()
    {
        GitRig rig;
        Git git(rig.environment());
        rig.write(rig.folder(u"plain/file"_s), "x");
        const auto plain = await(readRepository(git, rig.folder(u"plain"_s)));
        QCOMPARE(plain.error().kind, ErrorKind::NotFound);
        QVERIFY(plain.error().message.contains(u"no git working copy"_s));
        const QString repo = rig.repository(u"r"_s);
        const auto inner = await(readRepository(git, repo + u"/.git"_s));
        QCOMPARE(inner.error().kind, ErrorKind::NotFound);
        QVERIFY(inner.error().message.contains(u"folder above"_s));
    }

    void saysWhoseItIs()
    {
        if (::geteuid() != 0)
            QSKIP("only root can give a folder to somebody else");
        GitRig rig;
        const QString repo = rig.repository(u"r"_s);
        rig.run(u"chown"_s, {u"-R"_s, u"12345"_s, repo}, u"/"_s);
        Git git(rig.environment());
        const auto result = await(readRepository(git, repo));
        QCOMPARE(result.error().kind, ErrorKind::Denied);
        QVERIFY2(result.error().message.contains(repo), qPrintable(result.error().message));
        QVERIFY(result.error().message.contains(u"safe.directory"_s));
    }
};

QTEST_GUILESS_MAIN(TestRepository)
#include "tst_repository.moc"
