#pragma once

#include "common/clipboardtext.h"
#include "launch/steppage.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QStandardItemModel;

namespace common {
class EmptyState;
class TableView;
} // namespace common

namespace launch {

/** One name of a local image, as the Image step lists it. */
struct ImageChoice
{
    QString name; ///< "pytorch:24.05"
    QString id; ///< with its "sha256:"
    qint64 size = 0; ///< bytes
    qint64 created = 0; ///< Unix seconds

    bool operator==(const ImageChoice &) const = default;
};

/** The person wants: to pick what they ran yesterday out of many, or to type a name; a newcomer wants something that
 * works. */
class ImagePage : public StepPage
{
    Q_OBJECT
public:
    explicit ImagePage(QWidget *parent = nullptr);

    void store(recipe::RunConfig &config) const override;
    void refresh(const recipe::RunConfig &config) override { m_now = config; }

    /** The images of this machine, at any time again. What is typed or chosen stays. */
    void setImages(const QList<ImageChoice> &images);
    /** Their names and ids; unset until setImages() was called. */
    std::optional<QStringList> imageNames() const;

Q_SIGNALS:
    /** The ready-made "Sample training" shall fill the whole configuration. */
    void sampleWanted();
    /** A docker run line is to be read: this one, or (empty) one that is still to be pasted. */
    void pasteWanted(const QString &line);
    /** An image was chosen for good: go on. */
    void chosen();

protected:
    void fill(const recipe::RunConfig &config) override;
    bool event(QEvent *event) override;

private:
    void showEmptyState();
    QWidget *startCard();
    void lookSoon();
    void lookAtClipboard();
    void endOffer();
    void choose(const QModelIndex &index);
    void revealImage();

    QLineEdit *m_image;
    common::TableView *m_table;
    QStandardItemModel *m_model;
    QSortFilterProxyModel *m_filter;
    QLineEdit *m_platform;
    QLabel *m_pasteText;
    QPushButton *m_useIt;
    QPushButton *m_notNow;
    common::ClipboardText m_clipboard;
    QString m_offered; ///< the line of the clipboard that is offered; empty: none
    recipe::RunConfig m_now;
    QList<ImageChoice> m_images;
    common::EmptyState *m_empty;
    bool m_known = false; ///< setImages() was called
    bool m_choosing = false; ///< the text comes from the list: do not filter by it
};

} // namespace launch
