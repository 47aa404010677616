#pragma once

#include "core/error.h"

#include <QtGlobal>
#include <optional>
#include <utility>
#include <variant>

namespace core {

/** A value or the Error that stood in its way. Implicitly made from either. */
template <typename T> class Result
{
public:
    using Value = T;

    Result(T value)
        : m_value(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_value(std::in_place_index<1>, std::move(error))
    {
    }

    bool ok() const { return m_value.index() == 0; }
    explicit operator bool() const { return ok(); }

    const T &value() const &
    {
        Q_ASSERT(ok());
        return *std::get_if<0>(&m_value);
    }
    T &value() &
    {
        Q_ASSERT(ok());
        return *std::get_if<0>(&m_value);
    }
    T &&value() &&
    {
        Q_ASSERT(ok());
        return std::move(*std::get_if<0>(&m_value));
    }
    const T &operator*() const & { return value(); }
    T &operator*() & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }
    const T *operator->() const { return &value(); }
    T *operator->() { return &value(); }

    const Error &error() const
    {
        Q_ASSERT(!ok());
        return *std::get_if<1>(&m_value);
    }

private:
    std::variant<T, Error> m_value;
};

/** Success without a value, or the Error. `Result<void>{}` is success. */
template <> class Result<void>
{
public:
    using Value = void;

    Result() = default;
    Result(Error error)
        : m_error(std::move(error))
    {
    }

    bool ok() const { return !m_error; }
    explicit operator bool() const { return ok(); }
    const Error &error() const
    {
        Q_ASSERT(m_error);
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace core
