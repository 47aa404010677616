#pragma once

namespace logs {

/** Makes the last 1000 lines of every LogView and LogConsole readable as text for screen readers. Safe to call again.
 */
void installLogAccessible();

} // namespace logs
