#include "docker/engine.h"
#include "docker/registry.h"
#include "support/await.h"
#include "support/fakedaemon.h"

#include <QJsonObject>
#include <QTest>

using docker::ImageReference;
using docker::RegistryAuth;
using support::await;
using support::FakeReply;
using namespace Qt::StringLiterals;

/** What a registry is asked through the daemon, and what its answers and refusals mean. */
class RegistryTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<support::FakeDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;

    static ImageReference image(const QString &text) { return ImageReference::parse(text).value(); }
    static RegistryAuth somebody() { return {u"nvcr.io"_s, u"$oauthtoken"_s, u"p>w?:ä"_s, {}}; }
    const support::FakeRequest &asked() const { return m_daemon->requests().last(); }
    /** The field's value, as it came. */
    QByteArray authField() const
    {
        for (const QByteArray &line : asked().head.split('\n')) {
            if (line.toLower().startsWith("x-registry-auth:"))
                return line.mid(16).trimmed();
        }
        return "none";
    }

private Q_SLOTS:
    void init()
    {
        m_daemon = std::make_unique<support::FakeDaemon>();
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
    }
    void cleanup()
    {
        m_engine.reset();
        m_daemon.reset();
    }

    void distribution()
    {
        m_daemon->route("GET", "/distribution/", FakeReply::json(R"({"Descriptor":{"mediaType":"m","digest":"sha256:1",
            "size":3},"Platforms":[{"architecture":"amd64","os":"linux"},{"architecture":"arm64","os":"linux",
            "variant":"v8"},{"architecture":"unknown","os":"unknown"}]})"));
        const auto told = await(docker::distribution(*m_engine, image(u"ubuntu"_s), somebody()));
        QVERIFY2(told.ok(), told ? "" : qPrintable(told.error().message));
        QCOMPARE(*told, (docker::Distribution{u"sha256:1"_s, {u"linux/amd64"_s, u"linux/arm64/v8"_s}}));
        QCOMPARE(asked().path, QByteArray("/distribution/docker.io/library/ubuntu:latest/json"));
        QCOMPARE(authField(), somebody().header());

        const auto anonymous
            = await(docker::distribution(*m_engine, image(u"localhost:5000/a@sha256:"_s + QString(64, u'a'))));
        QVERIFY(anonymous.ok());
        QCOMPARE(authField(), QByteArray("none"));
        QVERIFY(asked().path.startsWith("/distribution/localhost:5000/a@sha256:aaaa"));
    }

    void distributionAsDescribed()
    {
        // The API's description has capitals where daemons have none.
        const auto told = docker::parseDistribution(
            R"({"Descriptor":{"Digest":"sha256:2"},"Platforms":[{"Architecture":"arm","OS":"linux","Variant":"v7"}]})");
        QCOMPARE(told.value(), (docker::Distribution{u"sha256:2"_s, {u"linux/arm/v7"_s}}));
        QCOMPARE(docker::parseDistribution(R"({"Platforms":null})").value(), docker::Distribution());
        QCOMPARE(docker::parseDistribution("[]").error().kind, core::ErrorKind::Protocol);
        QCOMPARE(docker::parseDistribution(R"({"Platforms":7})").error().kind, core::ErrorKind::Protocol);
    }

    void signIn()
    {
        m_daemon->route("POST", "/auth", FakeReply::json(R"({"Status":"Login Succeeded","IdentityToken":"t"})"));
        const auto told = await(docker::signIn(*m_engine, somebody()));
        QVERIFY(told.ok());
        QCOMPARE(told->status, u"Login Succeeded"_s);
        QCOMPARE(told->identityToken, u"t"_s);
        QCOMPARE(QJsonDocument::fromJson(asked().body).object(),
            (QJsonObject{
                {u"username"_s, u"$oauthtoken"_s}, {u"password"_s, u"p>w?:ä"_s}, {u"serveraddress"_s, u"nvcr.io"_s}}));
        QVERIFY(await(docker::signIn(*m_engine, {u"a"_s, u"<token>"_s, {}, u"secret"_s})).ok());
        QCOMPARE(QJsonDocument::fromJson(asked().body).object().value(u"identitytoken"_s).toString(), u"secret"_s);
    }

    void push()
    {
        m_daemon->route("POST", "/images/", FakeReply::json("{\"status\":\"Pushed\",\"id\":\"a\"}\r\n"));
        for (const RegistryAuth &auth : {somebody(), RegistryAuth{u"nvcr.io"_s, {}, {}, {}}}) {
            QObject owner;
            docker::PullStream *stream
                = docker::pushImage(*m_engine, image(u"localhost:5000/team/bb:2"_s), auth, &owner);
            QList<core::Result<void>> ends;
            QStringList steps;
            connect(
                stream, &docker::PullStream::step, &owner, [&](const docker::PullStep &step) { steps += step.status; });
            connect(stream, &docker::Stream::closed, &owner, [&](const core::Result<void> &end) { ends += end; });
            QTRY_COMPARE(ends.size(), 1);
            QVERIFY(ends[0].ok());
            QCOMPARE(steps, QStringList{u"Pushed"_s});
            QCOMPARE(asked().path, QByteArray("/images/localhost:5000/team/bb/push"));
            QCOMPARE(asked().query, QByteArray("tag=2"));
            QCOMPARE(authField(), auth.isEmpty() ? QByteArray("e30=") : auth.header()); // {}
        }
    }

    void tag()
    {
        m_daemon->route("POST", "/images/", FakeReply::json({}, 201));
        QVERIFY(await(docker::tagImage(*m_engine, u"sha256:ab"_s, image(u"nvcr.io/x/y"_s))).ok());
        QCOMPARE(asked().path, QByteArray("/images/sha256:ab/tag"));
        QCOMPARE(QByteArray::fromPercentEncoding(asked().query), QByteArray("repo=nvcr.io/x/y&tag=latest"));
        m_daemon->route("POST", "/images/", FakeReply::status(404, "No such image: sha256:ab"));
        QCOMPARE(
            await(docker::tagImage(*m_engine, u"sha256:ab"_s, image(u"y"_s))).error().kind, core::ErrorKind::NotFound);
    }

    void refusals_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("words");
        QTest::addColumn<core::ErrorKind>("kind");
        using Kind = core::ErrorKind;
        const auto row = [](int status, const char *words, Kind kind) {
            QTest::newRow(words) << status << QString::fromLatin1(words) << kind;
        };
        row(500, "Get \"http://localhost:5000/v2/\": unauthorized: authentication required", Kind::Unauthorized);
        row(500, "login attempt to http://localhost:5000/v2/ failed with status: 401 Unauthorized", Kind::Unauthorized);
        row(401, "Get \"https://nvcr.io/v2/\": unauthorized", Kind::Unauthorized);
        row(404,
            "pull access denied for a/b, repository does not exist or may require 'docker login': denied: "
            "requested access to the resource is denied",
            Kind::Unauthorized);
        row(500, "no basic auth credentials", Kind::Unauthorized);
        row(500, "Get https://r/v2/: x509: certificate signed by unknown authority", Kind::Daemon);
        row(404, "manifest for localhost:5000/a:1 not found: manifest unknown", Kind::NotFound);
        row(429, "toomanyrequests: You have reached your unauthenticated pull rate limit", Kind::Daemon);
    }
    void refusals()
    {
        QFETCH(int, status);
        QFETCH(QString, words);
        QFETCH(core::ErrorKind, kind);
        m_daemon->route("POST", "/auth", FakeReply::status(status, words.toUtf8()));
        m_daemon->route("GET", "/distribution", FakeReply::status(status, words.toUtf8()));
        QCOMPARE(await(docker::signIn(*m_engine, somebody())).error().kind, kind);
        const core::Error error = await(docker::distribution(*m_engine, image(u"a"_s))).error();
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.message, words);
    }
};

QTEST_GUILESS_MAIN(RegistryTest)
#include "tst_registry.moc"
