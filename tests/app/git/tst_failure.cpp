#include "git/failure.h"

#include <QTest>

using core::ErrorKind;

/** Words as git 2.39, OpenSSH 9.2 and curl 7.88 print them; the real programs are asked in tst_servers. */
class TestFailure : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatToDo_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *words, ErrorKind kind, const char *says) {
            QTest::newRow(name) << QByteArray(words) << int(kind) << QString::fromUtf8(says);
        };
        row("ownership", "fatal: detected dubious ownership in repository at '/data/r'\nTo add an exception",
            ErrorKind::Denied, "The folder /data/r belongs to another user");
        row("no repository", "fatal: not a git repository (or any of the parent directories): .git",
            ErrorKind::NotFound, "no git working copy");
        row("key", "git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.",
            ErrorKind::Unauthorized, "none of your ssh keys");
        row("host key", "Host key verification failed.\nfatal: Could not read from remote repository.",
            ErrorKind::Unauthorized, "not known here yet");
        row("changed host key", "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
            ErrorKind::Unauthorized, "another one than before");
        row("no such host", "fatal: unable to access 'https://x.invalid/a/': Could not resolve host: x.invalid",
            ErrorKind::Unreachable, "no server x.invalid,");
        row("no such ssh host", "ssh: Could not resolve hostname x.invalid: Name or service not known",
            ErrorKind::Unreachable, "no server x.invalid,");
        row("refused", "ssh: connect to host h port 22: Connection refused", ErrorKind::Unreachable, "does not answer");
        row("timeout", "ssh: connect to host h port 22: Connection timed out", ErrorKind::Timeout, "in time");
        row("401", "fatal: unable to access 'http://h/a/': The requested URL returned error: 401",
            ErrorKind::Unauthorized, "private or does not exist");
        row("no terminal", "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
            ErrorKind::Unauthorized, "private or does not exist");
        row("wrong password", "fatal: Authentication failed for 'https://h/a/'", ErrorKind::Unauthorized, "password");
        row("403", "fatal: unable to access 'http://h/a/': The requested URL returned error: 403", ErrorKind::Denied,
            "refuses this repository");
        row("404", "fatal: repository 'http://h/a/' not found", ErrorKind::NotFound, "no such repository");
        row("github over ssh", "ERROR: Repository not found.\nfatal: Could not read from remote repository.",
            ErrorKind::NotFound, "no such repository");
        row("503", "fatal: unable to access 'http://h/a/': The requested URL returned error: 503",
            ErrorKind::Unreachable, "HTTP 503");
        row("path", "fatal: '/srv/x' does not appear to be a git repository", ErrorKind::NotFound, "at /srv/x");
        row("branch", "error: pathspec 'nope' did not match any file(s) known to git", ErrorKind::NotFound,
            "commit nope");
        row("branch of a clone", "fatal: Remote branch nope not found in upstream origin", ErrorKind::NotFound,
            "commit nope");
        row("pull on no branch", "You are not currently on a branch.\nPlease specify", ErrorKind::Conflict,
            "choose fetch");
        row("overwritten", "error: Your local changes to the following files would be overwritten by checkout:\n\ta",
            ErrorKind::Conflict, "commit or stash");
        row("exists", "fatal: '/tmp/w' already exists", ErrorKind::Conflict, "at /tmp/w already");
        row("other", "warning: x\nfatal: the sky is falling\n", ErrorKind::Daemon, "git says: the sky is falling");
        row("nothing", "", ErrorKind::Daemon, "said nothing");
    }
    void saysWhatToDo()
    {
        QFETCH(QByteArray, words);
        QFETCH(int, kind);
        QFETCH(QString, says);
        const core::Error error = git::failure(128, words);
        QCOMPARE(int(error.kind), kind);
        QVERIFY2(error.message.contains(says), qPrintable(error.message));
        QVERIFY2(error.message.endsWith(u'.') || words.contains("sky"), qPrintable(error.message));
        QVERIFY2(!error.message.contains(QStringLiteral("%1")), qPrintable(error.message));
    }

    void keepsPasswordsOut()
    {
        for (const char *words :
            {"fatal: unable to access 'http://u:secret@h/x/': The requested URL returned error: 401",
                "fatal: nobody knows http://secret@h/x", "fatal: 'http://u:secret@h/x' already exists"}) {
            const core::Error error = git::failure(128, words);
            QVERIFY2(!error.message.contains(QStringLiteral("secret")), qPrintable(error.message));
            QVERIFY2(!error.detail.contains(QStringLiteral("secret")), qPrintable(error.detail));
        }
    }
};

QTEST_GUILESS_MAIN(TestFailure)
#include "tst_failure.moc"
