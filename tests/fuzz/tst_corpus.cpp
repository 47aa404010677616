#include "fuzz/lineinvariants.h"

#include <QDir>
#include <QFile>
#include <QTest>

/** The lines the fuzzer found worth keeping, and every cut of them, without the fuzzer. */
class TestCorpus : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void holds_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QDir corpus(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/fuzz/corpus"));
        for (const QFileInfo &entry : corpus.entryInfoList(QDir::Files)) {
            QFile file(entry.filePath());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QTest::newRow(qPrintable(entry.fileName())) << file.readAll();
        }
    }
    void holds()
    {
        QFETCH(QByteArray, bytes);
        const QString text = QString::fromUtf8(bytes);
        for (qsizetype length = 0; length <= text.size(); ++length) {
            const QString fault = fuzz::broken(text.left(length));
            QVERIFY2(fault.isEmpty(), qPrintable(fault));
        }
    }
};

QTEST_GUILESS_MAIN(TestCorpus)
#include "tst_corpus.moc"
