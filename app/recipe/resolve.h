#pragma once

#include "core/result.h"
#include "recipe/runconfig.h"

#include <QMap>
#include <QProcessEnvironment>

/**
 * `${NAME}` in the text fields of a configuration. It stands for a parameter's value, else for HOME, USER or PWD of
 * the machine the launch happens on; anything else is an error, never nothing. `$${` stays as `${`; a `$` elsewhere is
 * only a dollar. command and script belong to the container's shell: there only declared parameters are replaced.
 */
namespace recipe {

using Values = QMap<QString, QString>;

/** All filled in, without parameters. Error: one sentence that names every parameter without a value, or the unknown
 * variable and its field, or the value nobody asked for. */
core::Result<RunConfig> resolve(const RunConfig &config, const Values &values,
    const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment());

/** As resolve(), to look at before a launch: parameters stand at their defaults, those without one stay open. */
core::Result<RunConfig> preview(
    const RunConfig &config, const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment());

/** The parameters that need a value: declared, used or not, without a default. */
QStringList unresolved(const RunConfig &config, const Values &values = {});

/** A configuration that means itself: every `${` outside of command and script written as `$${`. For saving what was
 * typed as plain text, or is filled in already. */
RunConfig escaped(const RunConfig &config);

/** A configuration that lies in a folder, beside its code: ${PWD} is that folder, wherever the launch is started. */
RunConfig placedIn(const RunConfig &config, const QString &folder);

} // namespace recipe
