#include "docker/imagefiles.h"

#include "core/log.h"
#include "docker/engine.h"
#include "docker/jsonreader.h"
#include "docker/parse.h"
#include "docker/requests.h"
#include "http/bodysource.h"

#include <QJsonDocument>

namespace docker {

using namespace Qt::StringLiterals;

// ---- history

core::Pending<QList<HistoryEntry>> imageHistory(Engine &engine, const QString &name)
{
    return parsed(&engine, engine.send(get(imagePath(name, "/history"))), parseHistory);
}

core::Result<QList<HistoryEntry>> parseHistory(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isArray() && json.trimmed() != "null")
        return core::Error{core::ErrorKind::Protocol, 0, u"the history of an image should be a list"_s, {}};
    const auto error = std::make_shared<QString>();
    QList<HistoryEntry> entries;
    for (const JsonReader &reader : JsonReader::list(document.array(), error))
        entries.append({reader.integer("Created"_L1), reader.string("CreatedBy"_L1), reader.string("Comment"_L1),
            reader.integer("Size"_L1)});
    if (!error->isEmpty())
        return core::Error{core::ErrorKind::Protocol, 0, *error, {}};
    return entries;
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

void LoadStream::take(const QByteArray &bytes)
{
    m_line += bytes;
    const QPointer<LoadStream> guard(this);
    for (qsizetype end = m_line.indexOf('\n'); end >= 0; end = m_line.indexOf('\n')) {
        const QByteArray line = m_line.left(end).trimmed();
        m_line.remove(0, end + 1);
        takeLine(line);
        if (!guard)
            return;
    }
}

void LoadStream::takeLine(const QByteArray &line)
{
    if (line.isEmpty())
        return;
    const auto parsed = parseLoadStep(line);
    if (parsed)
        Q_EMIT step(*parsed);
    else if (parsed.error().kind == core::ErrorKind::Protocol)
        qCWarning(core::lcDocker) << "load not understood:" << parsed.error().message << parsed.error().detail;
    else
        m_failure = parsed.error();
}

core::Result<void> LoadStream::verdict(const core::Result<void> &end)
{
    takeLine(std::exchange(m_line, {}).trimmed()); // the last line need not have an end
    const bool stopped = !end && end.error().kind == core::ErrorKind::Aborted;
    return m_failure && !stopped ? core::Result<void>(*m_failure) : end;
}

} // namespace docker
