#include "hosts/host.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using hosts::chooseHost;
using hosts::Environment;

/** Docker's own precedence, on a home folder of our own. */
class HostTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    QMap<QByteArray, QString> m_variables;

    Environment environment() const
    {
        return {[this](const char *name) { return m_variables.value(name); }, m_home.path()};
    }
    void write(const QString &path, const QByteArray &content) const
    {
        const QString full = m_home.filePath(path);
        QVERIFY(QDir().mkpath(QFileInfo(full).path()));
        QFile file(full);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

private Q_SLOTS:
    void init() { m_variables.clear(); }

    void precedence()
    {
        write(QStringLiteral(".docker/contexts/meta/")
                + QString::fromLatin1(QCryptographicHash::hash("gpu1", QCryptographicHash::Sha256).toHex())
                + QStringLiteral("/meta.json"),
            // No raw string: moc takes the slashes in it for a comment.
            "{\"Name\":\"gpu1\",\"Endpoints\":{\"docker\":{\"Host\":\"unix:///run/gpu1.sock\"}}}");
        write(QStringLiteral(".docker/config.json"), R"({"currentContext":"gpu1"})");

        auto host = chooseHost({}, environment());
        QVERIFY(host.ok());
        QCOMPARE(host->name, QStringLiteral("gpu1"));
        QCOMPARE(host->endpoint.socketPath, QStringLiteral("/run/gpu1.sock"));

        m_variables["DOCKER_CONTEXT"] = QStringLiteral("default");
        QCOMPARE(chooseHost({}, environment())->name, QStringLiteral("local"));

        m_variables["DOCKER_HOST"] = QStringLiteral("unix:///run/env.sock");
        QCOMPARE(chooseHost({}, environment())->endpoint.socketPath, QStringLiteral("/run/env.sock"));
        QCOMPARE(chooseHost(QStringLiteral("unix:///run/option.sock"), environment())->endpoint.socketPath,
            QStringLiteral("/run/option.sock"));
        QCOMPARE(chooseHost(QStringLiteral("/run/plain.sock"), environment())->url,
            QStringLiteral("unix:///run/plain.sock"));
    }

    void whatItCannotDoIsSaid()
    {
        const auto tcp = chooseHost(QStringLiteral("tcp://gpu1:2376"), environment());
        QVERIFY(!tcp.ok());
        QVERIFY(tcp.error().message.contains(QStringLiteral("tcp://gpu1:2376")));
        m_variables["DOCKER_CONTEXT"] = QStringLiteral("gone");
        QVERIFY(chooseHost({}, environment()).error().message.contains(QStringLiteral("gone")));
    }

    void otherLocalSockets()
    {
        if (QFile::exists(QStringLiteral("/var/run/docker.sock")))
            QSKIP("this machine's own daemon has the first place");
        m_variables["XDG_RUNTIME_DIR"] = m_home.path();
        write(QStringLiteral("podman/podman.sock"), {});
        m_variables["DOCKER_CONTEXT"] = QStringLiteral("default");
        QCOMPARE(
            chooseHost({}, environment())->endpoint.socketPath, m_home.filePath(QStringLiteral("podman/podman.sock")));
        write(QStringLiteral("docker.sock"), {});
        QCOMPARE(chooseHost({}, environment())->endpoint.socketPath, m_home.filePath(QStringLiteral("docker.sock")));
    }
};

QTEST_APPLESS_MAIN(HostTest)
#include "tst_host.moc"
