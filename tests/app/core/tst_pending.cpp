#include "core/offload.h"
#include "core/pending.h"

#include <QSignalSpy>
#include <QTest>

using core::Error;
using core::ErrorKind;
using core::Pending;
using core::Promise;
using core::Result;

/** The promises of Pending: once, queued, never after the context died, and abort answers Aborted. */
class PendingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersOnceAndQueued()
    {
        Promise<int> promise;
        QObject context;
        QList<int> got;
        promise.pending().then(&context, [&](Result<int> r) { got.append(*r); });
        promise.answer(1);
        promise.answer(2);
        QVERIFY(got.isEmpty());
        QCoreApplication::processEvents();
        QCOMPARE(got, QList<int>{1});
    }

    void answerBeforeThen()
    {
        QObject context;
        int got = 0;
        Pending<int>::ready(7).then(&context, [&](Result<int> r) { got = *r; });
        QCOMPARE(got, 0);
        QCoreApplication::processEvents();
        QCOMPARE(got, 7);
    }

    void neverAfterTheContextDied()
    {
        Promise<int> promise;
        bool called = false;
        {
            QObject context;
            promise.pending().then(&context, [&](Result<int>) { called = true; });
            promise.answer(1); // queued, and then the context goes
        }
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    void aDyingContextDoesNotAbort()
    {
        Promise<int> promise;
        bool aborted = false;
        promise.onAbort([&] { aborted = true; });
        {
            QObject context;
            promise.pending().then(&context, [](Result<int>) {});
        }
        promise.answer(1);
        QVERIFY(!aborted);
    }

    void abortAnswersAborted()
    {
        Promise<int> promise;
        QObject context;
        bool hook = false;
        promise.onAbort([&] { hook = true; });
        std::optional<ErrorKind> kind;
        const core::Aborter aborter = promise.pending().then(&context, [&](Result<int> r) { kind = r.error().kind; });
        aborter.abort();
        promise.answer(1);
        QVERIFY(hook);
        QVERIFY(!kind);
        QCoreApplication::processEvents();
        QVERIFY(kind == ErrorKind::Aborted);
    }

    void mapPassesValuesErrorsAndAborts()
    {
        QObject context;
        Promise<int> promise;
        QString got;
        promise.pending().map([](int i) { return QString::number(i); }).then(&context, [&](Result<QString> r) {
            got = *r;
        });
        promise.answer(5);
        QCoreApplication::processEvents();
        QCOMPARE(got, QStringLiteral("5"));

        Promise<int> failing;
        ErrorKind kind{};
        failing.pending().map([](int) -> Result<QString> { return QString(); }).then(&context, [&](Result<QString> r) {
            kind = r.error().kind;
        });
        failing.answer(Error{ErrorKind::Conflict, 409, {}, {}});
        QCoreApplication::processEvents();
        QVERIFY(kind == ErrorKind::Conflict);

        Promise<int> aborted;
        bool hook = false;
        aborted.onAbort([&] { hook = true; });
        auto aborter = aborted.pending().map([](int) {}).then(&context, [&](Result<void> r) { kind = r.error().kind; });
        aborter.abort();
        QVERIFY(hook);
        QCoreApplication::processEvents();
        QVERIFY(kind == ErrorKind::Aborted);
    }

    void offloadAnswersInTheCallersThread()
    {
        QObject owner;
        QThread *worker = nullptr;
        QThread *answered = nullptr;
        int got = 0;
        core::offload(&owner, [&worker]() -> Result<int> {
            worker = QThread::currentThread();
            return 3;
        }).then(&owner, [&](Result<int> r) {
            got = *r;
            answered = QThread::currentThread();
        });
        QTRY_COMPARE(got, 3);
        QVERIFY(worker != QThread::currentThread());
        QCOMPARE(answered, QThread::currentThread());
    }
};

QTEST_GUILESS_MAIN(PendingTest)
#include "tst_pending.moc"
