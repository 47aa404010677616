#include "builds/buildjob.h"
#include "docker/engine.h"
#include "hosts/host.h"
#include "inventory/inventory.h"
#include "inventory/livefigures.h"
#include "logs/document.h"
#include "logs/inbox.h"
#include "logs/reader.h"
#include "logs/stamps.h"
#include "models/containersmodel.h"
#include "transfers/transfers.h"
#include "transfers/transfersmodel.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThread>
#include <cstdio>

// slipway-bench: how long the program's own parts take, without a window. One JSON object on standard output; exit code
// 1 and a sentence on standard error when it could not be measured, 2 for wrong usage.
//
//     slipway-bench log --container ID [--host URL]    the whole log into a document, as the console reads it
//     slipway-bench list [--host URL]                  the containers table, from the first byte sent to the model
//     slipway-bench build --context FOLDER [--classic] [--host URL]    an image, as the window builds it, nothing
//     cached
//     slipway-bench pull --image NAME [--host URL]     a pull, with its table

namespace {

constexpr auto usage = "Usage: slipway-bench log --container ID [--host URL]\n       slipway-bench list [--host URL]\n"
                       "       slipway-bench build --context FOLDER [--classic] [--host URL]\n"
                       "       slipway-bench pull --image NAME [--host URL]\n";
constexpr int wrongUsage = 2;

/** The most memory this process ever had, in bytes (proc(5), VmHWM). */
qint64 peakMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong() * 1024;
    }
    return -1;
}

int fail(const core::Error &error)
{
    std::fprintf(stderr, "slipway-bench: %s\n", qPrintable(error.message));
    return 1;
}

void print(const QJsonObject &object)
{
    std::printf("%s\n", QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

/**
 * A whole log through the parts that a logs::Feed uses: reader thread, inbox, stamps, document. The feed itself only
 * fetches the last lines of a long log. Owned by main().
 */
class LogBench : public QObject
{
public:
    LogBench(const http::Endpoint &endpoint, const QString &id, bool tty)
        : m_inbox(std::make_shared<logs::Inbox>(
            [this] { QMetaObject::invokeMethod(this, &LogBench::drain, Qt::QueuedConnection); }))
        , m_reader(new logs::Reader(endpoint, id, tty, m_inbox, std::make_shared<logs::Reader::Seen>()))
    {
        m_reader->moveToThread(&m_thread);
        connect(&m_thread, &QThread::finished, m_reader, &QObject::deleteLater);
        m_thread.start();
        m_clock.start();
        docker::LogQuery query;
        query.timestamps = true; // as the console does: 31 bytes more a line
        QMetaObject::invokeMethod(m_reader, [reader = m_reader, query] { reader->readLogs(1, query, false); });
    }
    ~LogBench() override
    {
        m_thread.quit();
        m_thread.wait();
    }

private:
    void drain()
    {
        constexpr qint64 step = 1024 * 1024;
        for (;;) {
            const auto pieces = m_inbox->take(step);
            if (pieces.empty())
                break;
            for (const logs::Inbox::Piece &piece : pieces)
                take(piece);
            m_document.flush();
        }
    }

    void take(const logs::Inbox::Piece &piece)
    {
        m_skipped += piece.skipped;
        m_received += piece.bytes.size();
        if (!piece.closed) {
            m_document.append(piece.output, m_stamps.strip(piece.output, piece.bytes));
            return;
        }
        if (!*piece.closed) {
            QCoreApplication::exit(fail(piece.closed->error()));
            return;
        }
        m_document.finishLines();
        m_document.flush();
        print({{QStringLiteral("seconds"), double(m_clock.nsecsElapsed()) / 1e9}, {QStringLiteral("bytes"), m_received},
            {QStringLiteral("lines"), m_document.finishedEnd()}, {QStringLiteral("skipped"), m_skipped},
            {QStringLiteral("peakRss"), peakMemory()}});
        QCoreApplication::exit(0);
    }

    std::shared_ptr<logs::Inbox> m_inbox;
    logs::Reader *m_reader; ///< lives in m_thread, which deletes it
    QThread m_thread;
    logs::StampStripper m_stamps;
    logs::Document m_document;
    QElapsedTimer m_clock;
    qint64 m_received = 0; ///< stamps included
    qint64 m_skipped = 0;
};

int benchLog(const http::Endpoint &endpoint, const QString &container)
{
    docker::Engine engine(endpoint);
    std::unique_ptr<LogBench> bench;
    engine.inspectContainer(container).then(&engine, [&](const core::Result<docker::ContainerDetail> &detail) {
        if (detail)
            bench = std::make_unique<LogBench>(endpoint, detail->id, detail->tty);
        else
            QCoreApplication::exit(fail(detail.error()));
    });
    return QCoreApplication::exec();
}

int benchList(const http::Endpoint &endpoint)
{
    docker::Engine engine(endpoint);
    inventory::Inventory inventory(engine);
    const inventory::LiveFigures figures(engine);
    const models::ContainersModel model(inventory, figures);
    QElapsedTimer clock;
    QObject::connect(&inventory, &inventory::Inventory::containersChanged, &model, [&] {
        if (!inventory.containersKnown())
            return;
        print({{QStringLiteral("seconds"), double(clock.nsecsElapsed()) / 1e9},
            {QStringLiteral("rows"), model.rowCount()}, {QStringLiteral("peakRss"), peakMemory()}});
        QCoreApplication::exit(0);
    });
    QObject::connect(&inventory, &inventory::Inventory::linkChanged, &model, [&] {
        if (inventory.link() == inventory::Inventory::Link::Lost)
            QCoreApplication::exit(fail(*inventory.trouble()));
    });
    clock.start();
    inventory.start();
    return QCoreApplication::exec();
}

int benchBuild(const http::Endpoint &endpoint, const QString &context, bool classic)
{
    builds::BuildRequest request;
    request.context = context;
    request.names = {QStringLiteral("slipway-bench:build")};
    request.network = QStringLiteral("host");
    request.noCache = true;
    request.via = classic ? builds::BuildRequest::Via::Classic : builds::BuildRequest::Via::BuildKit;
    QElapsedTimer clock;
    clock.start();
    builds::BuildJob job(endpoint, request);
    int code = 0;
    QObject::connect(&job, &builds::BuildJob::finished, &job, [&](const core::Result<QString> &result) {
        if (result)
            print({{QStringLiteral("seconds"), double(clock.nsecsElapsed()) / 1e9},
                {QStringLiteral("bytes"), job.sent()}, {QStringLiteral("steps"), job.progress().steps().size()},
                {QStringLiteral("peakRss"), peakMemory()}});
        else
            code = fail(result.error());
        QCoreApplication::quit();
    });
    job.start();
    QCoreApplication::exec();
    return code;
}

int benchPull(const http::Endpoint &endpoint, const docker::ImageReference &image)
{
    docker::Engine engine(endpoint);
    transfers::Transfers all(engine);
    const transfers::TransfersModel model(all);
    QElapsedTimer clock;
    QObject::connect(
        &all, &transfers::Transfers::finished, &model, [&](int id, const core::Result<transfers::Outcome> &result) {
            if (!result) {
                QCoreApplication::exit(fail(result.error()));
                return;
            }
            print({{QStringLiteral("seconds"), double(clock.nsecsElapsed()) / 1e9},
                {QStringLiteral("layers"), all.find(id)->progress.layers().size()},
                {QStringLiteral("bytes"), all.find(id)->progress.bytes()}, {QStringLiteral("peakRss"), peakMemory()}});
            QCoreApplication::exit(0);
        });
    clock.start();
    all.pull(image);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addOptions(
        {{QStringLiteral("host"), {}, QStringLiteral("URL")}, {QStringLiteral("container"), {}, QStringLiteral("ID")},
            {QStringLiteral("context"), {}, QStringLiteral("FOLDER")}, {QStringLiteral("classic"), {}},
            {QStringLiteral("image"), {}, QStringLiteral("NAME")}});
    const bool parsed = parser.parse(QCoreApplication::arguments());
    const QString what = parser.positionalArguments().value(0);
    const bool log = what == u"log" && parser.isSet(QStringLiteral("container"));
    const bool build = what == u"build" && parser.isSet(QStringLiteral("context"));
    const auto image = docker::ImageReference::parse(parser.value(QStringLiteral("image")));
    const bool pull = what == u"pull" && image;
    if (!parsed || (!log && !build && !pull && what != u"list")) {
        std::fputs(usage, stderr);
        return wrongUsage;
    }
    const auto host = hosts::chooseHost(parser.value(QStringLiteral("host")));
    if (!host)
        return fail(host.error());
    if (build)
        return benchBuild(
            host->endpoint, parser.value(QStringLiteral("context")), parser.isSet(QStringLiteral("classic")));
    if (pull)
        return benchPull(host->endpoint, *image);
    return log ? benchLog(host->endpoint, parser.value(QStringLiteral("container"))) : benchList(host->endpoint);
}
