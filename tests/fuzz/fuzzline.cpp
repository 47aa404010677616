#include "fuzz/lineinvariants.h"

#include <cstdio>
#include <cstdlib>

/** libFuzzer's entry: any bytes as a pasted line. */
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString fault = fuzz::broken(QString::fromUtf8(reinterpret_cast<const char *>(data), qsizetype(size)));
    if (!fault.isEmpty()) {
        std::fprintf(stderr, "%s\n", qUtf8Printable(fault));
        std::abort();
    }
    return 0;
}
