#pragma once

#include "docker/builds.h"

#include <QJsonObject>
#include <QMap>
#include <QString>
#include <QStringList>

namespace builds {

/** What a person asks to be built. A value; build arguments may be secrets. */
struct BuildRequest
{
    enum class Via {
        Automatic, ///< BuildKit, else classic
        BuildKit,
        Classic,
    };

    QString context; ///< an absolute path
    QString dockerfile; ///< absolute, or relative to the context; empty: "Dockerfile" there
    QStringList names; ///< "me/train:1"; the first is the one shown
    QString target;
    QMap<QString, QString> args;
    QMap<QString, QString> labels;
    QString network;
    QString platform;
    qint64 shmSize = 0; ///< bytes; 0: the daemon's own
    bool noCache = false;
    bool pull = false;
    Via via = Via::Automatic;
    QStringList withheld; ///< names in args whose values were not kept with a past build: to be asked for again

    bool operator==(const BuildRequest &) const = default;

    /** Absolute. */
    QString dockerfilePath() const;
    /** Its path below the context; empty when it lies elsewhere. */
    QString dockerfileInContext() const;
    /** What to call it: its first name, else the folder's. */
    QString title() const;
};

/** A field of a request and what is wrong with it, for the place beside the field. */
struct RequestProblem
{
    enum class Field { Context, Dockerfile, Name, Target, Argument, Label, ShmSize, Platform };
    Field field;
    QString sentence;
};

/** What can be known without a daemon. Looks at the disk (two files); a folder on a dead network share blocks. */
QList<RequestProblem> problemsOf(const BuildRequest &request);

/** By its name, or as an address with a password in it: a value that must not be kept, nor shown in a command. */
bool looksSecret(const QString &argument, const QString &value = {});

/** The `docker build` line that does the same. Values that look secret are taken from the environment. */
QString dockerLine(const BuildRequest &request);

/** Without the values of arguments that look secret; their names stay, so that Build again can ask. */
QJsonObject toJson(const BuildRequest &request);
BuildRequest requestFromJson(const QJsonObject &object);
/** Every value that looks secret replaced by "•••": in what the daemon tells back of commands. */
QString withoutSecrets(const BuildRequest &request, QString text);

} // namespace builds
