#pragma once

#include "recipe/optiontable.h"

#include <QJsonObject>
#include <optional>

namespace recipe {

/** What POST /containers/create is told. */
struct CreateRequest
{
    QJsonObject body;
    QString name; ///< query; empty: left out
    QString platform; ///< query; empty: left out
};

/** What keeps these options from going together, or a file they name from being read; Docker's client refuses it too.
 */
std::optional<OptionFault> optionFault(const RunConfig &config, const ShellContext &context = {});

/**
 * The request exactly as Docker's own client sends it for dockerRunLine(config), every default included (recorded
 * with Docker 28.2.2). A variable without a value takes it from the context's environment, as `-e NAME` does; the
 * files of --env-file and the like are read now. Fails with the sentence of optionFault().
 */
core::Result<CreateRequest> createRequest(const RunConfig &config, const ShellContext &context = {});

} // namespace recipe
