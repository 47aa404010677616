#include "inventory/proc.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using inventory::Proc;
using namespace Qt::StringLiterals;

namespace {
const QString one(64, u'1');
const QString two = u"2f"_s.repeated(32);
} // namespace

/** Process id to container, by the texts of /proc. */
class ProcTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void containerIds_data()
    {
        QTest::addColumn<QString>("cgroup");
        QTest::addColumn<QStringList>("ids");
        const QStringList first{one};
        QTest::newRow("v1, cgroupfs") << u"12:pids:/docker/%1\n4:memory:/docker/%1\n0::/docker/%1\n"_s.arg(one)
                                      << first;
        QTest::newRow("another parent") << u"4:memory:/jobs/%1\n"_s.arg(one) << first;
        QTest::newRow("systemd, v1") << u"4:memory:/system.slice/docker-%1.scope\n"_s.arg(one) << first;
        QTest::newRow("systemd, v2") << u"0::/system.slice/docker-%1.scope\n"_s.arg(one) << first;
        QTest::newRow("v2, cgroupfs") << u"0::/docker/%1"_s.arg(one) << first;
        QTest::newRow("rootless")
            << u"0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-%1.scope\n"_s.arg(one) << first;
        QTest::newRow("podman") << u"0::/machine.slice/libpod-%1.scope/container\n"_s.arg(one) << first;
        QTest::newRow("podman, cgroupfs") << u"0::/libpod_parent/libpod-%1\n"_s.arg(one) << first;
        QTest::newRow("podman's monitor is none")
            << u"0::/machine.slice/libpod-conmon-%1.scope\n"_s.arg(one) << QStringList();
        QTest::newRow("CRI") << u"0::/kubepods.slice/pod1.slice/cri-containerd-%1.scope\n"_s.arg(one) << first;
        QTest::newRow("Docker in Docker") << u"0::/docker/%1/docker/%2\n"_s.arg(one, two) << QStringList{one, two};
        QTest::newRow("a group inside") << u"0::/docker/%1/init\n"_s.arg(one) << first;
        QTest::newRow("from a cgroup namespace") << u"0::/../%1\n"_s.arg(one) << first;
        QTest::newRow("no container") << u"0::/user.slice/user-1000.slice/session-2.scope\n"_s << QStringList();
        QTest::newRow("the root") << u"0::/\n"_s << QStringList();
        QTest::newRow("too long") << u"0::/docker/%1a\n"_s.arg(one) << QStringList();
        QTest::newRow("too short") << u"0::/docker/%1\n"_s.arg(one.left(63)) << QStringList();
        QTest::newRow("no digits") << u"0::/docker/%1\n"_s.arg(QString(64, u'g')) << QStringList();
        QTest::newRow("empty") << QString() << QStringList();
    }
    void containerIds()
    {
        QFETCH(QString, cgroup);
        QTEST(inventory::containerIds(cgroup.toLatin1()), "ids");
    }

    void cutAnywhereGivesNoOtherId()
    {
        const QByteArray text = u"0::/docker/%1/docker/%2\n"_s.arg(one, two).toLatin1();
        for (qsizetype i = 0; i <= text.size(); ++i) {
            for (const QString &id : inventory::containerIds(text.left(i)))
                QVERIFY(id == one || id == two);
        }
    }

    void startTicks_data()
    {
        QTest::addColumn<QByteArray>("stat");
        QTest::addColumn<quint64>("ticks");
        const QByteArray rest = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20 21\n";
        QTest::newRow("plain") << QByteArray("42 (python3)" + rest) << quint64(987654);
        QTest::newRow("blanks and brackets") << QByteArray("42 (a) S 1 (b c)" + rest) << quint64(987654);
        QTest::newRow("cut") << QByteArray("42 (python3) S 1 2 3") << quint64(0);
        QTest::newRow("empty") << QByteArray() << quint64(0);
    }
    void startTicks()
    {
        QFETCH(QByteArray, stat);
        QTEST(inventory::startTicks(stat), "ticks");
    }

    void thisProcess()
    {
        const Proc proc;
        const qint64 pid = QCoreApplication::applicationPid();
        const quint64 ticks = proc.startTicks(pid);
        QVERIFY(ticks > 0);
        const qint64 age = QDateTime::currentSecsSinceEpoch() - proc.startTime(ticks);
        QVERIFY2(age >= -2 && age < 120, qPrintable(QString::number(age)));
        QVERIFY(!proc.cgroup(pid).isEmpty());
        const Proc::Words words = proc.words(pid);
        QVERIFY(words.command.contains(u"tst_proc"));
        QVERIFY(!words.user.isEmpty());
    }

    void nobody()
    {
        const Proc proc;
        QCOMPARE(proc.startTicks(0), quint64(0));
        QCOMPARE(proc.startTicks(-1), quint64(0));
        QCOMPARE(Proc(QString()).startTicks(1), quint64(0));
        QCOMPARE(Proc(u"/nonexistent"_s).words(1).command, QString());
    }

    void words()
    {
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath(u"7"_s) && QDir(folder.path()).mkpath(u"8"_s));
        const auto write = [&](const QString &name, const QByteArray &text) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        write(u"7/cmdline"_s, QByteArray("python3\0train.py\0--name\0two\nlines\0", 35));
        write(u"8/cmdline"_s, {});
        write(u"8/comm"_s, "kworker/0:1\n");
        const Proc proc(folder.path());
        QCOMPARE(proc.words(7).command, u"python3 train.py --name two lines"_s);
        QCOMPARE(proc.words(8).command, u"[kworker/0:1]"_s);
        write(u"7/cmdline"_s, QByteArray(5000, 'x'));
        QCOMPARE(proc.words(7).command.size(), 256);
    }
};

QTEST_GUILESS_MAIN(ProcTest)
#include "tst_proc.moc"
