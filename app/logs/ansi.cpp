#include "logs/ansi.h"

#include "logs/charwidth.h"

#include <algorithm>
#include <array>

namespace logs {

namespace {

constexpr char escape = '\x1b';
constexpr qsizetype longestEscape = 4096;

/** The numbers of "38;5;196" or "38:2::1:2:3"; an empty one is 0. */
QList<int> numbers(QByteArrayView parameters)
{
    QList<int> list{0};
    for (const char c : parameters) {
        if (c == ';' || c == ':')
            list.append(0);
        else if (c >= '0' && c <= '9')
            list.last() = std::min(list.last() * 10 + (c - '0'), 100000);
        else
            return {}; // a private sequence (ESC[>4;2m) is no SGR
    }
    return list;
}

/** Reads the colour after a 38 or 48 at i; i ends on its last number. */
void takeColor(const QList<int> &list, qsizetype &i, bool colons, Color &color)
{
    const int kind = i + 1 < list.size() ? list[i + 1] : 0;
    if (kind == 5 && i + 2 < list.size()) {
        color = {Color::Kind::Indexed, quint32(std::min(list[i + 2], 255))};
        i += 2;
    } else if (kind == 2) {
        // With colons a colour space may come first (38:2::r:g:b).
        const qsizetype first = colons && list.size() - i >= 6 ? i + 3 : i + 2;
        if (first + 2 < list.size()) {
            const auto part = [&](qsizetype k) { return quint32(std::min(list[first + k], 255)); };
            color = {Color::Kind::Rgb, (part(0) << 16) | (part(1) << 8) | part(2)};
        }
        i = std::min(first + 2, list.size() - 1);
    } else {
        i = list.size(); // unknown: the numbers after it mean nothing
    }
}

void setAttribute(Style &style, int attributes, bool on)
{
    style.attributes = quint8(on ? style.attributes | attributes : style.attributes & ~attributes);
}

void applyOne(int n, Style &style)
{
    static constexpr std::array<quint8, 10> attributes = {0, Bold, Dim, Italic, Underline, 0, 0, Inverse, 0, StrikeOut};
    if (n == 0)
        style = Style();
    else if (n < 10)
        setAttribute(style, attributes[size_t(n)], true);
    else if (n == 21)
        setAttribute(style, Underline, true);
    else if (n == 22)
        setAttribute(style, Bold | Dim, false);
    else if (n >= 23 && n <= 29)
        setAttribute(style, attributes[size_t(n - 20)], false);
    else if (n >= 30 && n <= 37)
        style.foreground = {Color::Kind::Indexed, quint32(n - 30)};
    else if (n == 39)
        style.foreground = {};
    else if (n >= 40 && n <= 47)
        style.background = {Color::Kind::Indexed, quint32(n - 40)};
    else if (n == 49)
        style.background = {};
    else if (n >= 90 && n <= 97)
        style.foreground = {Color::Kind::Indexed, quint32(n - 90 + 8)};
    else if (n >= 100 && n <= 107)
        style.background = {Color::Kind::Indexed, quint32(n - 100 + 8)};
}

QByteArray colorParameters(const Color &color, int base)
{
    const auto number = [](quint32 n) { return QByteArray::number(n); };
    if (color.kind == Color::Kind::Rgb)
        return ';' + number(quint32(base + 8)) + ";2;" + number(color.value >> 16) + ';'
            + number((color.value >> 8) & 0xff) + ';' + number(color.value & 0xff);
    if (color.value < 8)
        return ';' + number(quint32(base) + color.value);
    if (color.value < 16)
        return ';' + number(quint32(base) + 60 + color.value - 8);
    return ';' + number(quint32(base + 8)) + ";5;" + number(color.value);
}

/** OSC, DCS, APC, PM, SOS: text up to BEL or ESC \ */
Escape parseString(QByteArrayView bytes)
{
    for (qsizetype i = 2; i < bytes.size(); ++i) {
        if (bytes[i] == '\a')
            return {i + 1, 0, {}};
        if (bytes[i] == escape) {
            if (i + 1 == bytes.size())
                return {};
            return {bytes[i + 1] == '\\' ? i + 2 : i, 0, {}};
        }
        if (bytes[i] == '\n')
            return {1, 0, {}};
    }
    return {};
}

Escape parseControlSequence(QByteArrayView bytes)
{
    for (qsizetype i = 2; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c >= '\x40' && c <= '\x7e')
            return {i + 1, c, bytes.sliced(2, i - 2)};
        if (c < '\x20') // also bytes above 7f: char is signed here
            return {i, 0, {}};
    }
    return {};
}

} // namespace

bool Escape::isSgr() const
{
    return final == 'm' && std::all_of(parameters.begin(), parameters.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == ';' || c == ':';
    });
}

void applySgr(QByteArrayView parameters, Style &style)
{
    const QList<int> list = numbers(parameters);
    const bool colons = parameters.contains(':');
    for (qsizetype i = 0; i < list.size(); ++i) {
        if (list[i] == 38)
            takeColor(list, i, colons, style.foreground);
        else if (list[i] == 48)
            takeColor(list, i, colons, style.background);
        else if (colons && list[i] == 4 && i + 1 < list.size()) // 4:3, a wavy underline; 4:0 none
            setAttribute(style, Underline, list[++i] != 0);
        else
            applyOne(list[i], style);
    }
}

QByteArray sgr(const Style &style)
{
    QByteArray parameters = "0";
    static constexpr std::array<std::pair<quint8, const char *>, 6> attributes
        = {{{Bold, ";1"}, {Dim, ";2"}, {Italic, ";3"}, {Underline, ";4"}, {Inverse, ";7"}, {StrikeOut, ";9"}}};
    for (const auto &[attribute, text] : attributes)
        if (style.attributes & attribute)
            parameters += text;
    if (style.foreground.kind != Color::Kind::Default)
        parameters += colorParameters(style.foreground, 30);
    if (style.background.kind != Color::Kind::Default)
        parameters += colorParameters(style.background, 40);
    return "\x1b[" + parameters + 'm';
}

Escape parseEscape(QByteArrayView bytes)
{
    if (bytes.size() < 2)
        return {};
    Escape result;
    const char kind = bytes[1];
    if (kind == '[')
        result = parseControlSequence(bytes);
    else if (QByteArrayView("]PX^_").contains(kind))
        result = parseString(bytes);
    else if (kind >= '\x20' && kind <= '\x2f') { // ESC ( B
        if (bytes.size() < 3)
            return {};
        result.length = bytes[2] >= '\x20' ? 3 : 2;
    } else
        result.length = kind >= '\x30' && kind <= '\x7e' ? 2 : 1;
    if (result.length == 0 && bytes.size() > longestEscape)
        result.length = 1;
    return result;
}

namespace {

/** Text and style of a line as decode() builds them up. */
struct Painter
{
    StyledLine line;
    Style style;
    int column = 0;

    void appendRun(QByteArrayView bytes)
    {
        const qsizetype begin = line.text.size();
        if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= 0; })) {
            line.text += QLatin1StringView(bytes);
            column += int(bytes.size());
        } else {
            while (!bytes.isEmpty()) {
                const char32_t c = takeChar(bytes);
                line.text += QChar::fromUcs4(c);
                column += charWidth(c);
            }
        }
        mark(begin);
    }

    void tab()
    {
        const qsizetype begin = line.text.size();
        const int blanks = 8 - column % 8;
        line.text += QString(blanks, u' ');
        column += blanks;
        mark(begin);
    }

    void mark(qsizetype begin)
    {
        const qsizetype length = line.text.size() - begin;
        if (style.isDefault() || length == 0)
            return;
        if (!line.spans.isEmpty() && line.spans.last().style == style
            && line.spans.last().begin + line.spans.last().length == begin)
            line.spans.last().length += length;
        else
            line.spans.append({begin, length, style});
    }
};

bool isControl(char c) { return (c >= 0 && c < '\x20') || c == '\x7f'; }

} // namespace

StyledLine decode(QByteArrayView line)
{
    Painter painter;
    qsizetype i = 0;
    while (i < line.size()) {
        const char c = line[i];
        if (c == escape) {
            const Escape found = parseEscape(line.sliced(i));
            if (found.isSgr())
                applySgr(found.parameters, painter.style);
            i += std::max<qsizetype>(found.length, 1);
        } else if (isControl(c)) {
            if (c == '\t')
                painter.tab();
            ++i;
        } else {
            qsizetype end = i + 1;
            while (end < line.size() && !isControl(line[end]))
                ++end;
            painter.appendRun(line.sliced(i, end - i));
            i = end;
        }
    }
    return painter.line;
}

QByteArray withoutEscapes(QByteArrayView line)
{
    QByteArray out;
    out.reserve(line.size());
    qsizetype i = 0;
    while (i < line.size()) {
        if (line[i] == escape) {
            i += std::max<qsizetype>(parseEscape(line.sliced(i)).length, 1);
            continue;
        }
        if (!isControl(line[i]) || line[i] == '\t')
            out += line[i];
        ++i;
    }
    return out;
}

} // namespace logs
