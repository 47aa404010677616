#pragma once

#include "dockerline/dockerline.h"
#include "dockerline/dockerparser.h"
#include "dockerline/remarks.h"
#include "recipe/createbody.h"

/** What must hold of any text whatsoever that is pasted as a docker run line. */
namespace fuzz {

inline recipe::ShellContext context()
{
    recipe::ShellContext shell;
    shell.environment.clear();
    shell.environment.insert(QStringLiteral("HOME"), QStringLiteral("/home/me"));
    shell.environment.insert(QStringLiteral("X"), QStringLiteral("a b"));
    shell.environment.insert(QStringLiteral("EMPTY"), QString());
    shell.folder = QStringLiteral("/cwd");
    shell.readFile = [](const QString &) { return QByteArray("A=1\n"); }; // of this machine's files none is opened
    return shell;
}

/** Empty, or what the written form of a configuration means otherwise than the configuration. */
inline QString changed(const recipe::RunConfig &config, const QString &written)
{
    const auto read = dockerline::parseDockerRun(written, context());
    if (const auto *error = std::get_if<dockerline::ParseError>(&read))
        return error->message + u'\n' + written;
    const auto before = recipe::createRequest(config, context());
    const auto after = recipe::createRequest(std::get<dockerline::ParsedLine>(read).config, context());
    if (!before || !after) {
        const bool alike = !before && !after && before.error().message == after.error().message;
        return alike ? QString() : QString(QStringLiteral("Written and read again it can no longer be sent:\n") + written);
    }
    const bool same = before->body == after->body && before->name == after->name && before->platform == after->platform;
    return same ? QString() : QString(QStringLiteral("Written and read again it is another run:\n") + written);
}

/** Empty, or the rule that this text breaks. */
inline QString broken(const QString &text)
{
    for (const auto &unknown : dockerline::unknownVariables(text, context())) {
        if (unknown.position < 0 || unknown.length <= 0 || unknown.position + unknown.length > text.size())
            return QStringLiteral("A variable stands outside the text.");
    }
    const auto read = dockerline::parseDockerRun(text, context());
    if (const auto *error = std::get_if<dockerline::ParseError>(&read)) {
        const bool inside
            = error->position >= 0 && error->length >= 0 && error->position + error->length <= text.size();
        return inside && !error->message.isEmpty() ? QString() : QStringLiteral("An error stands outside the text.");
    }
    const auto &parsed = std::get<dockerline::ParsedLine>(read);
    for (const auto &remark : dockerline::remarks(parsed)) {
        if (remark.position + remark.length > text.size())
            return QStringLiteral("A remark stands outside the text.");
    }
    const QString fault = changed(parsed.config, dockerline::dockerRunLine(parsed.config));
    return fault.isEmpty() ? changed(parsed.config, dockerline::dockerRunScript(parsed.config)) : fault;
}

} // namespace fuzz
