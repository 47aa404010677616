#include "inventory/gpuwords.h"

#include <QTest>

using inventory::GpuFailure;
using namespace Qt::StringLiterals;

/** Lines that programs print when their GPU fails them. */
class GpuWordsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void failures_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("what");
        QTest::newRow("lost after a daemon-reload")
            << QByteArray("Failed to initialize NVML: Unknown Error") << u"The container lost its GPUs while it ran."_s;
        QTest::newRow("mismatch") << QByteArray("Failed to initialize NVML: Driver/library version mismatch")
                                  << u"The NVIDIA driver was updated and the old one is still loaded."_s;
        QTest::newRow("no driver") << QByteArray("Failed to initialize NVML: Driver Not Loaded")
                                   << u"The NVIDIA driver does not answer."_s;
        QTest::newRow("out of memory") << QByteArray(
            "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB")
                                       << u"The GPU's memory is full."_s;
        QTest::newRow("none given") << QByteArray("RuntimeError: No CUDA GPUs are available")
                                    << u"The program sees no GPU."_s;
        QTest::newRow("beyond what is searched") << QByteArray(9000, '-') + "CUDA out of memory" << QString();
        QTest::newRow("case counts") << QByteArray("cuda OUT OF MEMORY is a common error") << QString();
        QTest::newRow("ordinary") << QByteArray("epoch 3/20 loss=0.213") << QString();
        QTest::newRow("empty") << QByteArray() << QString();
    }
    void failures()
    {
        QFETCH(QByteArray, line);
        const auto failure = inventory::gpuFailure(line);
        QTEST(failure ? failure->what : QString(), "what");
        if (failure)
            QVERIFY(failure->whatToDo.endsWith(u'.'));
    }

    void lostGpusComeBackByStarting()
    {
        QCOMPARE(inventory::gpuFailure("NVML: Unknown Error")->help, GpuFailure::Help::StartAgain);
    }

    void theCauseOutranksWhatFollowsFromIt()
    {
        const auto lost = inventory::gpuFailure("UserWarning: Can't initialize NVML");
        const auto none = inventory::gpuFailure("RuntimeError: No CUDA GPUs are available");
        QVERIFY(lost && none && lost->rank < none->rank);
    }

    void xids()
    {
        QVERIFY(inventory::xidSentence(79).startsWith(u"The GPU fell off the bus (Xid 79)"));
        for (int code = 0; code < 200; ++code) {
            const QString sentence = inventory::xidSentence(code);
            QVERIFY(sentence.contains(u"Xid %1)"_s.arg(code)));
            QVERIFY(!sentence.contains(u'%'));
        }
    }
};

QTEST_GUILESS_MAIN(GpuWordsTest)
#include "tst_gpuwords.moc"
