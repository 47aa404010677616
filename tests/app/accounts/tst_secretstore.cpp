#include "accounts/runsecrets.h"
#include "accounts/secretstore.h"
#include "support/await.h"
#include "support/privatekeyring.h"

#include <QSignalSpy>
#include <QTest>

using accounts::KeyringState;
using accounts::RunSecrets;
using accounts::SecretStore;
using accounts::Stored;
using support::await;
using namespace Qt::StringLiterals;

/** In the order of a session: no bus, no keyring on it, an open one, a locked one. */
class SecretStoreTest : public QObject
{
    Q_OBJECT

    support::PrivateKeyring m_keyring;

    /** As if nobody were there: it keeps in memory, finds it there, forgets it. */
    static void keepsInMemory(SecretStore &store)
    {
        const auto stored = await(store.write(u"registry/nvcr.io"_s, u"geheim"_s));
        QVERIFY(stored.ok());
        QVERIFY(!stored->inKeyring);
        QVERIFY(!stored->why.isEmpty());
        QVERIFY(store.inMemory(u"registry/nvcr.io"_s));
        QCOMPARE(await(store.read(u"registry/nvcr.io"_s)).value(), std::optional(u"geheim"_s));
        QCOMPARE(await(store.read(u"registry/other"_s)).value(), std::optional<QString>());
        QVERIFY(await(store.remove(u"registry/nvcr.io"_s)).ok());
        QCOMPARE(await(store.read(u"registry/nvcr.io"_s)).value(), std::optional<QString>());
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = support::PrivateKeyring::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
    }

    void withoutABusItKeepsForThisSession()
    {
        SecretStore store;
        QCOMPARE(await(store.state()).value(), KeyringState::Absent);
        keepsInMemory(store);
    }

    void withoutAKeyringItKeepsForThisSession()
    {
        QVERIFY(m_keyring.startBus());
        SecretStore store;
        QCOMPARE(await(store.state()).value(), KeyringState::Absent);
        keepsInMemory(store);
    }

    void aKeyringThatNobodyMadeYetIsNone()
    {
        QVERIFY(m_keyring.startKeyring(false));
        SecretStore store;
        keepsInMemory(store); // it would ask for a password for a new one; nobody is there who could show that
        m_keyring.stopKeyring();
    }

    void keepsInTheKeyring()
    {
        QVERIFY(m_keyring.startKeyring());
        SecretStore store;
        QCOMPARE(await(store.state()).value(), KeyringState::Available);
        QCOMPARE(await(store.read(u"a"_s)).value(), std::optional<QString>());
        const auto stored = await(store.write(u"a"_s, u"pä:ss wörd"_s));
        QVERIFY(stored.ok());
        QVERIFY2(stored->inKeyring, qPrintable(stored->why));
        QVERIFY(!store.inMemory(u"a"_s));
        QCOMPARE(m_keyring.lookup(u"a"_s), u"pä:ss wörd"_s);
        QCOMPARE(await(store.read(u"a"_s)).value(), std::optional(u"pä:ss wörd"_s));

        SecretStore next; // the next start of the program
        QCOMPARE(await(next.read(u"a"_s)).value(), std::optional(u"pä:ss wörd"_s));
        QVERIFY(await(next.remove(u"a"_s)).ok());
        QCOMPARE(m_keyring.lookup(u"a"_s), QString());
        QVERIFY(await(next.remove(u"a"_s)).ok()); // what is not there is gone
    }

    void answersInOrder()
    {
        SecretStore store;
        QStringList order;
        for (const QString &value : {u"1"_s, u"2"_s, u"3"_s}) {
            store.write(u"same"_s, value).then(&store, [&order, value](const auto &) { order += u"w"_s + value; });
            store.read(u"same"_s).then(&store, [&order](const auto &read) { order += u"r"_s + **read; });
        }
        QTRY_COMPARE(order, (QStringList{u"w1"_s, u"r1"_s, u"w2"_s, u"r2"_s, u"w3"_s, u"r3"_s}));
        QVERIFY(await(store.remove(u"same"_s)).ok());
    }

    void runsHaveKeysOfTheirOwn()
    {
        SecretStore store;
        const RunSecrets secrets(store);
        QVERIFY(await(secrets.remember(u"my/run"_s, u"HF_TOKEN"_s, u"hf_x"_s))->inKeyring);
        QCOMPARE(m_keyring.lookup(u"run/my%2Frun/HF_TOKEN"_s), u"hf_x"_s);
        QCOMPARE(await(secrets.value(u"my/run"_s, u"HF_TOKEN"_s)).value(), std::optional(u"hf_x"_s));
        QCOMPARE(await(secrets.value(u"my"_s, u"run/HF_TOKEN"_s)).value(), std::optional<QString>());
        QVERIFY(await(secrets.forget(u"my/run"_s, u"HF_TOKEN"_s)).ok());
        QCOMPARE(await(secrets.value(u"my/run"_s, u"HF_TOKEN"_s)).value(), std::optional<QString>());
    }

    void aRenamedRunTakesItsSecretsAlong()
    {
        SecretStore store;
        const RunSecrets secrets(store);
        QVERIFY(await(secrets.remember(u"old"_s, u"HF_TOKEN"_s, u"hf_x"_s))->inKeyring);
        QVERIFY(await(secrets.rename(u"old"_s, u"new"_s, u"HF_TOKEN"_s)).ok());
        QCOMPARE(m_keyring.lookup(u"run/new/HF_TOKEN"_s), u"hf_x"_s);
        QCOMPARE(m_keyring.lookup(u"run/old/HF_TOKEN"_s), QString());
        QVERIFY(await(secrets.rename(u"old"_s, u"new"_s, u"HF_TOKEN"_s)).ok()); // nothing is kept: nothing is lost
        QCOMPARE(m_keyring.lookup(u"run/new/HF_TOKEN"_s), u"hf_x"_s);
        QVERIFY(await(secrets.forget(u"new"_s, u"HF_TOKEN"_s)).ok());
    }

    void aLockedKeyringIsNotAMissingEntry()
    {
        SecretStore store;
        QVERIFY(await(store.write(u"b"_s, u"kept"_s))->inKeyring);
        QSignalSpy changed(&store, &SecretStore::stateChanged);
        QVERIFY(m_keyring.lock());
        QTRY_VERIFY(changed.count() > 0);
        QCOMPARE(await(store.state()).value(), KeyringState::Locked);

        const auto read = await(store.read(u"b"_s));
        QVERIFY(!read.ok());
        QCOMPARE(read.error().kind, core::ErrorKind::Denied);
        QVERIFY2(read.error().message.contains(u"locked"), qPrintable(read.error().message));
        QCOMPARE(await(store.remove(u"b"_s)).error().kind, core::ErrorKind::Denied);
        QCOMPARE(await(store.unlock()).value(), KeyringState::Locked); // nobody is there who could ask

        const auto stored = await(store.write(u"c"_s, u"for now"_s));
        QVERIFY(!stored->inKeyring);
        QVERIFY2(stored->why.contains(u"locked"), qPrintable(stored->why));
        QCOMPARE(await(store.read(u"c"_s)).value(), std::optional(u"for now"_s));
    }

    void lockedFromTheStartAndOpenedLater()
    {
        m_keyring.stopKeyring();
        QVERIFY(m_keyring.startKeyring(false));
        SecretStore store;
        QCOMPARE(await(store.state()).value(), KeyringState::Locked);
        QCOMPARE(await(store.read(u"b"_s)).error().kind, core::ErrorKind::Denied);
        QVERIFY(m_keyring.unlock());
        QTRY_COMPARE(await(store.state()).value(), KeyringState::Available);
        // And what talks to the keyring for us has to notice that it is another process now.
        QCOMPARE(await(store.read(u"b"_s)).value(), std::optional(u"kept"_s));
        QCOMPARE(await(store.unlock()).value(), KeyringState::Available);
    }

    void theKeyringGoesWhileTheProgramRuns()
    {
        SecretStore store;
        QCOMPARE(await(store.state()).value(), KeyringState::Available);
        m_keyring.stopKeyring();
        QTRY_COMPARE(await(store.state()).value(), KeyringState::Absent);
        keepsInMemory(store);
    }
};

QTEST_GUILESS_MAIN(SecretStoreTest)
#include "tst_secretstore.moc"
