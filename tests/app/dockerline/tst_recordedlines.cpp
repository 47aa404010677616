#include "recipe/createbody.h"

#include "dockerline/dockerparser.h"

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

    static QJsonValue sorted(const QJsonValue &list)
    {
        QStringList texts = list.toVariant().toStringList();
        std::ranges::sort(texts);
        return list.isNull() ? list : QJsonValue(QJsonArray::fromStringList(texts));
    }

    /** The client sends Env and Binds in a random order. */
    static QJsonObject comparable(QJsonObject body)
    {
        QJsonObject host = body.value(QStringLiteral("HostConfig")).toObject();
        host[QStringLiteral("Binds")] = sorted(host.value(QStringLiteral("Binds")));
        body[QStringLiteral("HostConfig")] = host;
        body[QStringLiteral("Env")] = sorted(body.value(QStringLiteral("Env")));
        return body;
    }

    /** The recorded lines without options that Slipway does not know yet (how it says that is the parser's test). */
    static QList<QJsonObject> recordings()
    {
        QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/run-flags.jsonl"));
        QList<QJsonObject> known;
        if (!file.open(QIODevice::ReadOnly))
            return known;
        while (!file.atEnd()) {
            const QJsonObject recorded = QJsonDocument::fromJson(file.readLine()).object();
            const auto parsed = parseDockerRun(recorded.value(QStringLiteral("argv")).toVariant().toStringList());
            const auto *error = std::get_if<ParseError>(&parsed);
            if (!error || !error->message.startsWith(QStringLiteral("Slipway does not know")))
                known += recorded;
        }
        return known;
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

private Q_SLOTS:
    void sendsWhatDockersClientSends_data()
    {
        QTest::addColumn<QJsonObject>("recorded");
        for (const QJsonObject &recorded : recordings()) {
            if (!recorded.contains(QStringLiteral("tty"))) // there the client told the size of its terminal
                QTest::newRow(qPrintable(recorded.value(QStringLiteral("id")).toString())) << recorded;
        }
    }
    void sendsWhatDockersClientSends()
    {
        QFETCH(QJsonObject, recorded);
        QStringList argv = recorded.value(QStringLiteral("argv")).toVariant().toStringList();
        ShellContext context;
        context.folder = QStringLiteral("$CWD");
        const auto parsed = parseDockerRun(argv, context);
        if (const auto *error = std::get_if<ParseError>(&parsed))
            QFAIL(qPrintable(error->message));
        QProcessEnvironment environment;
        const QVariantMap variables = recorded.value(QStringLiteral("env")).toObject().toVariantMap();
        for (auto it = variables.begin(); it != variables.end(); ++it)
            environment.insert(it.key(), it.value().toString());

        const CreateRequest ours = createRequest(std::get<ParsedLine>(parsed).config, environment);
        const QJsonObject request = recorded.value(QStringLiteral("request")).toObject();
        const QJsonObject query = request.value(QStringLiteral("query")).toObject();
        QCOMPARE(ours.name, query.value(QStringLiteral("name")).toString());
        QCOMPARE(ours.platform, query.value(QStringLiteral("platform")).toString());
        const QJsonObject theirs = request.value(QStringLiteral("body")).toObject();
        QVERIFY2(comparable(ours.body) == comparable(theirs),
            qPrintable(differences(comparable(ours.body), comparable(theirs))));
    }

    /** The line as typed gives what its words give. */
    void readsTheLineAsTheShellDoes_data() { sendsWhatDockersClientSends_data(); }
    void readsTheLineAsTheShellDoes()
    {
        QFETCH(QJsonObject, recorded);
        const QStringList argv = recorded.value(QStringLiteral("argv")).toVariant().toStringList();
        const QString line = recorded.value(QStringLiteral("cmd")).toString();
        ShellContext context;
        context.folder = QStringLiteral("/cwd");
        context.environment.insert(QStringLiteral("B"), QStringLiteral("$B"));
        const auto words = parseDockerRun(argv, context);
        const auto typed = parseDockerRun(line, context);
        QVERIFY(std::holds_alternative<ParsedLine>(typed));
        QVERIFY(std::get<ParsedLine>(typed).config == std::get<ParsedLine>(words).config);
    }

    void coversEnoughOfTheRecording() { QCOMPARE_GE(recordings().size(), 50); }

    void takesAVariableFromTheEnvironment()
    {
        RunConfig config;
        config.env = {{QStringLiteral("A"), std::nullopt}, {QStringLiteral("B"), std::nullopt}};
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("A"), QStringLiteral("1"));
        QCOMPARE(createRequest(config, environment).body.value(QStringLiteral("Env")).toArray(),
            QJsonArray({QStringLiteral("A=1"), QStringLiteral("B")}));
    }
};

QTEST_GUILESS_MAIN(TestRecordedLines)
#include "tst_recordedlines.moc"
