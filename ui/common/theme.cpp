#include "common/theme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFontDatabase>
#include <QPainter>
#include <QPixmapCache>
#include <QProxyStyle>
#include <QStandardPaths>
#include <QStyleOption>
#include <array>
#include <cmath>

namespace common {

namespace {

constexpr int cellMargin = grid - 2;

/** Fusion with distances on the grid. */
class Style : public QProxyStyle
{
public:
    Style()
        : QProxyStyle(QStringLiteral("Fusion"))
    {
    }

    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override
    {
        switch (metric) {
        case PM_LayoutHorizontalSpacing:
        case PM_LayoutVerticalSpacing:
            return grid;
        case PM_LayoutLeftMargin:
        case PM_LayoutTopMargin:
        case PM_LayoutRightMargin:
        case PM_LayoutBottomMargin:
            return 2 * grid;
        case PM_FocusFrameHMargin: // the text's distance from the edge of a cell, less one
        case PM_HeaderMargin:
            return cellMargin;
        default:
            return QProxyStyle::pixelMetric(metric, option, widget);
        }
    }

    QSize sizeFromContents(
        ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const override
    {
        // Fusion leaves three pixels beside a button's longer texts.
        const QSize own = QProxyStyle::sizeFromContents(type, option, size, widget);
        return type == CT_PushButton ? own + QSize(grid, 0) : own;
    }

    void drawPrimitive(
        PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override
    {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (schemeOf(option->palette) == Scheme::Light)
            return;
        // Fusion outlines with a darker window colour, which on a dark window is next to nothing.
        QRectF rect(option->rect);
        qreal radius = 2;
        switch (element) {
        case PE_FrameLineEdit:
            if (option->state & State_HasFocus)
                return; // it has the accent's outline
            break;
        case PE_Frame:
        case PE_IndicatorCheckBox:
            break;
        case PE_IndicatorRadioButton:
            radius = rect.width() / 2;
            break;
        default:
            return;
        }
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(option->palette.color(QPalette::Mid));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        painter->restore();
    }
};

struct Colors
{
    QRgb window, base, alternate, text, button, border, muted, accent, highlight, tooltip;
    QRgb running, finished, failed, warning;
};

constexpr Colors light{0xf2f4f6, 0xffffff, 0xf7f8fa, 0x1c2126, 0xfbfcfd, 0xc5cbd2, 0x59626c, 0x1261b0, 0x1b6ac0,
    0xffffff, 0x146c2e, 0x3a5a8c, 0xb3261e, 0x7a4f00};
constexpr Colors dark{0x25282d, 0x1b1e22, 0x202328, 0xe6e9ec, 0x33373d, 0x66707a, 0xa3acb6, 0x74b3f0, 0x2a66a8,
    0x33373d, 0x62cc80, 0x9dbdea, 0xff938a, 0xe8b95c};

const Colors &colorsOf(Scheme scheme) { return scheme == Scheme::Dark ? dark : light; }

double luminance(const QColor &color)
{
    const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

QColor mixed(const QColor &a, const QColor &b, double shareOfB)
{
    const auto mix = [shareOfB](int x, int y) { return int(std::lround(x + (y - x) * shareOfB)); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

constexpr QLatin1String portalService("org.freedesktop.portal.Desktop");
constexpr QLatin1String portalPath("/org/freedesktop/portal/desktop");
constexpr QLatin1String portalInterface("org.freedesktop.portal.Settings");
constexpr QLatin1String appearance("org.freedesktop.appearance");
constexpr QLatin1String colorScheme("color-scheme");

/** The platforms without a desktop know no icon folders: add the usual ones. */
void addIconFolders()
{
    QStringList paths = QIcon::themeSearchPaths();
    for (const QString &folder : QStandardPaths::standardLocations(QStandardPaths::GenericDataLocation)) {
        const QString icons = folder + u"/icons";
        if (!paths.contains(icons))
            paths += icons;
    }
    QIcon::setThemeSearchPaths(paths);
}

} // namespace

Scheme schemeOf(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness()
        ? Scheme::Dark
        : Scheme::Light;
}

QPalette paletteFor(Scheme scheme)
{
    const Colors &c = colorsOf(scheme);
    QPalette p(QColor(c.button), QColor(c.window));
    p.setColor(QPalette::Window, c.window);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.base);
    p.setColor(QPalette::AlternateBase, c.alternate);
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::Button, c.button);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::BrightText, 0xffffff);
    p.setColor(QPalette::PlaceholderText, c.muted);
    p.setColor(QPalette::ToolTipBase, c.tooltip);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Highlight, c.highlight);
    p.setColor(QPalette::HighlightedText, 0xffffff);
    p.setColor(QPalette::Link, c.accent);
    p.setColor(QPalette::LinkVisited, c.accent);
    p.setColor(QPalette::Mid, c.border);
    const QColor disabled = mixed(c.text, c.window, 0.55);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        p.setColor(QPalette::Disabled, role, disabled);
    p.setColor(QPalette::Disabled, QPalette::Base, c.window);
    p.setColor(QPalette::Disabled, QPalette::Highlight, mixed(c.window, c.text, 0.15));
    return p;
}

QColor toneColor(Tone tone, const QPalette &palette)
{
    const Colors &c = colorsOf(schemeOf(palette));
    switch (tone) {
    case Tone::Plain:
        return palette.color(QPalette::Text);
    case Tone::Running:
        return c.running;
    case Tone::Finished:
        return c.finished;
    case Tone::Failed:
        return c.failed;
    case Tone::Warning:
        return c.warning;
    case Tone::Muted:
        return c.muted;
    case Tone::Accent:
        return c.accent;
    }
    return palette.color(QPalette::Text);
}

QColor toneBackground(Tone tone, const QPalette &palette)
{
    const double share = schemeOf(palette) == Scheme::Dark ? 0.12 : 0.07;
    return mixed(palette.color(QPalette::Base), toneColor(tone, palette), share);
}

double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a) + 0.05;
    const double y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

QFont monospaceFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const QFont ordinary = QApplication::font();
    if (ordinary.pointSizeF() > 0)
        font.setPointSizeF(ordinary.pointSizeF());
    else
        font.setPixelSize(ordinary.pixelSize());
    return font;
}

QFont headingFont(const QFont &font, int steps)
{
    QFont result = font;
    result.setBold(true);
    if (font.pointSizeF() > 0)
        result.setPointSizeF(font.pointSizeF() + steps);
    return result;
}

QPixmap tintedIcon(const QString &name, const QColor &color, int size, qreal devicePixelRatio)
{
    const QString key = QStringLiteral("slipway-%1-%2-%3-%4-%5")
                            .arg(QIcon::themeName(), name, color.name())
                            .arg(size)
                            .arg(devicePixelRatio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    const QIcon icon = QIcon::fromTheme(name);
    if (!icon.isNull())
        pixmap = icon.pixmap(QSize(size, size), devicePixelRatio);
    const bool dot = pixmap.isNull();
    if (dot) {
        pixmap = QPixmap(QSizeF(size, size).toSize() * devicePixelRatio);
        pixmap.setDevicePixelRatio(devicePixelRatio);
        pixmap.fill(Qt::transparent);
    }
    QPainter painter(&pixmap);
    if (dot) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(QRectF(size * 0.25, size * 0.25, size * 0.5, size * 0.5));
    } else {
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(QRect(0, 0, size, size), color);
    }
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

Theme::Theme(QApplication &application)
    : m_application(application)
{
    // What the platform's own theme chose, before ours replaces it.
    const Scheme platform = schemeOf(QApplication::palette());
    QApplication::setStyle(new Style);
    addIconFolders();
    const QByteArray wish = qgetenv("SLIPWAY_THEME");
    if (wish == "light" || wish == "dark") {
        setScheme(wish == "dark" ? Scheme::Dark : Scheme::Light);
        return;
    }
    setScheme(platform);
    askDesktop();
}

void Theme::setScheme(Scheme scheme)
{
    m_scheme = scheme;
    QIcon::setThemeName(scheme == Scheme::Dark ? QStringLiteral("breeze-dark") : QStringLiteral("breeze"));
    QIcon::setFallbackThemeName(QStringLiteral("hicolor"));
    QApplication::setPalette(paletteFor(scheme));
}

void Theme::askDesktop()
{
    // Without a bus, connecting would try to start one.
    if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS"))
        return;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    const QString service = portalService;
    const QString path = portalPath;
    const QString interface = portalInterface;
    bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this,
        SLOT(desktopSettingChanged(QString, QString, QDBusVariant)));
    QDBusMessage question = QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
    question << QString(appearance) << QString(colorScheme);
    question.setAutoStartService(true);
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (!reply.isError())
            takePreference(reply.value().variant());
        watcher->deleteLater();
    });
}

void Theme::desktopSettingChanged(const QString &group, const QString &key, const QDBusVariant &value)
{
    if (group == appearance && key == colorScheme)
        takePreference(value.variant());
}

void Theme::takePreference(const QVariant &value)
{
    // Read wraps the number in a second variant. 0: no preference, 1: dark, 2: light (portal Settings, version 1).
    QVariant inner = value;
    while (inner.canConvert<QDBusVariant>())
        inner = inner.value<QDBusVariant>().variant();
    const uint preference = inner.toUInt();
    if (preference == 1 && m_scheme != Scheme::Dark)
        setScheme(Scheme::Dark);
    else if (preference == 2 && m_scheme != Scheme::Light)
        setScheme(Scheme::Light);
}

} // namespace common
