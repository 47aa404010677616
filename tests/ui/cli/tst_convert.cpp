#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace Qt::StringLiterals;

/** `slipway convert` as a process: what it prints, and where it says what is wrong. */
class TestConvert : public QObject
{
    Q_OBJECT

    struct Answer
    {
        int code = -1;
        QString out;
        QString err;

        QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
    };

    static Answer convert(const QStringList &words, const QString &input = {})
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"GIVEN"_s, u"1"_s);
        environment.remove(u"DOCKER_HOST"_s);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(u"/usr"_s);
        process.start(QStringLiteral(SLIPWAY_PROGRAM), QStringList{u"convert"_s} + words);
        process.write(input.toUtf8());
        process.closeWriteChannel();
        process.waitForFinished(30000);
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
    }
    static QStringList after(const QString &line) { return QStringList{u"--"_s} + line.split(u' '); }

private Q_SLOTS:
    void printsTheRequest()
    {
        const Answer answer = convert(after(
            u"sudo docker run -d --name n --platform linux/amd64 --gpus device=0 -e GIVEN -e NOT_GIVEN x:1 ls"_s));
        QCOMPARE(answer.code, 0);
        QCOMPARE(answer.err, QString());
        const QJsonObject json = answer.json();
        QCOMPARE(json.keys(), QStringList({u"body"_s, u"name"_s, u"platform"_s, u"warnings"_s}));
        QCOMPARE(json.value("name"_L1), u"n"_s);
        QCOMPARE(json.value("platform"_L1), u"linux/amd64"_s);
        QCOMPARE(json.value("warnings"_L1), QJsonArray());
        const QJsonObject body = json.value("body"_L1).toObject();
        QCOMPARE(body.value("Env"_L1), QJsonArray({u"GIVEN=1"_s, u"NOT_GIVEN"_s}));
        QCOMPARE(body.value("Image"_L1), u"x:1"_s);
        QVERIFY(body.value("NetworkingConfig"_L1).isObject());
        QVERIFY(convert(after(u"podman run x:1"_s)).json().value("name"_L1).isNull());
    }

    void readsStandardInput()
    {
        const Answer answer
            = convert({}, u"$ cd bin && docker run --rm \\\n  -v $PWD:/w -v $UNSET_VAR:/x -u 1 x:1\n"_s);
        QCOMPARE(answer.code, 0);
        const QJsonObject host = answer.json().value("body"_L1).toObject().value("HostConfig"_L1).toObject();
        QCOMPARE(host.value("Binds"_L1), QJsonArray({u"/usr/bin:/w"_s, u"${UNSET_VAR}:/x"_s}));
        const QJsonArray warnings = answer.json().value("warnings"_L1).toArray();
        QVERIFY(!warnings.isEmpty() && warnings.first().toString().contains(u"UNSET_VAR is not set"_s));
    }

    void prefersTheWordsToStandardInput()
    {
        const Answer answer = convert({u"--"_s, u"docker"_s, u"run"_s, u"x:1"_s}, u"docker run y:1"_s);
        QCOMPARE(answer.json().value("body"_L1).toObject().value("Image"_L1), u"x:1"_s);
    }

    void warnsOfWhatALineMeans()
    {
        const QJsonArray warnings = convert(after(u"docker run --gpus 2 x"_s)).json().value("warnings"_L1).toArray();
        QCOMPARE(warnings.size(), 2);
        QVERIFY(warnings[0].toString().contains(u"--gpus 2 is a count"_s));
        const Answer line = convert(QStringList{u"--to"_s, u"docker-run"_s} + after(u"docker run x"_s));
        QVERIFY2(line.err.startsWith(u"slipway: x without a tag"_s), qPrintable(line.err));
    }

    void printsOtherForms()
    {
        const QString typed = u"docker run --rm -t -i --gpus=all -v '/a b':/c x:1 sh -c 'echo $A'"_s;
        const Answer line = convert({u"--to"_s, u"docker-run"_s}, typed);
        QCOMPARE(line.code, 0);
        QCOMPARE(line.out, u"docker run -it --rm --gpus=all -v \"/a b:/c\" x:1 sh -c 'echo $A'\n"_s);
        const Answer script = convert({u"--to=script"_s}, typed);
        QCOMPARE(script.out,
            u"#!/bin/sh\ndocker run \\\n    -it \\\n    --rm \\\n    --gpus=all \\\n    -v \"/a b:/c\" \\\n    x:1 \\\n"
            "    sh -c 'echo $A'\n"_s);
        const Answer compose = convert({u"--to"_s, u"compose"_s}, typed);
        QVERIFY2(compose.out.contains(u"services:\n  run:\n    image: x:1\n"_s), qPrintable(compose.out));
        QVERIFY(compose.out.contains(u"- \"echo $$A\""_s));
        const QJsonObject asked = convert({}, typed).json();
        QCOMPARE(convert({}, line.out).json(), asked);
        QCOMPARE(convert({}, script.out).json(), asked);
    }

    void showsWhereItIsWrong_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("shown");
        QTest::newRow("words") << after(u"docker run --nonsense 3 x"_s) << QString()
                               << u"\n  docker run --nonsense 3 x\n             ^~~~~~~~~~\n"_s;
        QTest::newRow("line") << QStringList() << u"docker run \\\n\t--cpus two x\n"_s
                              << u"\n   --cpus two x\n          ^~~\n"_s;
        QTest::newRow("end") << QStringList() << u"docker run -d\n"_s << u"\n  docker run -d\n               ^\n"_s;
        QTest::newRow("nothing") << QStringList() << QString() << u"\n  \n  ^\n"_s;
        QTest::newRow("pipe") << QStringList() << u"docker run x | tee log"_s
                              << u"\n  docker run x | tee log\n               ^\n"_s;
    }
    void showsWhereItIsWrong()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, input);
        QFETCH(QString, shown);
        const Answer answer = convert(words, input);
        QCOMPARE(answer.code, 2);
        QCOMPARE(answer.out, QString());
        QVERIFY2(answer.err.startsWith(u"slipway: "_s), qPrintable(answer.err));
        QVERIFY2(answer.err.endsWith(shown), qPrintable(answer.err));
        QCOMPARE(answer.err.count(u'\n'), 3);
    }

    void refusesWrongUsage()
    {
        for (const QStringList &words :
            {QStringList{u"docker"_s, u"run"_s, u"x"_s}, {u"--to"_s, u"yaml"_s}, {u"--so"_s}, {u"--"_s}}) {
            const Answer answer = convert(words, u"docker run x"_s);
            QCOMPARE(answer.code, 2);
            QCOMPARE(answer.out, QString());
            QCOMPARE(answer.err.count(u'\n'), 1);
        }
        QVERIFY(convert({u"--help"_s}).out.contains(u"standard input"_s));
    }
};

QTEST_GUILESS_MAIN(TestConvert)
#include "tst_convert.moc"
