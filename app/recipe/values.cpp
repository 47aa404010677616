#include "recipe/values.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QSysInfo>
#include <array>
#include <cmath>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

/** Digits with underscores between them, or between prefix and digits. */
bool underscoresFit(const QString &text)
{
    static const QRegularExpression form(uR"(^[+-]?(?:0[xXbBoO]_?|0_(?=[0-7]))?[0-9a-fA-F](?:_?[0-9a-fA-F])*\z)"_s);
    return form.match(text).hasMatch();
}

struct Unit
{
    QLatin1String name;
    double nanoseconds;
};

/** Known to containerd: Go's own lists. */
const QStringList &systems()
{
    static const QStringList list = {u"aix"_s, u"android"_s, u"darwin"_s, u"dragonfly"_s, u"freebsd"_s, u"hurd"_s,
        u"illumos"_s, u"ios"_s, u"js"_s, u"linux"_s, u"nacl"_s, u"netbsd"_s, u"openbsd"_s, u"plan9"_s, u"solaris"_s,
        u"windows"_s, u"zos"_s};
    return list;
}

const QStringList &machines()
{
    static const QStringList list = {u"386"_s, u"amd64"_s, u"amd64p32"_s, u"arm"_s, u"armbe"_s, u"arm64"_s,
        u"arm64be"_s, u"ppc64"_s, u"ppc64le"_s, u"loong64"_s, u"mips"_s, u"mipsle"_s, u"mips64"_s, u"mips64le"_s,
        u"mips64p32"_s, u"mips64p32le"_s, u"ppc"_s, u"riscv"_s, u"riscv64"_s, u"s390"_s, u"s390x"_s, u"sparc"_s,
        u"sparc64"_s, u"wasm"_s};
    return list;
}

/** A machine and its variant under the names that Docker uses. */
void normalise(QString &machine, QString &variant)
{
    machine = machine.toLower();
    variant = variant.toLower();
    if (machine == "i386"_L1) {
        machine = u"386"_s;
        variant.clear();
    } else if (machine == "x86_64"_L1 || machine == "x86-64"_L1 || machine == "amd64"_L1) {
        machine = u"amd64"_s;
        if (variant == "v1"_L1)
            variant.clear();
    } else if (machine == "aarch64"_L1 || machine == "arm64"_L1) {
        machine = u"arm64"_s;
        if (variant == "8"_L1 || variant == "v8"_L1)
            variant.clear();
        else if (variant == "9"_L1 || variant == "9.0"_L1 || variant == "v9.0"_L1)
            variant = u"v9"_s;
    } else if (machine == "armhf"_L1 || machine == "armel"_L1) {
        variant = machine == "armhf"_L1 ? u"v7"_s : u"v6"_s;
        machine = u"arm"_s;
    } else if (machine == "arm"_L1) {
        if (variant.isEmpty() || variant == "7"_L1)
            variant = u"v7"_s;
        else if (variant == "5"_L1 || variant == "6"_L1 || variant == "8"_L1)
            variant.prepend(u'v');
    }
}

QString ownMachine()
{
    QString machine = QSysInfo::currentCpuArchitecture();
    QString variant;
    normalise(machine, variant);
    return machine;
}

} // namespace

std::optional<bool> readBool(const QString &text)
{
    static const QStringList yes = {u"1"_s, u"t"_s, u"T"_s, u"true"_s, u"TRUE"_s, u"True"_s};
    static const QStringList no = {u"0"_s, u"f"_s, u"F"_s, u"false"_s, u"FALSE"_s, u"False"_s};
    if (yes.contains(text))
        return true;
    return no.contains(text) ? std::optional(false) : std::nullopt;
}

std::optional<qint64> readWholeNumber(const QString &text)
{
    if (!underscoresFit(text))
        return std::nullopt;
    QString digits = text;
    digits.remove(u'_');
    const bool negative = digits.startsWith(u'-');
    if (negative || digits.startsWith(u'+'))
        digits.remove(0, 1);
    int base = 10;
    if (digits.size() > 1 && digits.startsWith(u'0')) {
        const QChar kind = digits[1].toLower();
        base = kind == u'x' ? 16 : kind == u'b' ? 2 : 8;
        digits.remove(0, kind.isLetter() ? 2 : 1);
    } else if (text.contains(u'_')) {
        base = 10;
    }
    if (digits.isEmpty() || digits.startsWith(u'-') || digits.startsWith(u'+'))
        return std::nullopt;
    bool fits = false;
    const qint64 number = (negative ? u'-' + digits : digits).toLongLong(&fits, base);
    return fits ? std::optional(number) : std::nullopt;
}

std::optional<qint64> readDecimalNumber(const QString &text)
{
    static const QRegularExpression form(uR"(^[+-]?[0-9]+\z)"_s);
    bool fits = false;
    const qint64 number = text.toLongLong(&fits);
    return fits && form.match(text).hasMatch() ? std::optional(number) : std::nullopt;
}

std::optional<qint64> readDuration(const QString &text)
{
    static constexpr std::array units = {Unit{"ns"_L1, 1}, Unit{"us"_L1, 1e3}, Unit{"ms"_L1, 1e6}, Unit{"s"_L1, 1e9},
        Unit{"m"_L1, 60e9}, Unit{"h"_L1, 3600e9}};
    static const QRegularExpression form(uR"(^[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+\z)"_s);
    static const QRegularExpression part(uR"(([0-9.]+)([a-zµμ]+))"_s);
    if (text == "0"_L1 || text == "+0"_L1 || text == "-0"_L1)
        return 0;
    if (!form.match(text).hasMatch())
        return std::nullopt;
    double sum = 0;
    for (auto parts = part.globalMatch(text); parts.hasNext();) {
        const auto match = parts.next();
        QString name = match.captured(2);
        if (name.size() == 2 && !name.startsWith(u'm') && !name.startsWith(u'n'))
            name = u"us"_s;
        for (const Unit &unit : units) {
            if (name == unit.name)
                sum += std::floor(match.captured(1).toDouble() * unit.nanoseconds + 1e-6);
        }
    }
    if (sum >= 9223372036854775807.0)
        return std::nullopt;
    return text.startsWith(u'-') ? -qint64(sum) : qint64(sum);
}

std::optional<qint64> readBillionths(const QString &text)
{
    static const QRegularExpression form(
        uR"(^([+-]?)(?:(0[xX][0-9a-fA-F]+|[0-9]+)/([0-9]+)|(0[xX][0-9a-fA-F]+)|([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,2}))?)\z)"_s);
    static const QRegularExpression underscore(u"(?<=[0-9])_(?=[0-9])"_s);
    const auto match = form.match(QString(text).remove(underscore));
    const auto has = [&match](int group) { return !match.captured(group).isEmpty(); };
    if (!match.hasMatch() || !(has(2) || has(4) || has(5) || has(6)))
        return std::nullopt;
    constexpr qint64 most = 9'000'000'000; // of whole ones: 63 bits hold that many billions
    qint64 billionths = 0;
    if (has(2) || has(4)) {
        const qint64 above = match.captured(has(2) ? 2 : 4).toLongLong(nullptr, has(4) ? 16 : 0);
        const qint64 below = has(2) ? match.captured(3).toLongLong() : 1;
        if (below <= 0 || above > most || above * 1'000'000'000 % below != 0)
            return std::nullopt;
        billionths = above * 1'000'000'000 / below;
    } else {
        QString digits = match.captured(5) + match.captured(6);
        qsizetype zeros = 9 - match.captured(6).size() + match.captured(7).toInt();
        for (; zeros < 0 && digits.endsWith(u'0') && digits.size() > 1; ++zeros)
            digits.chop(1);
        if (zeros < 0 && digits.toLongLong() != 0)
            return std::nullopt; // too precise
        bool fits = false;
        digits += QString(qMax(zeros, qsizetype(0)), u'0');
        billionths = digits.toLongLong(&fits);
        if (!fits)
            return std::nullopt;
    }
    return has(1) && match.captured(1) == "-"_L1 ? -billionths : billionths;
}

QStringList csvFields(const QString &text)
{
    static const QRegularExpression field(uR"lit((?:"((?:[^"]|"")*)"|([^",]*))(,|\z))lit"_s);
    QStringList fields;
    if (text.isEmpty())
        return fields;
    qsizetype at = 0;
    while (true) {
        const auto match
            = field.match(text, at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch())
            return {};
        fields += match.captured(1).replace(u"\"\""_s, u"\""_s) + match.captured(2);
        if (match.captured(3).isEmpty())
            return fields;
        at = match.capturedEnd();
    }
}

QString csvField(QString field)
{
    if (!field.contains(u',') && !field.contains(u'"') && !field.contains(u'\n'))
        return field;
    return u'"' + field.replace(u'"', u"\"\""_s) + u'"';
}

std::optional<QString> readIpAddress(const QString &text)
{
    static const QRegularExpression four(
        uR"(^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!\z)|\z)){4}\z)"_s);
    if (four.match(text).hasMatch())
        return text;
    const QHostAddress address(text);
    if (!text.contains(u':') || text.contains(u'%') || address.protocol() != QAbstractSocket::IPv6Protocol)
        return std::nullopt;
    bool mapped = false;
    const QHostAddress inner(address.toIPv4Address(&mapped));
    return mapped && text.contains(u"ffff"_s, Qt::CaseInsensitive) ? inner.toString() : address.toString();
}

bool isMacAddress(const QString &text)
{
    static const QRegularExpression form(
        uR"(^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}(?:(?:[0-9a-f]{2}\1){14}|(?:[0-9a-f]{2}\1){2})?[0-9a-f]{2}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}(?:\.[0-9a-f]{4})?(?:(?:\.[0-9a-f]{4}){6})?)\z)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return form.match(text).hasMatch();
}

std::optional<QString> readPlatform(const QString &text)
{
    static const QRegularExpression part(uR"(^[A-Za-z0-9_.-]+\z)"_s);
    static const QRegularExpression system(uR"(^([A-Za-z0-9_-]+)(?:\([A-Za-z0-9_.-]*\))?\z)"_s);
    const QStringList parts = text.split(u'/');
    if (parts.size() > 3)
        return std::nullopt;
    for (const QString &p : parts) {
        if (!part.match(p).hasMatch() && !(&p == &parts.first() && system.match(p).hasMatch()))
            return std::nullopt;
    }
    QString os = system.match(parts.first()).captured(1).toLower();
    if (os == "macos"_L1)
        os = u"darwin"_s;
    QString machine = parts.value(parts.size() == 1 ? 0 : 1);
    QString variant = parts.value(2);
    if (parts.size() == 1 && systems().contains(os))
        return u"%1/%2"_s.arg(os, ownMachine());
    normalise(machine, variant);
    if (parts.size() < 3 && machine == "arm"_L1 && variant == "v7"_L1)
        variant.clear();
    if (parts.size() == 3 && machine == "arm64"_L1 && variant.isEmpty())
        variant = u"v8"_s;
    if (parts.size() == 1) {
        if (!machines().contains(machine))
            return std::nullopt;
        os = u"linux"_s;
    }
    return variant.isEmpty() ? u"%1/%2"_s.arg(os, machine) : u"%1/%2/%3"_s.arg(os, machine, variant);
}

std::pair<QString, std::optional<QString>> cut(const QString &text, QChar separator)
{
    const qsizetype at = text.indexOf(separator);
    if (at < 0)
        return {text, std::nullopt};
    return {text.left(at), text.mid(at + 1)};
}

} // namespace recipe
