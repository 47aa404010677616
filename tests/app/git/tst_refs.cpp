#include "git/refs.h"

#include "support/await.h"
#include "support/gitrig.h"

#include <QTest>

using namespace git;
using namespace Qt::StringLiterals;
using core::ErrorKind;
using support::await;

/** A clone with a server (another folder): main, a branch with odd letters, one only at the server, tags of all kinds.
 */
class TestRefs : public QObject
{
    Q_OBJECT

    const QString m_odd = u"feature/ä b'c"_s; // git forbids the blank
    GitRig m_rig;
    QString m_origin;
    QString m_clone;
    QString m_first;
    QString m_odder = u"feature/ä'c$(x)&\"!"_s;

    static const Ref *find(const Refs &refs, Ref::Kind kind, const QString &name)
    {
        for (const Ref &ref : refs.refs) {
            if (ref.kind == kind && ref.name == name)
                return &ref;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_origin = m_rig.repository(u"origin"_s);
        m_first = m_rig.hash(m_origin, u"HEAD"_s);
        m_rig.git(m_origin, {u"tag"_s, u"light"_s});
        m_rig.git(m_origin, {u"tag"_s, u"-a"_s, u"-m"_s, u"x"_s, u"v1.0"_s});
        m_rig.git(m_origin, {u"tag"_s, u"-a"_s, u"-m"_s, u"x"_s, u"nested"_s, u"v1.0"_s});
        m_rig.git(m_origin, {u"tag"_s, u"tree"_s, u"HEAD^{tree}"_s});
        m_rig.git(m_origin, {u"checkout"_s, u"-q"_s, u"-b"_s, m_odder});
        m_rig.commit(m_origin, u"a"_s, "1", u"Sübject \"with\" all"_s);
        m_rig.git(m_origin, {u"checkout"_s, u"-q"_s, u"-b"_s, u"remote-only"_s});
        m_rig.commit(m_origin, u"a"_s, "2", u"Newest"_s);
        m_rig.git(m_origin, {u"checkout"_s, u"-q"_s, u"main"_s});
        m_rig.git(m_rig.folder(QString()), {u"clone"_s, u"-q"_s, m_origin, u"clone"_s});
        m_clone = m_rig.folder(u"clone"_s);
        m_rig.git(m_clone, {u"branch"_s, u"-q"_s, m_odder, u"origin/"_s + m_odder});
    }

    void listsTheRefsOfAClone()
    {
        Git git(m_rig.environment());
        const auto refs = await(localRefs(git, m_clone));
        QVERIFY(refs.ok());
        QCOMPARE(refs->defaultBranch, u"main"_s);
        using enum Ref::Kind;
        const Ref &newest = refs->refs.first();
        QCOMPARE(int(newest.kind), int(RemoteBranch));
        QCOMPARE(newest.name, u"remote-only"_s);
        QCOMPARE(newest.remote, u"origin"_s);
        QCOMPARE(newest.commit, m_rig.hash(m_origin, u"remote-only"_s));
        QVERIFY(newest.summary
            == (CommitSummary{u"Newest"_s, u"Ada"_s, QDateTime::fromSecsSinceEpoch(1700000180, Qt::UTC)}));
        const Ref *odd = find(*refs, Branch, m_odder);
        QVERIFY(odd && odd->exact);
        QCOMPARE(odd->summary->subject, u"Sübject \"with\" all"_s);
        for (const QString &tag : {u"light"_s, u"v1.0"_s}) {
            const Ref *found = find(*refs, Tag, tag);
            QVERIFY(found);
            QCOMPARE(found->commit, m_first);
            QCOMPARE(found->summary->subject, u"First"_s);
        }
        QVERIFY(find(*refs, Tag, u"nested"_s));
        QVERIFY(!find(*refs, Tag, u"tree"_s));
        QVERIFY(!find(*refs, RemoteBranch, u"HEAD"_s));
        QCOMPARE(refs->refs.size(), 8); // main, the odd one, those two and remote-only of origin, three tags
    }

    void listsTheRefsOfAServer()
    {
        Git git(m_rig.environment());
        for (const QString &url : {m_origin, QString(u"file://"_s + m_origin)}) {
            const auto refs = await(remoteRefs(git, url));
            QVERIFY(refs.ok());
            QCOMPARE(refs->defaultBranch, u"main"_s);
            using enum Ref::Kind;
            for (const QString &branch : {u"main"_s, u"remote-only"_s, m_odder}) {
                const Ref *found = find(*refs, Branch, branch);
                QVERIFY(found && !found->summary);
                QCOMPARE(found->commit, m_rig.hash(m_origin, branch));
            }
            for (const QString &tag : {u"light"_s, u"v1.0"_s, u"nested"_s})
                QCOMPARE(find(*refs, Tag, tag)->commit, m_first);
        }
    }

    void resolvesToTheCommitOfNow_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("same");
        QTest::addColumn<bool>("remoteToo");
        QTest::newRow("branch") << u"main"_s << u"main"_s << true;
        QTest::newRow("odd") << m_odder << m_odder << true;
        QTest::newRow("only at the server") << u"remote-only"_s << u"remote-only"_s << true;
        QTest::newRow("annotated tag") << u"v1.0"_s << u"main"_s << true;
        QTest::newRow("tag of a tag") << u"nested"_s << u"main"_s << true;
        QTest::newRow("with the remote's name") << u"origin/remote-only"_s << u"remote-only"_s << false;
        QTest::newRow("short hash") << m_first.left(9) << u"main"_s << false;
        QTest::newRow("hash") << m_first << u"main"_s << true;
    }
    void resolvesToTheCommitOfNow()
    {
        QFETCH(QString, name);
        QFETCH(QString, same);
        QFETCH(bool, remoteToo);
        Git git(m_rig.environment());
        const auto local = await(resolveLocal(git, m_clone, name));
        QVERIFY2(local.ok(), local ? "" : qPrintable(local.error().message));
        QCOMPARE(*local, m_rig.hash(m_origin, same));
        const auto remote = await(resolveRemote(git, m_origin, name));
        QCOMPARE(remote.ok(), remoteToo);
        if (remoteToo)
            QCOMPARE(*remote, *local);
    }

    void takesTheBranchBeforeTheTag()
    {
        const QString repo = m_rig.repository(u"both"_s);
        m_rig.git(repo, {u"tag"_s, u"same"_s});
        m_rig.git(repo, {u"checkout"_s, u"-q"_s, u"-b"_s, u"same"_s});
        const QString branch = m_rig.commit(repo, u"b"_s, "1", u"Of the branch"_s);
        Git git(m_rig.environment());
        QCOMPARE(*await(resolveLocal(git, repo, u"same"_s)), branch);
        QCOMPARE(*await(resolveRemote(git, repo, u"same"_s)), branch);
    }

    void saysThatThereIsNoSuchRef()
    {
        Git git(m_rig.environment());
        for (const QString &name : {u"nope"_s, u"tree"_s, u"-f"_s, u"a b"_s, QString()}) {
            const auto local = await(resolveLocal(git, m_clone, name));
            QVERIFY(!local.ok());
            QCOMPARE(local.error().kind, ErrorKind::NotFound);
        }
        const auto remote = await(resolveRemote(git, m_origin, u"nope"_s));
        QCOMPARE(remote.error().kind, ErrorKind::NotFound);
        QVERIFY(remote.error().message.contains(u"nope"_s));
        QCOMPARE(*await(resolveRemote(git, m_origin, QString())), m_first);
        const auto folder = await(resolveLocal(git, m_rig.folder(QString()), u"main"_s));
        QVERIFY(folder.error().message.contains(u"working copy"_s));
    }

    void anEmptyServerHasNoBranch()
    {
        m_rig.git(m_rig.folder(QString()), {u"init"_s, u"-q"_s, u"--bare"_s, u"empty.git"_s});
        Git git(m_rig.environment());
        const QString url = m_rig.folder(u"empty.git"_s);
        QVERIFY(await(remoteRefs(git, url))->refs.isEmpty());
        QVERIFY(await(resolveRemote(git, url, QString())).error().message.contains(u"default branch"_s));
    }

    void judgesNamesAsGitDoes()
    {
        for (const QString &name : {u"main"_s, u"a/b"_s, m_odd, m_odder, u"-f"_s, u"a..b"_s, u"a~1"_s, u"x.lock"_s,
                 u"x.lock/y"_s, u"/a"_s, u"a/"_s, u"a//b"_s, u"a."_s, u".a"_s, u"a/.b"_s, u"a@{1}"_s, u"a:b"_s, u"a?"_s,
                 u"a*"_s, u"a[b"_s, u"a\\b"_s, u"a\tb"_s, u"日本"_s, u"@a"_s, u"#1"_s, u"a;b"_s}) {
            QProcess process;
            process.start(u"git"_s, {u"check-ref-format"_s, u"--branch"_s, name});
            QVERIFY(process.waitForFinished());
            QVERIFY2((process.exitCode() == 0) == refProblem(name).isEmpty(), qPrintable(name));
        }
    }
};

QTEST_GUILESS_MAIN(TestRefs)
#include "tst_refs.moc"
