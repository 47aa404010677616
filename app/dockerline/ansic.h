#pragma once

#include <QString>

namespace dockerline {

/** What bash makes of the text between $' and ': \n, \t, \xHH, \uHHHH and the like; \0 ends it. */
QString ansiC(QStringView text);

} // namespace dockerline
