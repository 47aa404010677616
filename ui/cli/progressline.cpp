#include "cli/progressline.h"

#include "cli/say.h"

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cli {

using namespace std::chrono_literals;

namespace {

constexpr auto moment = 2s;
constexpr auto betweenLines = 10s;

/** What fits, for a line that wraps cannot be written over. */
QString fitted(const QString &text)
{
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return text.left(known ? size.ws_col - 1 : 79);
}

} // namespace

ProgressLine::ProgressLine(bool quiet)
    : m_terminal(::isatty(STDERR_FILENO) == 1)
    , m_ended(quiet)
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &ProgressLine::show);
    m_next.start(moment);
}

ProgressLine::~ProgressLine() { end(); }

void ProgressLine::tell(const QString &text)
{
    m_text = text;
    if (!m_next.isActive())
        show();
}

void ProgressLine::show()
{
    if (m_ended || m_text == m_shown)
        return;
    m_shown = m_text;
    if (m_terminal) {
        std::fprintf(stderr, "\r%s\033[K", qPrintable(fitted(m_text)));
        std::fflush(stderr);
    } else {
        complain(m_text);
        m_next.start(betweenLines);
    }
}

void ProgressLine::end()
{
    if (m_terminal && !m_shown.isEmpty() && !m_ended) {
        std::fputs("\r\033[K", stderr);
        std::fflush(stderr);
    }
    m_ended = true;
}

} // namespace cli
