#include "accounts/secretstore.h"
#include "support/await.h"
#include "support/privatekeyring.h"

#include <QDBusConnection>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QTest>

using accounts::KeyringState;
using accounts::SecretStore;
using support::await;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const QString collectionPath = u"/org/freedesktop/secrets/collection/login"_s;
const QString promptPath = u"/org/freedesktop/secrets/prompt/p1"_s;
} // namespace

/** A keyring as the bus sees it, with a lock. */
class FakeCollection : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Secret.Collection")
    Q_PROPERTY(bool Locked MEMBER locked)
public:
    bool locked = true;
};

/** The desktop's prompt, which stands open until the test decides. */
class FakePrompt : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Secret.Prompt")
public:
    int shown = 0;
    int dismissed = 0;
public Q_SLOTS:
    void Prompt(const QString &) { ++shown; }
    void Dismiss() { ++dismissed; }
Q_SIGNALS:
    void Completed(bool dismissedByPerson, const QDBusVariant &result);
};

/** Who keeps secrets. */
class FakeService : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Secret.Service")
public Q_SLOTS:
    QDBusObjectPath ReadAlias(const QString &) { return QDBusObjectPath(collectionPath); }
    QList<QDBusObjectPath> Unlock(const QList<QDBusObjectPath> &, QDBusObjectPath &prompt)
    {
        prompt = QDBusObjectPath(promptPath);
        return {};
    }
Q_SIGNALS:
    void CollectionChanged(const QDBusObjectPath &collection);
};

/** A prompt that stays open, as long as the test wants: nothing else of the program waits for it. */
class UnlockingTest : public QObject
{
    Q_OBJECT

    support::PrivateKeyring m_keyring;
    FakeService m_service;
    FakeCollection m_collection;
    FakePrompt m_prompt;

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = support::PrivateKeyring::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QVERIFY(m_keyring.startBus());
        QDBusConnection bus = QDBusConnection::connectToBus(m_keyring.address(), u"fake"_s);
        const auto all = QDBusConnection::ExportAllContents;
        QVERIFY(bus.registerObject(u"/org/freedesktop/secrets"_s, &m_service, all));
        QVERIFY(bus.registerObject(collectionPath, &m_collection, all));
        QVERIFY(bus.registerObject(promptPath, &m_prompt, all));
        QVERIFY(bus.registerService(u"org.freedesktop.secrets"_s));
    }
    void init()
    {
        m_collection.locked = true;
        m_prompt.shown = m_prompt.dismissed = 0;
    }
    void cleanupTestCase() { QDBusConnection::disconnectFromBus(u"fake"_s); }

    void onePromptForAllWhoAsk()
    {
        SecretStore store;
        QList<KeyringState> answers;
        for (int i = 0; i < 3; ++i)
            store.unlock().then(&store, [&answers](const auto &state) { answers += *state; });
        QTRY_COMPARE(m_prompt.shown, 1);
        QCOMPARE(await(store.state()).value(), KeyringState::Locked); // looking goes on meanwhile
        QVERIFY(answers.isEmpty());
        m_collection.locked = false;
        Q_EMIT m_prompt.Completed(false, QDBusVariant(QString()));
        QTRY_COMPARE(answers, QList<KeyringState>(3, KeyringState::Available));
        QCOMPARE(m_prompt.shown, 1);
    }

    void closedByThePersonItStaysLocked()
    {
        SecretStore store;
        auto read = store.read(u"a"_s);
        QTRY_COMPARE(m_prompt.shown, 1);
        Q_EMIT m_prompt.Completed(true, QDBusVariant(QString()));
        const auto answer = await(std::move(read));
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().kind, core::ErrorKind::Denied);
    }

    void nobodyWaitsForeverAndMemoryDoesNotWaitAtAll()
    {
        SecretStore store(300ms);
        QCOMPARE(await(store.write(u"memory"_s, u"m"_s))->inKeyring, false); // nobody typed the password
        QCOMPARE(m_prompt.shown, 1);
        QTRY_COMPARE(m_prompt.dismissed, 1); // the prompt does not stay behind

        bool done = false;
        store.write(u"other"_s, u"o"_s).then(&store, [&done](const auto &) { done = true; });
        QTRY_COMPARE(m_prompt.shown, 2);
        QCOMPARE(await(store.read(u"memory"_s)).value(), std::optional(u"m"_s));
        QVERIFY(!done); // and yet it was answered
        QTRY_VERIFY(done);
    }

    void takenBackNothingIsWritten()
    {
        SecretStore store;
        auto write = store.write(u"c"_s, u"c"_s);
        QTRY_COMPARE(m_prompt.shown, 1);
        write.abort();
        Q_EMIT m_prompt.Completed(true, QDBusVariant(QString()));
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
        Q_EMIT m_service.CollectionChanged(QDBusObjectPath(collectionPath));
        QTRY_VERIFY(noticed);
    }

    void theProgramEndsWithThePromptOpen()
    {
        {
            SecretStore store;
            store.read(u"a"_s).then(&store, [](const auto &) {});
            QTRY_COMPARE(m_prompt.shown, 1);
        }
        QTRY_COMPARE(m_prompt.dismissed, 1);
    }
};

QTEST_GUILESS_MAIN(UnlockingTest)
#include "tst_unlocking.moc"
