#include "cleanup/candidatesfilter.h"
#include "cleanup/candidatesmodel.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using cleanup::Candidate;
using cleanup::CandidatesFilter;
using cleanup::CandidatesModel;
using cleanup::Column;
using cleanup::Kind;
using cleanup::Verdict;
using namespace Qt::StringLiterals;

class CandidatesModelTest : public QObject
{
    Q_OBJECT

    static Candidate item(Kind kind, const QString &id, Verdict verdict = Verdict::Safe, bool stern = false)
    {
        Candidate candidate;
        candidate.kind = kind;
        candidate.id = id;
        candidate.name = id;
        candidate.verdict = verdict;
        candidate.stern = stern;
        candidate.reason = u"because of %1"_s.arg(id);
        return candidate;
    }
    static QStringList ids(const QList<Candidate> &items)
    {
        QStringList all;
        for (const Candidate &one : items)
            all.append(one.id);
        return all;
    }
    static Qt::CheckState box(const QModelIndex &index)
    {
        return Qt::CheckState(index.data(Qt::CheckStateRole).toInt());
    }

    /** The model, watched by Qt's own tester, and the proxy too. */
    struct Rig
    {
        CandidatesModel model;
        CandidatesFilter filter;
        QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};
        QAbstractItemModelTester filterTester{&filter, QAbstractItemModelTester::FailureReportingMode::QtTest};
        QSignalSpy ticks{&model, &CandidatesModel::ticksChanged};

        Rig() { filter.setSourceModel(&model); }
        QModelIndex at(Kind kind, int row) const { return model.index(row, 0, model.indexOf(kind)); }
        bool tick(const QModelIndex &index, bool on = true)
        {
            return model.setData(index, on ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole);
        }
    };

private Q_SLOTS:
    void nothingIsTickedAtFirst()
    {
        Rig rig;
        rig.model.setCandidates({item(Kind::StoppedContainer, u"a"_s), item(Kind::UnusedVolume, u"v"_s)}, 1000);
        QVERIFY(rig.model.ticked().isEmpty());
        QCOMPARE(rig.model.rowCount(), cleanup::kindCount);
        QCOMPARE(rig.model.indexOf(Kind::StoppedContainer).data().toString(), u"Stopped containers (1)"_s);
        QVERIFY(!rig.model.indexOf(Kind::BuildCache).data(Qt::CheckStateRole).isValid()); // nothing in it
    }

    void groupsTickWhatIsInThem()
    {
        Rig rig;
        rig.model.setCandidates({item(Kind::StoppedContainer, u"a"_s), item(Kind::StoppedContainer, u"b"_s),
                                    item(Kind::StoppedContainer, u"locked"_s, Verdict::Protected)},
            1000);
        const QModelIndex group = rig.model.indexOf(Kind::StoppedContainer);
        QVERIFY(rig.tick(rig.at(Kind::StoppedContainer, 0)));
        QCOMPARE(box(group), Qt::PartiallyChecked);
        QVERIFY(rig.tick(group));
        QCOMPARE(ids(rig.model.ticked()), (QStringList{u"a"_s, u"b"_s}));
        QCOMPARE(box(group), Qt::PartiallyChecked); // one cannot be
        QVERIFY(!rig.tick(rig.at(Kind::StoppedContainer, 2)));
        QVERIFY(!(rig.at(Kind::StoppedContainer, 2).flags() & Qt::ItemIsUserCheckable));
        QVERIFY(!rig.at(Kind::StoppedContainer, 2).data(Qt::CheckStateRole).isValid());
        QCOMPARE(rig.ticks.size(), 2);
        rig.tick(group, false);
        QVERIFY(rig.model.ticked().isEmpty());
    }

    void volumesWithANameAreTickedByThemselvesOnly()
    {
        Rig rig;
        rig.model.setCandidates(
            {item(Kind::UnusedVolume, u"data"_s, Verdict::Careful, true), item(Kind::UnusedVolume, u"anon"_s)}, 1000);
        const QModelIndex group = rig.model.indexOf(Kind::UnusedVolume);
        rig.tick(group);
        QCOMPARE(ids(rig.model.ticked()), QStringList{u"anon"_s});
        QCOMPARE(box(group), Qt::PartiallyChecked);
        rig.tick(rig.at(Kind::UnusedVolume, 0));
        QCOMPARE(box(group), Qt::Checked);
        // Only such ones: the group has nothing to tick.
        rig.model.setCandidates({item(Kind::UnusedVolume, u"data"_s, Verdict::Careful, true)}, 1000);
        QVERIFY(!(group.flags() & Qt::ItemIsUserCheckable));
    }

    void whatVanishesLosesItsTick()
    {
        Rig rig;
        rig.model.setCandidates({item(Kind::UnusedImage, u"a"_s), item(Kind::UnusedImage, u"b"_s)}, 1000);
        rig.tick(rig.model.indexOf(Kind::UnusedImage));
        rig.ticks.clear();
        rig.model.setCandidates({item(Kind::UnusedImage, u"b"_s)}, 1000);
        QCOMPARE(ids(rig.model.ticked()), QStringList{u"b"_s});
        QCOMPARE(rig.ticks.size(), 1);
        rig.model.setCandidates({item(Kind::UnusedImage, u"b"_s), item(Kind::UnusedImage, u"a"_s)}, 1000);
        QCOMPARE(ids(rig.model.ticked()), QStringList{u"b"_s}); // back, and not ticked
        rig.model.setCandidates({item(Kind::UnusedImage, u"b"_s, Verdict::Protected)}, 1000);
        QVERIFY(rig.model.ticked().isEmpty()); // locked since
    }

    void commandsAddToTheTicks()
    {
        Rig rig;
        rig.model.setCandidates({item(Kind::StoppedContainer, u"a"_s), item(Kind::UnusedImage, u"i"_s),
                                    item(Kind::UnusedImage, u"locked"_s, Verdict::Protected)},
            1000);
        rig.tick(rig.at(Kind::StoppedContainer, 0));
        rig.model.tickAlso([](const Candidate &candidate) { return candidate.isImage(); });
        QCOMPARE(ids(rig.model.ticked()), (QStringList{u"a"_s, u"i"_s}));
        rig.model.untickAll();
        QVERIFY(rig.model.ticked().isEmpty());
    }

    void whatAFilterHidesIsNotTickedByItsGroup()
    {
        Rig rig;
        rig.model.setCandidates(
            {item(Kind::StoppedContainer, u"resnet"_s), item(Kind::StoppedContainer, u"vit"_s)}, 1000);
        rig.filter.setText(u"RES because"_s);
        const QModelIndex group = rig.filter.index(0, 0);
        QCOMPARE(rig.filter.rowCount(group), 1);
        rig.filter.setData(group, Qt::Checked, Qt::CheckStateRole);
        QCOMPARE(ids(rig.model.ticked()), QStringList{u"resnet"_s});
        rig.filter.setText({});
        QCOMPARE(rig.filter.rowCount(group), 2);
    }

    void sortsWithinItsGroups()
    {
        Rig rig;
        QList<Candidate> list;
        for (int i = 0; i < 5; ++i) {
            list.append(item(Kind::StoppedContainer, u"c%1"_s.arg(i)));
            list.last().size = (i * 3) % 5; // 0 3 1 4 2
        }
        rig.model.setCandidates(list, 1000);
        rig.filter.sort(int(Column::Size), Qt::DescendingOrder);
        QCOMPARE(rig.filter.index(0, 0).data(cleanup::KindRole).toInt(), int(Kind::StoppedContainer));
        QCOMPARE(rig.filter.index(5, 0).data(cleanup::KindRole).toInt(), int(Kind::BuildCache));
        QStringList order;
        for (int row = 0; row < 5; ++row)
            order.append(rig.filter.index(row, 0, rig.filter.index(0, 0)).data().toString());
        QCOMPARE(order.join(u' '), u"c3 c1 c4 c2 c0"_s);
    }

    void cells()
    {
        Rig rig;
        Candidate candidate = item(Kind::UnusedImage, u"sha256:1"_s);
        candidate.size = 3 << 20;
        candidate.surelyFree = 1 << 20;
        candidate.created = 940;
        rig.model.setCandidates({candidate}, 1000);
        const auto cell = [&](Column column, int role = Qt::DisplayRole) {
            return rig.model.index(0, int(column), rig.model.indexOf(Kind::UnusedImage)).data(role).toString();
        };
        QCOMPARE(cell(Column::Size), u"3 MiB"_s);
        QCOMPARE(cell(Column::Size, Qt::ToolTipRole), u"1 MiB of it are nowhere else"_s);
        QCOMPARE(cell(Column::Age), u"1 min ago"_s);
        QCOMPARE(cell(Column::LastUse), u"–"_s);
        QCOMPARE(cell(Column::Why), u"because of sha256:1"_s);
        QCOMPARE(
            rig.model.indexOf(Kind::UnusedImage).siblingAtColumn(int(Column::Size)).data().toString(), u"≤ 3 MiB"_s);
        rig.model.setNow(1000 + 3600);
        QCOMPARE(cell(Column::Age), u"1 h ago"_s);
        const QModelIndex cache = rig.model.indexOf(Kind::BuildCache).siblingAtColumn(int(Column::Why));
        QVERIFY(cache.data().toString().contains(u"Compute sizes…"_s));
        rig.model.setSizesKnown(true);
        QVERIFY(cache.data().toString().isEmpty());
    }

    void anythingAtAll()
    {
        Rig rig;
        QRandomGenerator random(7);
        for (int round = 0; round < 60; ++round) {
            QList<Candidate> list;
            for (int i = 0; i < 30; ++i) {
                if (random.bounded(2))
                    list.append(item(Kind(i % cleanup::kindCount), QString::number(i), Verdict(random.bounded(3)),
                        random.bounded(4) == 0));
            }
            std::shuffle(list.begin(), list.end(), random);
            rig.model.setCandidates(list, round);
            rig.tick(rig.model.indexOf(Kind(random.bounded(cleanup::kindCount))), random.bounded(2));
            for (const Candidate &ticked : rig.model.ticked())
                QVERIFY(ticked.verdict != Verdict::Protected);
        }
    }
};

QTEST_GUILESS_MAIN(CandidatesModelTest)
#include "tst_candidatesmodel.moc"
