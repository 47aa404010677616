#include "common/messagebar.h"
#include "logs/logconsole.h"

#include <QAccessible>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using docker::Output;
using logs::Feed;
using logs::LogConsole;

/** The console's controls do and say what they should. */
class LogConsoleTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_feed = std::make_unique<Feed>(
            http::Endpoint{QStringLiteral("/nowhere/docker.sock")}, QStringLiteral("0123"), false);
        m_console = std::make_unique<LogConsole>(*m_feed, QStringLiteral("resnet-7"));
        m_console->resize(640, 320);
        m_console->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_console.get()));
    }

    void cleanup()
    {
        m_console.reset();
        m_feed.reset();
    }

    void namesAreAContract()
    {
        QCOMPARE(m_console->accessibleName(), QStringLiteral("Log of resnet-7"));
        for (const QString &name : {QStringLiteral("Follow"), QStringLiteral("Copy"), QStringLiteral("Save…")})
            QVERIFY2(button(name), qPrintable(name));
        m_console->setContainerName(QStringLiteral("vit-3"));
        QCOMPARE(m_console->accessibleName(), QStringLiteral("Log of vit-3"));
    }

    void pausesAndCountsNewLines()
    {
        append(QByteArray("line\n").repeated(500));
        QVERIFY(button(QStringLiteral("Follow"))->isChecked());
        QVERIFY(!button(QStringLiteral("No new lines"))->isVisible());
        m_console->view()->verticalScrollBar()->setValue(10);
        QVERIFY(!button(QStringLiteral("Follow"))->isChecked());
        append(QByteArray("line\n").repeated(137));
        QPushButton *newLines = button(QStringLiteral("137 new lines"));
        QVERIFY(newLines && newLines->isVisible());
        newLines->click();
        QVERIFY(m_console->view()->isFollowing());
        QVERIFY(!newLines->isVisible());
        button(QStringLiteral("Follow"))->click();
        QVERIFY(!m_console->view()->isFollowing());
    }

    void copiesTheWholeLogWhenNothingIsSelected()
    {
        append("one\ntwo\n");
        button(QStringLiteral("Copy"))->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("one\ntwo"));
    }

    void whoeverFindsTheNameFindsTheText()
    {
        append("one\n 5%");
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(m_console.get());
        QCOMPARE(interface->text(QAccessible::Name), QStringLiteral("Log of resnet-7"));
        QVERIFY(interface->textInterface());
        QCOMPARE(interface->textInterface()->text(0, -1), QStringLiteral("one\n 5%"));
        QVERIFY(interface->childCount() > 1);
    }

    void saves()
    {
        append("one\n\x1b[31mtwo\x1b[0m\n");
        button(QStringLiteral("Save…"))->click();
        auto *dialog = m_console->findChild<QFileDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("saved.log"));
        Q_EMIT dialog->fileSelected(path);
        dialog->close();
        QTRY_VERIFY(shows(QStringLiteral("Saved as ") + path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("one\ntwo\n"));
    }

    void savingCanBeCancelled()
    {
        append(QByteArray(QByteArray(999, 'x') + '\n').repeated(20'000));
        QVERIFY(!button(QStringLiteral("Cancel"))->isVisible());
        button(QStringLiteral("Save…"))->click();
        auto *dialog = m_console->findChild<QFileDialog *>();
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("saved.log"));
        Q_EMIT dialog->fileSelected(path);
        dialog->close();
        QVERIFY(button(QStringLiteral("Cancel"))->isVisible());
        button(QStringLiteral("Cancel"))->click();
        QTRY_VERIFY(shows(QStringLiteral("Not saved")));
        QVERIFY(!QFile::exists(path));
        QVERIFY(!button(QStringLiteral("Cancel"))->isVisible());
        QVERIFY(button(QStringLiteral("Save…"))->isEnabled());
    }

    void savingDoesNotHideThatTheDaemonIsGone()
    {
        append("one\n");
        m_feed->open(true);
        QTRY_COMPARE(m_feed->state(), Feed::State::Lost);
        button(QStringLiteral("Save…"))->click();
        auto *dialog = m_console->findChild<QFileDialog *>();
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("saved.log"));
        Q_EMIT dialog->fileSelected(path);
        dialog->close();
        QTRY_VERIFY(shows(QStringLiteral("Saved as ") + path));
        QVERIFY(shows(QStringLiteral("Connection to Docker lost, trying again…")));
    }

    void saysThatTheDaemonIsGone()
    {
        m_feed->open(true);
        QTRY_VERIFY(shows(QStringLiteral("Connection to Docker lost, trying again…")));
        QCOMPARE(m_feed->state(), Feed::State::Lost);
    }

    void saysWhatToDoAboutItsGpus()
    {
        auto *bar = m_console->findChild<common::MessageBar *>();
        QVERIFY(bar && !bar->isVisible());
        append("Failed to initialize NVML: Unknown Error\n");
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->title(), QStringLiteral("The container lost its GPUs while it ran."));
        QSignalSpy again(m_console.get(), &LogConsole::startAgainRequested);
        QSignalSpy duplicate(m_console.get(), &LogConsole::duplicateRequested);
        button(QStringLiteral("Start again"))->click();
        QCOMPARE(again.size(), 1);
        m_console->containerStarted();
        QVERIFY(!bar->isVisible());

        append("torch.cuda.OutOfMemoryError: CUDA out of memory.\n");
        QVERIFY(bar->isVisible());
        button(QStringLiteral("Duplicate as new run…"))->click();
        QCOMPARE(duplicate.size(), 1);
        QCOMPARE(again.size(), 1);
        m_console->containerRemoved();
        QVERIFY(bar->isVisible());
        QVERIFY(!button(QStringLiteral("Duplicate as new run…")));
    }

    void whatThePersonClosedStaysClosed()
    {
        auto *bar = m_console->findChild<common::MessageBar *>();
        append("CUDA out of memory\n");
        for (QToolButton *close : bar->findChildren<QToolButton *>()) {
            if (close->text() == QStringLiteral("Close"))
                close->click();
        }
        append("CUDA out of memory\n");
        QVERIFY(!bar->isVisible());
        m_console->containerRemoved();
        QVERIFY(!bar->isVisible());
    }

    /** Kept as test output, to be looked at. */
    void picture_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void picture()
    {
        QFETCH(bool, dark);
        QPalette palette;
        if (dark) {
            for (const auto role : {QPalette::Window, QPalette::Button})
                palette.setColor(role, QColor(0x2a, 0x2e, 0x32));
            palette.setColor(QPalette::Base, QColor(0x1b, 0x1e, 0x20));
            for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
                palette.setColor(role, QColor(0xfc, 0xfc, 0xfc));
        } else {
            palette.setColor(QPalette::Base, Qt::white);
        }
        m_console->setPalette(palette);
        m_console->resize(800, 460);
        QByteArray text;
        for (int i = 0; i < 16; ++i)
            text += (i < 8 ? "\x1b[3" : "\x1b[9") + QByteArray::number(i % 8) + "mcolour " + QByteArray::number(i)
                + "\x1b[0m ";
        text += "\n\x1b[1mbold\x1b[0m \x1b[2mdim\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munderlined\x1b[0m "
                "\x1b[7minverse\x1b[0m "
                "\x1b[41mon red\x1b[0m \x1b[44mon blue\x1b[0m \x1b[30;43mblack on yellow\x1b[0m\n";
        for (int i = 0; i < 60; ++i)
            text += "\x1b[48;5;" + QByteArray::number(16 + i * 3) + "m ";
        text += "\x1b[0m\n\x1b[38;2;255;140;0mtrue colour\x1b[0m\ta\ttab\n日本語 and 🚀 in columns |\nabcdef and  ghi "
                "in columns |\n";
        for (int i = 1; i < 4; ++i)
            text += "epoch " + QByteArray::number(i) + "/20 loss=0.2130 \x1b[32macc=0.91\x1b[0m\n";
        append(text);
        append("\x1b[33mUserWarning: the learning rate is high\x1b[0m\n", Output::Stderr);
        m_feed->document().appendNote(QStringLiteral("Failed (exit 3)"));
        append("\r 45%|████▌     | 450/1000 [00:30<00:37, 14.8it/s]", Output::Stderr);
        const QString folder = QDir::currentPath();
        const QString file = QDir(folder).filePath(
            QStringLiteral("logconsole-%1.png").arg(dark ? QStringLiteral("dark") : QStringLiteral("light")));
        QVERIFY(m_console->grab().save(file));
    }

private:
    QPushButton *button(const QString &name) const
    {
        for (QPushButton *candidate : m_console->findChildren<QPushButton *>())
            if (candidate->accessibleName() == name)
                return candidate;
        return nullptr;
    }

    bool shows(const QString &text) const
    {
        const auto labels = m_console->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) { return label->text() == text; });
    }

    void append(const QByteArray &bytes, Output output = Output::Stdout)
    {
        QSignalSpy shown(m_console->view(), &logs::LogView::shown);
        m_feed->document().append(output, bytes);
        m_feed->document().flush();
        QVERIFY(shown.wait());
    }

    std::unique_ptr<Feed> m_feed;
    std::unique_ptr<LogConsole> m_console;
};

QTEST_MAIN(LogConsoleTest)
#include "tst_logconsole.moc"
