#include "common/fieldsdialog.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using common::FieldsDialog;
using namespace Qt::StringLiterals;

/** A few texts at once: what must be there is waited for, secrets are dots, and all is told by name. */
class FieldsDialogTest : public QObject
{
    Q_OBJECT

    QPointer<FieldsDialog> m_dialog;
    QPushButton *m_go = nullptr;

    QLineEdit *field(const QString &name) const
    {
        for (auto *edit : m_dialog->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == name)
                return edit;
        }
        qFatal("no field %s", qPrintable(name));
    }

private Q_SLOTS:
    void init()
    {
        m_dialog = new FieldsDialog(u"Launch vit"_s, u"This run needs to be told:"_s,
            {{u"LR"_s, u"Learning rate"_s, u"3e-4"_s, false, false}, {u"TAG"_s, {}, {}, false, true},
                {u"KEY"_s, u"Kept nowhere."_s, {}, true, true}},
            u"&Launch"_s, nullptr);
        m_dialog->open();
        for (auto *button : m_dialog->findChildren<QPushButton *>()) {
            if (button->accessibleName() == "Launch"_L1)
                m_go = button;
        }
    }
    void cleanup() { delete m_dialog; }

    void beginsWithWhatIsKnown()
    {
        QCOMPARE(field(u"LR"_s)->text(), u"3e-4"_s);
        QCOMPARE(field(u"TAG"_s)->text(), QString());
        QCOMPARE(field(u"TAG"_s)->echoMode(), QLineEdit::Normal);
        QCOMPARE(field(u"KEY"_s)->echoMode(), QLineEdit::Password);
    }

    void waitsForWhatIsNeeded()
    {
        QVERIFY(!m_go->isEnabled());
        field(u"TAG"_s)->setText(u"24.05"_s);
        QVERIFY(!m_go->isEnabled());
        field(u"KEY"_s)->setText(u"s3cret"_s);
        QVERIFY(m_go->isEnabled());
        field(u"LR"_s)->clear(); // nothing is a value too, where there is a default
        QVERIFY(m_go->isEnabled());
        field(u"TAG"_s)->clear();
        QVERIFY(!m_go->isEnabled());
        QSignalSpy filled(m_dialog, &FieldsDialog::filled);
        QTest::keyClick(field(u"TAG"_s), Qt::Key_Return);
        QCOMPARE(filled.size(), 0);
        QVERIFY(m_dialog->isVisible());
    }

    void tellsAllInTheirOrder()
    {
        QSignalSpy filled(m_dialog, &FieldsDialog::filled);
        field(u"TAG"_s)->setText(u" 24.05 "_s);
        field(u"KEY"_s)->setText(u"s3cret"_s);
        QTest::keyClick(field(u"KEY"_s), Qt::Key_Return);
        QCOMPARE(filled.size(), 1);
        QCOMPARE(filled[0][0].toStringList(), QStringList({u"3e-4"_s, u" 24.05 "_s, u"s3cret"_s}));
        QTRY_VERIFY(!m_dialog);
    }

    void offersToDoMoreWithIt()
    {
        auto *box = m_dialog->findChild<QCheckBox *>();
        QVERIFY(!box->isVisible() && !m_dialog->offerTaken());
        m_dialog->offer(u"&Remember"_s, u"For the next time."_s, true);
        QVERIFY(box->isVisible() && m_dialog->offerTaken());
        QCOMPARE(box->accessibleName(), u"Remember"_s);
        m_dialog->suggest(2, u"kept"_s);
        QCOMPARE(field(u"KEY"_s)->text(), u"kept"_s);
        field(u"KEY"_s)->setText(u"typed"_s);
        m_dialog->suggest(2, u"late"_s);
        QCOMPARE(field(u"KEY"_s)->text(), u"typed"_s);
        m_dialog->setNotice(u"It is locked."_s, u"Unlock…"_s);
        QSignalSpy pressed(m_dialog, &FieldsDialog::noticePressed);
        for (auto *button : m_dialog->findChildren<QPushButton *>()) {
            if (button->accessibleName() == u"Unlock…"_s)
                button->click();
        }
        QCOMPARE(pressed.size(), 1);
        QVERIFY(m_dialog->isVisible());
    }

    void cancelTellsNothing()
    {
        QSignalSpy filled(m_dialog, &FieldsDialog::filled);
        QTest::keyClick(field(u"KEY"_s), Qt::Key_Escape);
        QTRY_VERIFY(!m_dialog);
        QCOMPARE(filled.size(), 0);
    }
};

QTEST_MAIN(FieldsDialogTest)
#include "tst_fieldsdialog.moc"
