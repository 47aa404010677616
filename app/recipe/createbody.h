#pragma once

#include "recipe/runconfig.h"

#include <QJsonObject>
#include <QProcessEnvironment>

namespace recipe {

/** What POST /containers/create is told. */
struct CreateRequest
{
    QJsonObject body;
    QString name; ///< query; empty: left out
    QString platform; ///< query; empty: left out
};

/**
 * The request exactly as Docker's own client sends it for dockerRunLine(config), every default included (recorded
 * with Docker 28.2.2, API 1.41). A variable without a value takes it from environment, as `-e NAME` does.
 */
CreateRequest createRequest(
    const RunConfig &config, const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment());

} // namespace recipe
