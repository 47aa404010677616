#pragma once

#include <QObject>
#include <optional>

namespace common {

/**
 * What the clipboard holds as text, asked for only when it may have changed: its owner may be slow to answer. Never
 * what a password manager marked as secret. Owned by whom it serves.
 */
class ClipboardText : public QObject
{
public:
    explicit ClipboardText(QObject *parent = nullptr);

    /** The text, once for each change; empty when it is none, a secret, or longer than `longest` characters. */
    std::optional<QString> changed(qsizetype longest);

private:
    bool m_changed = true;
    QString m_last;
};

} // namespace common
