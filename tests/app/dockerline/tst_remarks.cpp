#include "dockerline/remarks.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace recipe;
using namespace dockerline;

class TestRemarks : public QObject
{
    Q_OBJECT

    static QList<Remark> on(const QString &line)
    {
        ShellContext shell;
        shell.folder = u"/cwd"_s;
        const auto parsed = parseDockerRun(line, shell);
        if (const auto *error = std::get_if<ParseError>(&parsed)) {
            qWarning() << line << error->message;
            return {};
        }
        RemarkContext context;
        context.hostFolderExists = [](const QString &path) { return path.startsWith(u"/data"_s); };
        return remarks(std::get<ParsedLine>(parsed), context);
    }

private Q_SLOTS:
    void says_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *line, const char *where, const char *text) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(where) << QString::fromUtf8(text);
        };
        row("docker run --gpus 2 x:1", "--gpus", "takes the first 2 GPUs; GPU number 2 is --gpus device=2");
        row("docker run --gpus=1 x:1", "--gpus=1", "always takes GPU 0");
        row("docker run --gpus 0 x:1", "--gpus", "asks for no GPU");
        row("docker run --ipc=host --shm-size=8g x:1", "--shm-size=8g", "--shm-size does nothing");
        row("docker run -it -d x:1", "-it", "nobody is at the terminal");
        row("docker run --network host -p 80:80 x:1", "-p", "-p does nothing");
        row("docker run -m 16 x:1", "-m", "16 bytes");
        row("docker run -m16 x:1", "-m16", "16 bytes");
        row("docker run --shm-size 64 x:1", "--shm-size", "64 bytes");
        row("docker run -u 1 -v /data:/d -v /nowhere:/x x:1", "/nowhere:/x", "/nowhere does not exist");
        row("docker run -v data:/x x:1", "data:/x", "volume that Docker keeps");
        row("docker run -v data/set:/x x:1", "data/set:/x", "./data/set");
        row("docker run -v '$PWD/a':/x x:1", "'$PWD/a':/x", "single quotes");
        row("docker run -v /data/in:/x x:1", "/data/in:/x", "belong to root");
        row("docker run -e WANDB_API_KEY=abc123 x:1", "WANDB_API_KEY=abc123", "-e WANDB_API_KEY alone");
        row("docker run x", "x", "x:latest");
        row("docker run a.b:5000/x:latest", "a.b:5000/x:latest", "changes with time");
        row("docker run a.b:5000/x", "a.b:5000/x", "without a tag");
        row("docker run x:1 --gpus all", "--gpus", "behind the image");
        row("docker run x:1 python a.py --gpus=all", "--gpus=all", "behind the image");
        row("docker run x:1 -it bash", "-it", "behind the image");
    }
    void says()
    {
        QFETCH(QString, line);
        QFETCH(QString, text);
        const QList<Remark> all = on(line);
        QCOMPARE(all.size(), 1);
        QVERIFY2(all.first().text.contains(text), qPrintable(all.first().text));
        QVERIFY2(
            all.first().text.endsWith(u'.') && !all.first().text.contains(u"abc123"_s), qPrintable(all.first().text));
        QTEST(line.mid(all.first().position, all.first().length), "where");
    }

    void saysNothing_data()
    {
        QTest::addColumn<QString>("line");
        for (const char *line : {"docker run --gpus all --shm-size=8g -u 1000 -v /data:/d:rw x:1 python a.py --gpus 2",
                 "docker run --gpus device=0 --ipc=host -m 16g --rm -d -v /data:/d:ro x@sha256:0123 bash -it",
                 "docker run -e TOKEN -e PASSWORD= --restart always -p 80:80 x:1 --model m"})
            QTest::newRow(line) << QString::fromUtf8(line);
    }
    void saysNothing()
    {
        QFETCH(QString, line);
        const QList<Remark> all = on(line);
        QVERIFY2(all.isEmpty(), qPrintable(all.value(0).text));
    }

    void knowsAConfigurationWithoutALine()
    {
        RunConfig config;
        config.image = u"x:1"_s;
        config.restart = u"always"_s;
        config.options = {{u"privileged"_s, u"true"_s}};
        const QList<Remark> all = remarks(config);
        QCOMPARE(all.size(), 2);
        QCOMPARE(all[0].position, qsizetype(-1));
        QVERIFY(all[1].text.contains(u"--privileged"_s));
    }

    void pointsIntoWordsOfAShell()
    {
        const QStringList words = {u"docker"_s, u"run"_s, u"-e"_s, u"A B"_s, u"x"_s};
        const auto parsed = parseDockerRun(words);
        const Remark remark = remarks(std::get<ParsedLine>(parsed)).value(0);
        QCOMPARE(remark.position, qsizetype(u"docker run -e \"A B\" "_s.size()));
    }
};

QTEST_GUILESS_MAIN(TestRemarks)
#include "tst_remarks.moc"
