#include "launch/sampletraining.h"

#include "launch/check.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <archive.h>
#include <archive_entry.h>
#include <csignal>

using namespace launch;
using namespace recipe;

namespace {

struct Entry
{
    int mode = 0;
    bool folder = false;
    QByteArray content;
};

QMap<QByteArray, Entry> untar(const QByteArray &tar)
{
    QMap<QByteArray, Entry> entries;
    archive *reader = archive_read_new();
    archive_read_support_format_tar(reader);
    if (archive_read_open_memory(reader, tar.constData(), size_t(tar.size())) == ARCHIVE_OK) {
        archive_entry *entry = nullptr;
        while (archive_read_next_header(reader, &entry) == ARCHIVE_OK) {
            Entry &one = entries[archive_entry_pathname(entry)];
            one.mode = int(archive_entry_perm(entry));
            one.folder = archive_entry_filetype(entry) == AE_IFDIR;
            one.content.resize(qsizetype(archive_entry_size(entry)));
            if (archive_read_data(reader, one.content.data(), size_t(one.content.size())) != one.content.size())
                one.content = "short";
        }
    }
    archive_read_free(reader);
    return entries;
}

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

} // namespace

class TestSampleTraining : public QObject
{
    Q_OBJECT

    static QStringList arguments(const QTemporaryDir &folder, const QStringList &more)
    {
        return QStringList{QStringLiteral("--workspace"), folder.path()} + more;
    }

private Q_SLOTS:
    void isAGoodConfiguration()
    {
        const RunConfig config = sampleTraining();
        QVERIFY(usesSampleImage(config));
        CheckContext context;
        context.images = QStringList{QStringLiteral("other:1")}; // it is made when it is missing
        QVERIFY(check(config, context).isEmpty());
        RunConfig other;
        other.image = QStringLiteral("slipway/sample-training");
        QVERIFY(usesSampleImage(other));
        other.image = QStringLiteral("slipway/sample-training:2");
        QVERIFY(!usesSampleImage(other));
    }

    void makesAnImageThatFitsTogether()
    {
        const auto tar = sampleImageTar();
        QVERIFY(tar.ok());
        const auto files = untar(*tar);
        const QJsonObject manifest
            = QJsonDocument::fromJson(files.value("manifest.json").content).array().first().toObject();
        QCOMPARE(manifest.value(QStringLiteral("RepoTags")).toArray(), QJsonArray{sampleImageName()});
        const QByteArray configName = manifest.value(QStringLiteral("Config")).toString().toLatin1();
        const QByteArray config = files.value(configName).content;
        QCOMPARE(configName, sha256(config) + ".json");
        const QByteArray layerName = manifest.value(QStringLiteral("Layers")).toArray().first().toString().toLatin1();
        const QByteArray layer = files.value(layerName).content;
        QVERIFY(!layer.isEmpty());

        const QJsonObject image = QJsonDocument::fromJson(config).object();
        QCOMPARE(image.value(QStringLiteral("rootfs"))
                     .toObject()
                     .value(QStringLiteral("diff_ids"))
                     .toArray()
                     .first()
                     .toString()
                     .toLatin1(),
            "sha256:" + sha256(layer));
        QCOMPARE(image.value(QStringLiteral("os")).toString(), QStringLiteral("linux"));
        QVERIFY(!image.value(QStringLiteral("architecture")).toString().contains(u'_'));
        const QJsonObject settings = image.value(QStringLiteral("config")).toObject();
        QCOMPARE(settings.value(QStringLiteral("Entrypoint")).toArray(), QJsonArray{QStringLiteral("/bin/train")});
        QCOMPARE(settings.value(QStringLiteral("WorkingDir")).toString(), QStringLiteral("/workspace"));

        const auto root = untar(layer);
        QFile built(QStringLiteral(SAMPLE_TRAINING));
        QVERIFY(built.open(QIODevice::ReadOnly));
        QVERIFY(root.value("bin/train").content == built.readAll());
        QCOMPARE(root.value("bin/train").mode, 0755);
        QVERIFY(root.value("workspace/").folder);
        QCOMPARE(root.value("workspace/").mode, 0777);
        QCOMPARE(root.value("tmp/").mode, 01777);
        QVERIFY(root.value("etc/passwd").content.startsWith("root:x:0:0:"));
        QVERIFY(*sampleImageTar() == *tar);
    }

    void trains()
    {
        QTemporaryDir folder;
        QProcess train;
        train.start(QStringLiteral(SAMPLE_TRAINING),
            arguments(folder, {QStringLiteral("--epochs"), QStringLiteral("12"), QStringLiteral("--step-ms=0")}));
        QVERIFY(train.waitForFinished());
        QCOMPARE(train.exitCode(), 0);
        static const QRegularExpression line(
            QStringLiteral("^epoch (\\d+)/12 loss=(\\d\\.\\d{4}) acc=(\\d\\.\\d\\d)$"));
        QList<double> accuracy;
        for (const QString &text : QString::fromUtf8(train.readAllStandardOutput()).split(u'\n')) {
            if (const auto match = line.match(text); match.hasMatch())
                accuracy += match.captured(3).toDouble();
        }
        QCOMPARE(accuracy.size(), 12);
        QVERIFY2(accuracy.first() < 0.8 && accuracy.last() > 0.9,
            qPrintable(QStringLiteral("%1 to %2").arg(accuracy.first()).arg(accuracy.last())));
        QCOMPARE(QDir(folder.path()).entryList({QStringLiteral("checkpoint-epoch*.txt")}).size(), 12);
    }

    void drawsABarAndExitsAsTold()
    {
        QTemporaryDir folder;
        QProcess train;
        train.start(QStringLiteral(SAMPLE_TRAINING),
            arguments(folder,
                {QStringLiteral("--epochs"), QStringLiteral("2"), QStringLiteral("--steps"), QStringLiteral("20"),
                    QStringLiteral("--step-ms"), QStringLiteral("15"), QStringLiteral("--exit-code"),
                    QStringLiteral("3")}));
        QVERIFY(train.waitForFinished());
        QCOMPARE(train.exitCode(), 3);
        const QString bars = QString::fromUtf8(train.readAllStandardError());
        static const QRegularExpression frame(
            QStringLiteral("\\repoch [12]/2: +\\d+%\\|[# 0-9]{10}\\| \\d+/20 \\[\\d\\d:\\d\\d<\\d\\d:\\d\\d, "
                           "[\\d.]+it/s, loss=\\d\\.\\d{3}\\]"));
        QVERIFY2(bars.count(frame) >= 4, qPrintable(bars));
        QVERIFY(bars.contains(QStringLiteral("100%|##########| 20/20")));
    }

    void endsCleanlyOnTermAndGoesOn()
    {
        QTemporaryDir folder;
        QProcess train;
        train.start(QStringLiteral(SAMPLE_TRAINING),
            arguments(folder, {QStringLiteral("--steps=20"), QStringLiteral("--step-ms=10")}));
        QTRY_VERIFY(QFile::exists(folder.filePath(QStringLiteral("checkpoint-epoch1.txt"))));
        train.terminate();
        QVERIFY(train.waitForFinished());
        QCOMPARE(train.exitStatus(), QProcess::NormalExit);
        QCOMPARE(train.exitCode(), 128 + SIGTERM);
        train.start(QStringLiteral(SAMPLE_TRAINING),
            arguments(folder,
                {QStringLiteral("--steps=20"), QStringLiteral("--step-ms=0"), QStringLiteral("--epochs=30"),
                    QStringLiteral("--resume"), folder.filePath(QStringLiteral("checkpoint-epoch1.txt"))}));
        QVERIFY(train.waitForFinished());
        QCOMPARE(train.exitCode(), 0);
        const QByteArray output = train.readAllStandardOutput();
        QVERIFY(!output.contains("epoch 1/30") && output.contains("epoch 2/30") && output.contains("epoch 30/30"));
    }

    void refusesWrongArguments_data()
    {
        QTest::addColumn<QStringList>("wrong");
        QTest::newRow("unknown") << QStringList{QStringLiteral("--nosuch"), QStringLiteral("1")};
        QTest::newRow("no number") << QStringList{QStringLiteral("--epochs"), QStringLiteral("x")};
        QTest::newRow("too small") << QStringList{QStringLiteral("--epochs=0")};
        QTest::newRow("no value") << QStringList{QStringLiteral("--epochs")};
        QTest::newRow("not a number") << QStringList{QStringLiteral("--lr=nan")};
        QTest::newRow("no checkpoint") << QStringList{QStringLiteral("--resume"), QStringLiteral("/etc/passwd")};
    }
    void refusesWrongArguments()
    {
        QFETCH(QStringList, wrong);
        QProcess train;
        train.start(QStringLiteral(SAMPLE_TRAINING), wrong);
        QVERIFY(train.waitForFinished());
        QCOMPARE(train.exitCode(), 2);
        QVERIFY(train.readAllStandardError().startsWith("train: "));
    }
};

QTEST_GUILESS_MAIN(TestSampleTraining)
#include "tst_sampletraining.moc"
