#include "launch/codechecks.h"

#include <QTest>

using namespace launch;
using namespace recipe;
using namespace Qt::StringLiterals;
using Update = CodeStep::Update;

class TestCodeChecks : public QObject
{
    Q_OBJECT

    static RunConfig cloned(const QString &url)
    {
        RunConfig c;
        c.command = QStringList(u"x"_s);
        c.code = {u"/w/repo"_s, Update::None, u"main"_s, {}, CodeStep::Source::Clone, url};
        return c;
    }
    static RunConfig present(Update update, const QString &checkout, const QString &commit = {})
    {
        RunConfig c;
        c.command = QStringList(u"x"_s);
        c.code = {u"/w/repo"_s, update, checkout, commit, {}, {}};
        return c;
    }
    static QList<Problem> problems(const RunConfig &config, const CheckContext &context = {})
    {
        ProblemList list;
        checkCode(config, context, list);
        return list.all();
    }
    /** "E field" or "W field" of each problem, in order. */
    static QStringList found(const RunConfig &config, const CheckContext &context = {})
    {
        QStringList list;
        for (const Problem &problem : problems(config, context))
            list += (problem.severity == Problem::Severity::Error ? u"E "_s : u"W "_s) + problem.field;
        return list;
    }

private Q_SLOTS:
    void judgesClones()
    {
        const QString good = u"https://github.com/a/b.git"_s;
        QCOMPARE(found(cloned(good)), QStringList());
        QCOMPARE(found(cloned({})), QStringList(u"E code.url"_s));
        QCOMPARE(found(cloned(u"--upload-pack=x"_s)), QStringList(u"E code.url"_s));
        QCOMPARE(found(cloned(u"https://me:secret@h.org/a"_s)), QStringList(u"E code.url"_s));
        RunConfig ssh = cloned(u"git@github.com:a/b.git"_s);
        QCOMPARE(found(ssh), QStringList(u"W code.url"_s));
        QVERIFY(problems(ssh).first().text.contains(good));
        ssh.mounts = {{u"/home/me/.ssh"_s, u"/root/.ssh"_s, true, false, {}}};
        QCOMPARE(found(ssh), QStringList());
        RunConfig again = cloned(good);
        again.restart = u"unless-stopped"_s;
        QCOMPARE(found(again), QStringList(u"W code.source"_s));
        RunConfig mounted = cloned(good);
        mounted.mounts = {{u"/home/me"_s, u"/w"_s, false, false, {}}};
        CheckContext context;
        context.hostFolder = [](const QString &path) { return HostFolder{path == u"/home/me/repo"_s, 0, 0, 0755}; };
        QCOMPARE(found(mounted, context), QStringList(u"W code.folder"_s));
        context.hostFolder = [](const QString &) { return HostFolder(); };
        QCOMPARE(found(mounted, context), QStringList());
    }

    void judgesWhatIsCheckedOut()
    {
        const QString commit(40, u'a');
        QCOMPARE(found(present(Update::Pull, u"main"_s)), QStringList());
        QCOMPARE(found(present(Update::None, {})), QStringList());
        QCOMPARE(found(present(Update::Fetch, u"main"_s, commit)), QStringList());
        QCOMPARE(found(present(Update::Pull, u"main"_s, commit)), QStringList(u"W code.update"_s));
        QVERIFY(problems(present(Update::Pull, u"main"_s, commit)).first().text.contains(u"fetch instead"_s));
        QCOMPARE(found(present(Update::Fetch, {})), QStringList(u"W code.update"_s));
        QCOMPARE(found(present(Update::Fetch, u"main"_s)), QStringList(u"W code.update"_s));
        QCOMPARE(found(present(Update::Fetch, u"v1.0"_s)), QStringList());
        QCOMPARE(found(present(Update::Fetch, u"0123abc"_s)), QStringList());
        QCOMPARE(found(present(Update::None, u"main"_s, u"0123abc"_s)), QStringList(u"E code.commit"_s));
        QCOMPARE(found(present(Update::Pull, u"-f"_s)), QStringList(u"E code.checkout"_s));
        RunConfig pinnedClone = cloned(u"https://h.org/a"_s);
        pinnedClone.code.update = Update::Pull; // means nothing there
        pinnedClone.code.commit = commit;
        QCOMPARE(found(pinnedClone), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestCodeChecks)
#include "tst_codechecks.moc"
