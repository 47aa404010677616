#include "common/clipboardtext.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

namespace common {

ClipboardText::ClipboardText(QObject *parent)
    : QObject(parent)
{
    connect(QGuiApplication::clipboard(), &QClipboard::dataChanged, this, [this] { m_changed = true; });
}

std::optional<QString> ClipboardText::changed(qsizetype longest)
{
    if (!std::exchange(m_changed, false))
        return std::nullopt;
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    QString text;
    // The hint is KDE's; KeePassXC and Bitwarden set it too.
    if (data && data->hasText() && !data->hasFormat(QStringLiteral("x-kde-passwordManagerHint")))
        text = data->text();
    if (text.size() > longest)
        text.clear();
    // The same text copied again is no change: it was offered, used or dismissed.
    if (text == m_last)
        return std::nullopt;
    m_last = text;
    return text;
}

} // namespace common
