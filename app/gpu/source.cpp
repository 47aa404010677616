#include "gpu/source.h"

#include <QElapsedTimer>

namespace gpu {

qint64 monotonicMs()
{
    QElapsedTimer timer;
    timer.start();
    return timer.msecsSinceReference();
}

} // namespace gpu
