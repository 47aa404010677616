#pragma once

#include "contexts/contextscan.h"

#include <QWidget>

class QGridLayout;
class QLabel;

namespace builds {

/**
 * How much will be sent to the daemon, counted in the background, and what is big in it, each with a button that adds
 * it to .dockerignore. Owned by the BuildDialog.
 */
class ContextView : public QWidget
{
    Q_OBJECT
public:
    explicit ContextView(QWidget *parent = nullptr);

    /** Counts again; an empty context: shows nothing. Both absolute. */
    void count(const QString &context, const QString &dockerfile);

Q_SIGNALS:
    /** The .dockerignore has changed. */
    void ignored();

private:
    void show(const core::Result<contexts::ContextSummary> &result);
    void showParts(const contexts::ContextSummary &summary);
    void clearParts();
    void ignore(const QString &path);

    QString m_context;
    QString m_dockerfile;
    contexts::ContextScan m_scan;
    QLabel *m_sentence;
    QLabel *m_trouble;
    QWidget *m_parts;
    QGridLayout *m_grid;
};

} // namespace builds
