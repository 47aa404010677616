#include "cleanup/diskpicture.h"

#include "common/theme.h"
#include "core/units.h"

#include <QPainter>
#include <array>
#include <cmath>

namespace cleanup {

using common::grid;
using namespace Qt::StringLiterals;

namespace {

constexpr int barHeight = 3 * grid;
constexpr int smallest = 4; ///< pixels of a part that is next to nothing
constexpr int swatch = grid + grid / 2;

/** Fills of the parts, light and dark: apart in brightness too, for who sees no hues. Free space is the ground. */
constexpr std::array<QRgb, 6> lightFills = {0x1b6ac0, 0xe0902a, 0x2f9e6e, 0x8a5cc2, 0x9aa4af, 0xffffff};
constexpr std::array<QRgb, 6> darkFills = {0x5aa2ee, 0xe8b95c, 0x62cc80, 0xb996ea, 0x6b7580, 0x1b1e22};

} // namespace

DiskPicture::DiskPicture(QWidget *parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(u"Where the disk went"_s);
}

void DiskPicture::setShares(const DiskShares &shares, const QString &folder, qint64 computedAt)
{
    m_shares = shares;
    m_computed = computedAt > 0;
    QStringList words;
    for (const Part &part : parts())
        words.append(label(part));
    setAccessibleDescription(words.join(", "_L1));
    setToolTip(folder.isEmpty() ? QString() : u"The file system of %1"_s.arg(folder));
    updateGeometry();
    update();
}

QList<DiskPicture::Part> DiskPicture::parts() const
{
    QList<Part> list{{u"Images"_s, m_shares.images, 0}, {u"Containers"_s, m_shares.containers, 1},
        {u"Volumes"_s, m_shares.volumes, 2}, {u"Build cache"_s, m_shares.buildCache, 3}};
    if (m_shares.others >= 0)
        list.append({m_computed ? u"Other files"_s : u"In use"_s, m_shares.others, 4});
    if (m_shares.free >= 0)
        list.append({u"Free"_s, m_shares.free, 5});
    return list;
}

QString DiskPicture::label(const Part &part) const
{
    return part.bytes < 0 ? u"%1 not computed"_s.arg(part.name)
                          : u"%1 %2"_s.arg(part.name, core::bytesText(part.bytes));
}

QColor DiskPicture::color(int index) const
{
    const auto &fills = common::schemeOf(palette()) == common::Scheme::Dark ? darkFills : lightFills;
    return fills[size_t(index)];
}

int DiskPicture::layOut(int width, QList<QRect> *places) const
{
    const int line = fontMetrics().height() + grid / 2;
    int x = 0;
    int y = barHeight + grid;
    for (const Part &part : parts()) {
        const int needed = swatch + grid / 2 + fontMetrics().horizontalAdvance(label(part));
        if (x > 0 && x + needed > width) {
            x = 0;
            y += line;
        }
        if (places)
            places->append(QRect(x, y, needed, line));
        x += needed + 3 * grid;
    }
    return y + line;
}

QSize DiskPicture::sizeHint() const { return {80 * grid, layOut(std::max(width(), 60 * grid), nullptr)}; }

int DiskPicture::heightForWidth(int width) const { return layOut(width, nullptr); }

void DiskPicture::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QList<Part> all = parts();
    double sum = 0;
    for (const Part &part : all)
        sum += double(std::max<qint64>(part.bytes, 0));
    const QRectF bar(0.5, 0.5, width() - 1, barHeight - 1);
    painter.fillRect(bar, palette().color(QPalette::Base));
    double x = bar.left();
    for (const Part &part : all) {
        if (part.bytes <= 0 || sum <= 0)
            continue;
        // What is there is seen, however small beside the rest.
        const double share = std::min(
            std::max(bar.width() * double(part.bytes) / sum, double(smallest)), std::max(bar.right() - x, 0.0));
        painter.fillRect(QRectF(x, bar.top(), share, bar.height()), color(part.color));
        x += share;
        if (x < bar.right() - 1) // a seam, so that neighbours part without their colours
            painter.fillRect(QRectF(x - 0.5, bar.top(), 1, bar.height()), palette().color(QPalette::Window));
    }
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(bar);

    QList<QRect> places;
    layOut(width(), &places);
    for (qsizetype i = 0; i < all.size(); ++i) {
        const QRect &place = places[i];
        const QRectF box(place.left() + 0.5, place.top() + (place.height() - swatch) / 2 + 0.5, swatch - 1, swatch - 1);
        if (all[i].bytes >= 0)
            painter.fillRect(box, color(all[i].color));
        painter.setPen(palette().color(QPalette::Mid));
        painter.drawRect(box);
        painter.setPen(all[i].bytes < 0 ? common::toneColor(common::Tone::Muted, palette())
                                        : palette().color(QPalette::WindowText));
        painter.drawText(
            place.adjusted(swatch + grid / 2, 0, grid, 0), Qt::AlignVCenter | Qt::AlignLeft, label(all[i]));
    }
}

} // namespace cleanup
