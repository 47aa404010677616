#pragma once

#include <QString>
#include <optional>

namespace cli {

/** Asks whoever sits at the terminal for the value of this secret; what is typed is not shown. Nothing when there is
 * no terminal, or it was cancelled. Blocks. */
std::optional<QString> askSecret(const QString &name);

} // namespace cli
