#include "common/listeditor.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using common::ListEditor;

/** Rows come back as they were typed; Add and Remove keep the others. */
class ListEditorTest : public QObject
{
    Q_OBJECT
private:
    static QList<ListEditor::Column> columns()
    {
        return {{QStringLiteral("Host folder"), {}, ListEditor::Kind::Folder}, {QStringLiteral("Path"), {}},
            {QStringLiteral("Read-only"), {}, ListEditor::Kind::Check}};
    }

private Q_SLOTS:
    void rowsComeBack()
    {
        ListEditor editor(columns(), QStringLiteral("Add mount"));
        QSignalSpy changed(&editor, &ListEditor::changed);
        const QList<QStringList> rows{{QStringLiteral("/a"), QStringLiteral("/b"), QStringLiteral("1")},
            {QStringLiteral("/c"), QString(), QString()}};
        editor.setRows(rows);
        QCOMPARE(editor.rows(), rows);
        QCOMPARE(changed.size(), 0);
    }

    void addTypeRemove()
    {
        ListEditor editor(columns(), QStringLiteral("Add &mount"));
        editor.show();
        QSignalSpy changed(&editor, &ListEditor::changed);
        auto *add = editor.findChild<QPushButton *>();
        QCOMPARE(add->accessibleName(), QStringLiteral("Add mount"));
        QTest::mouseClick(add, Qt::LeftButton);
        QTest::mouseClick(add, Qt::LeftButton);
        QCOMPARE(editor.rowCount(), 2);
        auto edits = editor.findChildren<QLineEdit *>();
        QCOMPARE(edits.size(), 4);
        QCOMPARE(edits[0]->accessibleName(), QStringLiteral("Host folder"));
        QTest::keyClicks(edits[2], QStringLiteral("/x"));
        editor.findChildren<QCheckBox *>().at(1)->click();
        QVERIFY(changed.size() >= 4);
        QCOMPARE(editor.rows().at(1), (QStringList{QStringLiteral("/x"), QString(), QStringLiteral("1")}));
        QToolButton *remove = nullptr;
        for (auto *button : editor.findChildren<QToolButton *>()) {
            if (!remove && button->text() == QStringLiteral("Remove"))
                remove = button;
        }
        QVERIFY(remove);
        QTest::mouseClick(remove, Qt::LeftButton);
        QCOMPARE(editor.rowCount(), 1);
        QCOMPARE(editor.rows().at(0).at(0), QStringLiteral("/x"));
    }

    void notesBelongToTheirRow()
    {
        ListEditor editor(columns(), QStringLiteral("Add"));
        editor.setRows({{QStringLiteral("/a")}, {QStringLiteral("/b")}});
        editor.setNote(1, QStringLiteral("does not exist"));
        QCOMPARE(editor.note(0), QString());
        QCOMPARE(editor.note(1), QStringLiteral("does not exist"));
        editor.setNote(1, {});
        QCOMPARE(editor.note(1), QString());
    }
};

QTEST_MAIN(ListEditorTest)
#include "tst_listeditor.moc"
