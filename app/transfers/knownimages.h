#pragma once

#include "core/result.h"

#include <QAbstractTableModel>
#include <QString>

namespace transfers {

/** A well-known image as people pull it: one tag of it. */
struct KnownImage
{
    QString reference; ///< "nvcr.io/nvidia/pytorch:24.05-py3"
    QString what; ///< one line
    qint64 download = 0; ///< bytes, roughly

    bool operator==(const KnownImage &) const = default;
};

/**
 * Reads resources/images.json: [{"repository", "what", "tags": [{"tag", "download": "9g", "what"}]}]. Protocol with the
 * place of what is wrong.
 */
core::Result<QList<KnownImage>> parseKnownImages(const QByteArray &json);

/** Those of resources/images.json; none where it is not valid, which the tests see. */
const QList<KnownImage> &knownImages();

/** Columns of the table of well-known images. */
enum class KnownColumn { Image, What, Download, Count };

/** The well-known images as a table; sorts by SortRole. Never changes. Owned by the dialog. */
class KnownImagesModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit KnownImagesModel(const QList<KnownImage> &images, QObject *parent = nullptr);

    const KnownImage &at(int row) const { return m_images[row]; }
    const QList<KnownImage> &images() const { return m_images; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<KnownImage> m_images;
};

} // namespace transfers
