#include "common/namedialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using common::NameDialog;
using namespace Qt::StringLiterals;

/** One name: judged while it is typed, told once, and never when there is something wrong with it. */
class NameDialogTest : public QObject
{
    Q_OBJECT

    QPointer<NameDialog> m_dialog;
    QLineEdit *m_name = nullptr;
    QPushButton *m_ok = nullptr;

    bool says(const QString &words) const
    {
        for (auto *label : m_dialog->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text() == words)
                return true;
        }
        return false;
    }

private Q_SLOTS:
    void init()
    {
        const auto judge
            = [](const QString &name) { return name == "vit"_L1 ? u"Another one is called vit."_s : QString(); };
        m_dialog = new NameDialog({u"Rename"_s, u"New name of bert:"_s, u"bert"_s, u"&Rename"_s}, judge, nullptr);
        m_dialog->open();
        m_name = m_dialog->findChild<QLineEdit *>();
        for (auto *button : m_dialog->findChildren<QPushButton *>()) {
            if (button->accessibleName() == "Rename"_L1)
                m_ok = button;
        }
    }
    void cleanup() { delete m_dialog; }

    void beginsWithTheNameSelected()
    {
        QVERIFY(says(u"New name of bert:"_s));
        QCOMPARE(m_name->selectedText(), u"bert"_s);
        QVERIFY(m_ok->isEnabled() && m_ok->isDefault());
    }

    void saysWhatIsWrongBeneath()
    {
        m_name->setText(u"  vit "_s);
        QVERIFY(says(u"Another one is called vit."_s));
        QVERIFY(!m_ok->isEnabled());
        QSignalSpy named(m_dialog, &NameDialog::named);
        QTest::keyClick(m_name, Qt::Key_Return);
        m_dialog->accept();
        QVERIFY(m_dialog->isVisible());
        QCOMPARE(named.size(), 0);
        m_name->setText(u"vit-2"_s);
        QVERIFY(!says(u"Another one is called vit."_s));
        QVERIFY(m_ok->isEnabled());
    }

    void noNameIsNoFault()
    {
        m_name->setText(u"   "_s);
        QVERIFY(!m_ok->isEnabled());
        for (auto *label : m_dialog->findChildren<QLabel *>())
            QVERIFY(label->text().isEmpty() || label->text() == "New name of bert:"_L1);
    }

    void tellsTheNameOnceAndGoes()
    {
        QSignalSpy named(m_dialog, &NameDialog::named);
        m_name->setText(u" vit large "_s);
        QTest::keyClick(m_name, Qt::Key_Return);
        QCOMPARE(named.size(), 1);
        QCOMPARE(named[0][0].toString(), u"vit large"_s);
        QTRY_VERIFY(!m_dialog);
    }

    void cancelTellsNothing()
    {
        QSignalSpy named(m_dialog, &NameDialog::named);
        QTest::keyClick(m_name, Qt::Key_Escape);
        QTRY_VERIFY(!m_dialog);
        QCOMPARE(named.size(), 0);
    }
};

QTEST_MAIN(NameDialogTest)
#include "tst_namedialog.moc"
