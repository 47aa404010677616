#include "session/filesync.h"
#include "session/protobuf.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <sys/resource.h>
#include <unistd.h>

using namespace session;
using namespace Qt::StringLiterals;

namespace {

/** fsutil's numbers, spelled out again: the test's own reading of them. */
enum : quint64 { Stat = 0, Request = 1, Data = 2, Finished = 3, Failed = 4 };

/** Offers these, in this order; an Error at the end where there is one. */
class List : public FileSource
{
public:
    List(QByteArray root, QList<QByteArray> paths, std::optional<core::Error> fault = {})
        : m_root(std::move(root))
        , m_paths(std::move(paths))
        , m_fault(std::move(fault))
    {
    }
    core::Result<std::optional<FileEntry>> next() override
    {
        if (m_paths.isEmpty())
            return m_fault ? core::Result<std::optional<FileEntry>>(*m_fault) : std::optional<FileEntry>();
        FileEntry entry;
        entry.path = m_paths.takeFirst();
        if (::lstat(QByteArray(m_root + entry.path).constData(), &entry.status) != 0)
            qFatal("no %s", entry.path.constData());
        return std::optional(entry);
    }
    QByteArray root() const override { return m_root; }

private:
    QByteArray m_root;
    QList<QByteArray> m_paths;
    std::optional<core::Error> m_fault;
};

/** A Packet as it is read. */
struct Packet
{
    quint64 type = 0;
    quint64 id = 0;
    QByteArray data;
    bool hasStat = false;
    QByteArray path;
    QByteArray link;
    quint64 mode = 0;
    quint64 size = 0;
    quint64 modified = 0;
};

Packet packet(const QByteArray &message)
{
    Packet made;
    const bool read = eachField(message, [&](const Field &field) {
        if (field.number == 1)
            made.type = field.value;
        else if (field.number == 3)
            made.id = field.value;
        else if (field.number == 4)
            made.data = field.bytes.toByteArray();
        else if (field.number == 2) {
            made.hasStat = true;
            eachField(field.bytes, [&](const Field &stat) {
                if (stat.number == 1)
                    made.path = stat.bytes.toByteArray();
                else if (stat.number == 2)
                    made.mode = stat.value;
                else if (stat.number == 5)
                    made.size = stat.value;
                else if (stat.number == 6)
                    made.modified = stat.value;
                else if (stat.number == 7)
                    made.link = stat.bytes.toByteArray();
            });
        }
    });
    if (!read)
        qFatal("no packet");
    return made;
}

QByteArray ask(quint32 id) { return MessageWriter().number(1, Request).number(3, id).wire(); }

} // namespace

/** The side of DiffCopy that has the files, with a test as the builder. */
class FileSyncTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<std::atomic<qint64>> m_sent;
    std::shared_ptr<FileRemarks> m_remarks;

    QByteArray root() const { return QFile::encodeName(m_folder->path()) + '/'; }
    void put(const QString &name, const QByteArray &content) const
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    std::unique_ptr<FileSync> sync(const QList<QByteArray> &paths, const std::optional<core::Error> &fault = {}) const
    {
        return std::make_unique<FileSync>(std::make_unique<List>(root(), paths, fault), m_sent, m_remarks);
    }
    /** All until it waits or ends. */
    static QList<Packet> drain(FileSync &call, GrpcCall::Next *last = nullptr)
    {
        QList<Packet> packets;
        for (;;) {
            QByteArray message;
            const GrpcCall::Next next = call.next(message);
            if (last)
                *last = next;
            if (next != GrpcCall::Next::Message)
                return packets;
            packets += packet(message);
        }
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_sent = std::make_shared<std::atomic<qint64>>(0);
        m_remarks = std::make_shared<FileRemarks>();
    }

    void offersThenSendsWhatIsAskedFor()
    {
        QDir(m_folder->path()).mkdir(u"d"_s);
        put(u"d/big"_s, QByteArray(150'000, 'b'));
        put(u"z"_s, "last");
        QFile::setPermissions(m_folder->filePath(u"z"_s), QFile::ReadOwner | QFile::ExeOwner);
        QCOMPARE(::symlink("z", QByteArray(root() + "link").constData()), 0);
        const auto call = sync({"d", "d/big", "link", "z"});
        GrpcCall::Next last{};
        QList<Packet> offers = drain(*call, &last);
        QCOMPARE(last, GrpcCall::Next::Nothing);
        QCOMPARE(offers.size(), 5);
        QCOMPARE(offers[0].path, "d");
        QCOMPARE(offers[0].mode & (1ULL << 31), 1ULL << 31);
        QCOMPARE(offers[0].size, 0U);
        QCOMPARE(offers[1].path, "d/big");
        QCOMPARE(offers[1].size, 150'000U);
        QVERIFY(offers[1].modified > 1'700'000'000'000'000'000U);
        QCOMPARE(offers[2].link, "z");
        QCOMPARE(offers[2].mode & (1ULL << 27), 1ULL << 27);
        QCOMPARE(offers[3].mode, 0500U);
        QVERIFY(!offers[4].hasStat && offers[4].type == Stat);

        call->take(ask(3));
        call->take(ask(1));
        QByteArray z;
        QByteArray big;
        for (const Packet &piece : drain(*call)) {
            QCOMPARE(piece.type, Data);
            (piece.id == 3 ? z : big) += piece.data.isEmpty() ? "|" : piece.data;
        }
        QCOMPARE(z, "last|");
        QCOMPARE(big, QByteArray(150'000, 'b') + '|');
        QCOMPARE(m_sent->load(), 150'004);
        call->take(MessageWriter().number(1, Finished).wire());
        const QList<Packet> end = drain(*call, &last);
        QCOMPARE(end.size(), 1);
        QCOMPARE(end[0].type, Finished);
        QCOMPARE(last, GrpcCall::Next::End);
        QCOMPARE(call->status().code, GrpcCode::Ok);
        QCOMPARE(m_remarks->count, 0);
    }

    void offersAndPiecesTakeTurns()
    {
        QList<QByteArray> names;
        for (int i = 0; i < 20; ++i) {
            names += "f" + QByteArray::number(10 + i);
            put(QString::fromLatin1(names.last()), QByteArray(200'000, 'x'));
        }
        const auto call = sync(names);
        QByteArray message;
        QCOMPARE(call->next(message), GrpcCall::Next::Message);
        call->take(ask(0)); // before all were offered
        QList<quint64> types;
        for (int i = 0; i < 6; ++i) {
            QCOMPARE(call->next(message), GrpcCall::Next::Message);
            types += packet(message).type;
        }
        QCOMPARE(types.count(Data), 3);
        QCOMPARE(types.count(Stat), 3);
    }

    void whatIsNoFileIsNotOffered()
    {
        QCOMPARE(::mkfifo(QByteArray(root() + "pipe").constData(), 0600), 0);
        put(u"z"_s, "z");
        const auto call = sync({"pipe", "z"});
        const QList<Packet> offers = drain(*call);
        QCOMPARE(offers.size(), 2);
        QCOMPARE(offers[0].path, "z");
        call->take(ask(0)); // the numbers are those of what was offered
        QCOMPARE(drain(*call).value(0).data, "z");
    }

    void aFileWithTwoNamesIsOne()
    {
        put(u"a"_s, "content");
        QCOMPARE(::link(QByteArray(root() + "a").constData(), QByteArray(root() + "b").constData()), 0);
        const auto call = sync({"a", "b"});
        const QList<Packet> offers = drain(*call);
        QCOMPARE(offers[0].link, QByteArray());
        QCOMPARE(offers[0].size, 7U);
        QCOMPARE(offers[1].link, "a");
        QCOMPARE(offers[1].size, 0U);
    }

    void whatVanishesIsEmptyAndTold()
    {
        put(u"gone"_s, "x");
        put(u"link"_s, "x");
        const auto call = sync({"gone", "link"});
        drain(*call);
        QFile::remove(m_folder->filePath(u"gone"_s));
        QFile::remove(m_folder->filePath(u"link"_s));
        QCOMPARE(::symlink("/etc/hostname", QByteArray(root() + "link").constData()), 0);
        call->take(ask(0));
        call->take(ask(1));
        const QList<Packet> pieces = drain(*call);
        QCOMPARE(pieces.size(), 2);
        QVERIFY(pieces[0].data.isEmpty() && pieces[1].data.isEmpty()); // never what a link leads to
        QCOMPARE(m_remarks->count, 2);
        QCOMPARE(m_remarks->first, "gone");
        QVERIFY(m_remarks->firstVanished);
    }

    void whatChangesIsTold()
    {
        put(u"log"_s, QByteArray(100'000, 'x'));
        const auto call = sync({"log"});
        drain(*call);
        call->take(ask(0));
        QByteArray message;
        QCOMPARE(call->next(message), GrpcCall::Next::Message);
        QFile file(m_folder->filePath(u"log"_s));
        QVERIFY(file.open(QIODevice::Append));
        file.write("more");
        file.close();
        drain(*call);
        QCOMPARE(m_remarks->count, 1);
        QCOMPARE(m_remarks->first, "log");
        QVERIFY(!m_remarks->firstVanished);
    }

    void aFileThatCannotBeOpenedEndsIt()
    {
        put(u"a"_s, "x");
        const auto call = sync({"a"});
        drain(*call);
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
        const rlimit none{0, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0); // as on a machine that has too many files open
        call->take(ask(0));
        const QList<Packet> packets = drain(*call);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
        QCOMPARE(packets.size(), 1);
        QCOMPARE(packets[0].type, Failed); // never an empty file in its place
        QVERIFY(packets[0].data.startsWith("a: "));
    }

    void aFaultEndsIt()
    {
        const auto call = sync({}, core::Error{core::ErrorKind::Denied, 0, u"data: cannot be read"_s, {}});
        GrpcCall::Next last{};
        const QList<Packet> packets = drain(*call, &last);
        QCOMPARE(packets.size(), 1);
        QCOMPARE(packets[0].type, Failed);
        QCOMPARE(packets[0].data, "data: cannot be read");
        QCOMPARE(last, GrpcCall::Next::End);
        QCOMPARE(call->status().code, GrpcCode::Unknown);
    }

    void nobodyIsAskedForMore_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("a failure there") << MessageWriter().number(1, Failed).bytes(4, "disk full").wire();
        QTest::newRow("no packet") << QByteArray("\xff\xff");
    }
    void nobodyIsAskedForMore()
    {
        QFETCH(QByteArray, message);
        put(u"a"_s, "x");
        const auto call = sync({"a"});
        call->take(message);
        GrpcCall::Next last{};
        QVERIFY(drain(*call, &last).isEmpty());
        QCOMPARE(last, GrpcCall::Next::End);
    }

    void aFileThatWasNotOfferedIsNotSent()
    {
        put(u"a"_s, "x");
        const auto call = sync({"a"});
        drain(*call);
        call->take(ask(0));
        QCOMPARE(drain(*call).size(), 2);
        call->take(ask(0)); // twice
        GrpcCall::Next last{};
        QVERIFY(drain(*call, &last).isEmpty());
        QCOMPARE(last, GrpcCall::Next::End);
        QCOMPARE(call->status().code, GrpcCode::InvalidArgument);
    }

    void requestsAreRead()
    {
        const Metadata metadata{{"dir-name", "context"}, {"exclude-patterns", "a"}, {"exclude-patterns", "b c"},
            {"followpaths", "%C3%BC+x"}, {"followpaths-encoded", "1"}, {"user-agent", "grpc-go"}};
        const FileRequest request = fileRequest(metadata);
        QCOMPARE(request.folder, "context");
        QCOMPARE(request.excludes, QStringList({u"a"_s, u"b c"_s}));
        QCOMPARE(request.follows, QStringList{u"ü x"_s});
        QVERIFY(request.includes.isEmpty());
    }
};

QTEST_GUILESS_MAIN(FileSyncTest)
#include "tst_filesync.moc"
