#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>
#include <QVariant>

namespace settings {

/** A setting's name in the file and what it is without one. */
template <typename T> struct Key
{
    const char *name;
    T fallback;
};

namespace keys {
inline const Key<QByteArray> windowGeometry{"window/geometry", {}};
inline const Key<QByteArray> containerColumns{"containers/columns", {}};
inline const Key<QByteArray> containerSplitter{"containers/splitter", {}};
inline const Key<QByteArray> imageColumns{"images/columns", {}};
inline const Key<QByteArray> imageLayerColumns{"images/layerColumns", {}};
inline const Key<QByteArray> imageSplitter{"images/splitter", {}};
inline const Key<QString> imageFolder{"images/folder", {}}; ///< where an archive was last saved or loaded
inline const Key<QByteArray> buildColumns{"builds/columns", {}};
inline const Key<QByteArray> buildSplitter{"builds/splitter", {}};
inline const Key<int> gpuIdleMinutes{"gpus/idleMinutes", 15}; ///< GpuState::setIdleAfter()
inline const Key<QByteArray> gpuColumns{"gpus/columns", {}};
inline const Key<QByteArray> gpuSplitter{"gpus/splitter", {}}; ///< only where the person moved it
inline const Key<QByteArray> gpuProcessColumns{"gpus/processColumns", {}};
inline const Key<QByteArray> transferColumns{"transfers/columns", {}};
inline const Key<QByteArray> runColumns{"runs/columns", {}};
inline const Key<QByteArray> savedColumns{"runs/savedColumns", {}};
inline const Key<QByteArray> runSplitter{"runs/splitter", {}};
inline const Key<QStringList> protectedThings{"protected/locks", {}}; ///< Protection's
inline const Key<QByteArray> cleanupColumns{"cleanup/columns", {}};
inline const Key<QString> accounts{"accounts/signedIn", {}}; ///< who, a JSON list; their secrets are in the keyring
inline const Key<QByteArray> accountColumns{"accounts/columns", {}};
} // namespace keys

/** What the program remembers between starts, by typed keys; QSettings' only home. Owned by the Application. */
class Settings
{
public:
    /** The person's own: XDG_CONFIG_HOME/slipway/slipway.conf. */
    Settings()
        : m_settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("slipway"), QStringLiteral("slipway"))
    {
    }
    explicit Settings(const QString &file)
        : m_settings(file, QSettings::IniFormat)
    {
    }

    template <typename T> T value(const Key<T> &key) const
    {
        return m_settings.value(QLatin1String(key.name), QVariant::fromValue(key.fallback)).template value<T>();
    }
    template <typename T> void set(const Key<T> &key, const T &value)
    {
        m_settings.setValue(QLatin1String(key.name), QVariant::fromValue(value));
    }

private:
    QSettings m_settings;
};

} // namespace settings
