#pragma once

#include "docker/engine.h"
#include "launch/check.h"

namespace cli {

/**
 * The check before a launch from the command line: asks the daemon what the image brings along, says what is wrong,
 * and mends what could not work otherwise. Owned by the command.
 */
class Preflight : public QObject
{
    Q_OBJECT
public:
    /** What a launch from here is like. */
    struct Traits
    {
        bool mends = false; ///< a docker run line stays as it was typed
        bool hostIsLocal = true; ///< its folders can be looked at
    };
    Preflight(const http::Endpoint &endpoint, const recipe::RunConfig &config, Traits traits);

    void start();

Q_SIGNALS:
    /** Once. Nothing: it cannot be launched, and why was said. */
    void finished(const std::optional<recipe::RunConfig> &config);

private:
    void judge();
    QList<launch::Problem> mended();

    docker::Engine m_engine;
    recipe::RunConfig m_config;
    Traits m_traits;
    launch::CheckContext m_context;
};

} // namespace cli
