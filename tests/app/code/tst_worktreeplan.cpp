#include "code/worktreeplan.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace recipe;

/** A run that gets a worktree of its own. */
class TestWorktreePlan : public QObject
{
    Q_OBJECT
private:
    static git::Repository repository()
    {
        git::Repository repository;
        repository.root = u"/home/me/ws/repo"_s;
        repository.branch = u"main"_s;
        return repository;
    }

private Q_SLOTS:
    void namesTheFolderAfterTheRun()
    {
        RunConfig config;
        QCOMPARE(code::worktreeFolder(repository(), config, {}), u"/home/me/ws/repo-worktrees/main"_s);
        config.code.checkout = u"feature/new loader"_s;
        QCOMPARE(code::worktreeFolder(repository(), config, {}), u"/home/me/ws/repo-worktrees/feature-new-loader"_s);
        config.name = u"resnet-7"_s;
        QCOMPARE(code::worktreeFolder(repository(), config, {u"resnet-7"_s, u"resnet-7-2"_s}),
            u"/home/me/ws/repo-worktrees/resnet-7-3"_s);
        config.name = u"../.."_s;
        QCOMPARE(code::worktreeFolder(repository(), config, {}), u"/home/me/ws/repo-worktrees/run"_s);
    }

    void replacesTheMountOrHidesItsPart_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QStringList>("mounts");
        QTest::newRow("itself") << u"/home/me/ws/repo"_s << u"/code"_s << u"/code"_s << QStringList{u"/tree:/code"_s};
        QTest::newRow("itself, in a folder of it")
            << u"/home/me/ws/repo"_s << u"/code"_s << u"/code/src"_s << QStringList{u"/tree:/code"_s};
        QTest::newRow("above it") << u"/home/me/ws"_s << u"/w"_s << u"/w/repo"_s
                                  << QStringList{u"/home/me/ws:/w"_s, u"/tree:/w/repo"_s};
        QTest::newRow("a part of it") << u"/home/me/ws/repo/src"_s << u"/w"_s << u"/w"_s
                                      << QStringList{u"/tree/src:/w"_s};
    }
    void replacesTheMountOrHidesItsPart()
    {
        QFETCH(QString, source);
        QFETCH(QString, target);
        QFETCH(QString, folder);
        QFETCH(QStringList, mounts);
        RunConfig config;
        config.mounts = {{source, target, false, false, {}}};
        config.code.folder = folder;
        config.code.checkout = u"dev"_s;
        const RunConfig own = code::fromWorktree(config, repository(), u"/tree"_s);
        QCOMPARE(own.code, CodeStep());
        QCOMPARE(own.workingDir, folder);
        QStringList is;
        for (const Mount &mount : own.mounts)
            is += u"%1:%2"_s.arg(mount.source, mount.target);
        QCOMPARE(is, mounts);
    }
};

QTEST_GUILESS_MAIN(TestWorktreePlan)
#include "tst_worktreeplan.moc"
