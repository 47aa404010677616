#pragma once

#include <QList>
#include <QPair>
#include <QString>
#include <QStringList>
#include <optional>

namespace recipe {

/** Which GPUs a run asks for. */
struct GpuRequest
{
    /** Any: `count` GPUs that are free at the launch. Docker has no such thing: whoever launches makes Devices of it
     * (inventory::pickGpus()). */
    enum class Kind { None, All, Count, Devices, Any };
    Kind kind = Kind::None;
    int count = 0; ///< of Kind::Count, where the daemon always takes GPUs 0 … n−1, and of Kind::Any
    QStringList devices; ///< of Kind::Devices: numbers or UUIDs, "0", "GPU-3faa…", "MIG-…"
    qint64 minFree = 0; ///< of Kind::Any: bytes of memory that must be free on each

    bool operator==(const GpuRequest &) const = default;
};

/** A host folder (absolute source), a named volume (other source) or a new nameless one (none), seen in the container.
 */
struct Mount
{
    QString source;
    QString target; ///< absolute, in the container
    bool readOnly = false;
    /** Of a host folder: the daemon refuses a missing one (`--mount type=bind`) instead of creating it as root (`-v`).
     */
    bool mustExist = false;
    QString options; ///< what else stood behind the second colon of -v: "z", "rshared"

    bool operator==(const Mount &) const = default;
};

/** The Code step: bring a git working copy to a branch, tag or commit before the command, or make one. */
struct CodeStep
{
    enum class Source { Present, Clone }; ///< it lies in the image or a mount; it is cloned at each start
    enum class Update { None, Pull, Fetch };

    QString folder; ///< in the container; empty: no code step
    Update update = Update::Pull; ///< of Present; a pinned commit wants Fetch, for on no branch a pull fails
    QString checkout; ///< branch, tag or commit; empty: leave as it is
    QString commit; ///< the full hash `checkout` is pinned to: this is checked out, the name is for people
    Source source = Source::Present;
    QString url; ///< of Clone: what is cloned

    bool operator==(const CodeStep &) const = default;
};

/** A limit on resources, as `--ulimit` takes it. */
struct Ulimit
{
    QString name;
    qint64 soft = 0; ///< −1: unlimited
    qint64 hard = 0;

    bool operator==(const Ulimit &) const = default;
};

/** NAME=value, or NAME alone (no value: Docker takes the one of the environment it is typed in). */
struct EnvVar
{
    QString name;
    std::optional<QString> value;
    bool secret = false; ///< the value is given at each launch, and written and shown nowhere

    bool operator==(const EnvVar &) const = default;
};

/** A blank in a saved run that each launch fills: `${NAME}` in its texts. See recipe/resolve.h. */
struct Parameter
{
    QString name;
    std::optional<QString> fallback; ///< taken when the launch gives no value; none: the launch must
    QString description;

    bool operator==(const Parameter &) const = default;
};

/** One more option of `docker run` in Docker's own notation: {"cap-add", "SYS_PTRACE"}, {"init", "true"}. */
struct Option
{
    QString name; ///< without its dashes, as in dockerOptions()
    QString value;

    bool operator==(const Option &) const = default;
};

/**
 * Everything `docker run` is told about one run, as a person thinks of it. A plain value: the wizard edits it,
 * check() judges it, createBody() and dockerRunLine() express it. The only secrets in it are the values of secret
 * variables, between being asked for and being sent.
 */
struct RunConfig
{
    QString image;
    QString name; ///< empty: the daemon invents one
    QString platform;

    GpuRequest gpus;
    CodeStep code;
    QList<Mount> mounts;

    /**
     * What runs in the container, as words (Docker's Cmd). With useShell, `script` is run by `bash -c` (or `shell`)
     * instead, after the code step. Empty: the image's own command.
     */
    QStringList command;
    bool useShell = false;
    QString script;
    QString shell = QStringLiteral("bash");
    std::optional<QString> entrypoint;
    QString workingDir;
    QString user;
    QList<EnvVar> env;
    QList<QPair<QString, QString>> labels;

    bool interactive = false; ///< -i
    bool tty = false; ///< -t
    bool detach = true; ///< -d
    bool removeWhenFinished = true; ///< --rm
    QString network; ///< empty: Docker's default; "host", "none", a network's name
    QStringList ports; ///< -p as typed: "8888:8888"
    qint64 shmSize = 0; ///< bytes; 0: Docker's 64 MiB
    qint64 memory = 0; ///< bytes; 0: no limit
    double cpus = 0; ///< 0: no limit
    QList<Ulimit> ulimits;
    QString ipc; ///< empty: default; "host"
    QString restart; ///< empty: no; "unless-stopped", "on-failure:3"
    /** What the fields above cannot say, in typed order. Options that may stand once stand once. */
    QList<Option> options;

    QList<Parameter> parameters; ///< of a saved run; none once resolve() has filled them in

    bool operator==(const RunConfig &) const = default;
};

} // namespace recipe
