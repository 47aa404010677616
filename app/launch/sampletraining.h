#pragma once

#include "core/result.h"
#include "recipe/runconfig.h"

#include <QByteArray>

/** The sample training that comes with the program (resources/sample): its image, made without network or base image.
 */
namespace launch {

/** "slipway/sample-training:latest" */
QString sampleImageName();

/** The ready-made configuration "Sample training": about a minute; it stays after its end, so that its log can be read.
 */
recipe::RunConfig sampleTraining();

/** Whether this configuration runs the sample's image, which Slipway can make. */
bool usesSampleImage(const recipe::RunConfig &config);

/** The image as `docker save` would write it, for Engine::loadImage(). The same bytes at every call. A few ms. */
core::Result<QByteArray> sampleImageTar();

} // namespace launch
