#include "common/finderfield.h"

#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

using common::FinderField;
using namespace Qt::StringLiterals;

/** Finding one of many by typing: order, keyboard alone, nothing left behind. */
class FinderFieldTest : public QObject
{
    Q_OBJECT
private:
    static QList<FinderField::Entry> entries()
    {
        return {{u"a"_s, u"--cap-add"_s, u"Add Linux capabilities"_s, {}, u"Security"_s},
            {u"b"_s, u"--memory-swap"_s, u"Swap limit"_s, {}, {}},
            {u"c"_s, u"--swappiness"_s, u"Tune memory"_s, {}, {}},
            {u"d"_s, u"--gpus"_s, u"GPU devices"_s, u"on the GPUs step"_s, {}}};
    }
    static QString listed(const FinderField &field)
    {
        QStringList rows;
        for (int i = 0; i < field.model()->rowCount(); ++i)
            rows += field.model()->index(i, 0).data().toString().section(u':', 0, 0);
        return rows.join(u' ');
    }

private Q_SLOTS:
    void theBestComesFirst()
    {
        FinderField field;
        QAbstractItemModelTester tester(field.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        field.setEntries(entries());
        field.show();
        QTest::keyClicks(&field, u"swap"_s);
        QCOMPARE(listed(field), u"--swappiness --memory-swap"_s); // begins with it, holds it
        field.clear();
        QTest::keyClicks(&field, u"memory tune"_s); // all words, in any order
        QCOMPARE(listed(field), u"--swappiness"_s);
        field.clear();
        QTest::keyClicks(&field, u"security"_s);
        QCOMPARE(listed(field), u"--cap-add"_s);
        field.clear();
        QTest::keyClicks(&field, u"zzz"_s);
        QCOMPARE(listed(field), QString());
    }

    void theKeyboardIsEnough()
    {
        FinderField field;
        field.setEntries(entries());
        field.show();
        QVERIFY(QTest::qWaitForWindowActive(&field));
        QSignalSpy chosen(&field, &FinderField::chosen);
        QTest::keyClicks(&field, u"swap"_s);
        QTRY_VERIFY(QApplication::activePopupWidget());
        QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Down);
        QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toString(), u"b"_s);
        QCOMPARE(field.text(), QString());
        QVERIFY(!QApplication::activePopupWidget());
        // Down alone lists them all, the first one is ready.
        QTest::keyClick(&field, Qt::Key_Down);
        QTRY_VERIFY(QApplication::activePopupWidget());
        QCOMPARE(field.model()->rowCount(), 4);
        QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Return);
        QCOMPARE(chosen.last()[0].toString(), u"a"_s);
        // Escape closes the list and keeps the text, once more empties the field.
        QTest::keyClicks(&field, u"cap"_s);
        QTRY_VERIFY(QApplication::activePopupWidget());
        QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Escape);
        QVERIFY(!QApplication::activePopupWidget());
        QCOMPARE(field.text(), u"cap"_s);
        QTest::keyClick(&field, Qt::Key_Escape);
        QCOMPARE(field.text(), QString());
        QCOMPARE(chosen.size(), 2);
    }

    void theMouseChoosesToo()
    {
        FinderField field;
        field.setEntries(entries());
        field.show();
        QVERIFY(QTest::qWaitForWindowActive(&field));
        QSignalSpy chosen(&field, &FinderField::chosen);
        QTest::mouseClick(&field, Qt::LeftButton);
        QTRY_VERIFY(QApplication::activePopupWidget());
        auto *view = qobject_cast<QAbstractItemView *>(QApplication::activePopupWidget());
        QVERIFY(view);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(view->model()->index(3, 0)).center());
        QTRY_COMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toString(), u"d"_s);
    }
};

QTEST_MAIN(FinderFieldTest)
#include "tst_finderfield.moc"
