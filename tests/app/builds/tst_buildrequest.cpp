#include "builds/buildrequest.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

/** What a request for a build lacks, its line, and what of it is kept. */
class BuildRequestTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requests()
    {
        using Field = builds::RequestProblem::Field;
        builds::BuildRequest request;
        QCOMPARE(builds::problemsOf(request).value(0).field, Field::Context);
        const QTemporaryDir folder;
        request.context = folder.path();
        QFile file(folder.filePath(u"Dockerfile"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(builds::problemsOf(request).isEmpty());
        QCOMPARE(request.dockerfileInContext(), u"Dockerfile"_s);
        request.dockerfile = u"/etc/passwd"_s;
        QCOMPARE(request.dockerfileInContext(), QString());
        request.dockerfile = u"nosuch"_s;
        request.names = {u"UPPER:1"_s};
        request.platform = u"amd64"_s;
        request.args = {{u"1X"_s, {}}};
        const auto problems = builds::problemsOf(request);
        QCOMPARE(problems.size(), 4);
    }

    void secretsStayOut()
    {
        builds::BuildRequest request;
        request.context = u"/src/my train"_s;
        request.names = {u"me/train:1"_s};
        request.args = {{u"HF_TOKEN"_s, u"hf_topsecret"_s}, {u"LR"_s, u"1e-3"_s},
            {u"PIP_INDEX_URL"_s, u"https://me:pw123@host/simple"_s}};
        request.shmSize = 1 << 30;
        const QString line = builds::dockerLine(request);
        QVERIFY2(!line.contains(u"topsecret"_s) && !line.contains(u"pw123"_s), qPrintable(line));
        QVERIFY2(line.contains(u"--build-arg LR=1e-3"_s) && line.contains(u"--build-arg HF_TOKEN "_s)
                && line.contains(u"--shm-size=1g"_s),
            qPrintable(line));
        const builds::BuildRequest again = builds::requestFromJson(builds::toJson(request));
        QCOMPARE(again.args.value(u"LR"_s), u"1e-3"_s);
        QCOMPARE(again.args.value(u"HF_TOKEN"_s), QString());
        QCOMPARE(again.withheld, QStringList({u"HF_TOKEN"_s, u"PIP_INDEX_URL"_s}));
        QCOMPARE(again.shmSize, request.shmSize);
        QCOMPARE(builds::withoutSecrets(request, u"RUN x hf_topsecret"_s), u"RUN x •••"_s);
        QVERIFY(!builds::looksSecret(u"TORCH_VERSION"_s));
        QVERIFY(builds::looksSecret(u"WANDB_API_KEY"_s));
    }
};

QTEST_GUILESS_MAIN(BuildRequestTest)
#include "tst_buildrequest.moc"
