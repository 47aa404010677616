#include "support/standinkeyring.h"

#include <QDBusConnection>

namespace support {

using namespace Qt::StringLiterals;

namespace {
const QString connectionName = u"stand-in keyring"_s;
}

StandInKeyring::~StandInKeyring() { QDBusConnection::disconnectFromBus(connectionName); }

bool StandInKeyring::start(const QString &address)
{
    QDBusConnection bus = QDBusConnection::connectToBus(address, connectionName);
    const auto all = QDBusConnection::ExportAllContents;
    return bus.registerObject(u"/org/freedesktop/secrets"_s, &service, all)
        && bus.registerObject(StandInCollection::path(), &collection, all)
        && bus.registerObject(StandInPrompt::path(), &prompt, all) && bus.registerService(u"org.freedesktop.secrets"_s);
}

} // namespace support
