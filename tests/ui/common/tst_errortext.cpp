#include "common/errortext.h"

#include <QTest>

using core::ErrorKind;

/** The daemon's words, as dockerd and its runtime print them, become one plain sentence and what to do. */
class ErrorTextTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sentences_data()
    {
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("whatToDo"); // a part of it
        const auto row = [](const char *name, ErrorKind kind, int status, const char *message, const char *title,
                             const char *whatToDo) {
            QTest::newRow(name) << kind << status << QString::fromUtf8(message) << QString::fromUtf8(title)
                                << QString::fromUtf8(whatToDo);
        };
        row("not in group docker", ErrorKind::Denied, 0, "QLocalSocket::connectToServer: Access denied",
            "Could not start vit-3: you may not use this Docker.", "usermod -aG docker");
        row("daemon not running", ErrorKind::Unreachable, 0, "QLocalSocket::connectToServer: Invalid name",
            "Could not start vit-3: Docker does not answer.", "systemctl start docker");
        row("stalled", ErrorKind::Timeout, 0, "no answer within 30 s",
            "Could not start vit-3: Docker took too long to answer.", "Try again");
        row("name taken", ErrorKind::Conflict, 409,
            "Conflict. The container name \"/vit-3\" is already in use by container \"0a1b\". You have to remove (or "
            "rename) that container to be able to reuse that name.",
            "Could not start vit-3: the name vit-3 is taken by another container.", "another name");
        row("port in use", ErrorKind::Daemon, 500,
            "driver failed programming external connectivity on endpoint a (b): Bind for 0.0.0.0:8888 failed: port is "
            "already allocated",
            "Could not start vit-3: a port it publishes is in use.", "another host port");
        row("port of another program", ErrorKind::Daemon, 500,
            "Error starting userland proxy: listen tcp4 0.0.0.0:22: bind: address already in use",
            "Could not start vit-3: a port it publishes is in use.", "another host port");
        row("no NVIDIA toolkit", ErrorKind::Daemon, 500,
            "could not select device driver \"\" with capabilities: [[gpu]]",
            "Could not start vit-3: this Docker cannot hand out GPUs.", "NVIDIA Container Toolkit");
        row("another driver's library", ErrorKind::Daemon, 500,
            "OCI runtime create failed: nvidia-container-cli: initialization error: nvml error: driver/library version "
            "mismatch",
            "Could not start vit-3: the NVIDIA driver was updated and the old one is still loaded.", "Restart");
        row("no CDI", ErrorKind::Daemon, 500, "could not select device driver \"cdi\" with capabilities: [[gpu]]",
            "Could not start vit-3: this Docker cannot hand out GPUs through CDI.", "28.2");
        row("no such GPU", ErrorKind::Daemon, 500,
            "failed to create task for container: OCI runtime create failed: nvidia-container-cli: device error: 7: "
            "unknown device: unknown",
            "Could not start vit-3: there is no such GPU.", "nvidia-smi -L");
        row("driver broken", ErrorKind::Daemon, 500,
            "OCI runtime create failed: nvidia-container-cli: initialization error: nvml error: driver not loaded",
            "Could not start vit-3: the NVIDIA driver does not answer.", "nvidia-smi");
        row("image in use", ErrorKind::Conflict, 409,
            "conflict: unable to remove repository reference \"bb:1\" (must force) - image is being used by stopped "
            "container 0a1b2c",
            "Could not start vit-3: a stopped container (0a1b2c) uses the image.", "Remove that container");
        row("image in use, by id", ErrorKind::Conflict, 409,
            "conflict: unable to delete abc (cannot be forced) - image is being used by running container 0a1b2c",
            "Could not start vit-3: a running container (0a1b2c) uses the image.", "Remove that container");
        row("no image", ErrorKind::NotFound, 404, "No such image: nosuch:latest",
            "Could not start vit-3: there is no image nosuch:latest here.", "Choose an image");
        row("sign-in, or no image", ErrorKind::NotFound, 404,
            "pull access denied for me/vit, repository does not exist or may require 'docker login': denied: requested "
            "access to the resource is denied",
            "Could not start vit-3: the registry has no image me/vit, or shows it only to who signs in.",
            "docker login");
        row("sign-in", ErrorKind::Daemon, 500,
            "Head \"https://nvcr.io/v2/me/vit/manifests/1\": unauthorized: authentication required",
            "Could not start vit-3: the registry wants a sign-in, or another account, for this image.", "docker login");
        row("sign-in, old words", ErrorKind::Daemon, 500,
            "Get http://127.0.0.1:5000/v2/x/manifests/1: no basic auth credentials",
            "Could not start vit-3: the registry wants a sign-in, or another account, for this image.", "docker login");
        row("no tag", ErrorKind::NotFound, 404,
            "manifest for localhost:5000/x:nope not found: manifest unknown: manifest unknown",
            "Could not start vit-3: the registry has no image localhost:5000/x:nope.", "the tag");
        row("no tag, containerd", ErrorKind::NotFound, 404,
            "failed to resolve reference \"localhost:5000/x:nope\": localhost:5000/x:nope: not found",
            "Could not start vit-3: the registry has no image localhost:5000/x:nope.", "the tag");
        row("no repository", ErrorKind::NotFound, 404, "name unknown: repository name not known to registry",
            "Could not start vit-3: the registry has no such image.", "the name");
        row("other machines' image", ErrorKind::NotFound, 404,
            "no matching manifest for linux/arm64/v8 in the manifest list entries",
            "Could not start vit-3: the image is not made for machines of this kind (linux/arm64/v8).", "platform");
        row("rate limit", ErrorKind::Daemon, 0,
            "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating",
            "Could not start vit-3: the registry lets nobody pull so often without an account.", "Wait");
        row("certificate", ErrorKind::Daemon, 500,
            "Get \"https://reg.lan:5000/v2/\": x509: certificate signed by unknown authority",
            "Could not start vit-3: Docker does not know the certificate of the registry reg.lan:5000.",
            "/etc/docker/certs.d/reg.lan:5000/ca.crt");
        row("certificate too old", ErrorKind::Daemon, 500,
            "Get \"https://reg.lan/v2/\": x509: certificate has expired or is not yet valid: current time is later",
            "Could not start vit-3: the certificate of the registry reg.lan has expired, or a clock is wrong.", "date");
        row("signed in wrongly", ErrorKind::Unauthorized, 500,
            "login attempt to http://127.0.0.1:5000/v2/ failed with status: 401 Unauthorized",
            "Could not start vit-3: the registry does not take this user name and password.", "again");
        row("refused in the stream", ErrorKind::Unauthorized, 0, "unauthorized: authentication required",
            "Could not start vit-3: the registry wants a sign-in, or another account, for this image.", "Sign in");
        row("refused by GitHub", ErrorKind::Daemon, 500, "error from registry: denied: denied",
            "Could not start vit-3: the registry wants a sign-in, or another account, for this image.", "Sign in");
        row("Windows' image", ErrorKind::Daemon, 500,
            "image operating system \"windows\" cannot be used on this platform",
            "Could not start vit-3: the image is not made for machines of this kind (windows).", "platform");
        row("plain HTTP", ErrorKind::Daemon, 500,
            "Get \"https://reg.lan:5000/v2/\": http: server gave HTTP response to HTTPS client",
            "Could not start vit-3: the registry reg.lan:5000 speaks plain HTTP, which Docker does only with "
            "registries it is "
            "told to.",
            "insecure-registries");
        row("registry refuses", ErrorKind::Daemon, 500,
            "Get \"http://localhost:5001/v2/\": dial tcp 127.0.0.1:5001: connect: connection refused",
            "Could not start vit-3: the registry localhost:5001 cannot be reached.", "network");
        row("registry unknown", ErrorKind::Daemon, 500,
            "Get \"https://reg.example/v2/\": dial tcp: lookup reg.example on 10.0.0.1:53: no such host",
            "Could not start vit-3: there is no registry reg.example, or its name cannot be looked up.", "name");
        row("registry silent", ErrorKind::Daemon, 500,
            "Get \"https://registry-1.docker.io/v2/\": net/http: request canceled while waiting for connection "
            "(Client.Timeout exceeded while awaiting headers)",
            "Could not start vit-3: the registry registry-1.docker.io cannot be reached.", "proxy");
        row("registry silent, containerd", ErrorKind::Daemon, 500,
            "failed to resolve reference \"reg.example/x:1\": failed to do request: Head "
            "\"https://reg.example/v2/x/manifests/1\": dial tcp 192.0.2.1:443: i/o timeout",
            "Could not start vit-3: the registry reg.example cannot be reached.", "network");
        row("disk full in a pull", ErrorKind::Daemon, 0,
            "failed to register layer: Error processing tar file(exit status 1): write /w: no space left on device",
            "Could not start vit-3: the disk is full.", "removing images");
        row("no program", ErrorKind::Daemon, 400,
            "OCI runtime create failed: container_linux.go:380: starting container process caused: exec: \"bash\": "
            "executable file not found in $PATH: unknown",
            "Could not start vit-3: the image has no program bash.", "command");
        row("no permission on a mount is not the group docker", ErrorKind::Daemon, 500,
            "error while creating mount source path '/x': mkdir /x: permission denied", "Could not start vit-3.",
            "Docker's own words");
        row("no host folder", ErrorKind::Daemon, 400,
            "invalid mount config for type \"bind\": bind source path does not exist: /data/x",
            "Could not start vit-3: the host folder /data/x does not exist.", "Create it");
        row("rlimit", ErrorKind::Daemon, 500,
            "OCI runtime create failed: error setting rlimit type 8: operation not permitted: unknown",
            "Could not start vit-3: the machine does not allow this memlock ulimit.", "the memlock ulimit");
        row("a limit without a name", ErrorKind::Daemon, 500,
            "OCI runtime create failed: error setting rlimit type 99: operation not permitted: unknown",
            "Could not start vit-3: the machine does not allow one of the ulimits.", "ulimits");
        row("unknown words", ErrorKind::Daemon, 500, "the moon is full", "Could not start vit-3.",
            "Docker's own words");
    }
    void sentences()
    {
        QFETCH(ErrorKind, kind);
        QFETCH(int, status);
        QFETCH(QString, message);
        QFETCH(QString, whatToDo);
        const auto text = common::errorText({kind, status, message, {}}, QStringLiteral("start vit-3"));
        QTEST(text.title, "title");
        QVERIFY2(text.whatToDo.contains(whatToDo), qPrintable(text.whatToDo));
        QVERIFY(text.details.startsWith(message));
        QVERIFY(!text.title.contains(u'\\') && !text.whatToDo.contains(u'\\'));
    }

    void detailsHaveTheStatusAndTheDetail()
    {
        const auto text
            = common::errorText({ErrorKind::Protocol, 200, QStringLiteral("not JSON"), QStringLiteral("at byte 7")},
                QStringLiteral("list the images"));
        QCOMPARE(text.details, QStringLiteral("not JSON\nat byte 7 (HTTP 200)"));
    }

    void saysWhereOtherGpusHelp()
    {
        const auto helped = [](const char *words) {
            return common::errorText(
                {ErrorKind::Daemon, 500, QString::fromLatin1(words), {}}, QStringLiteral("start x"))
                .otherGpusHelp;
        };
        QVERIFY(helped("could not select device driver \"\" with capabilities: [[gpu]]"));
        QVERIFY(helped("nvidia-container-cli: device error: 7: unknown device"));
        QVERIFY(!helped("nvml error: driver/library version mismatch"));
        QVERIFY(!helped("no space left on device"));
    }
};

QTEST_APPLESS_MAIN(ErrorTextTest)
#include "tst_errortext.moc"
