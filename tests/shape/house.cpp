#include "house.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <algorithm>

namespace {

/** Which folders of app a folder of app may include besides itself; what those may include is allowed too. */
const QHash<QString, QStringList> &below()
{
    static const QHash<QString, QStringList> table{
        {QStringLiteral("core"), {}},
        {QStringLiteral("archives"), {QStringLiteral("core")}},
        {QStringLiteral("git"), {QStringLiteral("core")}},
        {QStringLiteral("recipe"), {QStringLiteral("core")}},
        {QStringLiteral("dockerline"), {QStringLiteral("recipe")}},
        {QStringLiteral("http"), {QStringLiteral("core")}},
        {QStringLiteral("docker"), {QStringLiteral("http")}},
        {QStringLiteral("hosts"), {QStringLiteral("docker")}},
        {QStringLiteral("gpu"), {QStringLiteral("core")}},
        {QStringLiteral("terminal"), {QStringLiteral("core")}},
        {QStringLiteral("settings"), {QStringLiteral("core")}},
        {QStringLiteral("logs"), {QStringLiteral("docker")}},
        {QStringLiteral("inventory"), {QStringLiteral("docker"), QStringLiteral("gpu"), QStringLiteral("settings")}},
        {QStringLiteral("models"), {QStringLiteral("inventory")}},
        {QStringLiteral("accounts"), {QStringLiteral("models"), QStringLiteral("settings")}},
        {QStringLiteral("transfers"), {QStringLiteral("docker"), QStringLiteral("settings")}},
        {QStringLiteral("session"), {QStringLiteral("docker")}},
        {QStringLiteral("contexts"), {QStringLiteral("session")}},
        {QStringLiteral("builds"),
            {QStringLiteral("archives"), QStringLiteral("contexts"), QStringLiteral("transfers"),
                QStringLiteral("settings"), QStringLiteral("recipe")}},
        {QStringLiteral("inspect"), {QStringLiteral("dockerline"), QStringLiteral("docker")}},
        {QStringLiteral("launch"),
            {QStringLiteral("git"), QStringLiteral("archives"), QStringLiteral("inspect"), QStringLiteral("inventory"),
                QStringLiteral("accounts"), QStringLiteral("transfers"), QStringLiteral("settings"),
                QStringLiteral("logs")}},
        {QStringLiteral("runs"), {QStringLiteral("launch"), QStringLiteral("models")}},
        {QStringLiteral("code"), {QStringLiteral("runs")}},
        {QStringLiteral("images"), {QStringLiteral("runs"), QStringLiteral("transfers")}},
        {QStringLiteral("cleanup"), {QStringLiteral("runs"), QStringLiteral("transfers"), QStringLiteral("settings")}},
    };
    return table;
}

bool mayInclude(const QString &from, const QString &to)
{
    if (from == to)
        return true;
    const QStringList direct = below().value(from);
    return std::any_of(direct.begin(), direct.end(), [&](const QString &next) { return mayInclude(next, to); });
}

QStringList readLines(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

/** Comments become nothing, string contents too; line breaks stay. Raw strings are left as they are. */
QString withoutComments(const QString &text)
{
    static const QRegularExpression token(
        QStringLiteral(R"(//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"),
        QRegularExpression::DotMatchesEverythingOption);
    QString out;
    qsizetype last = 0;
    for (auto it = token.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        const QString hit = match.captured();
        out += QStringView(text).mid(last, match.capturedStart() - last);
        out += hit.startsWith(u'/') ? QString(hit.count(u'\n'), u'\n')
            : hit.startsWith(u'"')  ? QStringLiteral("\"\"")
                                    : QStringLiteral("' '");
        last = match.capturedEnd();
    }
    return out + QStringView(text).mid(last);
}

QString at(const SourceFile &file, qsizetype line) { return QStringLiteral("%1:%2").arg(file.path).arg(line + 1); }

} // namespace

House::House(const QString &root, const QString &qtHeaders)
    : m_root(root)
    , m_qtHeaders(qtHeaders)
{
    for (const QString &area : {QStringLiteral("app"), QStringLiteral("ui")}) {
        QDirIterator it(root + u'/' + area, {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files,
            QDirIterator::Subdirectories);
        while (it.hasNext())
            read(QDir(root).relativeFilePath(it.next()));
    }
    std::sort(m_files.begin(), m_files.end(), [](const SourceFile &a, const SourceFile &b) { return a.path < b.path; });
}

void House::read(const QString &path)
{
    SourceFile file;
    file.path = path;
    const QStringList parts = path.split(u'/');
    file.area = parts.first();
    file.folder = parts.size() > 2 ? parts.mid(1, parts.size() - 2).join(u'/') : QString();
    file.rawLines = readLines(m_root + u'/' + path);
    file.lines = withoutComments(file.rawLines.join(u'\n')).split(u'\n');
    static const QRegularExpression include(QStringLiteral(R"(^\s*#\s*include\s*(?:"([^"]+)\"|<([^>]+)>))"));
    for (const QString &line : std::as_const(file.rawLines)) {
        const auto match = include.match(line);
        if (match.hasMatch() && !match.captured(1).isEmpty())
            file.quoted.append(match.captured(1));
        else if (match.hasMatch())
            file.angled.append(match.captured(2));
    }
    m_files.append(file);
}

const SourceFile *House::find(const QString &path) const
{
    const auto it
        = std::find_if(m_files.begin(), m_files.end(), [&](const SourceFile &file) { return file.path == path; });
    return it == m_files.end() ? nullptr : &*it;
}

QString House::resolve(const QString &include) const
{
    // Two folders may be named alike (app/logs, ui/logs): the file that exists is meant.
    for (const QString &area : {QStringLiteral("app/"), QStringLiteral("ui/")}) {
        if (find(area + include))
            return area + include;
    }
    return {};
}

QStringList House::all() const
{
    return topLevel() + looseFiles() + includesCarryTheFolder() + includeDirection() + noIncludeCycles()
        + appIsWidgetFree() + thirdPartyHomes() + sizes() + forbiddenWords() + classComments()
        + testsLinkOnlyTheirLibrary();
}

QStringList House::topLevel() const
{
    static const QSet<QString> allowed{QStringLiteral("CMakeLists.txt"), QStringLiteral("app"), QStringLiteral("ui"),
        QStringLiteral("resources"), QStringLiteral("tests"), QStringLiteral("packaging"), QStringLiteral("README.md"),
        QStringLiteral("CMakePresets.json"), QStringLiteral("LICENSE"), QStringLiteral(".clang-format"),
        QStringLiteral(".clang-tidy"), QStringLiteral(".gitignore"), QStringLiteral(".ci"), QStringLiteral(".git"),
        // Not in the repository: .gitignore has them.
        QStringLiteral("build"), QStringLiteral(".cache"), QStringLiteral("compile_commands.json")};
    QStringList bad;
    for (const QString &entry : QDir(m_root).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)) {
        if (!allowed.contains(entry) && !entry.startsWith(u"build-"))
            bad.append(QStringLiteral("%1 does not belong into the top level").arg(entry));
    }
    return bad;
}

QStringList House::looseFiles() const
{
    static const QRegularExpression looseUi(QStringLiteral(R"(^ui/(main\.cpp|(application|mainwindow)\.(h|cpp))$)"));
    QStringList bad;
    for (const SourceFile &file : m_files) {
        if (file.area == u"app" && file.folder.isEmpty())
            bad.append(QStringLiteral("%1: no loose sources in app/").arg(file.path));
        else if (file.area == u"app" && !below().contains(file.folder))
            bad.append(QStringLiteral("%1: app/ has no folder %2").arg(file.path, file.folder));
        else if (file.area == u"ui" && file.folder.isEmpty() && !looseUi.match(file.path).hasMatch())
            bad.append(
                QStringLiteral("%1: the loose files of ui/ are main, application and mainwindow").arg(file.path));
        else if (file.folder.contains(u'/'))
            bad.append(QStringLiteral("%1: folders have no folders").arg(file.path));
    }
    return bad;
}

QStringList House::includesCarryTheFolder() const
{
    QStringList bad;
    for (const SourceFile &file : m_files) {
        for (const QString &include : file.quoted) {
            if (include.endsWith(u".moc") || include.startsWith(u"ui_"))
                continue;
            if (file.area == u"ui" && !include.contains(u'/') && find(QStringLiteral("ui/") + include))
                continue; // a loose file of ui/: includeDirection() says who may
            if (!include.contains(u'/') || include.contains(QStringLiteral("..")))
                bad.append(QStringLiteral("%1 includes \"%2\" without its folder").arg(file.path, include));
            else if (resolve(include).isEmpty())
                bad.append(
                    QStringLiteral("%1 includes \"%2\", which is neither in app/ nor in ui/").arg(file.path, include));
            else if (find(QStringLiteral("app/") + include) && find(QStringLiteral("ui/") + include))
                bad.append(QStringLiteral("%1 includes \"%2\", which is in app/ and in ui/").arg(file.path, include));
        }
    }
    return bad;
}

QStringList House::includeDirection() const
{
    QStringList bad;
    for (const SourceFile &file : m_files) {
        for (const QString &include : file.quoted) {
            if (file.area == u"ui" && !include.contains(u'/') && find(QStringLiteral("ui/") + include)) {
                if (!file.folder.isEmpty())
                    bad.append(QStringLiteral("%1 includes \"%2\": nobody includes the loose files of ui/")
                                   .arg(file.path, include));
                continue;
            }
            const SourceFile *target = find(resolve(include));
            if (!target || (target->area == file.area && target->folder == file.folder))
                continue;
            if (file.area == u"app" && target->area == u"ui")
                bad.append(QStringLiteral("%1 includes %2: app/ does not know ui/").arg(file.path, target->path));
            else if (file.area == u"app" && !mayInclude(file.folder, target->folder))
                bad.append(QStringLiteral("%1 includes %2: %3 is not below %4")
                               .arg(file.path, target->path, target->folder, file.folder));
            else if (file.area == u"ui" && file.folder == u"common"
                && !(target->area == u"app" && target->folder == u"core"))
                bad.append(QStringLiteral("%1 includes %2: ui/common knows core only").arg(file.path, target->path));
            else if (file.area == u"ui" && !file.folder.isEmpty() && target->area == u"ui"
                && target->folder != u"common")
                bad.append(QStringLiteral("%1 includes %2: the pages of ui/ do not know each other")
                               .arg(file.path, target->path));
        }
    }
    return bad;
}

QStringList House::noIncludeCycles() const
{
    QStringList bad;
    QHash<QString, int> state; // 1: on the way, 2: done
    QStringList way;
    const auto visit = [&](const auto &self, const QString &path) -> void {
        state[path] = 1;
        way.append(path);
        const QStringList includes = find(path)->quoted;
        for (const QString &include : includes) {
            const QString target = find(QStringLiteral("ui/") + include) && !include.contains(u'/')
                ? QStringLiteral("ui/") + include
                : resolve(include);
            if (target.isEmpty())
                continue;
            if (state.value(target) == 1)
                bad.append(QStringLiteral("a cycle: %1 > %2")
                               .arg(way.mid(way.indexOf(target)).join(QStringLiteral(" > ")), target));
            else if (state.value(target) == 0)
                self(self, target);
        }
        way.removeLast();
        state[path] = 2;
    };
    for (const SourceFile &file : m_files) {
        if (state.value(file.path) == 0)
            visit(visit, file.path);
    }
    return bad;
}

QSet<QString> House::classesOf(const QStringList &modules) const
{
    QSet<QString> classes;
    for (const QString &module : modules) {
        const QStringList headers = QDir(m_qtHeaders + u'/' + module).entryList(QDir::Files);
        for (const QString &header : headers) {
            classes.insert(header);
            classes.insert(module + u'/' + header);
        }
        classes.insert(module);
        classes.insert(module + u'/' + module);
    }
    return classes;
}

QStringList House::appIsWidgetFree() const
{
    const QSet<QString> allowed = classesOf({QStringLiteral("QtCore"), QStringLiteral("QtNetwork"),
        QStringLiteral("QtConcurrent"), QStringLiteral("QtSql"), QStringLiteral("QtDBus")});
    static const QRegularExpression module(QStringLiteral(R"(Qt6?::(\w+))"));
    static const QSet<QString> allowedModules{QStringLiteral("Core"), QStringLiteral("Network"),
        QStringLiteral("Concurrent"), QStringLiteral("Sql"), QStringLiteral("DBus")};
    QStringList bad;
    for (const SourceFile &file : m_files) {
        if (file.area != u"app")
            continue;
        for (const QString &include : file.angled) {
            if (include.startsWith(u'Q') && !allowed.contains(include))
                bad.append(QStringLiteral("%1 includes <%2>: app/ has Qt Core, Network, Concurrent, Sql and DBus only")
                               .arg(file.path, include));
        }
    }
    QDirIterator it(
        m_root + QStringLiteral("/app"), {QStringLiteral("CMakeLists.txt")}, QDir::Files, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QString path = it.next();
        const QString text = readLines(path).join(u'\n');
        for (auto match = module.globalMatch(text); match.hasNext();) {
            const QString name = match.next().captured(1);
            if (!allowedModules.contains(name))
                bad.append(QStringLiteral("%1 links Qt6::%2: app/ has Qt Core, Network, Concurrent, Sql and DBus only")
                               .arg(QDir(m_root).relativeFilePath(path), name));
        }
    }
    return bad;
}

QStringList House::thirdPartyHomes() const
{
    // What is neither Qt, nor C++, nor the system's, is somebody's: by the first part of its name.
    static const QRegularExpression system(QStringLiteral(
        R"(^(sys|linux|netinet|arpa|asm|net)/|^(unistd|fcntl|poll|signal|errno|dlfcn|pthread|pwd|grp|termios|pty|time|stdlib|stdio|string|limits|stdint|sched|ftw|glob|locale|wchar)\.h$)"));
    QHash<QString, QSet<QString>> homes;
    for (const SourceFile &file : m_files) {
        for (const QString &include : file.angled) {
            const bool ours = include.startsWith(u"Q") || (!include.contains(u'.') && !include.contains(u'/'))
                || system.match(include).hasMatch();
            if (!ours)
                homes[include.section(u'/', 0, 0).section(QRegularExpression(QStringLiteral("[._]")), 0, 0)].insert(
                    file.area + u'/' + file.folder);
        }
    }
    QStringList bad;
    for (auto it = homes.constBegin(); it != homes.constEnd(); ++it) {
        if (it->size() > 1)
            bad.append(QStringLiteral("<%1…> is included in %2: it has one home")
                           .arg(it.key(), QStringList(it->begin(), it->end()).join(QStringLiteral(" and "))));
    }
    return bad;
}

QStringList House::sizes() const
{
    QStringList bad;
    QHash<QString, QSet<QString>> units;
    for (const SourceFile &file : m_files) {
        const qsizetype limit = file.header() ? 250 : 500;
        if (file.rawLines.size() > limit)
            bad.append(QStringLiteral("%1 has %2 lines; the stop is at %3")
                           .arg(file.path)
                           .arg(file.rawLines.size())
                           .arg(limit));
        if (!file.folder.isEmpty())
            units[file.area + u'/' + file.folder].insert(file.path.section(u'.', 0, 0));
    }
    for (auto it = units.constBegin(); it != units.constEnd(); ++it) {
        if (it->size() > 16)
            bad.append(QStringLiteral("%1 has %2 units; the stop is at 16").arg(it.key()).arg(it->size()));
    }
    return bad;
}

QStringList House::forbiddenWords() const
{
    struct Rule
    {
        QRegularExpression pattern;
        QString reason;
        bool looseToo;
    };
    static const QList<Rule> rules{
        {QRegularExpression(QStringLiteral(R"(\bprocessEvents\b|\bwaitFor[A-Z]\w*\s*\(|\bQEventLoop\b)")),
            QStringLiteral("nothing waits"), true},
        // Of dialogs, menus and drags; the application's own is in ui's loose files and in the command line. A
        // database's query is none.
        {QRegularExpression(QStringLiteral(R"((?<!query)(\.|->|::)exec\s*\()")),
            QStringLiteral("no nested event loops"), false},
        {QRegularExpression(QStringLiteral(
             R"(\bQMessageBox::(question|warning|information|critical|about)\s*\(|\bQ(Input|File|Color|Font)Dialog::get\w+\s*\()")),
            QStringLiteral("no nested event loops"), true},
        {QRegularExpression(QStringLiteral(R"(^\s*throw\b|[;{}]\s*throw\b)")), QStringLiteral("no exceptions of ours"),
            true},
        {QRegularExpression(QStringLiteral(R"(\bQ_GLOBAL_STATIC\b)")), QStringLiteral("no singletons"), true},
        {QRegularExpression(QStringLiteral(R"(\b(co_await|co_return|co_yield)\b)")), QStringLiteral("no coroutines"),
            true},
    };
    QStringList bad;
    for (const SourceFile &file : m_files) {
        const bool loose = file.area == u"ui" && (file.folder.isEmpty() || file.folder == u"cli");
        for (qsizetype i = 0; i < file.lines.size(); ++i) {
            for (const Rule &rule : rules) {
                const auto match = rule.pattern.match(file.lines[i]);
                if (match.hasMatch() && (!loose || rule.looseToo))
                    bad.append(QStringLiteral("%1: %2 (%3)").arg(at(file, i), match.captured().trimmed(), rule.reason));
            }
        }
    }
    return bad;
}

QStringList House::classComments() const
{
    // A definition at namespace level begins a line; a declaration ends with ';' on it.
    static const QRegularExpression definition(
        QStringLiteral(R"(^(class|struct)\s+(?:[A-Z_]+\s+)?(\w+)(?:\s+final)?\s*(:[^:;]*|\{.*)?$)"));
    QStringList bad;
    for (const SourceFile &file : m_files) {
        if (!file.header())
            continue;
        bool detail = false;
        for (qsizetype i = 0; i < file.rawLines.size(); ++i) {
            const QString &line = file.rawLines[i];
            if (line.startsWith(u"namespace detail"))
                detail = true;
            else if (line.startsWith(u"} // namespace detail"))
                detail = false;
            const auto match = definition.match(line);
            if (!match.hasMatch() || detail)
                continue;
            qsizetype above = i - 1;
            while (above >= 0 && file.rawLines[above].startsWith(u"template"))
                --above;
            const QString comment = above >= 0 ? file.rawLines[above].trimmed() : QString();
            if (!comment.endsWith(u"*/") && !comment.startsWith(u"//"))
                bad.append(QStringLiteral("%1: %2 has no comment above it").arg(at(file, i), match.captured(2)));
        }
    }
    return bad;
}

QStringList House::testsLinkOnlyTheirLibrary() const
{
    static const QRegularExpression library(QStringLiteral(R"(\bslipway_(\w+))"));
    QStringList bad;
    for (const QString &area : {QStringLiteral("app"), QStringLiteral("ui")}) {
        const QDir tests(m_root + QStringLiteral("/tests/") + area);
        for (const QString &folder : tests.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const QString own = area == u"ui" ? QStringLiteral("ui_") + folder : folder;
            const QString text = readLines(tests.filePath(folder + QStringLiteral("/CMakeLists.txt"))).join(u'\n');
            for (auto it = library.globalMatch(text); it.hasNext();) {
                const QString name = it.next().captured(1);
                if (name != own && name != u"testsupport" && name != u"test" && !name.startsWith(u"test_"))
                    bad.append(QStringLiteral("tests/%1/%2 links slipway_%3: a test links the library under test")
                                   .arg(area, folder, name));
            }
        }
    }
    return bad;
}
