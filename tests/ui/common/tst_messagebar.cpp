#include "common/messagebar.h"

#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolButton>

using common::MessageBar;

/** The bar says what happened, hides what is empty, and its buttons do what they say. */
class MessageBarTest : public QObject
{
    Q_OBJECT
private:
    static QToolButton *tool(QWidget &bar, const QString &text)
    {
        for (auto *button : bar.findChildren<QToolButton *>()) {
            if (button->text() == text)
                return button;
        }
        return nullptr;
    }

private Q_SLOTS:
    void showsAnErrorWithItsDetails()
    {
        MessageBar bar;
        QVERIFY(bar.isHidden());
        bar.showError(
            {QStringLiteral("Could not start a."), QStringLiteral("Try again."), QStringLiteral("the words")});
        QVERIFY(bar.isVisible());
        QCOMPARE(bar.accessibleName(), QStringLiteral("Could not start a."));
        auto *details = bar.findChild<QPlainTextEdit *>();
        QVERIFY(!details->isVisible());
        QTest::mouseClick(tool(bar, QStringLiteral("Details")), Qt::LeftButton);
        QVERIFY(details->isVisible());
        QCOMPARE(details->toPlainText(), QStringLiteral("the words"));
        // The next message starts folded.
        bar.showMessage(MessageBar::Severity::Info, QStringLiteral("b"));
        QVERIFY(!details->isVisible());
        QVERIFY(!tool(bar, QStringLiteral("Details"))->isVisible());
        QVERIFY(!bar.findChild<QPushButton *>()->isVisible());
    }

    void notesGoByThemselves()
    {
        MessageBar bar;
        bar.move(300, 300); // away from the mouse: what is read stays
        auto *time = bar.findChild<QTimer *>();
        time->setInterval(1);
        bar.showNote(QStringLiteral("Saved."), {}, QStringLiteral("where"));
        QVERIFY(bar.isVisible());
        QTRY_VERIFY(bar.isHidden());
        // Who reads the details is not interrupted.
        bar.showNote(QStringLiteral("Saved."), {}, QStringLiteral("where"));
        tool(bar, QStringLiteral("Details"))->click();
        QSignalSpy over(time, &QTimer::timeout);
        QVERIFY(over.wait());
        QVERIFY(bar.isVisible());
        // What went wrong stays.
        bar.showError({QStringLiteral("Could not save."), {}, {}});
        QVERIFY(!time->isActive());
    }

    void actionAndCloseAreTold()
    {
        MessageBar bar;
        bar.showMessage(MessageBar::Severity::Warning, QStringLiteral("a"), {}, {}, QStringLiteral("Connect"));
        QSignalSpy action(&bar, &MessageBar::actionTriggered);
        QSignalSpy dismissed(&bar, &MessageBar::dismissed);
        auto *button = bar.findChild<QPushButton *>();
        QCOMPARE(button->accessibleName(), QStringLiteral("Connect"));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(action.size(), 1);
        QTest::mouseClick(tool(bar, QStringLiteral("Close")), Qt::LeftButton);
        QCOMPARE(dismissed.size(), 1);
        QVERIFY(bar.isHidden());
    }
};

QTEST_MAIN(MessageBarTest)
#include "tst_messagebar.moc"
