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
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("what");
        QTest::newRow("lost after a daemon-reload")
            << u"Failed to initialize NVML: Unknown Error"_s << u"The container lost its GPUs while it ran."_s;
        QTest::newRow("mismatch") << u"Failed to initialize NVML: Driver/library version mismatch"_s
                                  << u"The NVIDIA driver was updated and the old one is still loaded."_s;
        QTest::newRow("no driver") << u"Failed to initialize NVML: Driver Not Loaded"_s
                                   << u"The NVIDIA driver does not answer."_s;
        QTest::newRow("out of memory")
            << u"torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB"_s
            << u"The GPU's memory is full."_s;
        QTest::newRow("none given") << u"RuntimeError: No CUDA GPUs are available"_s << u"The program sees no GPU."_s;
        QTest::newRow("ordinary") << u"epoch 3/20 loss=0.213"_s << QString();
        QTest::newRow("empty") << QString() << QString();
    }
    void failures()
    {
        QFETCH(QString, line);
        const auto failure = inventory::gpuFailure(line);
        QTEST(failure ? failure->what : QString(), "what");
        if (failure)
            QVERIFY(failure->whatToDo.endsWith(u'.'));
    }

    void lostGpusComeBackByStarting()
    {
        QCOMPARE(inventory::gpuFailure(u"NVML: Unknown Error"_s)->help, GpuFailure::Help::StartAgain);
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
