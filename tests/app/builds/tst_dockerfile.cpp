#include "builds/dockerfile.h"
#include "builds/dockerfiletemplate.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using builds::Dockerfile;
using namespace Qt::StringLiterals;

namespace {

const QByteArray example = "# syntax=docker/dockerfile:1\n" // 1
                           "ARG BASE=pytorch/pytorch\n"
                           "ARG TAG=\"2.3.0\"\n"
                           "\n"
                           "FROM --platform=linux/amd64 ${BASE}:$TAG AS Build\n" // 5
                           "ARG WHO=world MODE\n"
                           "RUN apt-get update && \\\n"
                           "    # in between\n"
                           "\n"
                           "    apt-get install -y git\n" // 10
                           "RUN <<EOF\n"
                           "FROM nowhere\n"
                           "EOF\n"
                           "WORKDIR /src\n"
                           "COPY . .\n" // 15
                           "from scratch as tools\r\n"
                           "COPY --from=busybox:1 /bin/busybox /sh\n"
                           "FROM build\n"
                           "RUN --mount=type=bind,from=nvcr.io/nvidia/cuda:12,target=/cuda make\n"
                           "COPY --from=tools /sh /bin/sh\n" // 20
                           "CMD [\"python\"]\n";

} // namespace

/** What is read of Dockerfiles, and the ones that are made here. */
class DockerfileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void stages()
    {
        const auto file = Dockerfile::parse(example);
        QCOMPARE(file.stages().size(), 3);
        QCOMPARE(file.stages()[0].name, u"build"_s);
        QCOMPARE(file.stages()[0].platform, u"linux/amd64"_s);
        QCOMPARE(file.stages()[0].line, 5);
        QCOMPARE(file.stages()[0].instructions.size(), 5);
        QCOMPARE(file.stages()[1].name, u"tools"_s);
        QCOMPARE(file.stages()[2].name, QString());
        QCOMPARE(file.targets(), QStringList({u"build"_s, u"tools"_s}));
        const auto &run = file.stages()[0].instructions[1];
        QCOMPARE(run.line, 7);
        QCOMPARE(run.lastLine, 10);
        QCOMPARE(run.text, u"apt-get update && apt-get install -y git"_s);
        QCOMPARE(file.stages()[0].instructions[2].lastLine, 13);
    }

    void arguments()
    {
        const auto arguments = Dockerfile::parse(example).arguments();
        QCOMPARE(arguments.size(), 4);
        QCOMPARE(arguments[0].name, u"BASE"_s);
        QCOMPARE(arguments[1].fallback, u"2.3.0"_s);
        QCOMPARE(arguments[2].name, u"WHO"_s);
        QCOMPARE(arguments[2].line, 6);
        QCOMPARE(arguments[3].name, u"MODE"_s);
        QVERIFY(!arguments[3].fallback);
    }

    void baseImages()
    {
        const auto file = Dockerfile::parse(example);
        QCOMPARE(
            file.baseImages(), QStringList({u"pytorch/pytorch:2.3.0"_s, u"nvcr.io/nvidia/cuda:12"_s, u"busybox:1"_s}));
        QCOMPARE(file.baseImages(u"build"_s, {{u"TAG"_s, u"nightly"_s}}), QStringList{u"pytorch/pytorch:nightly"_s});
        QCOMPARE(file.baseImages(u"tools"_s), QStringList{u"busybox:1"_s});
        QCOMPARE(Dockerfile::parse("FROM $UNKNOWN\n").baseImages(), QStringList());
        QCOMPARE(Dockerfile::parse("ARG A\nFROM ${A:-x}:1\nFROM ${A:+y}z\n").baseImages(), QStringList{u"z"_s});
        QCOMPARE(Dockerfile::parse("FROM scratch\n").baseImages(), QStringList());
        QCOMPARE(Dockerfile::parse("FROM a AS a\nFROM a AS b\n").baseImages(), QStringList{u"a"_s});
    }

    void linesOfSteps()
    {
        const auto file = Dockerfile::parse(example);
        QCOMPARE(file.lineOfBuildKitStep(u"build"_s, 1, u"FROM pytorch"_s), 5);
        QCOMPARE(file.lineOfBuildKitStep(u"build"_s, 2, u"RUN apt-get update"_s), 7);
        QCOMPARE(file.lineOfBuildKitStep(u"build"_s, 4, u"WORKDIR /src"_s), 14);
        QCOMPARE(file.lineOfBuildKitStep(u"build"_s, 5, u"COPY . ."_s), 15);
        // No step for FROM scratch, nor for FROM of a stage.
        QCOMPARE(file.lineOfBuildKitStep(u"tools"_s, 1, u"COPY --from"_s), 17);
        QCOMPARE(file.lineOfBuildKitStep(u"stage-2"_s, 1, u"RUN --mount"_s), 19);
        QCOMPARE(file.lineOfBuildKitStep(u"stage-2"_s, 2, u"COPY x"_s), 20);
        // A trigger of the base came in between: not this line.
        QCOMPARE(file.lineOfBuildKitStep(u"build"_s, 2, u"COPY on build"_s), 0);
        QCOMPARE(file.lineOfBuildKitStep(u"nosuch"_s, 1, u"COPY . ."_s), 15);
        QCOMPARE(file.lineOfBuildKitStep(u"stage-9"_s, 1, u"RUN x"_s), 0);
        QCOMPARE(file.lineOfClassicStep(1), 2);
        QCOMPARE(file.lineOfClassicStep(3), 5);
        QCOMPARE(file.lineOfClassicStep(5), 7);
        QCOMPARE(file.lineOfClassicStep(99), 0);
        QCOMPARE(file.lines(7).size(), 4);
        QCOMPARE(file.lines(0), QStringList());
    }

    void escapeAndEnds()
    {
        const auto file = Dockerfile::parse("# escape=`\nFROM a`\n:1\nRUN dir C:\\\nRUN last `");
        QCOMPARE(file.stages().size(), 1);
        QCOMPARE(file.stages()[0].instructions.size(), 2);
        QCOMPARE(file.stages()[0].instructions[0].line, 4);
        QCOMPARE(Dockerfile::parse("\xef\xbb\xbf"
                                   "FROM a\n")
                     .stages()
                     .size(),
            1);
        QVERIFY(Dockerfile::parse({}).stages().isEmpty());
        QCOMPARE(Dockerfile::parse("RUN echo $((1<<EOF))\nFROM x\n").stages().size(), 1);
    }

    void everyCutIsRead()
    {
        for (qsizetype size = 0; size <= example.size(); ++size) {
            const auto file = Dockerfile::parse(example.left(size));
            file.baseImages();
            file.arguments();
            for (int step = 0; step < 6; ++step)
                file.lineOfBuildKitStep({}, step, u"RUN"_s);
        }
    }

    void templates()
    {
        builds::DockerfileTemplate made;
        made.base = u"pytorch/pytorch:2.3.0"_s;
        made.requirements = u"requirements.txt"_s;
        made.command = u"python train.py"_s;
        QVERIFY(made.problem().isEmpty());
        QVERIFY(made.text().contains(u"COPY requirements.txt requirements.txt\n"_s));
        QVERIFY(made.text().contains(u"CMD [\"python\", \"train.py\"]"_s));
        made.repository = u"https://github.com/me/my train.git"_s;
        made.reference = u"dev"_s;
        made.installGit = true;
        const auto file = Dockerfile::parse(made.text().toUtf8());
        QCOMPARE(file.baseImages(), QStringList{u"pytorch/pytorch:2.3.0"_s});
        QCOMPARE(file.arguments().value(0).name, u"REF"_s);
        QVERIFY(made.text().contains(u"git clone 'https://github.com/me/my train.git' ."_s)
            || made.text().contains(u"git clone \"https://github.com/me/my train.git\" ."_s));
        made.repository = u"https://me:token@github.com/me/x.git"_s;
        QVERIFY(made.problem().contains(u"password"_s));
        made.base = u"No Image"_s;
        QVERIFY(!made.problem().isEmpty());
    }

    void neverReplacesAFileUnasked()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"Dockerfile"_s);
        QVERIFY(builds::saveDockerfile(path, u"FROM a\n"_s, false).ok());
        const auto second = builds::saveDockerfile(path, u"FROM b\n"_s, false);
        QVERIFY(!second.ok());
        QCOMPARE(second.error().kind, core::ErrorKind::Conflict);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("FROM a\n"));
        QVERIFY(builds::saveDockerfile(path, u"FROM b\n"_s, true).ok());
    }
};

QTEST_GUILESS_MAIN(DockerfileTest)
#include "tst_dockerfile.moc"
