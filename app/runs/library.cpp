#include "runs/library.h"

#include "core/log.h"
#include "recipe/resolve.h"
#include "recipe/rules.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>
#include <cerrno>
#include <cstring>

namespace runs {

using namespace Qt::StringLiterals;

namespace {

constexpr int trashDays = 30;
constexpr qsizetype longestFileName = 255; ///< bytes, of every file system of Linux
constexpr auto suffix = ".json"_L1;

core::Error conflict(const QString &sentence) { return {core::ErrorKind::Conflict, 0, sentence, {}}; }
core::Error missing(const QString &sentence) { return {core::ErrorKind::NotFound, 0, sentence, {}}; }
core::Error notWritten(const QString &path, const QString &reason)
{
    return {core::ErrorKind::Denied, 0, Library::tr("%1 cannot be written: %2.").arg(path, reason), {}};
}

core::Result<QByteArray> readWhole(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return core::Error{core::ErrorKind::NotFound, 0, file.errorString() + u'.', {}};
    return file.readAll();
}

core::Result<void> writeWhole(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return notWritten(path, file.errorString());
    return {};
}

/** Replaces what is there; both are in one file system. */
core::Result<void> move(const QString &from, const QString &to)
{
    if (std::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return notWritten(to, QString::fromLocal8Bit(std::strerror(errno)));
    return {};
}

SavedConfig readSaved(const QString &name, const QString &path)
{
    SavedConfig config;
    config.name = name;
    config.path = path;
    config.modified = QFileInfo(path).lastModified().toSecsSinceEpoch();
    const auto bytes = readWhole(path);
    auto file = bytes ? recipe::fromJson(*bytes) : core::Result<recipe::ConfigFile>(bytes.error());
    if (file)
        config.file = std::move(*file);
    else
        config.trouble = file.error().message;
    return config;
}

} // namespace

inventory::ColumnMask SavedConfig::changedColumns(const SavedConfig &now) const
{
    return *this == now ? 0 : (1U << configColumnCount) - 1;
}

QString fileNameOf(const QString &name)
{
    static constexpr auto unsafe = "/\\%:*?\"<>|";
    QByteArray out;
    for (const char c : name.toUtf8()) {
        // A dot in front would hide it; the others are no file names on a stick that goes elsewhere.
        if (std::strchr(unsafe, c) || uchar(c) < 0x20 || c == 0x7f || (c == '.' && out.isEmpty()))
            out += '%' + QByteArray(1, c).toHex().toUpper();
        else
            out += c;
    }
    return QString::fromUtf8(out) + suffix;
}

QString nameOfFile(const QString &fileName)
{
    const QString base = fileName.endsWith(suffix) ? fileName.chopped(suffix.size()) : fileName;
    const QString name = QString::fromUtf8(QByteArray::fromPercentEncoding(base.toUtf8()));
    // One that was not written by us, and is only read like ours.
    return fileNameOf(name) == base + suffix ? name : base;
}

QString Library::defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/slipway/runs"_s;
}

Library::Library(const QString &folder, QObject *parent)
    : QObject(parent)
    , m_folder(folder)
{
    if (!QDir().mkpath(m_folder))
        qCWarning(core::lcLaunch) << "no folder for saved runs:" << m_folder;
    purge();
    m_soon.setSingleShot(true);
    m_soon.setInterval(100); // an editor writes in several steps
    connect(&m_soon, &QTimer::timeout, this, &Library::reload);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_soon, qOverload<>(&QTimer::start));
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_soon, qOverload<>(&QTimer::start));
    reload();
}

const SavedConfig *Library::find(const QString &name) const
{
    const auto it = std::ranges::find(m_configs, name, &SavedConfig::name);
    return it == m_configs.end() ? nullptr : &*it;
}

QString Library::freeName(const QString &name) const
{
    QString free = name;
    for (int i = 2; find(free) || QFileInfo::exists(pathOf(free)); ++i)
        free = u"%1 %2"_s.arg(name).arg(i);
    return free;
}

QString Library::pathOf(const QString &name) const
{
    const SavedConfig *known = find(name);
    return known ? known->path : m_folder + u'/' + fileNameOf(name);
}

QString Library::trash() const { return m_folder + u"/.removed"_s; }

void Library::purge() const
{
    const QDateTime oldest = QDateTime::currentDateTime().addDays(-trashDays);
    for (const QFileInfo &file : QDir(trash()).entryInfoList({u"*.json"_s}, QDir::Files | QDir::Hidden)) {
        if (file.metadataChangeTime() < oldest)
            QFile::remove(file.filePath());
    }
}

void Library::reload()
{
    QList<SavedConfig> fresh;
    for (const QFileInfo &file : QDir(m_folder).entryInfoList({u"*.json"_s}, QDir::Files, QDir::Name))
        fresh += readSaved(nameOfFile(file.fileName()), file.filePath());
    const inventory::ListChange change = inventory::update(m_configs, fresh);
    watch();
    if (!change.empty())
        Q_EMIT changed(change);
}

void Library::watch()
{
    QStringList wanted{m_folder};
    for (const SavedConfig &config : std::as_const(m_configs))
        wanted += config.path;
    // A file that was replaced is another one: the watcher has dropped it.
    const QStringList watched = m_watcher.files() + m_watcher.directories();
    QStringList fresh;
    for (const QString &path : std::as_const(wanted)) {
        if (!watched.contains(path) && QFileInfo::exists(path))
            fresh += path;
    }
    if (!fresh.isEmpty())
        m_watcher.addPaths(fresh);
}

core::Result<void> Library::checkWritable(const QString &name, IfTaken ifTaken, recipe::ConfigFile &file) const
{
    if (name.trimmed().isEmpty())
        return conflict(tr("A saved run needs a name."));
    if (fileNameOf(name).toUtf8().size() > longestFileName)
        return conflict(tr("The name “%1…” is too long for a file.").arg(name.left(20)));
    const QString path = pathOf(name);
    if (!QFileInfo::exists(path))
        return {};
    // As it is now, not as it was when it was last looked at.
    const SavedConfig there = readSaved(name, path);
    if (!there.readable())
        return conflict(tr("“%1” is not replaced, because its file cannot be read: %2").arg(name, there.trouble));
    if (ifTaken == IfTaken::Refuse)
        return conflict(tr("There is a saved run “%1” already.").arg(name));
    if (file.description.isEmpty())
        file.description = there.file.description;
    for (const core::UnknownField &field : there.file.unknown) {
        const auto same = [&field](const core::UnknownField &other) {
            return other.key == field.key && other.element == field.element && other.parent == field.parent;
        };
        if (std::ranges::none_of(file.unknown, same))
            file.unknown += field;
    }
    return {};
}

core::Result<void> Library::save(const QString &name, const recipe::ConfigFile &file, IfTaken ifTaken)
{
    recipe::ConfigFile whole = file;
    if (auto writable = checkWritable(name, ifTaken, whole); !writable)
        return writable;
    auto written = writeWhole(pathOf(name), recipe::toJson(whole));
    reload();
    return written;
}

core::Result<QString> Library::duplicate(const QString &name)
{
    const QString copy = freeName(name);
    const auto bytes = readWhole(pathOf(name));
    if (!bytes)
        return missing(tr("There is no saved run “%1”.").arg(name));
    if (const auto written = writeWhole(m_folder + u'/' + fileNameOf(copy), *bytes); !written)
        return written.error();
    reload();
    return copy;
}

core::Result<void> Library::rename(const QString &from, const QString &to)
{
    if (from == to)
        return {};
    if (!QFileInfo::exists(pathOf(from)))
        return missing(tr("There is no saved run “%1”.").arg(from));
    recipe::ConfigFile none;
    if (auto writable = checkWritable(to, IfTaken::Refuse, none); !writable)
        return writable;
    auto moved = move(pathOf(from), m_folder + u'/' + fileNameOf(to));
    reload();
    if (moved)
        Q_EMIT renamed(from, to);
    return moved;
}

core::Result<void> Library::exportTo(const QString &name, const QString &path) const
{
    const auto bytes = readWhole(pathOf(name));
    if (!bytes)
        return missing(tr("There is no saved run “%1”.").arg(name));
    return writeWhole(path, *bytes);
}

core::Result<QString> Library::importFrom(const QString &path, const QString &as)
{
    const auto file = readConfig(path);
    if (!file)
        return file.error();
    const QString name = as.isEmpty() ? nameOfFile(QFileInfo(path).fileName()) : as;
    if (const auto saved = save(name, *file); !saved)
        return saved.error();
    return name;
}

QString Library::importName(const QString &path) const
{
    QStringList taken;
    for (const SavedConfig &config : m_configs)
        taken += config.name;
    return recipe::freeName(nameOfFile(QFileInfo(path).fileName()), taken);
}

core::Result<void> Library::remove(const QString &name)
{
    const QString path = pathOf(name);
    if (!QFileInfo::exists(path))
        return missing(tr("There is no saved run “%1”.").arg(name));
    if (!QDir().mkpath(trash()))
        return notWritten(trash(), tr("the folder cannot be made"));
    auto moved = move(path, trash() + u'/' + fileNameOf(name));
    reload();
    return moved;
}

core::Result<void> Library::undoRemove(const QString &name)
{
    const QString aside = trash() + u'/' + fileNameOf(name);
    if (!QFileInfo::exists(aside))
        return missing(tr("“%1” cannot be brought back: it is not kept any more.").arg(name));
    if (QFileInfo::exists(pathOf(name)))
        return conflict(tr("There is a saved run “%1” already.").arg(name));
    auto moved = move(aside, pathOf(name));
    reload();
    return moved;
}

core::Result<recipe::ConfigFile> readConfig(const QString &path)
{
    const auto bytes = readWhole(path);
    if (!bytes)
        return missing(Library::tr("%1 cannot be read: %2").arg(path, bytes.error().message));
    auto file = recipe::fromJson(*bytes);
    if (!file)
        return core::Error{core::ErrorKind::Protocol, 0, u"%1: %2"_s.arg(path, file.error().message), {}};
    return file;
}

std::optional<SavedConfig> findBeside(const QString &folder)
{
    const QString path = QDir(folder).filePath(u"slipway.json"_s);
    if (!QFileInfo(path).isFile())
        return std::nullopt;
    SavedConfig found = readSaved(QFileInfo(folder).fileName(), path);
    found.file.config = recipe::placedIn(found.file.config, QDir(folder).absolutePath());
    return found;
}

std::optional<SavedConfig> findAround(const QString &folder)
{
    std::optional<SavedConfig> found;
    QDir place(QDir(folder).absolutePath());
    const QString lowest = place.path();
    do {
        if (!found)
            found = findBeside(place.path());
        if (place.exists(u".git"_s)) // what lies above the repository belongs to others
            return found;
    } while (place.cdUp());
    return findBeside(lowest);
}

} // namespace runs
