#include "common/theme.h"

#include <QApplication>
#include <QDBusVariant>
#include <QTest>

using namespace common;

/** Both palettes stay readable, and the theme follows what it is told. */
class ThemeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { qputenv("SLIPWAY_THEME", "dark"); }

    void contrastIsTheStandardsOwn()
    {
        QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrast(Qt::white, Qt::white), 1.0);
        // A pair of the WCAG's own examples: #767676 on white is just enough.
        QVERIFY(std::abs(contrast(QColor(0x767676), Qt::white) - 4.54) < 0.01);
    }

    void everyToneIsReadable_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::newRow("light") << Scheme::Light;
        QTest::newRow("dark") << Scheme::Dark;
    }
    void everyToneIsReadable()
    {
        QFETCH(Scheme, scheme);
        const QPalette palette = paletteFor(scheme);
        QCOMPARE(schemeOf(palette), scheme);
        for (const Tone tone :
            {Tone::Plain, Tone::Running, Tone::Finished, Tone::Failed, Tone::Warning, Tone::Muted, Tone::Accent}) {
            for (const auto ground : {QPalette::Base, QPalette::AlternateBase, QPalette::Window}) {
                const double c = contrast(toneColor(tone, palette), palette.color(ground));
                QVERIFY2(c >= 4.5, qPrintable(QStringLiteral("tone %1 on %2: %3").arg(int(tone)).arg(ground).arg(c)));
            }
            const QColor bar = toneBackground(tone, palette);
            QVERIFY(contrast(palette.color(QPalette::WindowText), bar) >= 4.5);
            QVERIFY(contrast(toneColor(tone, palette), bar) >= 4.5);
        }
        QVERIFY(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) >= 4.5);
        const QColor staleSelection = palette.color(QPalette::Disabled, QPalette::Highlight);
        QVERIFY(contrast(palette.color(QPalette::Text), staleSelection) >= 4.5);
        QVERIFY(contrast(palette.color(QPalette::ButtonText), palette.color(QPalette::Button)) >= 4.5);
        QVERIFY(contrast(palette.color(QPalette::PlaceholderText), palette.color(QPalette::Base)) >= 4.5);
    }

    void theEnvironmentOverrulesTheDesktop()
    {
        Theme theme(*qApp);
        QCOMPARE(theme.scheme(), Scheme::Dark);
        QCOMPARE(schemeOf(QApplication::palette()), Scheme::Dark);
        QCOMPARE(QIcon::themeName(), QStringLiteral("breeze-dark"));
        theme.setScheme(Scheme::Light);
        QCOMPARE(schemeOf(QApplication::palette()), Scheme::Light);
        QCOMPARE(QIcon::themeName(), QStringLiteral("breeze"));
    }

    void theDesktopsWishIsFollowed()
    {
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qunsetenv("SLIPWAY_THEME");
        Theme theme(*qApp);
        theme.setScheme(Scheme::Light);
        const auto tell = [&theme](const QString &key, uint value) {
            QMetaObject::invokeMethod(&theme, "desktopSettingChanged",
                Q_ARG(QString, QStringLiteral("org.freedesktop.appearance")), Q_ARG(QString, key),
                Q_ARG(QDBusVariant, QDBusVariant(value)));
        };
        tell(QStringLiteral("accent-color"), 1);
        QCOMPARE(theme.scheme(), Scheme::Light);
        tell(QStringLiteral("color-scheme"), 1);
        QCOMPARE(theme.scheme(), Scheme::Dark);
        tell(QStringLiteral("color-scheme"), 0); // no preference: leave it
        QCOMPARE(theme.scheme(), Scheme::Dark);
        tell(QStringLiteral("color-scheme"), 2);
        QCOMPARE(theme.scheme(), Scheme::Light);
    }

    void aMissingIconIsADot()
    {
        const QImage image = tintedIcon(QStringLiteral("no-such-icon"), Qt::red, 16, 1).toImage();
        QCOMPARE(image.pixelColor(8, 8), QColor(Qt::red));
        QCOMPARE(image.pixelColor(0, 0).alpha(), 0);
    }
};

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
