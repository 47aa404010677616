#include "accounts/dockerlogins.h"
#include "app/accounts/helperscript.h"
#include "support/await.h"

#include <QSaveFile>
#include <QSignalSpy>
#include <QTest>

using accounts::Account;
using accounts::DockerLogins;
using support::await;
using namespace Qt::StringLiterals;

/** The sign-ins of Docker's client together: file, store, helpers. */
class DockerLoginsTest : public QObject
{
    Q_OBJECT

    HelperFolder m_helpers;
    QTemporaryDir m_folder;

    QString path() const { return m_folder.filePath(u"config.json"_s); }
    /** JSON with ' for ". */
    void write(QByteArray json) const
    {
        QSaveFile file(path()); // as Docker does it: another file under the same name
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(json.replace('\'', '"'));
        QVERIFY(file.commit());
    }
    static docker::RegistryAuth authFor(DockerLogins &logins, const QString &registry)
    {
        return await(logins.authFor(registry)).value();
    }

private Q_SLOTS:
    void looksWhereDockerLooks()
    {
        QVERIFY(m_helpers.add(u"store"_s, keepsOne("https://nvcr.io", "stored", "1")));
        QVERIFY(m_helpers.add(u"own"_s, keepsOne("https://index.docker.io/v1/", "hubber", "2")));
        write("{'auths': {'nvcr.io': {}, 'ghcr.io': {'auth': '" + QByteArray("me:3").toBase64()
            + "'}}, 'credsStore': 'store', 'credHelpers': {'docker.io': 'own'}}");
        DockerLogins logins(path());
        const auto hub = authFor(logins, u"docker.io"_s);
        QCOMPARE(hub.username, u"hubber"_s);
        QCOMPARE(hub.server, u"https://index.docker.io/v1/"_s);
        // The store knows it under another form of its name.
        QCOMPARE(authFor(logins, u"nvcr.io"_s).username, u"stored"_s);
        QCOMPARE(authFor(logins, u"nvcr.io"_s).server, u"nvcr.io"_s);
        QCOMPARE(authFor(logins, u"ghcr.io"_s).password, u"3"_s);
        QVERIFY(authFor(logins, u"quay.io"_s).isEmpty());

        const auto listing = await(logins.list()).value();
        QCOMPARE(listing.trouble, QString());
        QCOMPARE(listing.accounts,
            (QList<Account>{{u"ghcr.io"_s, u"me"_s, Account::Where::DockerConfig, {}},
                {u"docker.io"_s, u"hubber"_s, Account::Where::DockerHelper, u"own"_s},
                {u"nvcr.io"_s, u"stored"_s, Account::Where::DockerHelper, u"store"_s}}));
    }

    void aMissingStoreIsSaidAndTheFileStillCounts()
    {
        write("{'auths': {'ghcr.io': {'auth': '" + QByteArray("me:3").toBase64() + "'}}, 'credsStore': 'gone'}");
        DockerLogins logins(path());
        const auto listing = await(logins.list()).value();
        QVERIFY2(listing.trouble.contains(u"docker-credential-gone"), qPrintable(listing.trouble));
        QCOMPARE(listing.accounts.size(), 1);
        QCOMPARE(authFor(logins, u"ghcr.io"_s).password, u"3"_s);
        QCOMPARE(await(logins.authFor(u"nvcr.io"_s)).error().kind, core::ErrorKind::NotFound);
    }

    void aHelperThatCannotListIsShownWithoutItsUser()
    {
        QVERIFY(m_helpers.add(u"ecr"_s, "[ \"$1\" = get ] && echo '{\"Username\":\"AWS\",\"Secret\":\"4\"}'"));
        write("{'credHelpers': {'1.dkr.ecr.eu.amazonaws.com': 'ecr'}}");
        DockerLogins logins(path());
        const auto listing = await(logins.list()).value();
        QCOMPARE(listing.trouble, QString());
        QCOMPARE(listing.accounts,
            (QList<Account>{{u"1.dkr.ecr.eu.amazonaws.com"_s, {}, Account::Where::DockerHelper, u"ecr"_s}}));
        QCOMPARE(authFor(logins, u"1.dkr.ecr.eu.amazonaws.com"_s).username, u"AWS"_s);
    }

    void brokenJsonIsSaid()
    {
        write("{");
        DockerLogins logins(path());
        QVERIFY(await(logins.list())->trouble.contains(u"line 1"));
        QCOMPARE(await(logins.authFor(u"nvcr.io"_s)).error().kind, core::ErrorKind::Protocol);
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("{")); // as it was
    }

    void noticesChangesOfTheFile()
    {
        QVERIFY(QFile::remove(path()));
        DockerLogins logins(path());
        QVERIFY(await(logins.list())->accounts.isEmpty());
        QSignalSpy changed(&logins, &DockerLogins::changed);
        for (int i = 1; i <= 3; ++i) { // made, replaced, replaced again
            write("{'auths': {'ghcr.io': {'auth': '" + QByteArray("me:" + QByteArray::number(i)).toBase64() + "'}}}");
            QTRY_COMPARE(changed.count(), i);
            QCOMPARE(authFor(logins, u"ghcr.io"_s).password, QString::number(i));
        }
        QVERIFY(QFile::remove(path()));
        QTRY_COMPARE(changed.count(), 4);
        QVERIFY(authFor(logins, u"ghcr.io"_s).isEmpty());
    }
};

QTEST_GUILESS_MAIN(DockerLoginsTest)
#include "tst_dockerlogins.moc"
