#include "dockerline/pastedline.h"

#include "dockerline/remarks.h"

#include <QRegularExpression>
#include <unistd.h>

namespace dockerline {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

QStringList unsetVariables(const QString &text, const ShellContext &context)
{
    QStringList names;
    for (const UnknownVariable &variable : unknownVariables(text, context)) {
        if (!names.contains(variable.name))
            names += variable.name;
    }
    return names;
}

/** What stands before an error is a line of its own, often one whose image is still to come. */
QList<PartWords> understoodBefore(const QString &text, qsizetype position, const ShellContext &context)
{
    const QString before = text.left(position);
    auto read = parseDockerRun(before, context);
    if (const auto *line = std::get_if<ParsedLine>(&read))
        return plainWords(line->config);
    // Where the last option still waits for a file's name, the stand-in must not be taken for one.
    const QString standIn = u"IMAGE"_s;
    ShellContext withoutIt = context;
    withoutIt.readFile = [&](const QString &path) -> core::Result<QByteArray> {
        if (path == standIn || path.endsWith(u'/' + standIn))
            return core::Error{core::ErrorKind::NotFound, 0, {}, path};
        return context.readFile(path);
    };
    read = parseDockerRun(QString(before + u' ' + standIn), withoutIt);
    if (auto *line = std::get_if<ParsedLine>(&read)) {
        line->config.image.clear();
        return plainWords(line->config);
    }
    return {};
}

} // namespace

PastedLine readPastedLine(const QString &text, const QMap<QString, QString> &values, const ShellContext &context)
{
    PastedLine result;
    if (text.size() > longestLine) {
        result.error = ParseError{longestLine, text.size() - longestLine,
            u"This is longer than a line can be: %1 characters are read."_s.arg(longestLine)};
        return result;
    }
    if (text.trimmed().isEmpty())
        return result;
    ShellContext completed = context;
    completed.api = {1, 99}; // what the daemon is too old for is said by the launch, which knows it
    for (auto it = values.begin(); it != values.end(); ++it) {
        if (!it.value().isEmpty())
            completed.environment.insert(it.key(), it.value());
    }
    result.variables = unsetVariables(text, context);
    for (const QString &name : std::as_const(result.variables)) {
        if (values.value(name).isEmpty())
            result.missing += name;
    }
    auto read = parseDockerRun(text, completed);
    if (const auto *error = std::get_if<ParseError>(&read)) {
        // Docker's complaint of "${DATA}" is not what a person needs to hear while DATA has no value.
        const QString wrong = text.mid(error->position, error->length);
        if (result.missing.isEmpty() || !wrong.contains(u'$'))
            result.error = *error;
        result.understood = understoodBefore(text, error->position, completed);
        return result;
    }
    const ParsedLine &line = std::get<ParsedLine>(read);
    result.understood = plainWords(line.config);
    result.warnings = line.warnings;
    for (const Remark &remark : remarks(line, {.hostFolderExists = {}, .writerIsRoot = ::geteuid() == 0}))
        result.warnings += remark.text;
    for (const QString &name : std::as_const(result.missing)) // asked for, not warned of
        result.warnings.removeIf([&name](const QString &said) { return said.contains(u"${%1}"_s.arg(name)); });
    if (result.missing.isEmpty())
        result.config = line.config;
    return result;
}

bool beginsLikeDockerRun(const QString &text)
{
    static const QRegularExpression start(
        uR"(^\s*(?:[$#]\s+)?(?:\w+=\S*\s+)*(?:sudo\s+(?:-\S+\s+)*)?(?:\S*/)?)"
        uR"((?:(?:docker|podman)\s+(?:container\s+)?(?:run|create)|nvidia-docker\s+run)\s)"_s);
    return start.match(text.left(1000)).hasMatch();
}

} // namespace dockerline
