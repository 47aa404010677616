#include "logs/gpuwatch.h"

#include <QSignalSpy>
#include <QTest>

using docker::Output;
using inventory::GpuFailure;
using logs::Document;
using logs::GpuWatch;

/** A log that comes in any pieces says once, and for as long as it is so, what is wrong with its GPUs. */
class GpuWatchTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anyCut()
    {
        const QByteArray log = "epoch 1\n\x1b[31mFailed to initialize NVML: Unknown Error\x1b[0m\r\nepoch 2\n";
        for (qsizetype cut = 0; cut <= log.size(); ++cut) {
            Document document;
            GpuWatch watch(document);
            QSignalSpy changed(&watch, &GpuWatch::changed);
            add(document, log.first(cut));
            add(document, log.sliced(cut));
            QVERIFY2(watch.failure(), QByteArray::number(cut).constData());
            QCOMPARE(watch.failure()->help, GpuFailure::Help::StartAgain);
            QCOMPARE(changed.size(), 1);
        }
    }

    void byteByByte()
    {
        Document document;
        GpuWatch watch(document);
        for (const char byte : QByteArray("CUDA out of memory"))
            add(document, QByteArray(1, byte));
        QVERIFY(!watch.failure()); // the line is not finished
        add(document, "\n");
        QVERIFY(watch.failure());
        QCOMPARE(watch.failure()->help, GpuFailure::Help::Duplicate);
    }

    void whatWasThereBefore()
    {
        Document document;
        add(document, "CUDA out of memory\n");
        const GpuWatch watch(document);
        QVERIFY(watch.failure());
    }

    void aProgramGetsOverIt()
    {
        Document document;
        GpuWatch watch(document);
        add(document, "CUDA out of memory\n");
        add(document, QByteArray("step\n").repeated(GpuWatch::recent - 1));
        QVERIFY(watch.failure());
        add(document, "step\n");
        QVERIFY(!watch.failure());
        add(document, "CUDA out of memory\n" + QByteArray("step\n").repeated(GpuWatch::recent));
        QVERIFY(!watch.failure());
    }

    void repeatedItStays()
    {
        Document document;
        GpuWatch watch(document);
        QSignalSpy changed(&watch, &GpuWatch::changed);
        for (int i = 0; i < 5; ++i)
            add(document, "CUDA out of memory\n" + QByteArray("step\n").repeated(GpuWatch::recent - 1));
        QVERIFY(watch.failure());
        QCOMPARE(changed.size(), 1);
    }

    void theCauseStaysAndOutranks()
    {
        Document document;
        GpuWatch watch(document);
        add(document, "CUDA out of memory\nUserWarning: Can't initialize NVML\nNo CUDA GPUs are available\n");
        QVERIFY(watch.failure());
        QCOMPARE(watch.failure()->help, GpuFailure::Help::StartAgain);
        add(document, QByteArray("step\n").repeated(GpuWatch::recent - 2) + "No CUDA GPUs are available\n");
        QVERIFY(watch.failure());
        QCOMPARE(watch.failure()->help, GpuFailure::Help::Duplicate);
    }

    void aNewRunIsAnother()
    {
        Document document;
        GpuWatch watch(document);
        add(document, "CUDA out of memory\n");
        watch.startOver();
        QVERIFY(!watch.failure());
        // The old run's last words came late.
        add(document, "CUDA out of memory\n");
        QVERIFY(watch.failure());
        document.appendNote(logs::startedAgain.toString());
        document.flush();
        QVERIFY(!watch.failure());
    }

    void anEarlierRunDoesNotCount()
    {
        Document document;
        document.beginEarlierRun();
        GpuWatch watch(document);
        add(document, "CUDA out of memory\n");
        QVERIFY(!watch.failure()); // the new run has not said anything yet
        document.append(Output::Stdout, "CUDA out of memory");
        document.beginRun();
        document.append(Output::Stdout, "epoch 1\n");
        document.flush();
        QVERIFY(!watch.failure());
        QVERIFY(!GpuWatch(document).failure()); // however it is read
        add(document, "CUDA out of memory\n");
        QVERIFY(watch.failure());
        QVERIFY(GpuWatch(document).failure());
    }

    void slipwaysOwnWordsDoNotCount()
    {
        Document document;
        GpuWatch watch(document);
        document.appendNote(QStringLiteral("Failed: CUDA out of memory"));
        document.flush();
        QVERIFY(!watch.failure());
    }

private:
    static void add(Document &document, const QByteArray &bytes)
    {
        document.append(Output::Stdout, bytes);
        document.flush();
    }
};

QTEST_GUILESS_MAIN(GpuWatchTest)
#include "tst_gpuwatch.moc"
