#include "git/worktree.h"

#include "support/await.h"
#include "support/gitrig.h"

#include <QTest>

using namespace git;
using namespace Qt::StringLiterals;
using core::ErrorKind;
using support::await;

class TestWorktree : public QObject
{
    Q_OBJECT

    /** A repository with a worktree of main beside it. */
    struct Both
    {
        GitRig rig;
        Git git{rig.environment()};
        QString repo = rig.repository(u"r"_s);
        QString folder = rig.folder(u"run 1"_s);
        core::Result<Worktree> made = await(addWorktree(git, repo, u"main"_s, folder));

        core::Result<void> remove() { return await(removeWorktree(git, folder)); }
    };

private Q_SLOTS:
    void addsOneAtACommit()
    {
        Both both;
        QVERIFY(both.made.ok());
        QCOMPARE(both.made->commit, both.rig.hash(both.repo, u"main"_s));
        QCOMPARE(both.rig.hash(both.folder, u"HEAD"_s), both.made->commit);
        QVERIFY(QFile::exists(both.folder + u"/train.py"_s));
        // A second run of the same branch has its own, and stays where it is when the branch goes on.
        both.rig.commit(both.repo, u"train.py"_s, "2", u"Second"_s);
        const auto second = await(addWorktree(both.git, both.repo, u"main"_s, both.rig.folder(u"deep/run 2"_s)));
        QVERIFY(second.ok());
        QVERIFY(second->commit != both.made->commit);
        QCOMPARE(both.rig.hash(both.folder, u"HEAD"_s), both.made->commit);
        QVERIFY(both.remove().ok());
        QVERIFY(!QFile::exists(both.folder));
        QVERIFY(!both.rig.git(both.repo, {u"worktree"_s, u"list"_s}).contains("run 1"));
    }

    void overwritesNothing()
    {
        Both both;
        const auto again = await(addWorktree(both.git, both.repo, u"main"_s, both.folder));
        QCOMPARE(again.error().kind, ErrorKind::Conflict);
        QDir().mkdir(both.rig.folder(u"empty"_s));
        const auto empty = await(addWorktree(both.git, both.repo, u"main"_s, both.rig.folder(u"empty"_s)));
        QCOMPARE(empty.error().kind, ErrorKind::Conflict);
        QVERIFY(QFile::link(u"/nowhere"_s, both.rig.folder(u"link"_s)));
        const auto link = await(addWorktree(both.git, both.repo, u"main"_s, both.rig.folder(u"link"_s)));
        QCOMPARE(link.error().kind, ErrorKind::Conflict);
        const auto relative = await(addWorktree(both.git, both.repo, u"main"_s, u"x"_s));
        QCOMPARE(relative.error().kind, ErrorKind::Conflict);
    }

    void saysThatThereIsNoSuchRef()
    {
        Both both;
        const QString other = both.rig.folder(u"other"_s);
        const auto result = await(addWorktree(both.git, both.repo, u"nope"_s, other));
        QCOMPARE(result.error().kind, ErrorKind::NotFound);
        QVERIFY(!QFile::exists(other));
    }

    void keepsWhatWouldBeLost_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("kept");
        QTest::newRow("changed") << u"train.py"_s << true;
        QTest::newRow("unknown") << u"result.txt"_s << true;
        QTest::newRow("ignored checkpoint") << u"out/last.pt"_s << true;
        QTest::newRow("Python's cache") << u"lib/__pycache__/x.cpython-311.pyc"_s << false;
    }
    void keepsWhatWouldBeLost()
    {
        QFETCH(QString, file);
        QFETCH(bool, kept);
        Both both;
        both.rig.write(both.repo + u"/.git/info/exclude"_s, "out/\n*.pyc\n");
        both.rig.write(both.folder + u'/' + file, "precious");
        const auto result = both.remove();
        QCOMPARE(result.ok(), !kept);
        QCOMPARE(QFile::exists(both.folder + u'/' + file), kept);
        if (kept) {
            QCOMPARE(result.error().kind, ErrorKind::Conflict);
            QVERIFY2(result.error().message.contains(file), qPrintable(result.error().message));
        }
    }

    void keepsCommitsOnNoBranch()
    {
        Both both;
        const QString commit = both.rig.commit(both.folder, u"a"_s, "1", u"Only here"_s);
        QCOMPARE(both.remove().error().kind, ErrorKind::Conflict);
        QVERIFY(QFile::exists(both.folder));
        both.rig.git(both.repo, {u"branch"_s, u"kept"_s, commit});
        QVERIFY(both.remove().ok());
    }

    void neverRemovesTheWorkingCopyItself()
    {
        Both both;
        const auto result = await(removeWorktree(both.git, both.repo));
        QCOMPARE(result.error().kind, ErrorKind::Conflict);
        QVERIFY(QFile::exists(both.repo + u"/train.py"_s));
        QVERIFY(!await(removeWorktree(both.git, both.rig.folder(QString()))).ok());
    }
};

QTEST_GUILESS_MAIN(TestWorktree)
#include "tst_worktree.moc"
