#include "dockerline/copied.h"

#include <QRegularExpression>

namespace dockerline {

using namespace Qt::StringLiterals;

qsizetype promptLength(const QString &line)
{
    static const QRegularExpression fence(u"^\\s*```\\w*[ \\t]*\\r?\\n"_s);
    static const QRegularExpression prompt(
        uR"(^\s*(?:\([^()\n]*\)\s*)?(?:[^\s'"#]*[$%>❯]\s+|#\s+|[^\s'"#]+#\s+|!)(?=(?:sudo|docker|podman|nvidia-docker|cd|export)\s|[A-Za-z_]\w*=))"_s);
    static const QRegularExpression laterCommand(
        uR"(\n\s*(?:[$>]\s+)?(?:sudo\s.*)?(?:docker|podman|nvidia-docker)\s)"_s);
    const qsizetype start = fence.match(line).capturedLength();
    const auto match = prompt.match(line.sliced(start));
    if (!match.hasMatch() || (match.capturedView().trimmed() == u"#" && line.contains(laterCommand)))
        return start; // "# docker run it like this:" is a comment
    return start + match.capturedLength();
}

QString copyFault(QStringView text, bool beginsWord)
{
    static const QRegularExpression lineEnd(uR"(^[\^`][ \t]*\r?\n)"_s);
    const QChar c = text[0];
    if ((c == u'^' || c == u'`') && lineEnd.match(text).hasMatch())
        return u"This line is written for Windows; here a line that goes on ends with \\, not with %1."_s.arg(c);
    if (QStringView(u"“”„‘’").contains(c))
        return u"%1 is a typographic quote, which no shell understands; type \" or '."_s.arg(c);
    if (beginsWord && (c == u'–' || c == u'—') && text.size() > 1 && text[1].isLetter())
        return u"%1 is a typographic dash, which Docker does not understand; type - or --."_s.arg(c);
    return {};
}

} // namespace dockerline
