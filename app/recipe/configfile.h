#pragma once

#include "core/result.h"
#include "recipe/runconfig.h"

#include <QByteArray>
#include <QJsonValue>

/** A RunConfig as a readable JSON file: {"slipway": 1, "image": …}. Fields that have their defaults are left out. */
namespace recipe {

/** A field that this Slipway does not know, kept for the next writing. */
struct UnknownField
{
    /** "note", "code.branch", "mounts[0].why"; the number is a first guess, see element. */
    QString path;
    /** Of a list: the target, name, … of the element it belongs to, so that it follows that one; else empty. */
    QString element;
    QJsonValue value;

    bool operator==(const UnknownField &) const = default;
};

/** What a file says: the run, and what is not for Docker. */
struct ConfigFile
{
    RunConfig config;
    QString description; ///< for people, any text
    QList<UnknownField> unknown; ///< what others have put into it
    QStringList warnings; ///< one sentence for each field nobody knows

    bool operator==(const ConfigFile &) const = default;
};

/** Without the values of secrets, also where the config has them. */
QByteArray toJson(const RunConfig &config);
QByteArray toJson(const ConfigFile &file);

/** Total: bad input is a Protocol error with one sentence that names the place of the first wrong field
 * ("mounts[1].target") and its line. */
core::Result<ConfigFile> fromJson(const QByteArray &json);

} // namespace recipe
