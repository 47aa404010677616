#include "common/theme.h"
#include "logs/logcolors.h"

#include <QTest>

using logs::Color;
using logs::LogColors;
using logs::Style;

/** Whatever colours a program asks for, its text can be read. */
class LogColorsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void textIsReadable_data()
    {
        QTest::addColumn<QColor>("base");
        QTest::addColumn<QColor>("text");
        QTest::newRow("light") << QColor(Qt::white) << QColor(Qt::black);
        QTest::newRow("dark") << QColor(0x1b, 0x1e, 0x20) << QColor(0xfc, 0xfc, 0xfc);
        QTest::newRow("grey") << QColor(0x31, 0x36, 0x3b) << QColor(0xef, 0xf0, 0xf1);
    }

    void textIsReadable()
    {
        QFETCH(QColor, base);
        QFETCH(QColor, text);
        QPalette palette;
        palette.setColor(QPalette::Base, base);
        palette.setColor(QPalette::Text, text);
        const LogColors colors(palette);
        for (quint32 n = 0; n < 256; ++n)
            for (const quint8 attributes : {0, int(logs::Dim), int(logs::Inverse)}) {
                const Color indexed{Color::Kind::Indexed, n};
                const Color rgb{Color::Kind::Rgb, n * 0x010305};
                for (const Style &style : {Style{indexed, {}, attributes}, Style{{}, indexed, attributes},
                         Style{rgb, {}, attributes}, Style{indexed, rgb, attributes}}) {
                    const auto pair = colors.pair(style);
                    const QColor on = pair.background.isValid() ? pair.background : base;
                    QVERIFY2(common::contrast(pair.text, on) >= 4.5, logs::sgr(style).toPercentEncoding().constData());
                }
            }
        QVERIFY(common::contrast(colors.note(), base) >= 4.5);
        QVERIFY(common::contrast(colors.standardError(), base) >= 4.5);
    }

    void theSixteenKeepTheirHue()
    {
        QPalette palette;
        palette.setColor(QPalette::Base, Qt::white);
        palette.setColor(QPalette::Text, Qt::black);
        const auto hue = [&](quint32 n) {
            return LogColors(palette).pair({{Color::Kind::Indexed, n}, {}, 0}).text.hue();
        };
        QVERIFY(hue(1) < 20 || hue(1) > 340);
        QVERIFY(hue(2) > 90 && hue(2) < 160);
        QVERIFY(hue(4) > 200 && hue(4) < 250);
    }
};

QTEST_GUILESS_MAIN(LogColorsTest)
#include "tst_logcolors.moc"
