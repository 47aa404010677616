#pragma once

#include <QString>

/** What every command of the command line says alike. */
namespace cli {

/** Name and version, for windows, settings and --version alike. */
void nameApplication();

/** One sentence for people on standard error. */
void complain(const QString &sentence);

} // namespace cli
