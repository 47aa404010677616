#include "archives/foldertar.h"
#include "support/privatedaemon.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using archives::FolderTar;
using archives::PackEntry;
using archives::PackRemark;
using namespace Qt::StringLiterals;

/** What GNU tar finds in the archives FolderTar makes. */
class FolderTarTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QByteArray root() const { return QFile::encodeName(m_folder.path()); }
    QByteArray path(const QByteArray &name) const { return root() + '/' + name; }
    void put(const QByteArray &name, const QByteArray &content) const
    {
        const int file
            = ::open(path(name).constData(), O_WRONLY | O_CREAT | O_TRUNC, 0644); // names that are no text too
        QVERIFY(file >= 0);
        QCOMPARE(::write(file, content.constData(), size_t(content.size())), ssize_t(content.size()));
        ::close(file);
    }
    static FolderTar::Source source(QList<PackEntry> entries)
    {
        return [entries, at = qsizetype(0)]() mutable -> core::Result<std::optional<PackEntry>> {
            return at < entries.size() ? std::optional(entries[at++]) : std::nullopt;
        };
    }
    static core::Result<QByteArray> all(FolderTar &tar)
    {
        QByteArray whole;
        for (;;) {
            const auto piece = tar.next();
            if (!piece || piece->isEmpty())
                return piece ? core::Result<QByteArray>(whole) : piece;
            whole += *piece;
        }
    }
    static QByteArray listed(const QByteArray &archive, const QStringList &options = {})
    {
        return support::runCommand(u"tar"_s,
            QStringList{u"--quoting-style=escape"_s, u"--numeric-owner"_s} + options + QStringList{u"-tvf"_s, u"-"_s},
            archive)
            .out;
    }
    static QByteArray extracted(const QByteArray &archive, const QString &name)
    {
        return support::runCommand(u"tar"_s, {u"-xOf"_s, u"-"_s, name}, archive).out;
    }

private Q_SLOTS:
    void init()
    {
        QVERIFY(m_folder.isValid());
        support::runCommand(u"find"_s, {m_folder.path(), u"-mindepth"_s, u"1"_s, u"-delete"_s});
    }

    void filesFoldersAndLinks()
    {
        put("a", "alpha");
        ::chmod(path("a").constData(), 0751);
        ::mkdir(path("d").constData(), 0700);
        put("d/b", QByteArray(1'000'000, 'b'));
        ::symlink("../nowhere", path("d/l").constData());
        ::link(path("a").constData(), path("z").constData());
        FolderTar tar(root(), source({{"a"}, {"d"}, {"d/b"}, {"d/l"}, {"z"}}));
        const auto archive = all(tar);
        QVERIFY(archive.ok());
        const QByteArray list = listed(*archive);
        QVERIFY2(list.contains("-rwxr-x--x 0/0"), list.constData());
        QVERIFY2(list.contains("drwx------ 0/0"), list.constData());
        QVERIFY2(list.contains(" d/l -> ../nowhere"), list.constData());
        QVERIFY2(list.contains(" z link to a"), list.constData());
        QCOMPARE(extracted(*archive, u"d/b"_s), QByteArray(1'000'000, 'b'));
        QCOMPARE(tar.packed(), 1'000'005);
        QVERIFY(tar.remarks().isEmpty());
    }

    void keepsNamesAsBytes()
    {
        const QByteArray latin("caf\xe9.txt");
        QByteArray deep;
        for (int i = 0; i < 5; ++i) {
            deep += QByteArray(100, char('a' + i));
            ::mkdir(path(deep).constData(), 0755);
            deep += '/';
        }
        put(latin, "1");
        put(deep + "end", "2");
        put("\xe6\x97\xa5\xe6\x9c\xac", "3");
        FolderTar tar(root(), source({{latin}, {deep + "end"}, {"\xe6\x97\xa5\xe6\x9c\xac"}}));
        const auto archive = all(tar);
        QVERIFY(archive.ok());
        QTemporaryDir out;
        QCOMPARE(support::runCommand(u"tar"_s, {u"-C"_s, out.path(), u"-xf"_s, u"-"_s}, *archive).exitCode, 0);
        for (const QByteArray &name : {latin, QByteArray(deep + "end"), QByteArray("\xe6\x97\xa5\xe6\x9c\xac")})
            QVERIFY2(::access(QByteArray(QFile::encodeName(out.path()) + '/' + name).constData(), F_OK) == 0,
                name.constData());
    }

    void leavesOutWhatIsNoFile()
    {
        ::mkfifo(path("pipe").constData(), 0644);
        const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{AF_UNIX, {}};
        qstrncpy(address.sun_path, path("socket").constData(), sizeof address.sun_path);
        QCOMPARE(::bind(socket, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
        put("last", "x");
        FolderTar tar(root(), source({{"pipe"}, {"socket"}, {"gone"}, {"last"}}));
        const auto archive = all(tar);
        ::close(socket);
        QVERIFY(archive.ok());
        QCOMPARE(listed(*archive).count('\n'), 1);
        using Kind = PackRemark::Kind;
        const QList<PackRemark> expected{
            {Kind::NotAFile, "pipe"}, {Kind::NotAFile, "socket"}, {Kind::Vanished, "gone"}};
        QCOMPARE(tar.remarks(), expected);
    }

    void staysWholeWhenFilesChange_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("kind");
        QTest::newRow("shrinks") << 100'000 << int(PackRemark::Kind::Shrank);
        QTest::newRow("grows") << 3'000'000 << int(PackRemark::Kind::Grew);
    }

    void staysWholeWhenFilesChange()
    {
        QFETCH(int, size);
        QFETCH(int, kind);
        put("big", QByteArray(1'500'000, 'x'));
        put("after", "after");
        FolderTar tar(root(), source({{"big"}, {"after"}}));
        QByteArray archive = *tar.next();
        QVERIFY(tar.packed() > 0 && tar.packed() < 1'000'000);
        QCOMPARE(::truncate(path("big").constData(), size), 0);
        const auto rest = all(tar);
        QVERIFY(rest.ok());
        archive += *rest;
        QCOMPARE(extracted(archive, u"big"_s).size(), 1'500'000);
        QCOMPARE(extracted(archive, u"after"_s), QByteArray("after"));
        QCOMPARE(tar.remarks().size(), 1);
        QCOMPARE(int(tar.remarks().first().kind), kind);
    }

    void holdsOnePieceOnly()
    {
        put("sparse", {});
        QCOMPARE(::truncate(path("sparse").constData(), 64 * 1024 * 1024), 0);
        FolderTar tar(root(), source({{"sparse"}}));
        qint64 total = 0;
        for (auto piece = tar.next(); !piece->isEmpty(); piece = tar.next()) {
            QVERIFY(piece->size() < 1024 * 1024);
            total += piece->size();
        }
        QVERIFY(total > 64 * 1024 * 1024);
        QVERIFY(tar.next()->isEmpty());
    }

    void content()
    {
        FolderTar tar(root(), source({{"Dockerfile.outside", {}, QByteArray("FROM scratch\n")}}));
        const auto archive = all(tar);
        QVERIFY(archive.ok());
        QCOMPARE(extracted(*archive, u"Dockerfile.outside"_s), QByteArray("FROM scratch\n"));
    }

    void saysWhatCannotBeRead()
    {
        if (::geteuid() == 0) {
            // Root reads all: a file on a link loop cannot be reached by anybody.
            ::symlink("loop", path("loop").constData());
            FolderTar tar(root(), source({{"loop/x"}}));
            const auto archive = all(tar);
            QVERIFY(!archive.ok());
            QVERIFY2(archive.error().message.contains(u"loop/x"_s), qPrintable(archive.error().message));
            return;
        }
        put("secret", "x");
        ::chmod(path("secret").constData(), 0);
        FolderTar tar(root(), source({{"secret"}}));
        const auto archive = all(tar);
        QVERIFY(!archive.ok());
        QCOMPARE(archive.error().kind, core::ErrorKind::Denied);
    }

    void passesOnTheSourcesError()
    {
        FolderTar tar(root(), []() -> core::Result<std::optional<PackEntry>> {
            return core::Error{core::ErrorKind::Denied, 0, u"no"_s, {}};
        });
        const auto archive = tar.next();
        QVERIFY(!archive.ok());
        QCOMPARE(archive.error().message, u"no"_s);
    }
};

QTEST_GUILESS_MAIN(FolderTarTest)
#include "tst_foldertar.moc"
