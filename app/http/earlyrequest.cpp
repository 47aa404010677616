#include "http/earlyrequest.h"

#include <QFile>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace http {

int sendEarly(const Endpoint &endpoint, const Request &request)
{
    const QByteArray path = QFile::encodeName(endpoint.socketPath);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.isEmpty() || size_t(path.size()) >= sizeof address.sun_path)
        return -1;
    std::memcpy(address.sun_path, path.constData(), size_t(path.size()));

    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    const QByteArray wire = request.toWire();
    const bool sent = ::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0
        && ::send(fd, wire.constData(), size_t(wire.size()), MSG_NOSIGNAL) == wire.size();
    if (!sent) {
        ::close(fd);
        return -1;
    }
    return fd;
}

} // namespace http
