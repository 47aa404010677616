#include "logs/ansi.h"
#include "logs/charwidth.h"

#include <QTest>

using logs::Color;
using logs::Style;

namespace {

Color indexed(quint32 n) { return {Color::Kind::Indexed, n}; }

Color rgb(quint32 n) { return {Color::Kind::Rgb, n}; }

} // namespace

Q_DECLARE_METATYPE(logs::Style)

/** Escape sequences as xterm reads them. */
class AnsiTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sgr_data()
    {
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<Style>("style");
        QTest::newRow("red") << QByteArray("31") << Style{indexed(1), {}, 0};
        QTest::newRow("bright on grey") << QByteArray("96;100") << Style{indexed(14), indexed(8), 0};
        QTest::newRow("256") << QByteArray("38;5;208;48;5;16") << Style{indexed(208), indexed(16), 0};
        QTest::newRow("true colour") << QByteArray("38;2;1;2;255;1") << Style{rgb(0x0102ff), {}, logs::Bold};
        QTest::newRow("with colons") << QByteArray("38:2:1:2:3") << Style{rgb(0x010203), {}, 0};
        QTest::newRow("with a colour space") << QByteArray("48:2::1:2:3") << Style{{}, rgb(0x010203), 0};
        QTest::newRow("attributes") << QByteArray("1;2;3;4;7;9") << Style{{}, {}, 63};
        QTest::newRow("and off") << QByteArray("1;2;3;4;7;9;22;23;24;27;29") << Style{};
        QTest::newRow("reset") << QByteArray("31;1;0") << Style{};
        QTest::newRow("empty resets") << QByteArray("31;") << Style{};
        QTest::newRow("default colours") << QByteArray("31;41;39;49") << Style{};
        QTest::newRow("unknown") << QByteArray("31;53;99999999999") << Style{indexed(1), {}, 0};
        QTest::newRow("cut colour") << QByteArray("38;5") << Style{};
        QTest::newRow("cut true colour") << QByteArray("38;2;1;2") << Style{};
    }

    void sgr()
    {
        QFETCH(QByteArray, parameters);
        QFETCH(Style, style);
        Style got;
        logs::applySgr(parameters, got);
        QVERIFY(got == style);
        // And what is written for it reads back as the same, whatever was before.
        const QByteArray sequence = logs::sgr(style);
        Style back{rgb(5), rgb(6), 63};
        logs::applySgr(logs::parseEscape(sequence).parameters, back);
        QVERIFY(back == style);
    }

    void escapes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("length");
        QTest::newRow("sgr") << QByteArray("\x1b[1;31mX") << 7;
        QTest::newRow("private") << QByteArray("\x1b[?25lX") << 6;
        QTest::newRow("title") << QByteArray("\x1b]0;x\x07X") << 6;
        QTest::newRow("link") << QByteArray("\x1b]8;;http://x\x1b\\X") << 15;
        QTest::newRow("charset") << QByteArray("\x1b(BX") << 3;
        QTest::newRow("two bytes") << QByteArray("\x1b=X") << 2;
        QTest::newRow("device control") << QByteArray("\x1bPq#0\x1b\\X") << 7;
        QTest::newRow("broken by a line end") << QByteArray("\x1b[1\nX") << 3;
        QTest::newRow("string broken by a line end") << QByteArray("\x1b]0;x\nX") << 1;
    }

    void escapes()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, length);
        QCOMPARE(logs::parseEscape(bytes).length, length);
        if (bytes.contains('\n'))
            return;
        for (int cut = 1; cut < length; ++cut)
            QCOMPARE(logs::parseEscape(QByteArrayView(bytes).first(cut)).length, 0);
    }

    void anUnendedStringIsGivenUp()
    {
        QCOMPARE(logs::parseEscape(QByteArray("\x1b]0;" + QByteArray(5000, 'x'))).length, 1);
    }

    void decodes()
    {
        const logs::StyledLine line = logs::decode("a\x1b[31mb\x1b[1mc\x1b[0md\x1b]0;t\x07\te\a\x01");
        QCOMPARE(line.text, QStringLiteral("abcd    e"));
        QCOMPARE(line.spans.size(), 2);
        QVERIFY(line.spans[0] == (logs::Span{1, 1, {indexed(1), {}, 0}}));
        QVERIFY(line.spans[1] == (logs::Span{2, 1, {indexed(1), {}, logs::Bold}}));
    }

    void invalidTextIsReplaced_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("umlaut") << QByteArray("\xc3\xa4") << QStringLiteral("ä");
        QTest::newRow("emoji") << QByteArray("\xf0\x9f\x9a\x80") << QStringLiteral("🚀");
        QTest::newRow("lone continuation") << QByteArray("a\x80z") << QStringLiteral("a\uFFFDz");
        QTest::newRow("cut") << QByteArray("a\xe2\x96") << QStringLiteral("a\uFFFD");
        QTest::newRow("cut by text") << QByteArray("a\xe2\x96z") << QStringLiteral("a\uFFFDz");
        QTest::newRow("overlong") << QByteArray("\xc0\xaf") << QStringLiteral("\uFFFD\uFFFD");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QStringLiteral("\uFFFD\uFFFD\uFFFD");
        QTest::newRow("too high") << QByteArray("\xf5\x80") << QStringLiteral("\uFFFD\uFFFD");
    }

    void invalidTextIsReplaced()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QCOMPARE(logs::decode(bytes).text, text);
    }

    void cutCharacters()
    {
        QCOMPARE(logs::cutCharLength("abc"), 0);
        QCOMPARE(logs::cutCharLength("a\xc3"), 1);
        QCOMPARE(logs::cutCharLength("a\xe2\x96"), 2);
        QCOMPARE(logs::cutCharLength("a\xf0\x9f\x9a"), 3);
        QCOMPARE(logs::cutCharLength("a\xf0\x9f\x9a\x80"), 0);
        QCOMPARE(logs::cutCharLength("a\x80\x80\x80\x80"), 0);
    }

    void widths()
    {
        QCOMPARE(logs::charWidth(U'a'), 1);
        QCOMPARE(logs::charWidth(U'█'), 1);
        QCOMPARE(logs::charWidth(U'日'), 2);
        QCOMPARE(logs::charWidth(U'🚀'), 2);
        QCOMPARE(logs::charWidth(0x0301), 0);
    }

    void withoutEscapes() { QCOMPARE(logs::withoutEscapes("\x1b[31ma\tb\x1b[0m\x1b]0;t\x07ä"), QByteArray("a\tbä")); }
};

QTEST_GUILESS_MAIN(AnsiTest)
#include "tst_ansi.moc"
