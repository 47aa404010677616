#include "launch/check.h"

#include "core/units.h"
#include "docker/imagereference.h"
#include "launch/codechecks.h"
#include "launch/commandchecks.h"
#include "launch/gpuchecks.h"
#include "launch/mountchecks.h"
#include "launch/portchecks.h"
#include "launch/resourcechecks.h"
#include "launch/sampletraining.h"
#include "recipe/rules.h"
#include "transfers/knownimages.h"

#include <algorithm>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

QString missingWords(const RunConfig &config)
{
    const bool never = config.options.contains(Option{u"pull"_s, u"never"_s});
    const QString words = never ? u"The image %1 is not on this host, and --pull=never keeps it from being pulled."_s
        : docker::ImageReference::parse(config.image)
        ? u"The image %1 is not on this host: it will be pulled when you launch."_s
        : u"The image %1 is not on this host."_s;
    const QString full = docker::fullImageReference(config.image);
    const QList<transfers::KnownImage> &known = transfers::knownImages();
    const auto size = std::ranges::find_if(known, [&full](const transfers::KnownImage &image) {
        return image.download > 0 && docker::fullImageReference(image.reference) == full;
    });
    const QString download = never || size == known.end()
        ? QString()
        : u" Roughly %1 come over the network."_s.arg(core::bytesText(size->download));
    return words.arg(config.image) + download;
}

void checkImage(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    const QString &image = config.image;
    if (image.isEmpty())
        return problems.error(Step::Image, u"image"_s, u"Choose an image."_s);
    if (!docker::isImageReference(image))
        return problems.error(
            Step::Image, u"image"_s, u"“%1” is no image name: it is written name:tag, in small letters."_s.arg(image));
    if (!isPlatform(config.platform))
        problems.error(Step::Image, u"platform"_s, u"A platform is written os/architecture, such as linux/amd64."_s);
    if (!context.images || usesSampleImage(config)) // the sample's image is made when it is missing
        return;
    const auto same = [full = docker::fullImageReference(image), &image](const QString &known) {
        return docker::fullImageReference(known) == full || known == image
            || (image.size() >= 4 && known.startsWith("sha256:"_L1 + image));
    };
    if (std::ranges::none_of(*context.images, same))
        problems.warning(Step::Image, u"image"_s, missingWords(config));
}

} // namespace

QList<Problem> check(const RunConfig &config, const CheckContext &context)
{
    ProblemList found;
    checkImage(config, context, found);
    checkGpus(config, context, found);
    checkCode(config, context, found);
    checkMounts(config, context, found);
    checkCommand(config, context, found);
    checkNetwork(config, context, found);
    checkResources(config, context, found);
    QList<Problem> problems = found.all();
    std::ranges::stable_sort(problems, {}, &Problem::step);
    return problems;
}

bool hasErrors(const QList<Problem> &problems)
{
    return std::ranges::any_of(
        problems, [](const Problem &problem) { return problem.severity == Problem::Severity::Error; });
}

} // namespace launch
