// Writes the sample training's image to standard output, as `docker save` would: packaging/run.sh gives it to `docker load`.

#include "launch/sampletraining.h"

#include <cstdio>

int main()
{
    const auto tar = launch::sampleImageTar();
    if (!tar) {
        std::fprintf(stderr, "sample-image: %s\n", qPrintable(tar.error().message));
        return 1;
    }
    const bool written = std::fwrite(tar->constData(), 1, size_t(tar->size()), stdout) == size_t(tar->size());
    return written && std::fflush(stdout) == 0 ? 0 : 1;
}
