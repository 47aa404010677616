#include "settings/protection.h"

#include <algorithm>
#include <array>

namespace settings {

using namespace Qt::StringLiterals;

namespace {

QString prefix(Lockable kind)
{
    static constexpr std::array words = {"container "_L1, "image "_L1, "volume "_L1};
    return words[size_t(kind)];
}

} // namespace

Protection::Protection(Settings &settings, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
{
    const QStringList kept = settings.value(keys::protectedThings);
    m_locks = QSet<QString>(kept.begin(), kept.end());
}

bool Protection::contains(Lockable kind, const QString &key) const { return m_locks.contains(prefix(kind) + key); }

bool Protection::containsAny(Lockable kind, const QStringList &keys) const
{
    return std::any_of(keys.begin(), keys.end(), [&](const QString &key) { return contains(kind, key); });
}

bool Protection::hasVolumes() const
{
    return std::any_of(m_locks.begin(), m_locks.end(),
        [start = prefix(Lockable::Volume)](const QString &lock) { return lock.startsWith(start); });
}

void Protection::protect(Lockable kind, const QStringList &keys)
{
    QSet<QString> locks = m_locks;
    for (const QString &key : keys)
        locks.insert(prefix(kind) + key);
    set(locks);
}

void Protection::unprotect(Lockable kind, const QStringList &keys)
{
    QSet<QString> locks = m_locks;
    for (const QString &key : keys)
        locks.remove(prefix(kind) + key);
    set(locks);
}

void Protection::set(const QSet<QString> &locks)
{
    if (locks == m_locks)
        return;
    m_locks = locks;
    QStringList kept(m_locks.begin(), m_locks.end());
    kept.sort();
    m_settings.set(keys::protectedThings, kept);
    Q_EMIT changed();
}

QString Protection::refusal(const QString &name)
{
    return u"%1 is protected. Choose Unprotect in its menu first."_s.arg(name);
}

} // namespace settings
