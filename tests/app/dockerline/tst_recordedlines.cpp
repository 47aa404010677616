#include "dockerline/dockerline.h"
#include "dockerline/dockerparser.h"
#include "recipe/configfile.h"
#include "recipe/createbody.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <algorithm>

using namespace recipe;
using namespace dockerline;

/** Compares with what Docker's own client sent for the same line: recordings of Docker 28.2.2. */
class TestRecordedLines : public QObject
{
    Q_OBJECT

    /** A recorded line: its words, where they were typed, and what was sent. */
    struct Recording
    {
        QJsonObject line;

        QString text(const char *key) const { return line.value(QLatin1String(key)).toString(); }
        QStringList argv() const { return line.value(QStringLiteral("argv")).toVariant().toStringList(); }
        QJsonObject request() const { return line.value(QStringLiteral("request")).toObject(); }
        QJsonObject body() const { return request().value(QStringLiteral("body")).toObject(); }
        ShellContext context() const
        {
            ShellContext context;
            context.folder = QStringLiteral("/cwd");
            context.environment = {};
            const QVariantMap variables = line.value(QStringLiteral("env")).toObject().toVariantMap();
            for (auto it = variables.begin(); it != variables.end(); ++it)
                context.environment.insert(it.key(), it.value().toString());
            const QJsonObject files = line.value(QStringLiteral("files")).toObject();
            context.readFile = [files](const QString &path) -> core::Result<QByteArray> {
                const QString name = path.section(QStringLiteral("/cwd/"), 1);
                if (!files.contains(name))
                    return core::Error{
                        core::ErrorKind::NotFound, 0, QStringLiteral("There is no file %1.").arg(path), {}};
                return files.value(name).toString().toUtf8();
            };
            return context;
        }
    };

    static QList<Recording> recordings()
    {
        QList<Recording> list;
        for (const char *name : {"run-flags", "run-lines"}) {
            QFile file(
                QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/%1.jsonl").arg(QLatin1String(name)));
            if (!file.open(QIODevice::ReadOnly))
                return {};
            while (!file.atEnd())
                list += {QJsonDocument::fromJson(file.readLine()).object()};
        }
        return list;
    }

    static void rows()
    {
        QTest::addColumn<QJsonObject>("line");
        for (const Recording &recording : recordings())
            QTest::newRow(qPrintable(recording.text("id") + u' ' + recording.text("cmd").left(80))) << recording.line;
    }

    static QJsonValue sorted(const QJsonValue &list)
    {
        QStringList texts = list.toVariant().toStringList();
        std::ranges::sort(texts);
        return list.isNull() ? list : QJsonValue(QJsonArray::fromStringList(texts));
    }

    /** The client sends Env and Binds in a random order, and on a terminal that one's size. */
    static QJsonObject comparable(QJsonObject body)
    {
        body = QJsonDocument::fromJson(QJsonDocument(body).toJson(QJsonDocument::Compact).replace("$CWD", "/cwd"))
                   .object();
        QJsonObject host = body.value(QStringLiteral("HostConfig")).toObject();
        host[QStringLiteral("Binds")] = sorted(host.value(QStringLiteral("Binds")));
        host.remove(QStringLiteral("ConsoleSize"));
        body[QStringLiteral("HostConfig")] = host;
        body[QStringLiteral("Env")] = sorted(body.value(QStringLiteral("Env")));
        return body;
    }

    static QString differences(const QJsonObject &ours, const QJsonObject &theirs)
    {
        QStringList lines;
        QStringList keys = ours.keys() + theirs.keys();
        keys.removeDuplicates();
        for (const QString &key : std::as_const(keys)) {
            if (ours.value(key) == theirs.value(key))
                continue;
            if (key == QStringLiteral("HostConfig"))
                lines += differences(ours.value(key).toObject(), theirs.value(key).toObject());
            else
                lines += QString::fromUtf8(
                    QJsonDocument(QJsonObject{{key, QJsonArray{ours.value(key), theirs.value(key)}}}).toJson());
        }
        return lines.join(u'\n');
    }

    static void compare(const RunConfig &config, const ShellContext &context, const QJsonObject &theirs)
    {
        const auto ours = createRequest(config, context);
        QVERIFY2(ours.ok(), ours.ok() ? "" : qPrintable(ours.error().message));
        QVERIFY2(comparable(ours->body) == comparable(theirs),
            qPrintable(differences(comparable(ours->body), comparable(theirs))));
    }

private Q_SLOTS:
    void coversBothRecordings() { QCOMPARE_GE(recordings().size(), 240); }

    /** The same body and query, or refused where the client refuses. */
    void sendsWhatDockersClientSends_data() { rows(); }
    void sendsWhatDockersClientSends()
    {
        QFETCH(QJsonObject, line);
        const Recording recording{line};
        const auto parsed = parseDockerRun(recording.argv(), recording.context());
        const auto *error = std::get_if<ParseError>(&parsed);
        if (recording.request().isEmpty()) {
            QVERIFY2(error, qPrintable(QStringLiteral("taken, where Docker says: ") + recording.text("stderr")));
            const QString words = wordsOf(recording.argv()).isEmpty() ? QString() : recording.text("cmd");
            QVERIFY(error->position >= 0 && error->length >= 0 && !words.isEmpty());
            QVERIFY2(error->message.endsWith(u'.') || error->message.endsWith(u'?'), qPrintable(error->message));
            return;
        }
        QVERIFY2(!error, error ? qPrintable(error->message) : "");
        const RunConfig &config = std::get<ParsedLine>(parsed).config;
        compare(config, recording.context(), recording.body());
        const QJsonObject query = recording.request().value(QStringLiteral("query")).toObject();
        const auto ours = createRequest(config, recording.context());
        QCOMPARE(ours->name, query.value(QStringLiteral("name")).toString());
        QCOMPARE(ours->platform, query.value(QStringLiteral("platform")).toString());
    }

    /** Newer daemons are sent what the client sends those. */
    void sendsNewerDaemonsWhatTheyAreSent_data() { rows(); }
    void sendsNewerDaemonsWhatTheyAreSent()
    {
        QFETCH(QJsonObject, line);
        const Recording recording{line};
        for (const int minor : {44, 50}) {
            const QString key = QStringLiteral("body_api_1.%1").arg(minor);
            QJsonObject theirs = line.contains(key) ? line.value(key).toObject() : recording.body();
            ShellContext context = recording.context();
            context.api = {1, minor};
            const auto parsed = parseDockerRun(recording.argv(), context);
            QCOMPARE(std::holds_alternative<ParsedLine>(parsed), !theirs.isEmpty());
            if (!theirs.isEmpty())
                compare(std::get<ParsedLine>(parsed).config, context, theirs);
        }
    }

    /** The line as typed gives what its words give. */
    void readsTheLineAsTheShellDoes_data() { rows(); }
    void readsTheLineAsTheShellDoes()
    {
        QFETCH(QJsonObject, line);
        const Recording recording{line};
        ShellContext context = recording.context();
        for (const char *name : {"B", "HOME"})
            context.environment.insert(QLatin1String(name), u'$' + QLatin1String(name));
        const auto words = parseDockerRun(recording.argv(), context);
        const auto typed = parseDockerRun(recording.text("cmd"), context);
        QCOMPARE(std::holds_alternative<ParsedLine>(typed), std::holds_alternative<ParsedLine>(words));
        if (std::holds_alternative<ParsedLine>(words))
            QVERIFY(std::get<ParsedLine>(typed).config == std::get<ParsedLine>(words).config);
    }

    /** Line, configuration, line, configuration: the last sends what the first does. */
    void writesEveryOptionAgain_data() { rows(); }
    void writesEveryOptionAgain()
    {
        QFETCH(QJsonObject, line);
        const Recording recording{line};
        if (recording.request().isEmpty())
            return;
        const auto first = parseDockerRun(recording.argv(), recording.context());
        QVERIFY(std::holds_alternative<ParsedLine>(first));
        const QString written = dockerRunLine(std::get<ParsedLine>(first).config);
        const auto second = parseDockerRun(written, recording.context());
        if (const auto *error = std::get_if<ParseError>(&second))
            QFAIL(qPrintable(written + u'\n' + error->message));
        compare(std::get<ParsedLine>(second).config, recording.context(), recording.body());
        QCOMPARE(dockerRunLine(std::get<ParsedLine>(second).config), written);
    }

    /** Configuration, file, configuration: nothing gets lost. */
    void keepsEveryOptionInAFile_data() { rows(); }
    void keepsEveryOptionInAFile()
    {
        QFETCH(QJsonObject, line);
        const Recording recording{line};
        const auto parsed = parseDockerRun(recording.argv(), recording.context());
        const auto *read = std::get_if<ParsedLine>(&parsed);
        if (!read)
            return;
        const auto file = fromJson(toJson(read->config));
        QVERIFY2(file.ok(), file.ok() ? "" : qPrintable(file.error().message));
        QVERIFY(file->config == read->config);
    }

    void takesAVariableFromTheEnvironment()
    {
        RunConfig config;
        config.env = {{QStringLiteral("A"), std::nullopt}, {QStringLiteral("B"), std::nullopt}};
        ShellContext context;
        context.environment = {};
        context.environment.insert(QStringLiteral("A"), QStringLiteral("1"));
        QCOMPARE(createRequest(config, context)->body.value(QStringLiteral("Env")).toArray(),
            QJsonArray({QStringLiteral("A=1"), QStringLiteral("B")}));
    }
};

QTEST_GUILESS_MAIN(TestRecordedLines)
#include "tst_recordedlines.moc"
