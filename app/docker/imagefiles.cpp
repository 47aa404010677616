#include "docker/imagefiles.h"

#include "docker/engine.h"
#include "docker/jsonreader.h"
#include "docker/parse.h"
#include "docker/requests.h"
#include "http/bodysource.h"

namespace docker {

using namespace Qt::StringLiterals;

// ---- history

core::Pending<QList<HistoryEntry>> imageHistory(Engine &engine, const QString &name)
{
    return parsed(&engine, engine.send(get(imagePath(name, "/history"))), parseHistory);
}

core::Result<QList<HistoryEntry>> parseHistory(const QByteArray &json)
{
    return readList(json, [](const JsonReader &reader) {
        return HistoryEntry{reader.integer("Created"_L1), reader.string("CreatedBy"_L1), reader.string("Comment"_L1),
            reader.integer("Size"_L1)};
    });
}

// ---- archives

ArchiveStream *saveImages(Engine &engine, const QStringList &names, QObject *parent)
{
    Q_ASSERT(!names.isEmpty());
    http::Request request = get("/images/get");
    request.deadline = noDeadline; // old daemons first write all of it into a folder of theirs
    for (const QString &name : names)
        add(request.query, u"names"_s, name);
    auto *stream = new ArchiveStream(parent);
    engine.open(stream, request);
    return stream;
}

LoadStream *loadImages(Engine &engine, const std::shared_ptr<http::BodySource> &archive, QObject *parent)
{
    http::Request request = post("/images/load");
    request.query.addQueryItem(u"quiet"_s, u"0"_s);
    request.contentType = "application/x-tar";
    request.bodySource = archive;
    request.deadline = noDeadline;
    auto *stream = new LoadStream(parent);
    engine.open(stream, request);
    return stream;
}

core::Result<LoadStep> parseLoadStep(const QByteArray &json)
{
    const core::Result<PullStep> told = parsePullStep(json); // the same lines, but for the words at the end
    if (!told)
        return told.error();
    LoadStep step{{}, told->status, told->id, told->current, told->total};
    const QString words = QJsonDocument::fromJson(json).object().value("stream"_L1).toString().trimmed();
    for (const auto &begin : {"Loaded image: "_L1, "Loaded image ID: "_L1}) {
        if (words.startsWith(begin))
            step.loaded = words.mid(begin.size()).trimmed();
    }
    return step;
}

core::Result<void> LoadStream::tell(const QByteArray &line)
{
    const auto parsed = parseLoadStep(line);
    if (!parsed)
        return parsed.error();
    Q_EMIT step(*parsed);
    return {};
}

} // namespace docker
