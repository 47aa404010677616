#include "code/codelook.h"

#include "code/words.h"
#include "support/await.h"
#include "support/gitrig.h"

#include <QTest>

using namespace Qt::StringLiterals;
using code::CodeLook;
using recipe::CodeStep;
using support::await;

/** Looking at real repositories. */
class TestCodeLook : public QObject
{
    Q_OBJECT
private:
    static CodeStep step(const QString &checkout)
    {
        CodeStep step;
        step.folder = u"/code"_s;
        step.checkout = checkout;
        return step;
    }

private Q_SLOTS:
    void tellsOfAWorkingCopy()
    {
        GitRig rig;
        const QString repo = rig.repository(u"r"_s);
        rig.write(repo + u"/train.py"_s, "changed");
        rig.write(repo + u"/slipway.json"_s, "{\"version\": ");
        QDir().mkpath(repo + u"-worktrees/main"_s);
        CodeLook look(rig.environment());
        look.setFolder(repo);
        QVERIFY(look.workingCopy().looking);
        QTRY_VERIFY(!look.workingCopy().looking);
        QVERIFY(look.workingCopy().repository);
        QCOMPARE(code::stateText(*look.workingCopy().repository),
            u"Branch main, 1 uncommitted change (train.py), 1 file git does not know (slipway.json)."_s);
        QCOMPARE(look.refs().refs.size(), 1);
        QVERIFY(look.workingCopy().worktrees.contains(u"main"_s));
        QVERIFY(look.workingCopy().brought && !look.workingCopy().brought->readable());
        QCOMPARE(*await(look.commitOf(step({}))), rig.hash(repo, u"HEAD"_s));
        QCOMPARE(await(look.commitOf(step(u"nope"_s))).error().kind, core::ErrorKind::NotFound);
        QCOMPARE(code::pinText(u"main"_s, rig.hash(repo, u"HEAD"_s), look.refs(), 1700000060 + 7200),
            u"main at %1 (First, 2 h ago)"_s.arg(rig.hash(repo, u"HEAD"_s).left(7)));
    }

    void saysWhyThereIsNone()
    {
        GitRig rig;
        CodeLook look(rig.environment());
        look.setFolder(rig.folder({}));
        QTRY_VERIFY(!look.workingCopy().looking);
        QVERIFY(!look.workingCopy().repository);
        QVERIFY(!look.workingCopy().trouble.isEmpty());
        look.setFolder({});
        QVERIFY(look.workingCopy().trouble.isEmpty());
        QVERIFY(!await(look.commitOf(step(u"main"_s))).ok());
    }

    void theLastFolderCounts()
    {
        GitRig rig;
        const QString one = rig.repository(u"one"_s);
        const QString two = rig.repository(u"two"_s);
        CodeLook look(rig.environment());
        look.setFolder(one);
        look.lookAgain();
        look.setFolder(two);
        QTRY_VERIFY(!look.workingCopy().looking);
        QCOMPARE(look.workingCopy().repository->root, two);
    }

    void asksAServerWhatTheCloneDoesNotKnowYet()
    {
        GitRig rig;
        const QString origin = rig.repository(u"origin"_s);
        rig.git(rig.folder({}), {u"clone"_s, u"-q"_s, origin, u"clone"_s});
        const QString old = rig.hash(origin, u"main"_s);
        const QString fresh = rig.commit(origin, u"train.py"_s, "2", u"Second"_s);
        rig.git(origin, {u"branch"_s, u"same"_s, old});
        CodeLook look(rig.environment());
        look.setFolder(rig.folder(u"clone"_s));
        QTRY_VERIFY(!look.workingCopy().looking);
        QCOMPARE(*await(look.commitOf(step(u"main"_s))), old);
        look.askServer(look.workingCopy().repository->mainRemote()->url);
        QTRY_VERIFY(look.server().refs);
        QCOMPARE(*await(look.commitOf(step(u"main"_s))), fresh);
        // Without an update only what lies there can be checked out.
        CodeStep still = step(u"main"_s);
        still.update = CodeStep::Update::None;
        QCOMPARE(*await(look.commitOf(still)), old);
        const auto refs = look.refs().refs;
        const auto same = std::ranges::find(refs, u"same"_s, &git::Ref::name);
        QVERIFY(same != refs.end() && same->summary);
        QCOMPARE(same->summary->subject, u"First"_s);
    }

    void aServerThatFailsSaysWhy()
    {
        GitRig rig;
        CodeLook look(rig.environment());
        look.askServer(rig.folder(u"nowhere"_s));
        QTRY_VERIFY(!look.server().asking);
        QVERIFY(!look.server().trouble.isEmpty());
        look.keepServer(u"https://example.org/other.git"_s);
        QVERIFY(look.server().trouble.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCodeLook)
#include "tst_codelook.moc"
