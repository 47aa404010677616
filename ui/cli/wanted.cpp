#include "cli/wanted.h"

#include "cli/say.h"
#include "cli/secret.h"
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

/** A saved run by its name, or a file: what exists as one, or is written like one. */
std::optional<recipe::ConfigFile> saved(const QString &word, QString &configName)
{
    const bool likeAFile = word.contains(u'/') || word.endsWith(".json"_L1);
    if (!QFileInfo(word).isFile()) {
        const runs::Library library;
        if (const runs::SavedConfig *config = library.find(word)) {
            configName = word;
            if (config->readable())
                return config->file;
            complain(u"The saved run “%1” cannot be read: %2"_s.arg(word, config->trouble));
            return std::nullopt;
        }
        if (!likeAFile) {
            complain(noSuchRun(word, library));
            return std::nullopt;
        }
    }
    const auto file = runs::readConfig(word);
    if (!file) {
        complain(file.error().message);
        return std::nullopt;
    }
    return *file;
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

/** From the environment, else from whoever sits at the terminal. */
bool askSecrets(recipe::RunConfig &config)
{
    for (recipe::EnvVar &variable : config.env) {
        if (!variable.secret || variable.value)
            continue;
        variable.value = qEnvironmentVariableIsSet(variable.name.toLocal8Bit().constData())
            ? qEnvironmentVariable(variable.name.toLocal8Bit().constData())
            : askSecret(variable.name);
        if (!variable.value) {
            complain(u"The secret %1 is neither in the environment nor was it entered."_s.arg(variable.name));
            return false;
        }
    }
    return true;
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
    if (!config || !askSecrets(*config))
        return std::nullopt;
    launch.config = *config;
    return launch;
}

} // namespace cli
