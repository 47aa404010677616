#include "accounts/credentialhelper.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTimer>

namespace accounts {

using namespace Qt::StringLiterals;
using core::Error;
using core::ErrorKind;
using core::Promise;
using core::Result;
using docker::RegistryAuth;

namespace {

constexpr qsizetype mostOutput = 1 << 20;
const QString tokenUser = u"<token>"_s; ///< instead of a user's name: the secret is an identity token

QString program(const QString &name) { return "docker-credential-"_L1 + name; }

/** The first line of what a helper says of its failure. It may be anything, but not its answer: that has a secret. */
Error failure(const QString &name, const QByteArray &out)
{
    const QString words = QString::fromUtf8(out).trimmed().section(u'\n', 0, 0).left(200);
    return {ErrorKind::Daemon, 0,
        words.isEmpty() ? u"Docker's %1 failed without a word."_s.arg(program(name))
                        : u"Docker's %1 failed: %2"_s.arg(program(name), words),
        {}};
}

Error nonsense(const QString &name)
{
    return {ErrorKind::Protocol, 0, u"Docker's %1 gave an answer that is none."_s.arg(program(name)), {}};
}

/** It is of no interest any more: ends it, and deletes it then. */
void stop(QProcess *process)
{
    process->disconnect();
    QObject::connect(process, &QProcess::finished, process, &QObject::deleteLater);
    process->kill();
    if (process->state() == QProcess::NotRunning)
        process->deleteLater();
}

bool saysNotFound(const QByteArray &out) { return out.contains("credentials not found"); }

Result<std::optional<RegistryAuth>> credentials(const QString &name, const QString &server, const QByteArray &out)
{
    const QJsonDocument document = QJsonDocument::fromJson(out);
    if (!document.isObject())
        return nonsense(name);
    RegistryAuth auth;
    auth.server = server;
    const QString secret = document["Secret"_L1].toString();
    if (const QString user = document["Username"_L1].toString(); user == tokenUser) {
        auth.identityToken = secret;
    } else {
        auth.username = user;
        auth.password = secret;
    }
    if (auth.isEmpty())
        return std::optional<RegistryAuth>();
    return std::optional(auth);
}

Result<QMap<QString, QString>> users(const QString &name, const QByteArray &out)
{
    const QJsonDocument document = QJsonDocument::fromJson(out);
    if (!document.isObject() && QString::fromUtf8(out).trimmed() != "null"_L1)
        return nonsense(name);
    QMap<QString, QString> found;
    const QJsonObject object = document.object();
    for (auto it = object.begin(); it != object.end(); ++it)
        found[it.key()] = it.value().toString();
    return found;
}

} // namespace

CredentialHelper::CredentialHelper(std::chrono::milliseconds patience, QObject *parent)
    : QObject(parent)
    , m_patience(patience)
{
}

CredentialHelper::~CredentialHelper()
{
    for (auto *process : findChildren<QProcess *>(Qt::FindDirectChildrenOnly)) {
        process->disconnect();
        process->kill();
    }
}

core::Pending<std::optional<RegistryAuth>> CredentialHelper::get(const QString &name, const QString &server)
{
    return run(name, u"get"_s, server.toUtf8())
        .map([name, server](const Said &said) -> Result<std::optional<RegistryAuth>> {
            if (said.ok)
                return credentials(name, server, said.out);
            if (saysNotFound(said.out))
                return std::optional<RegistryAuth>();
            return failure(name, said.out);
        });
}

core::Pending<QMap<QString, QString>> CredentialHelper::list(const QString &name)
{
    return run(name, u"list"_s, {}).map([name](const Said &said) -> Result<QMap<QString, QString>> {
        if (said.ok)
            return users(name, said.out);
        return failure(name, said.out);
    });
}

core::Pending<CredentialHelper::Said> CredentialHelper::run(
    const QString &name, const QString &verb, const QByteArray &input)
{
    using Answer = core::Pending<Said>;
    static const QRegularExpression plainName(u"^[\\w.+-]+$"_s); // it stands in a file: no path, no option
    const QString path = plainName.match(name).hasMatch() ? QStandardPaths::findExecutable(program(name)) : QString();
    if (path.isEmpty())
        return Answer::ready(Error{ErrorKind::NotFound, 0,
            u"Docker's config.json names the program %1, which is not installed."_s.arg(program(name)), {}});

    Promise<Said> promise;
    auto *process = new QProcess(this);
    auto *patience = new QTimer(process);
    patience->setSingleShot(true);
    const auto end = [process, promise](Result<Said> result) {
        promise.answer(std::move(result));
        stop(process);
    };
    const auto tooLong = [name, end] {
        end(Error{ErrorKind::Timeout, 0, u"Docker's %1 does not answer."_s.arg(program(name)), {}});
    };
    connect(patience, &QTimer::timeout, process, tooLong);
    connect(process, &QProcess::finished, process, [process, end](int exitCode, QProcess::ExitStatus status) {
        end(Said{status == QProcess::NormalExit && exitCode == 0, process->readAllStandardOutput()});
    });
    connect(process, &QProcess::errorOccurred, process, [name, process, end](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            end(Error{ErrorKind::Denied, 0,
                u"Docker's %1 cannot be started: %2."_s.arg(program(name), process->errorString()), {}});
    });
    connect(process, &QProcess::readyReadStandardOutput, process, [name, process, end] {
        if (process->bytesAvailable() > mostOutput)
            end(nonsense(name));
    });
    promise.onAbort([process = QPointer(process)] {
        if (process)
            stop(process);
    });
    process->setStandardErrorFile(QProcess::nullDevice()); // helpers answer on the other one, failures too
    patience->start(m_patience);
    process->start(path, {verb});
    process->write(input);
    process->closeWriteChannel();
    return promise.pending();
}

} // namespace accounts
