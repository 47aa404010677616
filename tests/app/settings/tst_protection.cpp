#include "settings/protection.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using settings::Lockable;
using settings::Protection;
using settings::Settings;
using namespace Qt::StringLiterals;

class ProtectionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isKept()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"slipway.conf"_s);
        {
            Settings settings(file);
            Protection protection(settings);
            QSignalSpy changed(&protection, &Protection::changed);
            protection.protect(Lockable::Image, {u"nvcr.io/nvidia/pytorch:24.05"_s, u"sha256:1"_s});
            protection.protect(Lockable::Volume, {u"data set, v1"_s});
            protection.protect(Lockable::Volume, {u"data set, v1"_s});
            QCOMPARE(changed.size(), 2); // what is locked already is no change
        }
        Settings settings(file);
        Protection protection(settings);
        QVERIFY(protection.contains(Lockable::Image, u"nvcr.io/nvidia/pytorch:24.05"_s));
        QVERIFY(protection.containsAny(Lockable::Image, {u"other:1"_s, u"sha256:1"_s}));
        QVERIFY(!protection.containsAny(Lockable::Image, {}));
        QVERIFY(!protection.contains(Lockable::Container, u"sha256:1"_s)); // a lock is of one kind
        QVERIFY(protection.contains(Lockable::Volume, u"data set, v1"_s));
        QVERIFY(protection.hasVolumes());
        protection.unprotect(Lockable::Volume, {u"data set, v1"_s, u"never locked"_s});
        QVERIFY(!protection.hasVolumes());
        QVERIFY(!Protection(settings).hasVolumes());
        QVERIFY(Protection(settings).contains(Lockable::Image, u"sha256:1"_s));
    }

    void refusesInOneSentenceWithTheWayOut()
    {
        QCOMPARE(Protection::refusal(u"vit-3"_s), u"vit-3 is protected. Choose Unprotect in its menu first."_s);
    }
};

QTEST_GUILESS_MAIN(ProtectionTest)
#include "tst_protection.moc"
