#include "support/privatedaemon.h"

#include <QCoreApplication>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <poll.h>
#include <string>
#include <unistd.h>

// A private Docker daemon (tests/support) for tests that are no C++ programs. Prints "ready SOCKET PID" and then obeys
// one word a line on standard input (stop, start, kill, freeze, thaw), each answered with "ok PID" or "failed …". Ends,
// with everything it made, at the end of standard input and on SIGTERM. Exit code 77: there can be none here, and why.

namespace {

constexpr int skipped = 77; // what ctest takes for "skipped"
int endPipe[2];

void endSoon(int) { [[maybe_unused]] const auto written = ::write(endPipe[1], "x", 1); }

/** The next line of standard input; nothing at its end or after a signal. */
bool nextLine(std::string &line)
{
    line.clear();
    for (;;) {
        pollfd from[] = {{STDIN_FILENO, POLLIN, 0}, {endPipe[0], POLLIN, 0}};
        if (::poll(from, 2, -1) < 0 && errno != EINTR)
            return false;
        if (from[1].revents != 0)
            return false;
        char c = 0;
        if (from[0].revents == 0)
            continue;
        if (::read(STDIN_FILENO, &c, 1) != 1)
            return false;
        if (c == '\n')
            return true;
        line += c;
    }
}

bool obey(support::PrivateDaemon &daemon, const std::string &word)
{
    if (word == "stop")
        return daemon.stop();
    if (word == "start")
        return daemon.start();
    if (word == "kill")
        daemon.kill();
    else if (word == "freeze")
        daemon.freeze();
    else if (word == "thaw")
        daemon.thaw();
    else
        return false;
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (const QString reason = support::PrivateDaemon::skipReason(); !reason.isEmpty()) {
        std::printf("skip %s\n", qPrintable(reason));
        return skipped;
    }
    if (::pipe(endPipe) != 0)
        return 1;
    struct sigaction action = {};
    action.sa_handler = endSoon;
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);

    support::PrivateDaemon daemon;
    if (!daemon.start() || !daemon.makeBusybox()) {
        std::printf("failed %s\n", qPrintable(daemon.failure().simplified()));
        return 1;
    }
    std::printf("ready %s %lld\n", qPrintable(daemon.socketPath()), static_cast<long long>(daemon.pid()));
    std::string line;
    while (nextLine(line)) {
        if (obey(daemon, line))
            std::printf("ok %lld\n", static_cast<long long>(daemon.pid()));
        else
            std::printf("failed %s\n", qPrintable(daemon.failure().simplified()));
    }
    return 0;
}
