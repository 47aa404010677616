#include "application.h"
#include "cli/convert.h"
#include "cli/gpus.h"
#include "cli/launch.h"
#include "cli/say.h"
#include "core/trace.h"
#include "docker/engine.h"
#include "hosts/host.h"
#include "http/earlyrequest.h"

#include <QApplication>
#include <QDateTime>
#include <cstdio>

namespace {

int openWindow(int argc, char **argv, const cli::Options &options)
{
    core::Trace trace = core::Trace::fromEnvironment();
    const auto host = hosts::chooseHost(options.host);
    // The daemon needs longer for its list than we for the window: let both work at once.
    Application::Early early;
    if (host) {
        early.sentAt = QDateTime::currentMSecsSinceEpoch();
        early.descriptor = http::sendEarly(host->endpoint, docker::Engine::earlyContainersRequest());
    }

    QApplication application(argc, argv);
    cli::nameApplication();
    QApplication::setDesktopFileName(QStringLiteral("org.slipway.Slipway"));
    Application slipway(application, host, early, trace);
    slipway.show();
    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    const cli::Options options = cli::parse(argc, argv);
    switch (options.command) {
    case cli::Command::Window:
        return openWindow(argc, argv, options);
    case cli::Command::Launch:
        return cli::launch(argc, argv, options);
    case cli::Command::Gpus:
        return cli::gpus(argc, argv, options);
    case cli::Command::Convert:
        return cli::convert(options);
    case cli::Command::Say:
        std::fprintf(options.exitCode == 0 ? stdout : stderr, "%s\n", options.text.toUtf8().constData());
        return options.exitCode;
    }
    return cli::wrongUsage;
}
