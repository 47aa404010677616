#pragma once

#include "core/pending.h"

#include <QEventLoop>
#include <QTimer>

namespace support {

/**
 * The answer, for tests only: runs the event loop until it is there, without the 10 ms naps of QTest::qWaitFor().
 * An Error of kind Daemon with the message "no answer" when none comes in time.
 */
template <typename T> core::Result<T> await(core::Pending<T> pending, int timeoutMs = 5000)
{
    core::Result<T> result = core::Error{core::ErrorKind::Daemon, 0, QStringLiteral("no answer"), {}};
    QEventLoop loop;
    std::move(pending).then(&loop, [&](core::Result<T> r) {
        result = std::move(r);
        loop.quit();
    });
    QTimer::singleShot(timeoutMs, &loop, &QEventLoop::quit);
    loop.exec();
    return result;
}

/** Runs the event loop until the signal comes; false when it does not in time. */
template <typename Sender, typename Signal> bool awaitSignal(Sender *sender, Signal signal, int timeoutMs = 5000)
{
    bool came = false;
    QEventLoop loop;
    QObject::connect(sender, signal, &loop, [&] {
        came = true;
        loop.quit();
    });
    QTimer::singleShot(timeoutMs, &loop, &QEventLoop::quit);
    loop.exec();
    return came;
}

} // namespace support
