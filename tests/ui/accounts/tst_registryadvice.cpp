#include "accounts/registryadvice.h"

#include <QTest>

using namespace Qt::StringLiterals;
using core::Error;
using core::ErrorKind;

class RegistryAdviceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void understandsWhatIsTyped()
    {
        QCOMPARE(accounts::registryTyped(u"Docker Hub"_s), u"docker.io"_s);
        QCOMPARE(accounts::registryTyped(u" docker  hub "_s), u"docker.io"_s);
        QCOMPARE(accounts::registryTyped(u"https://nvcr.io/"_s), u"nvcr.io"_s);
        QCOMPARE(accounts::registryTyped(u"my registry"_s), QString());
        for (const QString &name : accounts::knownRegistries())
            QVERIFY2(!accounts::passwordAdvice(accounts::registryTyped(name)).isEmpty(), qPrintable(name));
        QCOMPARE(accounts::fixedUser(u"nvcr.io"_s), u"$oauthtoken"_s);
        QCOMPARE(accounts::fixedUser(u"ghcr.io"_s), QString());
    }

    /** The daemons' own words (20.10 and 29), and what is said of them. */
    void failuresHaveAWayOut_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("wayOut");
        QTest::newRow("password") << int(ErrorKind::Unauthorized)
                                  << u"login attempt to http://r.example.com/v2/ failed with status: 401 Unauthorized"_s
                                  << u"r.example.com does not know this user with this password."_s << u"Check both"_s;
        QTest::newRow("certificate") << int(
            ErrorKind::Daemon) << u"Get \"https://r.example.com/v2/\": x509: certificate signed by unknown authority"_s
                                     << u"Docker does not trust the certificate of r.example.com."_s
                                     << u"/etc/docker/certs.d/r.example.com/ca.crt"_s;
        QTest::newRow("certificate, 29")
            << int(ErrorKind::Daemon)
            << u"Get \"https://r.example.com/v2/\": tls: failed to verify certificate: x509: certificate is valid for a, not b"_s
            << u"Docker does not trust the certificate of r.example.com."_s << u"certs.d"_s;
        QTest::newRow("plain HTTP")
            << int(ErrorKind::Daemon)
            << u"Get \"https://r.example.com/v2/\": http: server gave HTTP response to HTTPS client"_s
            << u"r.example.com speaks plain HTTP, which Docker refuses."_s << u"insecure-registries"_s;
        QTest::newRow("rate")
            << int(ErrorKind::Daemon)
            << u"login attempt to https://r.example.com/v2/ failed with status: 429 Too Many Requests"_s
            << u"r.example.com takes no more sign-ins for now: there were too many."_s << u"Wait a few minutes"_s;
        QTest::newRow("refused")
            << int(ErrorKind::Daemon)
            << u"Get \"http://r.example.com/v2/\": dial tcp 127.0.0.1:80: connect: connection refused"_s
            << u"Nothing answers at r.example.com."_s << u"the port"_s;
        QTest::newRow("name") << int(ErrorKind::Daemon)
                              << u"Get \"https://r.example.com/v2/\": dial tcp: lookup r.example.com: no such host"_s
                              << u"Docker finds no machine called r.example.com."_s << u"Check the name"_s;
        QTest::newRow("network")
            << int(ErrorKind::Daemon)
            << u"Get \"https://r.example.com/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)"_s
            << u"Docker cannot reach r.example.com."_s << u"proxy"_s;
        QTest::newRow("no registry") << int(
            ErrorKind::Daemon) << u"login attempt to https://r.example.com/v2/ failed with status: 404 Not Found"_s
                                     << u"r.example.com does not answer as a registry does."_s << u"Check the name"_s;
    }
    void failuresHaveAWayOut()
    {
        QFETCH(int, kind);
        QFETCH(QString, message);
        QFETCH(QString, title);
        QFETCH(QString, wayOut);
        const auto text = accounts::signInText(Error{ErrorKind(kind), 500, message, {}}, u"r.example.com"_s);
        QCOMPARE(text.title, title);
        QVERIFY2(text.whatToDo.contains(wayOut), qPrintable(text.whatToDo));
        QVERIFY(text.details.contains(message));
    }

    void dockerItselfIsAnotherMatter()
    {
        const auto text
            = accounts::signInText(Error{ErrorKind::Unreachable, 0, u"connection refused"_s, {}}, u"docker.io"_s);
        QVERIFY2(text.title.contains(u"Docker does not answer"), qPrintable(text.title));
    }
};

QTEST_GUILESS_MAIN(RegistryAdviceTest)
#include "tst_registryadvice.moc"
