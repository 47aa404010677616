#include "http/message.h"

namespace http {

QByteArray Headers::value(QByteArrayView name) const
{
    for (const auto &field : m_fields) {
        if (field.first.compare(name, Qt::CaseInsensitive) == 0)
            return field.second;
    }
    return {};
}

QByteArray Request::toWire() const
{
    QByteArray wire;
    wire.reserve(256 + body.size());
    wire += method + ' ' + path;
    if (!query.isEmpty())
        wire += '?' + query.toString(QUrl::FullyEncoded).toLatin1();
    // dockerd answers 400 and closes without a Host field; any value will do on a Unix socket.
    wire += " HTTP/1.1\r\nHost: docker\r\nUser-Agent: slipway\r\n";
    if (!upgrade.isEmpty())
        wire += "Connection: Upgrade\r\nUpgrade: " + upgrade + "\r\n";
    for (const auto &[name, value] : headers.fields())
        wire += name + ": " + value + "\r\n";
    if (!contentType.isEmpty())
        wire += "Content-Type: " + contentType + "\r\n";
    if (bodySource)
        wire += "Transfer-Encoding: chunked\r\n";
    else if (!body.isEmpty() || method == "POST" || method == "PUT")
        wire += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    wire += "\r\n";
    wire += body;
    return wire;
}

QByteArray ResponseHead::contentType() const
{
    QByteArray type = headers.value("Content-Type");
    if (const auto parameters = type.indexOf(';'); parameters >= 0)
        type.truncate(parameters);
    return type.trimmed().toLower();
}

} // namespace http
