#pragma once

#include "settings/settings.h"

#include <QObject>
#include <QSet>
#include <QStringList>

namespace settings {

/** What can be locked. */
enum class Lockable { Container, Image, Volume };

/**
 * The person's locks: what nothing in Slipway may remove, kept in the settings. A container by its id, a volume by its
 * name, an image by its id and its names: so it is kept under that name, and when the name goes elsewhere. Who removes
 * asks here first and says refusal(). Owned by the Application.
 */
class Protection : public QObject
{
    Q_OBJECT
public:
    explicit Protection(Settings &settings, QObject *parent = nullptr);

    bool contains(Lockable kind, const QString &key) const;
    bool containsAny(Lockable kind, const QStringList &keys) const;
    bool hasVolumes() const;

    void protect(Lockable kind, const QStringList &keys);
    void unprotect(Lockable kind, const QStringList &keys);

    /** "resnet-7 is protected. Choose Unprotect in its menu first." */
    static QString refusal(const QString &name);

Q_SIGNALS:
    void changed();

private:
    void set(const QSet<QString> &locks);

    Settings &m_settings;
    QSet<QString> m_locks; ///< "image nvcr.io/nvidia/pytorch:24.05"
};

} // namespace settings
