#pragma once

#include "core/pending.h"

#include <QFutureWatcher>
#include <QtConcurrentRun>

namespace core {

/**
 * Runs the pure function f (returning Result<U>) in Qt's thread pool and answers in the calling thread. For work
 * over a few milliseconds on finished values (a big JSON body). When owner dies first, nothing is answered.
 */
template <typename F>
auto offload(QObject *owner, F f) -> Pending<typename detail::Unwrap<std::invoke_result_t<F>>::type>
{
    using R = std::invoke_result_t<F>;
    Promise<typename R::Value> promise;
    auto *watcher = new QFutureWatcher<R>(owner);
    QObject::connect(watcher, &QFutureWatcherBase::finished, watcher, [watcher, promise] {
        watcher->deleteLater();
        promise.answer(watcher->future().takeResult());
    });
    watcher->setFuture(QtConcurrent::run(std::move(f)));
    return promise.pending();
}

} // namespace core
