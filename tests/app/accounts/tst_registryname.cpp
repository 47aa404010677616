#include "accounts/registryname.h"

#include <QTest>

using namespace Qt::StringLiterals;

class RegistryNameTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesAHost_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("registry");
        QTest::newRow("host") << u"nvcr.io"_s << u"nvcr.io"_s;
        QTest::newRow("as copied from a browser") << u" https://NVCR.io/v2/ "_s << u"nvcr.io"_s;
        QTest::newRow("port") << u"http://localhost:5000"_s << u"localhost:5000"_s;
        QTest::newRow("ipv6") << u"[::1]:5000"_s << u"[::1]:5000"_s;
        QTest::newRow("a name in one word") << u"registry"_s << u"registry"_s;
        QTest::newRow("hub") << u"docker.io"_s << u"docker.io"_s;
        QTest::newRow("hub's server") << u"https://index.docker.io/v1/"_s << u"docker.io"_s;
        QTest::newRow("hub's page") << u"https://hub.docker.com/u/me"_s << u"docker.io"_s;
        QTest::newRow("image") << u"ghcr.io/me/image"_s << u"ghcr.io"_s;
        QTest::newRow("nothing") << u"  "_s << QString();
        QTest::newRow("words") << u"Docker Hub"_s << QString();
        QTest::newRow("a port that is none") << u"host:port"_s << QString();
        QTest::newRow("an option") << u"-v"_s << QString();
        QTest::newRow("user before it") << u"me@host"_s << QString();
    }
    void namesAHost()
    {
        QFETCH(QString, text);
        QFETCH(QString, registry);
        QCOMPARE(accounts::registryOf(text), registry);
        QCOMPARE(accounts::registryOf(registry), registry);
        QCOMPARE(accounts::registryOf(accounts::serverOf(registry)), registry);
    }

    void hubHasANameOfItsOwnAtDocker()
    {
        QCOMPARE(accounts::serverOf(u"docker.io"_s), u"https://index.docker.io/v1/"_s);
        QCOMPARE(accounts::serverOf(u"localhost:5000"_s), u"localhost:5000"_s);
        QCOMPARE(accounts::registryTitle(u"docker.io"_s), u"Docker Hub"_s);
        QCOMPARE(accounts::registryTitle(u"nvcr.io"_s), u"nvcr.io"_s);
    }
};

QTEST_GUILESS_MAIN(RegistryNameTest)
#include "tst_registryname.moc"
