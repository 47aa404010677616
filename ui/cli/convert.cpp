#include "cli/convert.h"

#include "cli/say.h"
#include "dockerline/compose.h"
#include "dockerline/dockerline.h"
#include "dockerline/remarks.h"
#include "recipe/createbody.h"
#include "recipe/startcommand.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <cstdio>
#include <unistd.h>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

void print(const QString &text) { std::fputs(text.toUtf8().constData(), stdout); }

/** The sentence, and the place in the line with a mark under it. */
void complainAt(const QString &line, const dockerline::ParseError &error)
{
    const qsizetype start = error.position == 0 ? 0 : line.lastIndexOf(u'\n', error.position - 1) + 1;
    const qsizetype end = line.indexOf(u'\n', start);
    const QString shown = line.mid(start, end < 0 ? -1 : end - start).replace(u'\t', u' ');
    const qsizetype column = error.position - start;
    const qsizetype length = qMax(qsizetype(1), qMin(error.length, shown.size() - column));
    complain(error.message);
    std::fprintf(stderr, "  %s\n  %s^%s\n", qUtf8Printable(shown), QByteArray(column, ' ').constData(),
        QByteArray(length - 1, '~').constData());
}

std::optional<QString> standardInput()
{
    QFile file;
    if (::isatty(STDIN_FILENO) || !file.open(stdin, QIODevice::ReadOnly))
        return std::nullopt;
    return QString::fromUtf8(file.readAll());
}

QByteArray asJson(const recipe::CreateRequest &request, const QStringList &warnings)
{
    const auto textOrNull = [](const QString &text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); };
    return QJsonDocument(
        QJsonObject{{u"name"_s, textOrNull(request.name)}, {u"platform"_s, textOrNull(request.platform)},
            {u"body"_s, request.body}, {u"warnings"_s, QJsonArray::fromStringList(warnings)}})
        .toJson();
}

} // namespace

int convert(const Options &options)
{
    const auto typed = options.line.isEmpty() ? standardInput() : recipe::shellJoin(options.line);
    if (!typed) {
        complain(u"convert takes -- docker run …, or the line on standard input."_s);
        return wrongUsage;
    }
    const auto read
        = options.line.isEmpty() ? dockerline::parseDockerRun(*typed) : dockerline::parseDockerRun(options.line);
    if (const auto *error = std::get_if<dockerline::ParseError>(&read)) {
        complainAt(*typed, *error);
        return wrongUsage;
    }
    const auto &parsed = std::get<dockerline::ParsedLine>(read);
    QStringList warnings = parsed.warnings;
    const dockerline::RemarkContext here{[](const QString &path) { return QFileInfo::exists(path); }};
    for (const dockerline::Remark &remark : dockerline::remarks(parsed, here))
        warnings += remark.text;
    recipe::ShellContext context;
    if (options.to == Form::Compose)
        context.environment = {}; // variables without a value are for whoever uses the file
    const auto request = recipe::createRequest(parsed.config, context);
    if (!request) {
        complain(request.error().message);
        return wrongUsage;
    }
    if (options.to == Form::Json) {
        std::fputs(asJson(*request, warnings).constData(), stdout);
        return 0;
    }
    for (const QString &warning : std::as_const(warnings))
        complain(warning);
    if (options.to == Form::Line)
        print(dockerline::dockerRunLine(parsed.config) + u'\n');
    else if (options.to == Form::Script)
        print(dockerline::dockerRunScript(parsed.config));
    else
        print(dockerline::composeFile(*request));
    return 0;
}

} // namespace cli
