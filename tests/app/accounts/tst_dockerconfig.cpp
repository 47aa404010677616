#include "accounts/dockerconfig.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using accounts::DockerConfig;
using namespace Qt::StringLiterals;

/** What stands in config.json, of which Docker's client has written many forms. */
class DockerConfigTest : public QObject
{
    Q_OBJECT

    static QByteArray base64(const QByteArray &text) { return text.toBase64(); }
    /** Of JSON with ' for ". */
    static DockerConfig parsed(QByteArray json)
    {
        const auto config = DockerConfig::parse(json.replace('\'', '"'));
        return config ? *config : DockerConfig{{}, {}, {}, u"not parsed"_s};
    }

private Q_SLOTS:
    void readsEveryForm()
    {
        const DockerConfig config = parsed("{'auths': {'https://index.docker.io/v1/': {'auth': '"
            + base64("hubber:hub:pass") + "'}, 'https://old.example.com/v1/': {'auth': '"
            + base64(QByteArray("o:ld\0\0", 6)) + "'}, 'nvcr.io': {'auth': '" + base64("$oauthtoken:nvapi-\xc3\xa4")
            + "'}, 'azure.example.com': {'auth': '" + base64("00000000-0000-0000-0000-000000000000:")
            + "', 'identitytoken': 'tok'}, 'plain.example.com': {'username': 'u', 'password': 'p'}, "
              "'stored.example.com': {}}, 'credsStore': 'secretservice', "
              "'credHelpers': {'gcr.io': 'gcloud', 'https://123.dkr.ecr.eu-west-1.amazonaws.com': 'ecr-login'}, "
              "'HttpHeaders': {'User-Agent': 'x'}, 'proxies': {}, 'currentContext': 'default'}");
        QCOMPARE(config.trouble, QString());
        QCOMPARE(config.logins.size(), 5);
        QCOMPARE(config.login(u"docker.io"_s)->username, u"hubber"_s);
        QCOMPARE(config.login(u"docker.io"_s)->password, u"hub:pass"_s);
        QCOMPARE(config.login(u"old.example.com"_s)->password, u"ld"_s);
        QCOMPARE(config.login(u"nvcr.io"_s)->username, u"$oauthtoken"_s);
        QCOMPARE(config.login(u"nvcr.io"_s)->password, u"nvapi-ä"_s);
        QCOMPARE(config.login(u"azure.example.com"_s)->identityToken, u"tok"_s);
        QCOMPARE(config.login(u"azure.example.com"_s)->password, QString());
        QCOMPARE(config.login(u"plain.example.com"_s)->password, u"p"_s);
        QVERIFY(!config.login(u"stored.example.com"_s));
        QVERIFY(!config.login(u"example.com"_s));
        QCOMPARE(config.keeper(u"gcr.io"_s), u"gcloud"_s);
        QCOMPARE(config.keeper(u"123.dkr.ecr.eu-west-1.amazonaws.com"_s), u"ecr-login"_s);
        QCOMPARE(config.keeper(u"nvcr.io"_s), u"secretservice"_s);
    }

    void thePlainNameGoesFirst()
    {
        const DockerConfig config = parsed("{'auths': {'http://a.example.com/v2/': {'auth': '" + base64("u:old")
            + "'}, 'a.example.com': {'auth': '" + base64("u:new") + "'}}}");
        QCOMPARE(config.login(u"a.example.com"_s)->password, u"new"_s);
    }

    void oneBrokenSignInLeavesTheOthers()
    {
        const DockerConfig config = parsed("{'auths': {'a.example.com': {'auth': '%%%'}, 'b.example.com': {'auth': '"
            + base64("u:p") + "'}, 'c.example.com': {'auth': '" + base64("no colon") + "'}, 'd.example.com': 5}}");
        QVERIFY(config.login(u"b.example.com"_s));
        QCOMPARE(config.logins.size(), 1);
        QVERIFY2(config.trouble.contains(u"docker login a.example.com"), qPrintable(config.trouble));
    }

    void brokenJsonIsOneSentence()
    {
        const auto config
            = DockerConfig::parse("{\n\"auths\": {\n  \"a\": {\"auth\": \"c2VjcmV0OnNlY3JldA==\"}\n  oops");
        QVERIFY(!config.ok());
        QVERIFY2(config.error().message.contains(u"line 4"), qPrintable(config.error().message));
        QVERIFY(!config.error().message.contains(u"c2Vj") && !config.error().detail.contains(u"c2Vj"));
        QVERIFY(!DockerConfig::parse("[]").ok());
    }

    void cutAnywhereItNeverFindsAnotherSecret()
    {
        QByteArray whole = "{'auths': {'a': {'auth': '" + base64("user:password") + "'}}, 'credsStore': 'x'}";
        whole.replace('\'', '"');
        for (qsizetype i = 0; i < whole.size(); ++i) {
            const auto config = DockerConfig::parse(whole.left(i));
            QVERIFY(!config.ok() || *config == DockerConfig());
        }
    }

    void emptyAndNullAreNothing()
    {
        QCOMPARE(parsed(""), DockerConfig());
        QCOMPARE(parsed("  \n"), DockerConfig());
        QCOMPARE(parsed("{}"), DockerConfig());
        QCOMPARE(parsed("{'auths': null, 'credHelpers': null, 'credsStore': null}"), DockerConfig());
        QCOMPARE(parsed("{'auths': {'a': null}}"), DockerConfig());
    }

    void liesWhereDockerHasIt()
    {
        QTemporaryDir folder;
        qputenv("DOCKER_CONFIG", folder.path().toLocal8Bit());
        QCOMPARE(DockerConfig::path(), folder.filePath(u"config.json"_s));
        qunsetenv("DOCKER_CONFIG");
        qputenv("HOME", folder.path().toLocal8Bit());
        QCOMPARE(DockerConfig::path(), folder.filePath(u".docker/config.json"_s));
        QCOMPARE(DockerConfig::read(DockerConfig::path()).value(), DockerConfig()); // there is none
        QFile file(folder.filePath(u"config.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"credsStore\": \"pass\"}");
        file.close();
        QCOMPARE(DockerConfig::read(file.fileName())->store, u"pass"_s);
        QVERIFY(!DockerConfig::read(folder.path()).ok()); // a folder
    }
};

QTEST_GUILESS_MAIN(DockerConfigTest)
#include "tst_dockerconfig.moc"
