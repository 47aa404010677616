#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

/** The command line: what was asked for, and the commands that need no window. */
namespace cli {

inline constexpr int wrongUsage = 2; ///< Docker's own habit
inline constexpr int refused = 125; ///< the daemon said no
inline constexpr int noAnswer = 1; ///< the GPU driver says nothing

enum class Command { Window, Launch, Gpus, Convert, Say };

/** What convert prints. */
enum class Form { Json, Line, Script, Compose };

/** What the words on the command line ask for. */
struct Options
{
    Command command = Command::Window;
    QString host;
    QString text; ///< of Say: what to print; exitCode 0: on standard output
    int exitCode = 0;

    // of Launch: exactly one of the three
    bool sample = false;
    QString file; ///< or a saved run's name
    QStringList line; ///< "docker", "run", …; of Convert empty: on standard input
    bool detach = false;
    QMap<QString, QString> values; ///< --set

    bool json = false; ///< of Gpus
    Form to = Form::Json; ///< of Convert
};

Options parse(int argc, char **argv);

} // namespace cli
