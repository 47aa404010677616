#include "dockerline/ansic.h"

#include <QByteArray>
#include <optional>

namespace dockerline {

using namespace Qt::StringLiterals;

namespace {

/** Up to `most` digits of the base from `at` on; at moves behind them. Empty: there is none. */
std::optional<char32_t> number(QStringView text, qsizetype &at, int most, int base)
{
    const auto digit = [base](QChar c) {
        const bool decimal = c >= u'0' && c <= u'9';
        const bool letter = (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
        return base == 8 ? c >= u'0' && c <= u'7' : decimal || letter;
    };
    qsizetype end = at;
    while (end < text.size() && end < at + most && digit(text[end]))
        ++end;
    if (end == at)
        return std::nullopt;
    const auto value = char32_t(text.sliced(at, end - at).toUInt(nullptr, base));
    at = end;
    return value;
}

QByteArray utf8(char32_t code) { return QString::fromUcs4(&code, 1).toUtf8(); }

/** The bytes of the escape whose letter stands at `at`; at moves behind it. Empty: it means itself. */
std::optional<QByteArray> escape(QStringView text, qsizetype &at)
{
    static constexpr QStringView letters = u"abeEfnrtv\\'\"?";
    static constexpr char bytes[] = "\a\b\033\033\f\n\r\t\v\\'\"?";
    const QChar letter = text[at];
    if (const qsizetype index = letters.indexOf(letter); index >= 0) {
        ++at;
        return QByteArray(1, bytes[index]);
    }
    if (letter >= u'0' && letter <= u'7')
        return QByteArray(1, char(*number(text, at, 3, 8)));
    const int digits = letter == u'x' ? 2 : letter == u'u' ? 4 : letter == u'U' ? 8 : 0;
    if (digits > 0) {
        qsizetype behind = at + 1;
        const auto code = number(text, behind, digits, 16);
        if (!code)
            return std::nullopt;
        at = behind;
        return digits == 2 ? QByteArray(1, char(*code)) : utf8(*code);
    }
    if (letter == u'c' && at + 1 < text.size()) {
        at += 2;
        return QByteArray(1, char(text[at - 1].unicode() & 0x1f));
    }
    return std::nullopt;
}

} // namespace

QString ansiC(QStringView text)
{
    QByteArray bytes; // \xc3\xa9 is one letter
    for (qsizetype at = 0; at < text.size();) {
        if (text[at] == u'\\' && at + 1 < text.size()) {
            qsizetype behind = at + 1;
            if (const auto escaped = escape(text, behind)) {
                if (*escaped == QByteArray(1, '\0'))
                    break;
                bytes += *escaped;
                at = behind;
                continue;
            }
        }
        const qsizetype units = text[at].isHighSurrogate() && at + 1 < text.size() ? 2 : 1;
        bytes += text.sliced(at, units).toUtf8();
        at += units;
    }
    return QString::fromUtf8(bytes);
}

} // namespace dockerline
