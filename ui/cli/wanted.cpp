#include "cli/wanted.h"

#include "cli/say.h"
#include "dockerline/dockerparser.h"
#include "launch/sampletraining.h"
#include "recipe/resolve.h"
#include "runs/library.h"

#include <QDir>
#include <QFileInfo>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

std::optional<recipe::RunConfig> ofLine(const QStringList &words)
{
    const auto parsed = dockerline::parseDockerRun(words);
    if (const auto *error = std::get_if<dockerline::ParseError>(&parsed)) {
        complain(error->message);
        return std::nullopt;
    }
    const auto &line = std::get<dockerline::ParsedLine>(parsed);
    for (const QString &warning : line.warnings)
        complain(warning);
    return line.config;
}

QString noSuchRun(const QString &name, const runs::Library &library)
{
    QStringList names;
    for (const runs::SavedConfig &config : library.configs())
        names += config.name;
    return names.isEmpty() ? u"There is no saved run “%1”; none is saved."_s.arg(name)
                           : u"There is no saved run “%1”; there are: %2."_s.arg(name, names.join(u", "_s));
}

std::optional<recipe::ConfigFile> readable(const runs::SavedConfig &config, const QString &what)
{
    if (config.readable())
        return config.file;
    complain(u"%1 cannot be read: %2"_s.arg(what, config.trouble));
    return std::nullopt;
}

/** The slipway.json of a folder of code. */
std::optional<recipe::ConfigFile> ofFolder(const QString &folder)
{
    if (const auto found = runs::findAround(folder))
        return readable(*found, found->path);
    complain(u"There is no slipway.json in the folder %1, nor above it in a repository."_s.arg(folder));
    return std::nullopt;
}

std::optional<recipe::ConfigFile> ofPath(const QString &path)
{
    if (QFileInfo(path).isDir())
        return ofFolder(path);
    const auto file = runs::readConfig(path);
    if (!file) {
        complain(file.error().message);
        return std::nullopt;
    }
    return *file;
}

/** A saved run by its name, a file, or a folder of code. Of both a saved run and a file the word means the run, unless
 * it is written as only files are. */
std::optional<recipe::ConfigFile> saved(const QString &word, QString &configName)
{
    const bool likeAFile = word.contains(u'/') || word.endsWith(".json"_L1) || word == "."_L1 || word == ".."_L1;
    const QFileInfo there(word);
    if (likeAFile && there.exists())
        return ofPath(word);
    const runs::Library library;
    if (const runs::SavedConfig *config = library.find(word)) {
        configName = word;
        if (there.exists())
            complain(u"Launching the saved run “%1”; what lies here under that name is ./%1."_s.arg(word));
        return readable(*config, u"The saved run “%1”"_s.arg(word));
    }
    if (likeAFile || there.exists())
        return ofPath(word);
    complain(noSuchRun(word, library));
    return std::nullopt;
}

std::optional<recipe::RunConfig> filledIn(const recipe::ConfigFile &file, const Options &options)
{
    for (const QString &warning : file.warnings)
        complain(u"%1: %2"_s.arg(options.file, warning));
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PWD"_s, QDir::currentPath());
    const auto config = recipe::resolve(file.config, options.values, environment);
    if (config)
        return *config;
    const QStringList missing = recipe::unresolved(file.config, options.values);
    complain(missing.isEmpty() ? config.error().message
                               : u"%1 Give it with --set %2=VALUE."_s.arg(config.error().message, missing.first()));
    return std::nullopt;
}

/** Those that the environment has. */
void takeSecrets(recipe::RunConfig &config)
{
    for (recipe::EnvVar &variable : config.env) {
        const QByteArray name = variable.name.toLocal8Bit();
        if (variable.secret && !variable.value && qEnvironmentVariableIsSet(name.constData()))
            variable.value = qEnvironmentVariable(name.constData());
    }
}

} // namespace

std::optional<runs::Launch> wanted(const Options &options)
{
    runs::Launch launch;
    launch.origin = options.sample ? runs::Origin::Sample : runs::Origin::CommandLine;
    std::optional<recipe::RunConfig> config;
    if (options.sample)
        config = launch::sampleTraining();
    else if (!options.line.isEmpty())
        config = ofLine(options.line);
    else if (const auto file = saved(options.file, launch.configName))
        config = filledIn(*file, options);
    if (!config)
        return std::nullopt;
    takeSecrets(*config);
    launch.config = *config;
    return launch;
}

} // namespace cli
