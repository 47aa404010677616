#pragma once

#include "cleanup/diskspace.h"

#include <QWidget>

namespace cleanup {

/**
 * Where the disk went: one bar of all that is known, each part with its name and size in words beside a swatch. Says
 * what is not known instead of guessing. Owned by the page.
 */
class DiskPicture : public QWidget
{
    Q_OBJECT
public:
    explicit DiskPicture(QWidget *parent = nullptr);

    /** folder: where it is, for the tool tip; computedAt: Unix seconds of Docker's figures, 0: not computed. */
    void setShares(const DiskShares &shares, const QString &folder, qint64 computedAt);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {40, sizeHint().height()}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    /** One part of the bar. */
    struct Part
    {
        QString name;
        qint64 bytes = -1; ///< −1: not known, no part of the bar
        int color = 0; ///< index of the colours
    };
    QList<Part> parts() const;
    /** Places of the legend's entries for a width; the height they need. */
    int layOut(int width, QList<QRect> *places) const;
    QString label(const Part &part) const;
    QColor color(int index) const;

    DiskShares m_shares;
    bool m_computed = false;
};

} // namespace cleanup
