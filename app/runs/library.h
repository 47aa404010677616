#pragma once

#include "core/result.h"
#include "inventory/listchange.h"
#include "recipe/configfile.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <optional>

namespace runs {

/** One saved configuration: a file of the Library, readable or not. */
struct SavedConfig
{
    QString name;
    QString path;
    recipe::ConfigFile file; ///< what it says, while trouble is empty
    QString trouble; ///< the sentence that says what is wrong, and in which line; such a file is never written to
    qint64 modified = 0; ///< Unix seconds

    bool operator==(const SavedConfig &) const = default;

    QString key() const { return name; }
    inventory::ColumnMask changedColumns(const SavedConfig &now) const;
    bool readable() const { return trouble.isEmpty(); }
};

/** Columns of the table of saved configurations. */
enum class ConfigColumn { Name, Image, Gpus, Command, Changed };
inline constexpr int configColumnCount = 5;

/** What to do when a name is taken. */
enum class IfTaken { Refuse, Replace };

/**
 * The saved run configurations: one JSON file each, named after the configuration, in the person's configuration
 * folder. Watches them, so what an editor or another Slipway does is seen. Files are replaced as a whole or not at
 * all; one that cannot be read is never replaced. Owned by the Application.
 */
class Library : public QObject
{
    Q_OBJECT
public:
    /** XDG_CONFIG_HOME/slipway/runs. */
    static QString defaultFolder();
    explicit Library(const QString &folder = defaultFolder(), QObject *parent = nullptr);

    const QString &folder() const { return m_folder; }
    const QList<SavedConfig> &configs() const { return m_configs; } ///< by name
    const SavedConfig *find(const QString &name) const;
    /** The name itself while it is free, else "name 2", "name 3". */
    QString freeName(const QString &name) const;

    /** What the file on the disk says beyond what Slipway knows stays. Conflict: the name is taken, or its file is
     * broken. */
    core::Result<void> save(const QString &name, const recipe::ConfigFile &file, IfTaken ifTaken = IfTaken::Refuse);
    /** Answers the copy's name. */
    core::Result<QString> duplicate(const QString &name);
    core::Result<void> rename(const QString &from, const QString &to);
    core::Result<void> exportTo(const QString &name, const QString &path) const;
    /** Named after the file, unless another name is given; answers the name. Conflict when it is taken. */
    core::Result<QString> importFrom(const QString &path, const QString &as = {});
    /** A free name for what would be imported under one that is taken: "vit-2". */
    QString importName(const QString &path) const;

    /** Also broken ones. Kept aside for 30 days: undoRemove() brings it back, after a crash too. */
    core::Result<void> remove(const QString &name);
    /** Conflict when the name was taken meanwhile. */
    core::Result<void> undoRemove(const QString &name);

    /** Looks at the files again; by itself it does so soon after a change. */
    void reload();

Q_SIGNALS:
    void changed(const inventory::ListChange &change);
    /** By rename(), after changed(): what is kept elsewhere under the old name belongs to the new one. */
    void renamed(const QString &from, const QString &to);

private:
    core::Result<void> checkWritable(const QString &name, IfTaken ifTaken, recipe::ConfigFile &file) const;
    QString pathOf(const QString &name) const;
    QString trash() const;
    void purge() const;
    void watch();

    QString m_folder;
    QList<SavedConfig> m_configs;
    QFileSystemWatcher m_watcher;
    QTimer m_soon;
};

/** "vit/large" as a file name and back: what a file name cannot hold is written as %2F. */
QString fileNameOf(const QString &name);
QString nameOfFile(const QString &fileName);

/** Reads a configuration anywhere; the error's sentence names the file. */
core::Result<recipe::ConfigFile> readConfig(const QString &path);
/** `slipway.json` in a folder of code, if there is one: the configuration that travels with the code. Its ${PWD} is
 * the folder. Reads files: off the main thread. */
std::optional<SavedConfig> findBeside(const QString &folder);
/** The same in the folder or, below a repository's root, the nearest above it. */
std::optional<SavedConfig> findAround(const QString &folder);

} // namespace runs
