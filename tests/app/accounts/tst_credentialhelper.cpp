#include "accounts/credentialhelper.h"
#include "app/accounts/helperscript.h"
#include "support/await.h"

#include <QElapsedTimer>
#include <QTest>

using accounts::CredentialHelper;
using core::ErrorKind;
using support::await;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/** Docker's helpers, as scripts that behave and that do not. */
class CredentialHelperTest : public QObject
{
    Q_OBJECT

    HelperFolder m_folder;

private Q_SLOTS:
    void getsWhatIsKept()
    {
        QVERIFY(m_folder.add(u"good"_s, keepsOne("nvcr.io", "me", "s\\\"ecret")));
        CredentialHelper helper;
        const auto auth = await(helper.get(u"good"_s, u"nvcr.io"_s));
        QVERIFY(auth.ok() && auth->has_value());
        QCOMPARE((*auth)->username, u"me"_s);
        QCOMPARE((*auth)->password, u"s\"ecret"_s);
        QCOMPARE((*auth)->server, u"nvcr.io"_s);
        QVERIFY(!await(helper.get(u"good"_s, u"ghcr.io"_s)).value()); // not found is no failure
        QCOMPARE(await(helper.list(u"good"_s)).value(), (QMap<QString, QString>{{u"nvcr.io"_s, u"me"_s}}));
    }

    void knowsIdentityTokens()
    {
        QVERIFY(m_folder.add(u"token"_s, keepsOne("a.example.com", "<token>", "tok")));
        CredentialHelper helper;
        const auto auth = await(helper.get(u"token"_s, u"a.example.com"_s));
        QVERIFY(auth.ok() && auth->has_value());
        QCOMPARE((*auth)->identityToken, u"tok"_s);
        QCOMPARE((*auth)->username, QString());
        QCOMPARE((*auth)->password, QString());
    }

    void toldOnStandardInputOnly()
    {
        QVERIFY(m_folder.add(u"nosy"_s,
            "echo \"$@\" > '" + m_folder.path(u"words"_s).toUtf8() + "'; cat > '" + m_folder.path(u"input"_s).toUtf8()
                + "'; echo '{\"Username\":\"u\",\"Secret\":\"s\"}'"));
        CredentialHelper helper;
        QVERIFY(await(helper.get(u"nosy"_s, u"secret.example.com:5000"_s)).ok());
        QFile words(m_folder.path(u"words"_s));
        QFile input(m_folder.path(u"input"_s));
        QVERIFY(words.open(QIODevice::ReadOnly) && input.open(QIODevice::ReadOnly));
        QCOMPARE(words.readAll(), QByteArray("get\n"));
        QCOMPARE(input.readAll(), QByteArray("secret.example.com:5000"));
    }

    void failuresAreSentences_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("its own words") << QByteArray("echo 'Cannot autolaunch D-Bus without X11 $DISPLAY'; exit 1")
                                       << int(ErrorKind::Daemon) << u"Cannot autolaunch"_s;
        QTest::newRow("silent") << QByteArray("exit 2") << int(ErrorKind::Daemon) << u"without a word"_s;
        QTest::newRow("killed") << QByteArray("kill -9 $$") << int(ErrorKind::Daemon) << u"without a word"_s;
        QTest::newRow("no JSON") << QByteArray("echo welcome") << int(ErrorKind::Protocol) << u"answer that is none"_s;
        QTest::newRow("a list") << QByteArray("echo '[1]'") << int(ErrorKind::Protocol) << u"answer that is none"_s;
        QTest::newRow("without an end") << QByteArray("yes") << int(ErrorKind::Protocol) << u"answer that is none"_s;
        QTest::newRow("sleeps") << QByteArray("exec sleep 60") << int(ErrorKind::Timeout) << u"does not answer"_s;
    }
    void failuresAreSentences()
    {
        QFETCH(QByteArray, script);
        QFETCH(int, kind);
        QFETCH(QString, words);
        QVERIFY(m_folder.add(u"bad"_s, script));
        CredentialHelper helper(kind == int(ErrorKind::Timeout) ? 100ms : 20s);
        const auto auth = await(helper.get(u"bad"_s, u"nvcr.io"_s), 30000);
        QVERIFY(!auth.ok());
        QCOMPARE(int(auth.error().kind), kind);
        QVERIFY2(auth.error().message.contains(words), qPrintable(auth.error().message));
        QVERIFY(auth.error().message.contains(u"docker-credential-bad"));
        QTRY_VERIFY(helper.children().isEmpty()); // the program is gone
    }

    void aMissingProgramIsNamed_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("missing") << u"nobody-has-this"_s;
        QTest::newRow("a path") << u"../../bin/sh"_s;
        QTest::newRow("empty") << QString();
    }
    void aMissingProgramIsNamed()
    {
        QFETCH(QString, name);
        CredentialHelper helper;
        const auto auth = await(helper.get(name, u"nvcr.io"_s));
        QVERIFY(!auth.ok());
        QCOMPARE(auth.error().kind, ErrorKind::NotFound);
        QVERIFY(auth.error().message.contains("docker-credential-"_L1 + name));
    }

    void isTakenBack()
    {
        QVERIFY(m_folder.add(u"slow"_s, "exec sleep 60"));
        CredentialHelper helper;
        auto pending = helper.get(u"slow"_s, u"nvcr.io"_s);
        pending.abort();
        const auto auth = await(std::move(pending));
        QCOMPARE(auth.error().kind, ErrorKind::Aborted);
        QTRY_VERIFY(helper.children().isEmpty());
    }

    void goesWithItsOwner()
    {
        QVERIFY(m_folder.add(u"pid"_s, "echo $$ > '" + m_folder.path(u"pid"_s).toUtf8() + "'; exec sleep 60"));
        QFile file(m_folder.path(u"pid"_s));
        {
            CredentialHelper helper;
            helper.list(u"pid"_s).then(this, [](const auto &) {});
            QTRY_VERIFY(file.exists() && file.size() > 0);
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString process = "/proc/"_L1 + QString::fromLatin1(file.readAll()).trimmed();
        QTRY_VERIFY(!QFile::exists(process));
    }
};

QTEST_GUILESS_MAIN(CredentialHelperTest)
#include "tst_credentialhelper.moc"
