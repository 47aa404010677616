#include "logs/savejob.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using docker::Output;
using logs::Document;
using logs::SaveJob;

namespace {

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no file");
}

} // namespace

/** A saved log is the whole text, or no file at all. */
class SaveJobTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesPlainTextOrColours()
    {
        Document document;
        document.append(Output::Stdout, "\x1b[31mred\x1b[0m\n");
        document.append(Output::Stderr, " 5%\r10%");
        document.flush();
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a.log"));
        QCOMPARE(save(document, path, SaveJob::Colors::Strip).ok(), true);
        QCOMPARE(contents(path), QByteArray("red\n10%\n"));
        QCOMPARE(save(document, path, SaveJob::Colors::Keep).ok(), true);
        QVERIFY(contents(path).startsWith("\x1b[0;31mred\x1b[0m"));
    }

    void manyLinesInTurns()
    {
        Document document;
        QByteArray all;
        for (int i = 0; i < 50'000; ++i)
            all += QByteArray::number(i).rightJustified(80, '.') + '\n';
        document.append(Output::Stdout, all);
        document.flush();
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a.log"));
        SaveJob job(document, path, SaveJob::Colors::Strip, nullptr);
        QSignalSpy progressed(&job, &SaveJob::progressed);
        QSignalSpy finished(&job, &SaveJob::finished);
        job.start();
        QVERIFY(finished.isEmpty());
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(progressed.count() > 2);
        QVERIFY(contents(path) == all);
    }

    void aFileThatCannotBeWritten()
    {
        Document document;
        const auto result = save(document, QStringLiteral("/nowhere/at/all.log"), SaveJob::Colors::Strip);
        QVERIFY(!result.ok());
        QVERIFY(!result.error().message.isEmpty());
    }

    void abortLeavesNoFile()
    {
        Document document;
        document.append(Output::Stdout, "some text\n");
        document.flush();
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a.log"));
        SaveJob job(document, path, SaveJob::Colors::Strip, nullptr);
        QSignalSpy finished(&job, &SaveJob::finished);
        job.abort();
        job.start();
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(!QFile::exists(path));
    }

private:
    static core::Result<void> save(const Document &document, const QString &path, SaveJob::Colors colors)
    {
        SaveJob job(document, path, colors, nullptr);
        core::Result<void> result = core::Error{core::ErrorKind::Timeout, 0, QStringLiteral("not finished"), {}};
        connect(&job, &SaveJob::finished, &job, [&](const core::Result<void> &r) { result = r; });
        QSignalSpy finished(&job, &SaveJob::finished);
        job.start();
        if (finished.isEmpty())
            finished.wait();
        return result;
    }
};

QTEST_GUILESS_MAIN(SaveJobTest)
#include "tst_savejob.moc"
