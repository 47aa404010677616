#include "inventory/listchange.h"

#include <QRandomGenerator>
#include <QString>
#include <QTest>

using inventory::ListChange;

namespace {

struct Row
{
    QString id;
    int value = 0;

    bool operator==(const Row &) const = default;
    QString key() const { return id; }
    inventory::ColumnMask changedColumns(const Row &now) const { return value == now.value ? 0 : 2; }
};

QList<Row> rows(const QString &spec)
{
    QList<Row> list;
    for (const QString &part : spec.split(u' ', Qt::SkipEmptyParts))
        list.append({part.left(1), part.mid(1).toInt()});
    return list;
}

/** What a model does with a change: the outcome must be the new list. */
QList<Row> applied(QList<Row> copy, const ListChange &change, const QList<Row> &now)
{
    for (const auto &run : change.removed)
        copy.remove(run.first, run.count);
    for (const auto &run : change.changed) {
        for (qsizetype i = run.first; i < run.first + run.count; ++i)
            copy[i] = now[i];
    }
    copy.append(now.mid(copy.size(), change.added));
    return copy;
}

} // namespace

/** The pure list diff: runs removed, changed, added. */
class ListChangeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runs()
    {
        QList<Row> list = rows(QStringLiteral("a b c d e f"));
        const ListChange change = inventory::update(list, rows(QStringLiteral("g a1 d1 e1 f h")));
        QCOMPARE(change.removed, (QList<ListChange::Run>{{1, 2, 0}}));
        QCOMPARE(change.changed, (QList<ListChange::Run>{{0, 3, 2}}));
        QCOMPARE(change.added, 2);
        QCOMPARE(list, rows(QStringLiteral("a1 d1 e1 f g h")));
    }

    void nothing()
    {
        QList<Row> list = rows(QStringLiteral("a b"));
        QVERIFY(inventory::update(list, rows(QStringLiteral("b a"))).empty());
        QCOMPARE(list, rows(QStringLiteral("a b")));
    }

    void aKeyTwiceIsOneRow()
    {
        QList<Row> list;
        const ListChange change = inventory::update(list, rows(QStringLiteral("a1 a2")));
        QCOMPARE(change.added, 1);
        QCOMPARE(list, rows(QStringLiteral("a2")));
    }

    void anyListBecomesAnyOther()
    {
        QRandomGenerator random(7);
        QList<Row> list;
        for (int round = 0; round < 2000; ++round) {
            QList<Row> fresh;
            for (char16_t c = u'a'; c < u'k'; ++c) {
                if (random.bounded(3) > 0)
                    fresh.append({QString(QChar(c)), int(random.bounded(3))});
            }
            const QList<Row> before = list;
            const ListChange change = inventory::update(list, fresh);
            QCOMPARE(applied(before, change, list), list);
            QCOMPARE(list.size(), fresh.size());
            for (const Row &row : std::as_const(fresh))
                QVERIFY(list.contains(row));
        }
    }
};

QTEST_APPLESS_MAIN(ListChangeTest)
#include "tst_listchange.moc"
