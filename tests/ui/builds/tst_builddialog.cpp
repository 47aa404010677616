#include "builds/builddialog.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using builds::BuildDialog;
using builds::BuildRequest;
using namespace Qt::StringLiterals;

/** "Build image": what is typed becomes the request, and what is wrong is said where it stands. */
class BuildDialogTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    QPointer<BuildDialog> m_dialog;
    QWidget m_window;

    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    static QString nameOf(const QWidget *widget)
    {
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        return button && widget->accessibleName().isEmpty() ? button->text().remove(u'&') : widget->accessibleName();
    }
    /** Of the last, where a list has several rows. */
    template <typename T> T *named(const QString &name) const
    {
        T *found = nullptr;
        for (T *widget : m_dialog->findChildren<T *>()) {
            if (nameOf(widget) == name)
                found = widget;
        }
        if (!found)
            qFatal("nothing is called %s", qPrintable(name));
        return found;
    }
    void type(const QString &field, const QString &text) const { named<QLineEdit>(field)->setText(text); }
    /** As a person types into the last row of a list. */
    void addRow(const QString &add, const QString &first, const QString &second) const
    {
        named<QPushButton>(add)->click();
        auto *name = qobject_cast<QLineEdit *>(QApplication::focusWidget());
        QVERIFY(name);
        name->clear();
        QTest::keyClicks(name, first);
        const auto values = name->parentWidget()->findChildren<QLineEdit *>();
        QCOMPARE(values.size(), 2);
        QTest::keyClicks(values.last(), second);
    }
    bool says(const QString &words) const
    {
        for (const QLabel *label : m_dialog->findChildren<QLabel *>()) {
            if (!label->isHidden() && label->text().contains(words))
                return true;
        }
        return false;
    }
    QPushButton *build() const { return named<QPushButton>(u"Build"_s); }
    QString line() const { return named<QPlainTextEdit>(u"docker build line"_s)->toPlainText(); }
    void open(const BuildRequest &request = {})
    {
        m_dialog = new BuildDialog(request, &m_window);
        m_dialog->open();
        QVERIFY(QTest::qWaitForWindowActive(m_dialog));
    }

private Q_SLOTS:
    void init()
    {
        m_window.show();
        m_folder = std::make_unique<QTemporaryDir>();
        write(u"Dockerfile"_s, "ARG CUDA=12.4\nFROM bb:1 AS tools\nFROM bb:1\nARG TOKEN\nRUN true\n");
    }
    void cleanup() { delete m_dialog; }

    void fieldsBecomeTheRequest()
    {
        open();
        QVERIFY(!build()->isEnabled());
        type(u"Folder"_s, m_folder->path());
        type(u"Name"_s, u"me/train:1 me/train:latest"_s);
        QTRY_VERIFY(build()->isEnabled());
        QTRY_COMPARE(named<QComboBox>(u"Target"_s)->count(), 1);
        named<QComboBox>(u"Target"_s)->setCurrentText(u"tools"_s);
        named<QToolButton>(u"More"_s)->click();
        named<QCheckBox>(u"No cache"_s)->click();
        named<QCheckBox>(u"Pull newer base images"_s)->click();
        type(u"Platform"_s, u"linux/amd64"_s);
        type(u"Shared memory"_s, u"1g"_s);
        named<QComboBox>(u"Builder"_s)->setCurrentIndex(2);
        addRow(u"Add argument"_s, u"EXTRA"_s, u"a b"_s);
        addRow(u"Add label"_s, u"org.example.version"_s, u"1.0"_s);
        QTRY_VERIFY(build()->isEnabled());

        BuildRequest wanted;
        wanted.context = m_folder->path();
        wanted.names = {u"me/train:1"_s, u"me/train:latest"_s};
        wanted.target = u"tools"_s;
        wanted.args = {{u"EXTRA"_s, u"a b"_s}}; // offered ones that were left empty keep their defaults
        wanted.labels = {{u"org.example.version"_s, u"1.0"_s}};
        wanted.platform = u"linux/amd64"_s;
        wanted.shmSize = 1LL << 30;
        wanted.noCache = wanted.pull = true;
        wanted.via = BuildRequest::Via::Classic;
        QVERIFY(m_dialog->request() == wanted);
        QCOMPARE(line(), builds::dockerLine(wanted));
        QSignalSpy asked(m_dialog, &BuildDialog::buildRequested);
        build()->click();
        QCOMPARE(asked.size(), 1);
        QVERIFY(asked[0][0].value<BuildRequest>() == wanted);
        QVERIFY(!m_dialog->isVisible());

        // And back: Build again… shows all of it.
        delete m_dialog;
        open(wanted);
        QVERIFY(m_dialog->request() == wanted);
        QVERIFY(named<QToolButton>(u"More"_s)->isChecked());
    }

    void faultsStandBesideTheirFieldsAndNothingTypedIsLost()
    {
        open();
        type(u"Folder"_s, u"/no/such/folder"_s);
        QTRY_VERIFY(says(u"There is no folder “/no/such/folder”."_s));
        type(u"Folder"_s, m_folder->filePath(u"Dockerfile"_s));
        QTRY_VERIFY(says(u"is a file. Choose its folder."_s));
        type(u"Folder"_s, m_folder->path());
        type(u"Name"_s, u"Capital"_s);
        type(u"Dockerfile"_s, u"other/Dockerfile"_s);
        named<QToolButton>(u"More"_s)->click();
        type(u"Platform"_s, u"amd64"_s);
        type(u"Shared memory"_s, u"much"_s);
        addRow(u"Add argument"_s, u"1st"_s, u"x"_s);
        addRow(u"Add label"_s, {}, u"of nothing"_s);
        for (const QString &words : {u"“Capital” is no name for an image"_s, u"There is no file “other/Dockerfile”."_s,
                 u"“amd64” is no platform"_s, u"“much” is no size"_s, u"“1st” is no name for a build argument"_s})
            QTRY_VERIFY2(says(words), qPrintable(words));
        QVERIFY(says(u"A value has no label's name beside it."_s));
        QVERIFY(!build()->isEnabled());
        m_dialog->accept(); // Enter
        QVERIFY(m_dialog->isVisible());
        QCOMPARE(named<QLineEdit>(u"Name"_s)->text(), u"Capital"_s);
        QCOMPARE(named<QLineEdit>(u"Shared memory"_s)->text(), u"much"_s);
        QCOMPARE(m_dialog->request().args.value(u"1st"_s), u"x"_s);
        // The stage is judged once there is a Dockerfile to judge by.
        type(u"Dockerfile"_s, {});
        named<QComboBox>(u"Target"_s)->setEditText(u"nothing"_s);
        QTRY_VERIFY(says(u"The Dockerfile has no stage “nothing”."_s));
        QCOMPARE(named<QComboBox>(u"Target"_s)->currentText(), u"nothing"_s);
    }

    void bigPartsAreAddedToTheIgnoreFile()
    {
        QDir(m_folder->path()).mkdir(u"data"_s);
        QFile big(m_folder->filePath(u"data/images.bin"_s));
        QVERIFY(big.open(QIODevice::WriteOnly) && big.resize(600LL * 1024 * 1024));
        big.close();
        open();
        type(u"Folder"_s, m_folder->path());
        QTRY_VERIFY(says(u"600 MiB in 2 files"_s));
        QVERIFY(says(u"That is a lot"_s));
        named<QPushButton>(u"Add to .dockerignore"_s)->click();
        QTRY_VERIFY(says(u" B in 2 files"_s)); // the Dockerfile and the .dockerignore
        QFile rules(m_folder->filePath(u".dockerignore"_s));
        QVERIFY(rules.open(QIODevice::ReadOnly));
        QCOMPARE(rules.readAll(), QByteArray("data\n"));
    }

    void anIgnoreFileThatCannotBeWrittenIsTold()
    {
        QFile big(m_folder->filePath(u"weights.bin"_s));
        QVERIFY(big.open(QIODevice::WriteOnly) && big.resize(20LL * 1024 * 1024));
        big.close();
        open();
        type(u"Folder"_s, m_folder->path());
        QTRY_VERIFY(says(u"20 MiB in 2 files"_s));
        QVERIFY(QDir(m_folder->path()).mkdir(u".dockerignore"_s)); // a folder in its place
        named<QPushButton>(u"Add to .dockerignore"_s)->click();
        QTRY_VERIFY(says(u"The .dockerignore could not be written"_s));
        // It stays, and so does the button.
        QVERIFY(says(u"20 MiB in 2 files"_s));
        QVERIFY(!named<QPushButton>(u"Add to .dockerignore"_s)->isHidden());
    }

    void secretsThatWereNotKeptAreAskedFor()
    {
        BuildRequest past;
        past.context = m_folder->path();
        past.args = {{u"TOKEN"_s, {}}, {u"CUDA"_s, u"12.4"_s}};
        past.withheld = {u"TOKEN"_s};
        open(past);
        QTRY_VERIFY(says(u"may be a secret: type it again"_s));
        QVERIFY(!line().contains(u"TOKEN="_s));
        for (auto *edit : m_dialog->findChildren<QLineEdit *>()) {
            if (edit->text() == u"TOKEN"_s)
                edit->parentWidget()->findChildren<QLineEdit *>().last()->setText(u"s3cr3t"_s);
        }
        QTRY_COMPARE(m_dialog->request().args.value(u"TOKEN"_s), u"s3cr3t"_s);
        QVERIFY(line().contains(u"--build-arg TOKEN "_s));
        QVERIFY(!line().contains(u"s3cr3t"_s));
    }
};

QTEST_MAIN(BuildDialogTest)
#include "tst_builddialog.moc"
