#include "common/listeditor.h"

#include <QCheckBox>
#include <QLabel>
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

    void titlesStandAboveTheirFields()
    {
        ListEditor editor({{QStringLiteral("Host folder"), {}, ListEditor::Kind::Folder, 5},
                              {QStringLiteral("A long title of a column"), {}, ListEditor::Kind::Text, 4},
                              {QStringLiteral("Options"), {}, ListEditor::Kind::Text, 2},
                              {QStringLiteral("Read-only"), {}, ListEditor::Kind::Check}},
            QStringLiteral("Add"));
        editor.setRows({{QStringLiteral("/a"), QStringLiteral("/b")}});
        editor.resize(780, 200);
        editor.show();
        QVERIFY(QTest::qWaitForWindowExposed(&editor));
        int compared = 0;
        for (auto *edit : editor.findChildren<QLineEdit *>()) {
            for (auto *label : editor.findChildren<QLabel *>()) {
                if (label->text() != edit->accessibleName())
                    continue;
                ++compared;
                QCOMPARE(label->mapTo(&editor, QPoint()).x(), edit->mapTo(&editor, QPoint()).x());
            }
        }
        QCOMPARE(compared, 3);
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
