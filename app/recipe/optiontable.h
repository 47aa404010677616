#pragma once

#include "recipe/runconfig.h"
#include "recipe/shellcontext.h"

#include <QAnyStringView>
#include <optional>
#include <span>

namespace recipe {

struct RequestDraft;

/** What an option's value looks like; a form shows the field that fits. */
enum class OptionKind { Flag, Text, Choice, Number, Decimal, Size, Duration, File };

/** What an option is about; a list of options is ordered by it. */
enum class OptionGroup { Run, Gpus, Storage, Network, Process, Resources, Security, Health, Logs, Client, Windows };

/** "Storage", as a heading. */
QString groupTitle(OptionGroup group);

/** Why the options of a run do not go together: what to look at, and one sentence. */
struct OptionFault
{
    QString option; ///< its name
    QString message;
};

/**
 * One option of `docker run` (Docker 28): how it is described, how its value gets into a RunConfig and from there
 * into the create body. Everything that offers, reads, writes or sends options uses the one table of these.
 */
struct DockerOption
{
    /** Empty: taken. Else one sentence on what is wrong with the value. Flags get "true" or "false". */
    using Read = QString (*)(RunConfig &config, const QString &value, const ShellContext &context);
    /** Puts the value of an entry of RunConfig::options into the body; a sentence as above. */
    using Apply = QString (*)(RequestDraft &draft, const QString &value);

    QLatin1String name = {}; ///< without its dashes
    char shorthand = 0; ///< 0: has none
    OptionKind kind = OptionKind::Text;
    bool list = false; ///< may stand several times; else the last one counts
    OptionGroup group = OptionGroup::Run;
    QLatin1String hint = {}; ///< what the value looks like: "HOST:IP"; of a choice: "host|private"
    QLatin1String about = {}; ///< Docker's own words of `docker run --help`
    QLatin1String key = {}; ///< where a plain value goes in the body: "Hostname", "HostConfig.PidMode"
    int minApi = 41; ///< API 1.x that the client asks for
    Read typed = nullptr; ///< has fields of its own in RunConfig; only what they cannot say becomes an entry of options
    Apply apply = nullptr; ///< where `key` does not do

    bool flag() const { return kind == OptionKind::Flag; }
    /** For a list of "more options": what no field of RunConfig stands for, and what a Linux daemon takes. */
    bool offered() const { return !typed && group != OptionGroup::Windows; }

    /** Takes one more --name=value into config, after checking it as Docker's client does. */
    QString read(RunConfig &config, const QString &value, const ShellContext &context = {}) const;
    /** Puts an entry of RunConfig::options into the body; a sentence where the client or this daemon refuses it. */
    QString put(RequestDraft &draft, const QString &value) const;
};

/** Every option, in the order of Docker's own help. */
std::span<const DockerOption> dockerOptions();
/** The option of this name, "gpus"; its older names ("net") are understood. Null: Docker has none such. */
const DockerOption *dockerOption(QAnyStringView name);
const DockerOption *dockerShorthand(QChar shorthand);
/** The option whose name is most like this one, "shm-size" for "shmsize"; null when none comes near. */
const DockerOption *nearestOption(const QString &name);

} // namespace recipe
