#include "gpu/nvmlsource.h"
#include "gpu/sampler.h"
#include "support/nvmlstate.h"

#include <QElapsedTimer>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <atomic>

using namespace gpu;
using support::NvmlState;

namespace {

SourceFactory nvml()
{
    return [] {
        return std::make_unique<NvmlSource>(
            QStringLiteral(FAKE_NVML_NEW), Roots{QStringLiteral("/nonexistent"), QStringLiteral("/nonexistent")});
    };
}

/** What a scripted source was asked, and what it answers. Shared by the test and the sampler's thread. */
struct Script
{
    std::atomic<int> opened = 0;
    std::atomic<int> asked = 0;
    std::atomic<int> slow = 0;
    std::atomic<bool> trouble = false;
    std::atomic<bool> dead = false;
    std::atomic<QThread *> thread = nullptr;
};

/** Answers at once, as the script says. */
class ScriptedSource : public Source
{
public:
    explicit ScriptedSource(std::shared_ptr<Script> script)
        : m_script(std::move(script))
    {
    }
    ~ScriptedSource() override { m_script->dead = true; }
    std::optional<Trouble> open() override
    {
        ++m_script->opened;
        m_script->thread = QThread::currentThread();
        if (m_script->trouble)
            return Trouble{TroubleKind::Mismatch, QStringLiteral("No."), {}};
        return {};
    }
    Snapshot sample(Depth depth) override
    {
        ++m_script->asked;
        m_script->slow += depth == Depth::Slow;
        Snapshot snapshot;
        Gpu gpu;
        gpu.uuid = QStringLiteral("GPU-x");
        gpu.utilisation = m_script->asked;
        snapshot.gpus.append(gpu);
        snapshot.taken = monotonicMs();
        return snapshot;
    }

private:
    std::shared_ptr<Script> m_script;
};

} // namespace

/** Asking the driver without the window ever waiting for it. */
class SamplerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingBeforeAsked()
    {
        const auto script = std::make_shared<Script>();
        {
            Sampler sampler([script] { return std::make_unique<ScriptedSource>(script); });
            sampler.setPace(Pace::Off);
            QCoreApplication::sendPostedEvents();
            QCOMPARE(script->opened, 0);
            QSignalSpy sampled(&sampler, &Sampler::sampled);
            sampler.setPace(Pace::Shown);
            QVERIFY(sampled.wait());
            QCOMPARE(script->opened, 1);
            QVERIFY(script->thread != QThread::currentThread());
            QCOMPARE(sampler.last().gpus.size(), 1);
        }
        QVERIFY(script->dead);
    }

    void paces()
    {
        const auto script = std::make_shared<Script>();
        Sampler sampler([script] { return std::make_unique<ScriptedSource>(script); });
        QSignalSpy sampled(&sampler, &Sampler::sampled);
        sampler.setPace(Pace::Shown);
        QElapsedTimer timer;
        timer.start();
        QTRY_COMPARE_WITH_TIMEOUT(sampled.size(), 4, 6000);
        QVERIFY2(timer.elapsed() > 2500 && timer.elapsed() < 5500, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(script->slow, 1);
        QCOMPARE(sampler.history().points(QStringLiteral("GPU-x")).size(), 4);
        sampler.setPace(Pace::Hidden);
        QVERIFY(!sampled.wait(2000));
        sampler.setPace(Pace::Shown); // at once: the last one is old
        QVERIFY(sampled.wait(500));
        sampler.setPace(Pace::Off);
        QVERIFY(!sampled.wait(1500));
    }

    void troubleIsRetriedSeldom()
    {
        const auto script = std::make_shared<Script>();
        script->trouble = true;
        Sampler sampler([script] { return std::make_unique<ScriptedSource>(script); });
        QSignalSpy sampled(&sampler, &Sampler::sampled);
        sampler.setPace(Pace::Shown);
        QVERIFY(sampled.wait());
        QCOMPARE(sampler.last().trouble->kind, TroubleKind::Mismatch);
        QVERIFY(!sampled.wait(2500));
        sampler.setPace(Pace::Hidden);
        sampler.setPace(Pace::Shown);
        QVERIFY(!sampled.wait(500));
        QCOMPARE(script->opened, 1);
    }

    void aBlockedDriverIsTold()
    {
        m_state.write(NvmlState::gpus(8));
        Sampler sampler(nvml());
        QSignalSpy sampled(&sampler, &Sampler::sampled);
        QSignalSpy stalled(&sampler, &Sampler::stalled);
        sampler.setPace(Pace::Shown);
        QVERIFY(sampled.wait());
        QCOMPARE(sampler.last().gpus.size(), 8);
        m_state.write(NvmlState::gpus(8) + QStringList{QStringLiteral("block nvmlDeviceGetTemperature 60")});
        // Meanwhile the main thread is never held up.
        QElapsedTimer beat;
        qint64 longest = 0;
        QTimer heart;
        connect(&heart, &QTimer::timeout, this, [&] { longest = std::max(longest, beat.restart()); });
        beat.start();
        heart.start(10);
        QTRY_VERIFY_WITH_TIMEOUT(stalled.size() >= 2, 10000);
        QCOMPARE(stalled[0][0].toInt(), 3);
        QCOMPARE(stalled[1][0].toInt(), 4);
        QVERIFY(sampler.stalledFor() >= 4);
        QVERIFY2(longest < 500, qPrintable(QString::number(longest)));
        sampled.clear();
        m_state.write(NvmlState::gpus(4)); // it answers again
        QTRY_COMPARE_WITH_TIMEOUT(sampler.last().gpus.size(), 4, 5000);
        QCOMPARE(sampler.stalledFor(), 0);
    }

    void closingDoesNotWaitForTheDriver()
    {
        m_state.write(NvmlState::gpus(1) + QStringList{QStringLiteral("block nvmlDeviceGetUtilizationRates 60")});
        auto sampler = std::make_unique<Sampler>(nvml());
        sampler->setPace(Pace::Shown);
        QTRY_VERIFY_WITH_TIMEOUT(sampler->stalledFor() > 0, 6000);
        QElapsedTimer timer;
        timer.start();
        sampler.reset();
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
        m_state.write(NvmlState::gpus(1)); // the thread that was left gets its answer, and ends
    }

    void closingWhileIdle()
    {
        m_state.write(NvmlState::gpus(1));
        Sampler sampler(nvml());
        QSignalSpy sampled(&sampler, &Sampler::sampled);
        sampler.setPace(Pace::Hidden);
        QVERIFY(sampled.wait());
    }

private:
    NvmlState m_state;
};

QTEST_GUILESS_MAIN(SamplerTest)
#include "tst_sampler.moc"
