#include "common/errortext.h"

#include <QRegularExpression>
#include <array>

namespace common {

namespace {

/** A phrase of the daemon (dockerd 20.10 … 29, its runtime and the kernel) and what it means. \1 … are its captures. */
struct Known
{
    const char *pattern;
    const char *what;
    const char *whatToDo;
    bool otherGpusHelp = false;
    bool signInHelps = false;
};

constexpr std::array knownWords = {
    Known{"could not select device driver \"cdi\"", "this Docker cannot hand out GPUs through CDI",
        "Update Docker to 28.2 or newer, or install the NVIDIA Container Toolkit and restart Docker.", true},
    Known{"could not select device driver", "this Docker cannot hand out GPUs",
        "Install the NVIDIA Container Toolkit on the machine that runs Docker and restart Docker, or choose no GPUs.",
        true},
    Known{"nvidia-container-cli: .*(?:unknown device|device error: ([^:]*))", "there is no such GPU",
        "Choose GPUs that `nvidia-smi -L` lists on the machine that runs Docker.", true},
    Known{"[Dd]river/library version mismatch", "the NVIDIA driver was updated and the old one is still loaded",
        "Restart the machine that runs Docker, or stop all that uses its GPUs and load the driver's modules anew."},
    Known{"nvml error: unknown error|NVML: Unknown Error", "the NVIDIA driver does not let Docker at the GPUs",
        "Restart Docker; if `nvidia-smi` fails too on the machine that runs Docker, restart that machine."},
    Known{"nvidia-container-cli: |nvml error|driver not loaded", "the NVIDIA driver does not answer",
        "Run `nvidia-smi` on the machine that runs Docker: while that fails, no container gets a GPU."},
    Known{"unresolvable CDI devices ([^:]*)", "there is no such GPU: \\1",
        "Choose GPUs that `nvidia-smi -L` lists on the machine that runs Docker.", true},
    Known{"error gathering device information while adding custom device \"([^\"]*)\"", "there is no device \\1",
        "Check that the driver is loaded on the machine that runs Docker."},
    Known{"[Uu]nknown runtime specified (\\S+)|unknown or invalid runtime name: (\\S+)",
        "this Docker has no runtime \\1\\2",
        "Install that runtime and name it in Docker's daemon.json, or leave it out."},
    Known{"The container name \"/?([^\"]*)\" is already in use", "the name \\1 is taken by another container",
        "Choose another name, or remove or rename the other container."},
    Known{"port is already allocated|address already in use", "a port it publishes is in use",
        "Choose another host port, or stop what uses this one."},
    Known{"conflict: unable to (?:remove|delete).*image is being used by (running|stopped) container (\\w+)",
        "a \\1 container (\\2) uses the image", "Remove that container first."},
    Known{"conflict: unable to remove.*container (\\w+) is using its referenced image",
        "the container \\1 uses the image", "Remove that container first."},
    Known{"conflict: unable to (?:remove|delete).*image is referenced in multiple repositories",
        "the image has several names", "Remove its names one by one."},
    Known{"conflict: unable to (?:remove|delete).*dependent child images", "other images are built on it",
        "Remove those images first."},
    Known{"[Yy]ou cannot remove a running container|cannot remove container.*container is running", "it is running",
        "Stop it first, or remove it with Kill first."},
    Known{"^Its volume (\\S+) is protected\\.", "its volume \\1 is protected",
        "Choose Unprotect for it on the page Clean up first."},
    Known{"is protected\\. Choose Unprotect", "it is protected", "Choose Unprotect in its menu first."},
    Known{"removal of container .* is already in progress", "it is being removed already", "Wait a moment."},
    Known{"is not running", "it is not running", "Start it first."},
    Known{"is already paused", "it is paused already", ""},
    Known{"is not paused", "it is not paused", ""},
    Known{"cannot (?:start|attach to) a paused container", "it is paused", "Unpause it first."},
    Known{"toomanyrequests|pull rate limit|429 Too Many Requests",
        "the registry lets nobody pull so often without an account",
        "Wait some hours, or sign in (Accounts… on the Images page, or `docker login`) and try again.", false, true},
    Known{"pull access denied for ([^,\\s]+)", "the registry has no image \\1, or shows it only to who signs in",
        "Check the name. If it is private, sign in (Accounts… on the Images page, or `docker login`) and try again.",
        false, true},
    Known{"incorrect username or password|login attempt to .* 401 Unauthorized",
        "the registry does not take this user name and password", "Check both, and sign in again.", false, true},
    Known{"unauthorized|no basic auth credentials|(?:^|: )denied: |authentication required|insufficient_scope|"
          "authorization failed|401 Unauthorized|403 Forbidden",
        "the registry wants a sign-in, or another account, for this image",
        "Sign in with an account that may (Accounts… on the Images page, or `docker login`) and try again.", false,
        true},
    Known{"manifest for (\\S+) not found|failed to resolve reference \"([^\"]*)\".*: not found",
        "the registry has no image \\1\\2", "Check the name and the tag."},
    Known{"manifest unknown|name unknown|repository \\S+ not found|name not known to registry",
        "the registry has no such image", "Check the name and the tag."},
    Known{"no matching manifest for (\\S+)|operating system \"([^\"]*)\" cannot be used",
        "the image is not made for machines of this kind (\\1\\2)",
        "Choose another tag or image, or name a platform that it is made for."},
    Known{"does not match the specified platform: wanted ([^,]+), actual: ([^,\\s]+)",
        "the image is for \\2 and not for \\1", "Choose another tag or image, or another platform."},
    Known{"(?:Get|Head|Post|Put) \"?https?://([^/\"]+).*HTTP response to HTTPS client",
        "the registry \\1 speaks plain HTTP, which Docker does only with registries it is told to",
        "Name it in insecure-registries of daemon.json and restart Docker, if you trust the network to it."},
    Known{"(?:Get|Head|Post|Put) \"?https?://([^/\"]+).*x509: certificate has expired",
        "the certificate of the registry \\1 has expired, or a clock is wrong",
        "Check the date of the machine that runs Docker, then ask whoever runs the registry."},
    Known{"(?:Get|Head|Post|Put) \"?https?://([^/\"]+).*(?:x509: |tls: )",
        "Docker does not know the certificate of the registry \\1",
        "Put the certificate of whoever signed it into /etc/docker/certs.d/\\1/ca.crt on the machine that runs "
        "Docker."},
    Known{
        "(?:Get|Head|Post|Put) \"?https?://([^/\"]+).*(?:no such host|server misbehaving|[Tt]emporary failure in name)",
        "there is no registry \\1, or its name cannot be looked up",
        "Check the image's name, and the network and name server of the machine that runs Docker."},
    Known{"(?:Get|Head|Post|Put) \"?https?://([^/\"]+)[^ ]*: (?:dial |lookup |net/http|context "
          "deadline|proxyconnect|EOF|read )",
        "the registry \\1 cannot be reached",
        "Check the image's name, and the network and proxy of the machine that runs Docker."},
    Known{"no space left on device", "the disk is full",
        "Free some space, for example on the Clean up page or by removing images."},
    Known{"[Nn]o such image: ([^\"\\s]+)", "there is no image \\1 here",
        "Choose an image of the Images page, or check the name."},
    Known{"[Nn]o such container", "the container is gone", "It was removed, perhaps by another program."},
    Known{"network (\\S+) not found", "there is no network \\1", "Choose another network, or create it first."},
    Known{"bind source path does not exist: (.*)", "the host folder \\1 does not exist",
        "Create it on the machine that runs Docker, or choose another."},
    Known{"invalid mount config|invalid volume specification|mount path must be absolute", "a mount is not valid",
        "Check the folders: the path in the container begins with a slash."},
    Known{"Duplicate mount point: (\\S+)", "two mounts have the same path \\1 in the container", "Change one of them."},
    Known{"exec: \"([^\"]*)\": (?:executable file not found|stat [^:]*: no such file)", "the image has no program \\1",
        "Check the command, or choose an image that has it."},
    Known{"exec: \"([^\"]*)\": permission denied", "\\1 is not executable in the image", "Check the command."},
    Known{"error setting rlimit type ([a-z]+)", "the machine does not allow this \\1 ulimit",
        "Lower the \\1 ulimit or leave it out, or raise the limit of the Docker service."},
    Known{"error setting rlimit", "the machine does not allow one of the ulimits",
        "Lower the ulimits, or raise the limits of the Docker service."},
    Known{"unable to find user ([^:]*): no matching entries", "the image has no user \\1",
        "Check the user, or give a number."},
    Known{"[Mm]inimum memory limit", "the memory limit is too small", "Give at least 6 MiB."},
    Known{"[Rr]ange of CPUs is from", "the machine has fewer CPUs than asked for", "Ask for fewer CPUs."},
    Known{"[Ii]nvalid container name", "the name is not valid",
        "Use letters, digits, and _ . - after the first character, at least two in all."},
    Known{"invalid reference format", "the image name is not valid", "Image names are lower case: name:tag."},
    Known{"client version .* is too (?:old|new)", "this Docker speaks another version of its API",
        "Slipway needs Docker 20.10 or newer."},
};

QString captured(QString text, const QRegularExpressionMatch &match)
{
    for (int i = 1; i <= 2; ++i)
        text.replace(QStringLiteral("\\%1").arg(i), match.captured(i).trimmed());
    return text;
}

/** runc names a limit by the kernel's number: setrlimit(2). */
QString withLimitNames(QString message)
{
    static const QStringList names{QStringLiteral("cpu"), QStringLiteral("fsize"), QStringLiteral("data"),
        QStringLiteral("stack"), QStringLiteral("core"), QStringLiteral("rss"), QStringLiteral("nproc"),
        QStringLiteral("nofile"), QStringLiteral("memlock"), QStringLiteral("as"), QStringLiteral("locks"),
        QStringLiteral("sigpending"), QStringLiteral("msgqueue"), QStringLiteral("nice"), QStringLiteral("rtprio"),
        QStringLiteral("rttime")};
    static const QRegularExpression type(QStringLiteral("rlimit type (\\d+)"));
    const auto match = type.match(message);
    if (match.hasMatch() && match.captured(1).toInt() < names.size())
        message.replace(match.capturedStart(1), match.capturedLength(1), names[match.captured(1).toInt()]);
    return message;
}

QString sentence(const QString &attempted, const QString &why)
{
    const QString could = QStringLiteral("Could not ") + attempted;
    return (why.isEmpty() ? could : QString(could + QStringLiteral(": ") + why)) + u'.';
}

QString detailsOf(const core::Error &error)
{
    QString details = error.message;
    if (!error.detail.isEmpty())
        details += (details.isEmpty() ? QString() : QStringLiteral("\n")) + error.detail;
    if (error.httpStatus != 0)
        details += QStringLiteral(" (HTTP %1)").arg(error.httpStatus);
    return details.trimmed();
}

/** Where the daemon's words say nothing we know, the kind still says what can be done. */
ErrorText byKind(const core::Error &error, const QString &attempted)
{
    using Kind = core::ErrorKind;
    switch (error.kind) {
    case Kind::Unreachable:
        return {sentence(attempted, QStringLiteral("Docker does not answer")),
            QStringLiteral("Start it with `sudo systemctl start docker`. Slipway connects again by itself."), {}};
    case Kind::Denied:
        return {sentence(attempted, QStringLiteral("you may not use this Docker")),
            QStringLiteral(
                "Add yourself to the group docker with `sudo usermod -aG docker $USER`, then log out and in again."),
            {}};
    case Kind::Timeout:
        return {sentence(attempted, QStringLiteral("Docker took too long to answer")),
            QStringLiteral("It may be busy. Try again; if this stays, restart Docker."), {}};
    case Kind::Aborted:
        return {sentence(attempted, QStringLiteral("it was cancelled")), {}, {}};
    case Kind::NotFound:
        return {sentence(attempted, QStringLiteral("it is not there any more")),
            QStringLiteral("It was removed, perhaps by another program."), {}};
    case Kind::Unauthorized:
        return {sentence(attempted, QStringLiteral("the registry wants another user name or password")),
            QStringLiteral("Sign in with an account that may, and try again."), {}, false, true};
    case Kind::Protocol:
        return {sentence(attempted, QStringLiteral("the answer was not one of Docker's")),
            QStringLiteral("Check that the host is a Docker daemon and that nothing stands between."), {}};
    case Kind::Conflict:
    case Kind::Daemon:
        break;
    }
    return {sentence(attempted, {}), QStringLiteral("Details has Docker's own words."), {}};
}

} // namespace

ErrorText errorText(const core::Error &error, const QString &attempted)
{
    // The socket's own words ("Permission denied") are judged by kind: the kernel says the same of a mount.
    const bool fromDaemon = error.httpStatus != 0 || error.kind == core::ErrorKind::Daemon
        || error.kind == core::ErrorKind::Conflict || error.kind == core::ErrorKind::NotFound
        || error.kind == core::ErrorKind::Unauthorized;
    if (fromDaemon) {
        const QString words = withLimitNames(error.message);
        for (const Known &known : knownWords) {
            const QRegularExpression pattern(QString::fromLatin1(known.pattern));
            const auto match = pattern.match(words);
            if (match.hasMatch())
                return {sentence(attempted, captured(QString::fromUtf8(known.what), match)),
                    captured(QString::fromUtf8(known.whatToDo), match), detailsOf(error), known.otherGpusHelp,
                    known.signInHelps};
        }
    }
    ErrorText text = byKind(error, attempted);
    text.details = detailsOf(error);
    return text;
}

} // namespace common
