#include "logs/charwidth.h"

#include <algorithm>
#include <array>

namespace logs {

namespace {

struct Range
{
    char32_t first;
    char32_t last;
};

// Unicode 15 EastAsianWidth.txt, W and F, neighbouring blocks taken together; emoji that terminals draw wide.
constexpr std::array wide = {Range{0x1100, 0x115f}, Range{0x231a, 0x231b}, Range{0x2329, 0x232a}, Range{0x23e9, 0x23ec},
    Range{0x23f0, 0x23f0}, Range{0x23f3, 0x23f3}, Range{0x25fd, 0x25fe}, Range{0x2614, 0x2615}, Range{0x2648, 0x2653},
    Range{0x267f, 0x267f}, Range{0x2693, 0x2693}, Range{0x26a1, 0x26a1}, Range{0x26aa, 0x26ab}, Range{0x26bd, 0x26be},
    Range{0x26c4, 0x26c5}, Range{0x26ce, 0x26ce}, Range{0x26d4, 0x26d4}, Range{0x26ea, 0x26ea}, Range{0x26f2, 0x26f3},
    Range{0x26f5, 0x26f5}, Range{0x26fa, 0x26fa}, Range{0x26fd, 0x26fd}, Range{0x2705, 0x2705}, Range{0x270a, 0x270b},
    Range{0x2728, 0x2728}, Range{0x274c, 0x274c}, Range{0x274e, 0x274e}, Range{0x2753, 0x2755}, Range{0x2757, 0x2757},
    Range{0x2795, 0x2797}, Range{0x27b0, 0x27b0}, Range{0x27bf, 0x27bf}, Range{0x2b1b, 0x2b1c}, Range{0x2b50, 0x2b50},
    Range{0x2b55, 0x2b55}, Range{0x2e80, 0x303e}, Range{0x3041, 0xa4cf}, Range{0xa960, 0xa97c}, Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff}, Range{0xfe10, 0xfe19}, Range{0xfe30, 0xfe6f}, Range{0xff00, 0xff60}, Range{0xffe0, 0xffe6},
    Range{0x16fe0, 0x18cff}, Range{0x1b000, 0x1b2ff}, Range{0x1f004, 0x1f004}, Range{0x1f0cf, 0x1f0cf},
    Range{0x1f18e, 0x1f18e}, Range{0x1f191, 0x1f19a}, Range{0x1f200, 0x1f320}, Range{0x1f32d, 0x1f335},
    Range{0x1f337, 0x1f37c}, Range{0x1f37e, 0x1f393}, Range{0x1f3a0, 0x1f3ca}, Range{0x1f3cf, 0x1f3d3},
    Range{0x1f3e0, 0x1f3f0}, Range{0x1f3f4, 0x1f3f4}, Range{0x1f3f8, 0x1f43e}, Range{0x1f440, 0x1f440},
    Range{0x1f442, 0x1f4fc}, Range{0x1f4ff, 0x1f53d}, Range{0x1f54b, 0x1f567}, Range{0x1f57a, 0x1f57a},
    Range{0x1f595, 0x1f596}, Range{0x1f5a4, 0x1f5a4}, Range{0x1f5fb, 0x1f64f}, Range{0x1f680, 0x1f6c5},
    Range{0x1f6cc, 0x1f6cc}, Range{0x1f6d0, 0x1f6d7}, Range{0x1f6dc, 0x1f6df}, Range{0x1f6eb, 0x1f6ec},
    Range{0x1f6f4, 0x1f6fc}, Range{0x1f7e0, 0x1f7f0}, Range{0x1f90c, 0x1f9ff}, Range{0x1fa70, 0x1faff},
    Range{0x20000, 0x3fffd}};

// Combining marks of the common scripts, joiners, variation selectors, byte order mark.
constexpr std::array zero = {Range{0x0300, 0x036f}, Range{0x0483, 0x0489}, Range{0x0591, 0x05bd}, Range{0x0610, 0x061a},
    Range{0x064b, 0x065f}, Range{0x0900, 0x0902}, Range{0x093c, 0x093c}, Range{0x0941, 0x0948}, Range{0x0e31, 0x0e31},
    Range{0x0e34, 0x0e3a}, Range{0x0e47, 0x0e4e}, Range{0x1ab0, 0x1aff}, Range{0x1dc0, 0x1dff}, Range{0x200b, 0x200f},
    Range{0x202a, 0x202e}, Range{0x2060, 0x2064}, Range{0x20d0, 0x20f0}, Range{0x302a, 0x302d}, Range{0x3099, 0x309a},
    Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}, Range{0xfeff, 0xfeff}, Range{0x1f3fb, 0x1f3ff},
    Range{0xe0100, 0xe01ef}};

template <size_t N> bool in(const std::array<Range, N> &ranges, char32_t c)
{
    const auto it
        = std::lower_bound(ranges.begin(), ranges.end(), c, [](const Range &r, char32_t v) { return r.last < v; });
    return it != ranges.end() && it->first <= c;
}

/** Length of the sequence that this first byte begins; 0 when it cannot begin one. */
int sequenceLength(uchar lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead < 0xe0)
        return 2;
    if (lead >= 0xe0 && lead < 0xf0)
        return 3;
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/** The second byte is narrower than 80…bf after some first bytes: no overlong forms, surrogates or above U+10FFFF. */
bool follows(uchar lead, int index, uchar c)
{
    if (index > 1)
        return c >= 0x80 && c <= 0xbf;
    const uchar low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const uchar high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return c >= low && c <= high;
}

} // namespace

int charWidth(char32_t c)
{
    if (c < 0x300)
        return 1;
    if (in(zero, c))
        return 0;
    return in(wide, c) ? 2 : 1;
}

char32_t takeChar(QByteArrayView &bytes)
{
    constexpr char32_t replacement = 0xfffd;
    const auto lead = uchar(bytes[0]);
    const int length = sequenceLength(lead);
    if (length <= 1) {
        bytes = bytes.sliced(1);
        return length == 1 ? char32_t(lead) : replacement;
    }
    char32_t c = lead & (0xff >> (length + 1));
    int i = 1;
    for (; i < length && i < bytes.size() && follows(lead, i, uchar(bytes[i])); ++i)
        c = (c << 6) | (uchar(bytes[i]) & 0x3f);
    bytes = bytes.sliced(i);
    return i == length ? c : replacement;
}

qsizetype cutCharLength(QByteArrayView bytes)
{
    for (qsizetype back = 1; back <= std::min<qsizetype>(3, bytes.size()); ++back) {
        const auto c = uchar(bytes[bytes.size() - back]);
        if (c < 0x80)
            return 0;
        if (c >= 0xc0)
            return sequenceLength(c) > back ? back : 0;
    }
    return 0;
}

} // namespace logs
