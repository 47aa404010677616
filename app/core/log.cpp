#include "core/log.h"

namespace core {

Q_LOGGING_CATEGORY(lcHttp, "slipway.http", QtWarningMsg)
Q_LOGGING_CATEGORY(lcDocker, "slipway.docker", QtWarningMsg)
Q_LOGGING_CATEGORY(lcInventory, "slipway.inventory", QtWarningMsg)
Q_LOGGING_CATEGORY(lcLogs, "slipway.logs", QtWarningMsg)
Q_LOGGING_CATEGORY(lcLaunch, "slipway.launch", QtWarningMsg)
Q_LOGGING_CATEGORY(lcUi, "slipway.ui", QtWarningMsg)

} // namespace core
