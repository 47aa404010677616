#pragma once

#include <QByteArray>
#include <QByteArrayView>

/** Protocol buffers as far as BuildKit's messages need them: proto3, without a schema. Source: protobuf's encoding. */
namespace session {

/** One field of a message. */
struct Field
{
    quint32 number = 0;
    quint64 value = 0; ///< of a varint
    QByteArrayView bytes{}; ///< of what has a length
};

/** Reads a message field by field; never behind its end. Looks at bytes that outlive it. */
class MessageReader
{
public:
    explicit MessageReader(QByteArrayView bytes)
        : m_rest(bytes)
    {
    }

    /** False at the end, or where the bytes are no message: then failed(). Fixed-size values are passed over. */
    bool next(Field &field);
    bool failed() const { return m_failed; }

private:
    quint64 varint();
    QByteArrayView skip(quint64 size);

    QByteArrayView m_rest;
    bool m_failed = false;
};

/** f(field) for each; whether it was a message. */
template <typename F> bool eachField(QByteArrayView bytes, F f)
{
    MessageReader reader(bytes);
    for (Field field; reader.next(field);)
        f(field);
    return !reader.failed();
}

/** Writes a message, its fields in the order of the calls. What proto3 takes as the default is left out. A value. */
class MessageWriter
{
public:
    MessageWriter &number(quint32 field, quint64 value);
    MessageWriter &bytes(quint32 field, QByteArrayView value);
    /** A message as a field: there even if it is empty. */
    MessageWriter &message(quint32 field, const MessageWriter &value);

    const QByteArray &wire() const { return m_wire; }

private:
    void varint(quint64 value);
    void withLength(quint32 field, QByteArrayView value);

    QByteArray m_wire;
};

} // namespace session
