#include "recipe/resolve.h"

#include "recipe/createbody.h"
#include "recipe/notation.h"

#include <QJsonArray>
#include <QTest>

using namespace recipe;
using namespace Qt::StringLiterals;

class TestResolve : public QObject
{
    Q_OBJECT

    static QProcessEnvironment machine()
    {
        QProcessEnvironment environment;
        environment.insert(u"HOME"_s, u"/home/me"_s);
        environment.insert(u"PWD"_s, u"/work"_s);
        environment.insert(u"OTHER"_s, u"x"_s);
        return environment;
    }
    static RunConfig training()
    {
        RunConfig config;
        config.image = u"bb:${TAG}"_s;
        config.mounts = {{u"${HOME}/data"_s, u"/data"_s, false, false, {}}};
        config.useShell = true;
        config.script = u"echo ${LR} $LR ${X} $${LR} $$ ${HOME}"_s;
        config.env = {{u"RATE"_s, u"${LR}"_s}, {u"KEY"_s, u"hu${sh"_s, true}};
        config.parameters = {{u"LR"_s, u"3e-4"_s, {}}, {u"TAG"_s, std::nullopt, {}}};
        return config;
    }

private Q_SLOTS:
    void fillsIn()
    {
        const auto run = resolve(training(), {{u"TAG"_s, u"2"_s}}, machine());
        QVERIFY2(run.ok(), qPrintable(run.ok() ? QString() : run.error().message));
        QCOMPARE(run->image, u"bb:2"_s);
        QCOMPARE(run->mounts[0].source, u"/home/me/data"_s);
        QCOMPARE(run->script, u"echo 3e-4 $LR ${X} ${LR} $$ ${HOME}"_s);
        QCOMPARE(run->env, (QList<EnvVar>{{u"RATE"_s, u"3e-4"_s}, {u"KEY"_s, u"hu${sh"_s, true}}));
        QVERIFY(run->parameters.isEmpty());
        QCOMPARE(resolve(training(), {{u"TAG"_s, u"2"_s}, {u"LR"_s, u"${HOME}"_s}}, machine())->env[0].value,
            u"${HOME}"_s); // what is given is given
    }

    void asksForWhatIsMissing()
    {
        QCOMPARE(unresolved(training()), QStringList{u"TAG"_s});
        const auto run = resolve(training(), {}, machine());
        QVERIFY(!run.ok());
        QCOMPARE(run.error().message, u"A value is missing for TAG."_s);
    }

    void saysWhatIsNotKnown_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QString>("says");
        QTest::newRow("of nobody") << u"bb:${NOPE}"_s << u"The field “image” has the variable ${NOPE}"_s;
        QTest::newRow("of the machine, but not promised")
            << u"bb:${OTHER}"_s << u"The field “image” has the variable ${OTHER}"_s;
        QTest::newRow("not set here") << u"bb:${USER}"_s << u"The field “image” has the variable ${USER}"_s;
        QTest::newRow("none") << u"bb:${1"_s << u"The field “image” has a “${”"_s;
    }
    void saysWhatIsNotKnown()
    {
        QFETCH(QString, image);
        QFETCH(QString, says);
        RunConfig config;
        config.image = image;
        const auto run = resolve(config, {}, machine());
        QVERIFY(!run.ok());
        QVERIFY2(run.error().message.startsWith(says), qPrintable(run.error().message));
    }

    void refusesValuesNobodyAskedFor()
    {
        const auto run = resolve(training(), {{u"TAG"_s, u"2"_s}, {u"LRR"_s, u"1"_s}}, machine());
        QCOMPARE(run.error().message, u"This run has no parameter “LRR”; it has: LR, TAG."_s);
    }

    void defaultsKnowTheMachine()
    {
        RunConfig config;
        config.workingDir = u"${DATA}"_s;
        config.parameters = {{u"DATA"_s, u"${HOME}/d"_s, {}}};
        QCOMPARE(resolve(config, {}, machine())->workingDir, u"/home/me/d"_s);
        config.parameters[0].fallback = u"${LR}"_s;
        QVERIFY(resolve(config, {}, machine()).error().message.contains(u"“parameters: DATA”"_s));
    }

    void escapedMeansItself()
    {
        RunConfig config;
        config.image = u"$${a ${B} $$${C} $"_s;
        config.command = {u"echo"_s, u"${B}"_s, u"$${B}"_s};
        config.env = {{u"A"_s, u"$"_s}, {u"B"_s, u"${"_s}};
        const auto run = resolve(escaped(config), {}, machine());
        QVERIFY2(run.ok(), qPrintable(run.ok() ? QString() : run.error().message));
        QVERIFY(*run == config);
    }

    void whatLiesBesideTheCodeKnowsWhere()
    {
        RunConfig config;
        config.mounts = {{u"${PWD}/data"_s, u"/d"_s, false, false, {}}, {u"${HOME}"_s, u"$${PWD}"_s, false, false, {}}};
        config.useShell = true;
        config.script = u"echo ${PWD}"_s;
        config.parameters = {{u"OUT"_s, u"${PWD}/out"_s, {}}};
        const RunConfig placed = placedIn(config, u"/odd ${X}/repo"_s);
        QCOMPARE(placed.mounts[0].source, u"/odd $${X}/repo/data"_s);
        QCOMPARE(placed.mounts[1], config.mounts[1]);
        QCOMPARE(placed.script, config.script);
        const auto run = resolve(placed, {}, machine());
        QVERIFY2(run.ok(), qPrintable(run.ok() ? QString() : run.error().message));
        QCOMPARE(run->mounts[0].source, u"/odd ${X}/repo/data"_s);
        config.parameters = {{u"PWD"_s, u"/else"_s, {}}};
        QCOMPARE(placedIn(config, u"/x"_s), config);
    }

    void secretsGoToTheDaemonOnly()
    {
        const EnvVar secret{u"KEY"_s, u"hush"_s, true};
        QCOMPARE(envValue(secret), u"KEY"_s);
        RunConfig config;
        config.env = {secret};
        QCOMPARE(createRequest(config, {})->body[u"Env"_s].toArray()[0].toString(), u"KEY=hush"_s);
    }
};

QTEST_GUILESS_MAIN(TestResolve)
#include "tst_resolve.moc"
