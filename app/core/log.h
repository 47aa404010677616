#pragma once

#include <QLoggingCategory>

/** Log categories of the whole program; QT_LOGGING_RULES="slipway.http.debug=true" shows one. No secrets in any. */
namespace core {

Q_DECLARE_LOGGING_CATEGORY(lcHttp)
Q_DECLARE_LOGGING_CATEGORY(lcDocker)
Q_DECLARE_LOGGING_CATEGORY(lcInventory)
Q_DECLARE_LOGGING_CATEGORY(lcLogs)
Q_DECLARE_LOGGING_CATEGORY(lcLaunch)
Q_DECLARE_LOGGING_CATEGORY(lcUi)

} // namespace core
