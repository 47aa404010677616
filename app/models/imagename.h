#pragma once

#include <QLatin1String>

namespace models {

/** The label with the name of an image that Slipway asked for by its id or digest: what people are shown. */
inline constexpr QLatin1String imageNameLabel{"io.slipway.image"};

} // namespace models
