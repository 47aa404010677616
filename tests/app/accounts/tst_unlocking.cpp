#include "accounts/secretstore.h"
#include "support/await.h"
#include "support/privatekeyring.h"
#include "support/standinkeyring.h"

#include <QTest>

using accounts::KeyringState;
using accounts::SecretStore;
using support::await;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/** A prompt that stays open, as long as the test wants: nothing else of the program waits for it. */
class UnlockingTest : public QObject
{
    Q_OBJECT

    support::PrivateKeyring m_keyring;
    support::StandInKeyring m_standIn;

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = support::PrivateKeyring::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QVERIFY(m_keyring.startBus());
        QVERIFY(m_standIn.start(m_keyring.address()));
    }
    void init()
    {
        m_standIn.collection.locked = true;
        m_standIn.prompt.shown = m_standIn.prompt.dismissed = 0;
    }
    void onePromptForAllWhoAsk()
    {
        SecretStore store;
        QList<KeyringState> answers;
        for (int i = 0; i < 3; ++i)
            store.unlock().then(&store, [&answers](const auto &state) { answers += *state; });
        QTRY_COMPARE(m_standIn.prompt.shown, 1);
        QCOMPARE(await(store.state()).value(), KeyringState::Locked); // looking goes on meanwhile
        QVERIFY(answers.isEmpty());
        m_standIn.collection.locked = false;
        Q_EMIT m_standIn.prompt.Completed(false, QDBusVariant(QString()));
        QTRY_COMPARE(answers, QList<KeyringState>(3, KeyringState::Available));
        QCOMPARE(m_standIn.prompt.shown, 1);
    }

    void closedByThePersonItStaysLocked()
    {
        SecretStore store;
        auto read = store.read(u"a"_s);
        QTRY_COMPARE(m_standIn.prompt.shown, 1);
        Q_EMIT m_standIn.prompt.Completed(true, QDBusVariant(QString()));
        const auto answer = await(std::move(read));
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().kind, core::ErrorKind::Denied);
    }

    void nobodyWaitsForeverAndMemoryDoesNotWaitAtAll()
    {
        SecretStore store(300ms);
        QCOMPARE(await(store.write(u"memory"_s, u"m"_s))->inKeyring, false); // nobody typed the password
        QCOMPARE(m_standIn.prompt.shown, 1);
        QTRY_COMPARE(m_standIn.prompt.dismissed, 1); // the prompt does not stay behind

        bool done = false;
        store.write(u"other"_s, u"o"_s).then(&store, [&done](const auto &) { done = true; });
        QTRY_COMPARE(m_standIn.prompt.shown, 2);
        QCOMPARE(await(store.read(u"memory"_s)).value(), std::optional(u"m"_s));
        QVERIFY(!done); // and yet it was answered
        QTRY_VERIFY(done);
    }

    void takenBackNothingIsWritten()
    {
        SecretStore store;
        auto write = store.write(u"c"_s, u"c"_s);
        QTRY_COMPARE(m_standIn.prompt.shown, 1);
        write.abort();
        Q_EMIT m_standIn.prompt.Completed(true, QDBusVariant(QString()));
        QCOMPARE(await(store.state()).value(), KeyringState::Locked);
        QTRY_VERIFY(!store.inMemory(u"c"_s));
        QCOMPARE(await(std::move(write)).error().kind, core::ErrorKind::Aborted);
    }

    void aLockIsNoticed()
    {
        SecretStore store;
        QVERIFY(await(store.state()).ok());
        bool noticed = false;
        connect(&store, &SecretStore::stateChanged, this, [&noticed] { noticed = true; });
        Q_EMIT m_standIn.service.CollectionChanged(QDBusObjectPath(support::StandInCollection::path()));
        QTRY_VERIFY(noticed);
    }

    void theProgramEndsWithThePromptOpen()
    {
        {
            SecretStore store;
            store.read(u"a"_s).then(&store, [](const auto &) {});
            QTRY_COMPARE(m_standIn.prompt.shown, 1);
        }
        QTRY_COMPARE(m_standIn.prompt.dismissed, 1);
    }
};

QTEST_GUILESS_MAIN(UnlockingTest)
#include "tst_unlocking.moc"
