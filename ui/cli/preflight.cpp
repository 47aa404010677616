#include "cli/preflight.h"

#include "cli/say.h"
#include "launch/entrypointchecks.h"
#include "recipe/startcommand.h"

#include <algorithm>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

/** How a docker run line has to be typed instead. */
QString hint(const launch::Fix &fix)
{
    using Kind = launch::Fix::Kind;
    const QString words = recipe::shellJoin(fix.words);
    switch (fix.kind) {
    case Kind::Entrypoint:
        return u" Add --entrypoint \"\" to run without it."_s;
    case Kind::OwnEntrypoint:
        return u" Leave --entrypoint out."_s;
    case Kind::Program:
        return u" Add --entrypoint \"\", and write %1 before it."_s.arg(words);
    default:
        return u" Write %1."_s.arg(words);
    }
}

} // namespace

Preflight::Preflight(const http::Endpoint &endpoint, const recipe::RunConfig &config, Traits traits)
    : m_engine(endpoint)
    , m_config(config)
    , m_traits(traits)
{
    if (traits.hostIsLocal)
        m_context.hostFolder = [](const QString &path) { return launch::lookUpFolder(path); };
}

void Preflight::start()
{
    m_engine.inspectImage(m_config.image).then(this, [this](const core::Result<docker::ImageDetail> &image) {
        // An image that is yet to be pulled, or a daemon that does not answer: the launch will tell.
        if (image)
            m_context.machine.images.insert(m_config.image, {image->entrypoint, image->user, image->cmd});
        judge();
    });
}

/** The problems that are left. */
QList<launch::Problem> Preflight::mended()
{
    constexpr int most = 3;
    for (int i = 0; i < most && m_traits.mends; ++i) {
        const QList<launch::Problem> problems = launch::check(m_config, m_context);
        const auto sure = std::ranges::find_if(problems, launch::mendsItself);
        if (sure == problems.end())
            return problems;
        launch::applyFix(m_config, sure->fixes.first());
        complain(u"%1 Done: %2."_s.arg(sure->text, sure->fixes.first().label));
    }
    return launch::check(m_config, m_context);
}

void Preflight::judge()
{
    const QList<launch::Problem> problems = mended();
    for (const launch::Problem &problem : problems)
        complain(launch::mendsItself(problem) ? QString(problem.text + hint(problem.fixes.first())) : problem.text);
    Q_EMIT finished(launch::hasErrors(problems) ? std::nullopt : std::optional(m_config));
}

} // namespace cli
