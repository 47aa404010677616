#include "session/protobuf.h"

namespace session {

namespace {

/** How a field's value is written. */
enum WireType : quint64 { Varint = 0, Fixed64 = 1, Length = 2, Fixed32 = 5 };

} // namespace

bool MessageReader::next(Field &field)
{
    if (m_rest.isEmpty() || m_failed)
        return false;
    field = {};
    const quint64 key = varint();
    field.number = quint32(key >> 3);
    switch (key & 7) {
    case Varint:
        field.value = varint();
        break;
    case Fixed64:
        skip(8);
        break;
    case Length:
        field.bytes = skip(varint());
        break;
    case Fixed32:
        skip(4);
        break;
    default:
        m_failed = true;
    }
    return !m_failed;
}

quint64 MessageReader::varint()
{
    quint64 value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (m_rest.isEmpty())
            break;
        const auto byte = quint8(m_rest.front());
        m_rest = m_rest.sliced(1);
        value |= quint64(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    m_failed = true;
    return 0;
}

QByteArrayView MessageReader::skip(quint64 size)
{
    if (m_failed || size > quint64(m_rest.size())) {
        m_failed = true;
        return {};
    }
    const QByteArrayView bytes = m_rest.first(qsizetype(size));
    m_rest = m_rest.sliced(qsizetype(size));
    return bytes;
}

MessageWriter &MessageWriter::number(quint32 field, quint64 value)
{
    if (value != 0) {
        varint(quint64(field) << 3 | Varint);
        varint(value);
    }
    return *this;
}

MessageWriter &MessageWriter::bytes(quint32 field, QByteArrayView value)
{
    if (!value.isEmpty())
        withLength(field, value);
    return *this;
}

MessageWriter &MessageWriter::message(quint32 field, const MessageWriter &value)
{
    withLength(field, value.m_wire);
    return *this;
}

void MessageWriter::varint(quint64 value)
{
    for (; value >= 0x80; value >>= 7)
        m_wire += char(value | 0x80);
    m_wire += char(value);
}

void MessageWriter::withLength(quint32 field, QByteArrayView value)
{
    varint(quint64(field) << 3 | Length);
    varint(quint64(value.size()));
    m_wire.append(value);
}

} // namespace session
