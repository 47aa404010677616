#pragma once

#include "launch/check.h"
#include "recipe/runconfig.h"

#include <QStringList>

namespace launch {

/**
 * What will happen when this is launched, in short sentences in the order of their weight. Pure; says nothing of what
 * context does not know. For a configuration that check() has no error for.
 */
QStringList reviewWords(const recipe::RunConfig &config, const CheckContext &context = {});

} // namespace launch
