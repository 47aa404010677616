#include "cli/say.h"

#include <QCoreApplication>
#include <cstdio>

namespace cli {

using namespace Qt::StringLiterals;

void complain(const QString &sentence) { std::fprintf(stderr, "slipway: %s\n", qPrintable(sentence)); }

void nameApplication()
{
    QCoreApplication::setApplicationName(u"Slipway"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(SLIPWAY_VERSION));
}

} // namespace cli
