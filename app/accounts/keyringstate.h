#pragma once

namespace accounts {

/** What can be had of the desktop's keyring now. */
enum class KeyringState {
    Available,
    Locked, ///< it is there, and opens when its owner gives its password
    Absent, ///< no session bus, or nobody who keeps secrets on it
};

} // namespace accounts
