#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

/**
 * Real repositories in a temporary folder, made with the git program and a configuration of the test's own: nothing of
 * the person's settings, keys or helpers is read. Owned by the test; its folder goes with it.
 */
class GitRig
{
public:
    GitRig()
    {
        write(folder(QStringLiteral("gitconfig")),
            "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
            "[protocol \"file\"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n");
        m_environment = QProcessEnvironment::systemEnvironment();
        for (const QString &name : m_environment.keys()) {
            if (name.startsWith(QStringLiteral("GIT_")) || name == QStringLiteral("SSH_ASKPASS"))
                m_environment.remove(name);
        }
        set("HOME", m_folder.path());
        set("XDG_CONFIG_HOME", folder(QStringLiteral("xdg")));
        set("GIT_CONFIG_GLOBAL", folder(QStringLiteral("gitconfig")));
        set("GIT_CONFIG_NOSYSTEM", QStringLiteral("1"));
        set("LC_ALL", QStringLiteral("C.UTF-8"));
    }

    const QProcessEnvironment &environment() const { return m_environment; }
    void set(const char *name, const QString &value) { m_environment.insert(QString::fromUtf8(name), value); }
    QString folder(const QString &name) const { return m_folder.filePath(name); }

    static void write(const QString &path, const QByteArray &content)
    {
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(path));
    }

    /** What a program printed on standard output, without the last line end. One that fails ends the test. */
    QByteArray run(const QString &program, const QStringList &arguments, const QString &in) const
    {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.setWorkingDirectory(in);
        process.start(program, arguments);
        if (!process.waitForFinished() || process.exitCode() != 0)
            qFatal("%s %s: %s", qPrintable(program), qPrintable(arguments.join(u' ')),
                process.readAllStandardError().constData());
        return process.readAllStandardOutput().trimmed();
    }
    QByteArray git(const QString &in, const QStringList &arguments) const
    {
        return run(QStringLiteral("git"), arguments, in);
    }

    /** A new repository with one commit. */
    QString repository(const QString &name)
    {
        const QString path = folder(name);
        QDir().mkpath(path);
        git(path, {QStringLiteral("init"), QStringLiteral("-q")});
        commit(path, QStringLiteral("train.py"), "print('1')\n", QStringLiteral("First"));
        return path;
    }

    /** Writes a file, commits it, a minute later than the commit before, and gives back the hash. */
    QString commit(const QString &in, const QString &file, const QByteArray &content, const QString &subject)
    {
        write(in + u'/' + file, content);
        const QString date = QStringLiteral("@%1 +0000").arg(m_date += 60);
        set("GIT_AUTHOR_DATE", date);
        set("GIT_COMMITTER_DATE", date);
        git(in, {QStringLiteral("add"), QStringLiteral("--"), file});
        git(in, {QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("-m"), subject});
        return hash(in, QStringLiteral("HEAD"));
    }

    QString hash(const QString &in, const QString &ref) const
    {
        return QString::fromLatin1(git(in, {QStringLiteral("rev-parse"), ref + QStringLiteral("^{commit}")}));
    }

private:
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
    qint64 m_date = 1700000000;
};
