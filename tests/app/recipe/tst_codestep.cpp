#include "recipe/startcommand.h"
#include "support/gitrig.h"

#include <QTest>

using namespace recipe;
using namespace Qt::StringLiterals;
using Update = CodeStep::Update;
using Source = CodeStep::Source;

/** The start command in a real shell, with the real git, on a working copy whose server has gone on since its clone. */
class TestCodeStep : public QObject
{
    Q_OBJECT

    /** One server and one clone. In the folder's name lies what a shell must not read. */
    struct Place
    {
        GitRig rig;
        QString origin = rig.repository(u"origin"_s);
        QString odd = u"feature/ä'c$(x)"_s;
        QString clone = rig.folder(u"a b'c $(touch x)"_s);
        QString fresh = rig.folder(u"deep/fresh \"one\""_s);
        QString oldMain = rig.hash(origin, u"main"_s);

        Place()
        {
            rig.git(origin, {u"tag"_s, u"-a"_s, u"-m"_s, u"x"_s, u"v1"_s});
            rig.git(rig.folder(QString()), {u"clone"_s, u"-q"_s, origin, clone});
            rig.commit(origin, u"train.py"_s, "2", u"Second"_s);
            rig.git(origin, {u"checkout"_s, u"-q"_s, u"-b"_s, odd});
            rig.commit(origin, u"train.py"_s, "3", u"Third"_s);
            rig.git(origin, {u"checkout"_s, u"-q"_s, u"main"_s});
        }
        /** The commit at which the script ran; empty when it did not. */
        QString ranAt(const CodeStep &code)
        {
            const QString witness = rig.folder(u"witness"_s);
            QFile::remove(witness);
            RunConfig config;
            config.code = code;
            config.useShell = true;
            config.script = u"git rev-parse HEAD > '%1'; true"_s.arg(witness);
            QStringList words = startCommand(config);
            QProcess shell;
            shell.setProcessEnvironment(rig.environment());
            shell.setWorkingDirectory(rig.folder(QString()));
            shell.start(words.takeFirst(), words);
            if (!shell.waitForFinished())
                return u"it never ended"_s;
            QFile file(witness);
            const bool ran = file.open(QIODevice::ReadOnly);
            if (ran != (shell.exitCode() == 0))
                return u"exit code %1"_s.arg(shell.exitCode());
            return QString::fromLatin1(file.readAll()).trimmed();
        }
    };

private Q_SLOTS:
    void present_data()
    {
        QTest::addColumn<int>("update");
        QTest::addColumn<QString>("checkout");
        QTest::addColumn<QString>("at"); // a ref of the server, or "old" or nothing
        const auto row = [](const char *name, Update update, const QString &checkout, const QString &at) {
            QTest::newRow(name) << int(update) << checkout << at;
        };
        const QString odd = u"feature/ä'c$(x)"_s;
        row("as it is", Update::None, {}, u"v1"_s);
        row("a tag", Update::None, u"v1"_s, u"v1"_s);
        row("no update, a new branch", Update::None, odd, {});
        row("pull", Update::Pull, {}, u"main"_s);
        row("pull, the branch", Update::Pull, u"main"_s, u"main"_s);
        row("pull, a new branch", Update::Pull, odd, odd);
        row("pull, a tag", Update::Pull, u"v1"_s, u"v1"_s);
        row("fetch", Update::Fetch, {}, u"v1"_s);
        row("fetch, a new branch", Update::Fetch, odd, odd);
        row("fetch, a branch that is there", Update::Fetch, u"main"_s, u"v1"_s);
        row("fetch, no such branch", Update::Fetch, u"nope"_s, {});
    }
    void present()
    {
        QFETCH(int, update);
        QFETCH(QString, checkout);
        QFETCH(QString, at);
        Place place;
        const QString wanted = at.isEmpty() ? QString() : place.rig.hash(place.origin, at);
        QCOMPARE(place.ranAt({place.clone, Update(update), checkout, {}, {}, {}}), wanted);
        QVERIFY(!QFile::exists(place.rig.folder(u"x"_s)));
    }

    void pinned()
    {
        Place place;
        const QString commit = place.rig.hash(place.origin, place.odd);
        CodeStep code{place.clone, Update::Pull, place.odd, {}, {}, {}};
        pin(code, commit);
        place.rig.git(place.origin, {u"checkout"_s, u"-q"_s, place.odd});
        place.rig.commit(place.origin, u"train.py"_s, "4", u"Later"_s);
        QCOMPARE(place.ranAt(code), commit);
        QCOMPARE(place.ranAt(code), commit); // again, now from no branch
        code.update = Update::Pull;
        QCOMPARE(place.ranAt(code), QString()); // why pin() makes it a fetch
        code.update = Update::None;
        QCOMPARE(place.ranAt(code), commit);
    }

    void cloned_data()
    {
        QTest::addColumn<QString>("checkout");
        QTest::addColumn<QString>("at");
        QTest::newRow("default branch") << QString() << u"main"_s;
        QTest::newRow("branch") << u"feature/ä'c$(x)"_s << u"feature/ä'c$(x)"_s;
        QTest::newRow("tag") << u"v1"_s << u"v1"_s;
        QTest::newRow("none") << u"nope"_s << QString();
    }
    void cloned()
    {
        QFETCH(QString, checkout);
        QFETCH(QString, at);
        Place place;
        const QString wanted = at.isEmpty() ? QString() : place.rig.hash(place.origin, at);
        for (const Update update : {Update::None, Update::Pull, Update::Fetch}) { // of no meaning here
            const CodeStep code{place.fresh + u" %1"_s.arg(int(update)), update, checkout, {}, Source::Clone,
                u"file://"_s + place.origin};
            QCOMPARE(place.ranAt(code), wanted);
        }
    }

    void clonedAndPinned()
    {
        Place place;
        CodeStep code{place.fresh, Update::None, u"main"_s, place.oldMain, Source::Clone, place.origin};
        QCOMPARE(place.ranAt(code), place.oldMain);
        QCOMPARE(place.ranAt(code), QString()); // the folder is there now: nothing is run on what is in it
    }
};

QTEST_GUILESS_MAIN(TestCodeStep)
#include "tst_codestep.moc"
