#pragma once

#include "recipe/createbody.h"

namespace dockerline {

/**
 * A compose.yaml with one service that makes the same container. What Docker Compose has no word for is named in
 * comments at the top, also what is only said differently there (--rm, -d).
 */
QString composeFile(const recipe::CreateRequest &request);

} // namespace dockerline
