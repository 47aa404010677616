#include "dockerline/pastedline.h"

#include <QElapsedTimer>
#include <QTest>

using namespace dockerline;
using namespace recipe;
using namespace Qt::StringLiterals;

/** A pasted text: read whole, read up to its first fault, waiting for the variables nobody has set. */
class PastedLineTest : public QObject
{
    Q_OBJECT
private:
    static ShellContext here()
    {
        ShellContext context;
        context.environment = {};
        context.environment.insert(u"HOME"_s, u"/home/me"_s);
        context.folder = u"/home/me/work"_s;
        return context;
    }
    static PastedLine read(const QString &text, const QMap<QString, QString> &values = {})
    {
        return readPastedLine(text, values, here());
    }
    static QStringList told(const PastedLine &line, Part part)
    {
        for (const PartWords &words : line.understood) {
            if (words.part == part)
                return words.words;
        }
        return {};
    }

private Q_SLOTS:
    void aGoodLine()
    {
        const PastedLine line = read(u"docker run --rm --gpus device=0 -v $PWD:/workspace a:1 python3 t.py"_s);
        QVERIFY(line.config);
        QVERIFY(!line.error);
        QCOMPARE(line.config->image, u"a:1"_s);
        QCOMPARE(told(line, Part::Mounts), QStringList{u"Mount /home/me/work → /workspace"_s});
        QCOMPARE(told(line, Part::Gpus), QStringList{u"GPU 0"_s});
    }

    void whatIsEasilyGotWrongIsSaid()
    {
        const PastedLine line = read(u"docker run --rm --gpus 1 a:1"_s);
        QVERIFY(line.config);
        QVERIFY2(line.warnings.join(u' ').contains(u"--gpus device=1"_s), qPrintable(line.warnings.join(u'|')));
    }

    void emptyIsNoError()
    {
        for (const QString &text : {QString(), u"  \n "_s}) {
            const PastedLine line = read(text);
            QVERIFY(!line.config && !line.error && line.understood.isEmpty());
        }
    }

    /** What stands before the fault is told, whether the image came before it or not. */
    void whatStandsBeforeAFaultIsTold()
    {
        const QString text = u"docker run --gpus all --name vit --shm-siez=1g a:1"_s;
        PastedLine line = read(text);
        QVERIFY(!line.config);
        QVERIFY(line.error);
        QCOMPARE(line.error->position, text.indexOf(u"--shm"_s));
        QCOMPARE(told(line, Part::Gpus), QStringList{u"All GPUs"_s});
        QCOMPARE(told(line, Part::Resources).first(), u"Named vit"_s);
        QVERIFY(told(line, Part::Image).isEmpty());

        line = read(u"docker run --gpus all a:1 train | tee log"_s);
        QVERIFY(line.error);
        QCOMPARE(told(line, Part::Image), QStringList{u"a:1"_s});
        QVERIFY(read(u"docker ps"_s).error);
        QVERIFY(read(u"docker ps"_s).understood.isEmpty());
    }

    void unsetVariablesAreAskedFor()
    {
        const QString text = u"docker run -v ${DATA}:/data -e TAG=$TAG -e H=$HOME a:1"_s;
        PastedLine line = read(text);
        QCOMPARE(line.variables, (QStringList{u"DATA"_s, u"TAG"_s}));
        QCOMPARE(line.missing, line.variables);
        QVERIFY(!line.config);
        QVERIFY2(!line.error, qPrintable(line.error->message));
        QVERIFY2(line.warnings.isEmpty(), qPrintable(line.warnings.join(u'|'))); // asked for, not warned of
        line = read(text, {{u"DATA"_s, u"/srv/data"_s}});
        QCOMPARE(line.variables.size(), 2);
        QCOMPARE(line.missing, QStringList{u"TAG"_s});
        QVERIFY(!line.config);
        line = read(text, {{u"DATA"_s, u"/srv/data"_s}, {u"TAG"_s, u"two words"_s}});
        QVERIFY(line.config);
        QVERIFY(line.missing.isEmpty());
        QCOMPARE(line.config->mounts.first().source, u"/srv/data"_s);
    }

    /** A fault elsewhere is not hidden by a variable that is still to be given. */
    void otherFaultsAreToldAlongside()
    {
        const PastedLine line = read(u"docker run -v ${DATA}:/data --nonsense a:1"_s, {{u"DATA"_s, u"/d"_s}});
        QVERIFY(line.error);
        QVERIFY(line.missing.isEmpty());
    }

    void tooLongIsSaidAndNotRead()
    {
        const PastedLine line = read(u"docker run a:1 "_s + QString(longestLine, u'x'));
        QVERIFY(line.error);
        QCOMPARE(line.error->position, longestLine);
        QVERIFY(line.understood.isEmpty());
    }

    /** Even a line of the greatest length is read between two frames; this build is several times slower than a
     * release. */
    void longLinesAreQuick()
    {
        QString options = u"docker run "_s;
        while (options.size() < longestLine - 100)
            options += u"-e NAME_%1=\"some value\" "_s.arg(options.size());
        const QString script = u"docker run a:1 bash -c '"_s + QString(longestLine - 100, u'x') + u'\'';
        for (const QString &text : {QString(options + u"a:1"_s), script, QString(options + u"--oops a:1"_s)}) {
            QElapsedTimer timer;
            timer.start();
            const PastedLine line = read(text);
            QVERIFY(line.config || line.error);
            // Far above what it takes on a busy machine, far below what reading it in a square of its length would.
            QVERIFY2(timer.elapsed() < 20000, qPrintable(u"%1 ms"_s.arg(timer.elapsed())));
            qInfo("%lld characters: %lld ms", qlonglong(text.size()), timer.elapsed());
        }
    }

    void beginnings_data()
    {
        QTest::addColumn<bool>("like");
        const auto row = [](const char *text, bool like) { QTest::newRow(text) << like; };
        for (const char *text : {"docker run a", "  docker run a", "$ docker run a", "sudo docker run a",
                 "sudo -E docker run a", "nvidia-docker run a", "podman run a", "docker container run a",
                 "docker create a", "/usr/bin/docker run a", "DATA=1 docker run a", "docker run \\\n  -it a"})
            row(text, true);
        for (const char *text : {"", "docker", "docker ps", "docker build -t run .", "see docker run a", "rm -rf /",
                 "docker runner", "dockerx run a", "podman pull a"})
            row(text, false);
    }
    void beginnings()
    {
        QFETCH(bool, like);
        QCOMPARE(beginsLikeDockerRun(QString::fromUtf8(QTest::currentDataTag())), like);
    }
};

QTEST_APPLESS_MAIN(PastedLineTest)
#include "tst_pastedline.moc"
