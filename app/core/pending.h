#pragma once

#include "core/result.h"

#include <QMetaObject>
#include <QObject>
#include <QPointer>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

namespace core {

namespace detail {

/** What a Promise and its Pending share. One thread only. */
template <typename T> struct PendingState
{
    std::optional<Result<T>> result;
    bool answered = false;
    std::function<void()> abortHook; ///< set by the producer: stop the work, the answer no longer matters
    std::function<void(Result<T>)> direct; ///< set by Pending::map: runs at once when the answer comes
    std::function<void(Result<T>)> continuation; ///< set by Pending::then: runs queued, in the context's thread
    QPointer<QObject> context;

    void answer(Result<T> r)
    {
        if (answered)
            return;
        answered = true;
        abortHook = nullptr;
        if (direct) {
            auto f = std::exchange(direct, nullptr);
            f(std::move(r));
            return;
        }
        result = std::move(r);
        deliver();
    }

    void deliver()
    {
        if (!result || !continuation)
            return;
        auto f = std::exchange(continuation, nullptr);
        if (!context)
            return;
        // Queued, so that f never runs inside the call that made the Pending, and never after its context died.
        QMetaObject::invokeMethod(
            context.data(), [f = std::move(f), r = std::move(*result)]() mutable { f(std::move(r)); },
            Qt::QueuedConnection);
        result.reset();
    }

    void abort()
    {
        if (answered)
            return;
        auto hook = std::exchange(abortHook, nullptr);
        if (hook)
            hook();
        answer(Error{ErrorKind::Aborted, 0, QStringLiteral("aborted"), {}});
    }
};

} // namespace detail

/** Takes a request back after its Pending was consumed by then(). Copyable, may outlive the answer. */
class Aborter
{
public:
    Aborter() = default;
    explicit Aborter(std::function<void()> f)
        : m_abort(std::move(f))
    {
    }
    void abort() const
    {
        if (m_abort)
            m_abort();
    }

private:
    std::function<void()> m_abort;
};

template <typename T> class Promise;

/**
 * One answer that will come. Say what to do with it: `std::move(p).then(context, f)`. f runs once, from the
 * event loop, or never if context died first. Dropping a Pending or its context does not abort the work: a
 * write goes on. abort() answers Aborted. Not for other threads, not for more than one answer (that is a stream).
 */
template <typename T> class Pending
{
public:
    Pending() = default;
    Pending(Pending &&) noexcept = default;
    Pending &operator=(Pending &&) noexcept = default;
    Pending(const Pending &) = delete;
    Pending &operator=(const Pending &) = delete;

    /** Runs f(Result<T>) in context's event loop. */
    template <typename F> Aborter then(QObject *context, F f) &&
    {
        auto state = std::move(m_state);
        state->context = context;
        state->continuation = [f = std::move(f)](Result<T> r) mutable { f(std::move(r)); };
        state->deliver();
        return Aborter([weak = std::weak_ptr(state)] {
            if (auto s = weak.lock())
                s->abort();
        });
    }

    /** A Pending of f's result: f is pure, takes the value (nothing for void) and returns U or Result<U>. */
    template <typename F> auto map(F f) &&;

    void abort() const
    {
        if (m_state)
            m_state->abort();
    }

    static Pending ready(Result<T> result);

private:
    friend class Promise<T>;
    explicit Pending(std::shared_ptr<detail::PendingState<T>> state)
        : m_state(std::move(state))
    {
    }
    template <typename U> friend class Pending;

    std::shared_ptr<detail::PendingState<T>> m_state;
};

/** The producer's side of a Pending. Copyable: the copies answer the same Pending, the first answer counts. */
template <typename T> class Promise
{
public:
    Promise()
        : m_state(std::make_shared<detail::PendingState<T>>())
    {
    }

    Pending<T> pending() const { return Pending<T>(m_state); }
    void answer(Result<T> result) const
    {
        auto keep = m_state;
        keep->answer(std::move(result));
    }
    bool answered() const { return m_state->answered; }
    /** f stops the work behind the promise; it need not answer. */
    void onAbort(std::function<void()> f) const
    {
        if (!m_state->answered)
            m_state->abortHook = std::move(f);
    }

private:
    std::shared_ptr<detail::PendingState<T>> m_state;
};

template <typename T> Pending<T> Pending<T>::ready(Result<T> result)
{
    Promise<T> promise;
    promise.answer(std::move(result));
    return promise.pending();
}

namespace detail {
template <typename R> struct Unwrap
{
    using type = R;
};
template <typename U> struct Unwrap<Result<U>>
{
    using type = U;
};
template <typename T, typename F> struct MapResult
{
    using type = std::invoke_result_t<F, T>;
};
template <typename F> struct MapResult<void, F>
{
    using type = std::invoke_result_t<F>;
};
} // namespace detail

template <typename T> template <typename F> auto Pending<T>::map(F f) &&
{
    using R = typename detail::MapResult<T, F>::type;
    using U = typename detail::Unwrap<R>::type;
    Promise<U> next;
    auto state = std::move(m_state);
    auto apply = [f = std::move(f), next](Result<T> r) mutable {
        if (!r)
            next.answer(Result<U>(r.error()));
        else if constexpr (std::is_void_v<T>) {
            if constexpr (std::is_void_v<R>) {
                f();
                next.answer(Result<void>());
            } else
                next.answer(Result<U>(f()));
        } else if constexpr (std::is_void_v<R>) {
            f(std::move(r).value());
            next.answer(Result<void>());
        } else
            next.answer(Result<U>(f(std::move(r).value())));
    };
    next.onAbort([weak = std::weak_ptr(state)] {
        if (auto s = weak.lock())
            s->abort();
    });
    if (state->result) {
        auto r = std::move(*state->result);
        state->result.reset();
        apply(std::move(r));
    } else {
        state->direct = std::move(apply);
    }
    return next.pending();
}

} // namespace core
