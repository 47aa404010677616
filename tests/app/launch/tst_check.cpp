#include "launch/check.h"
#include "recipe/rules.h"

#include <QTest>
#include <functional>

using namespace launch;
using namespace recipe;
using Severity = Problem::Severity;
using Kind = GpuRequest::Kind;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(std::function<void(recipe::RunConfig &)>)
Q_DECLARE_METATYPE(launch::Step)

static QString s(const char *text) { return QString::fromUtf8(text); }

/** A configuration that nothing is wrong with; each row breaks one thing. */
static RunConfig good()
{
    RunConfig config;
    config.image = s("nvcr.io/nvidia/pytorch:24.05-py3");
    config.name = s("run-1");
    config.gpus = {GpuRequest::Kind::Devices, 0, {s("0"), s("GPU-3faa8e3c")}};
    config.mounts
        = {{s("/data"), s("/data"), true, false, {}}, {s("/home/me/work"), s("/workspace"), false, false, {}}};
    config.code = {s("/workspace/repo"), CodeStep::Update::Pull, s("main"), {}, {}, {}};
    config.command = {s("python"), s("train.py")};
    config.env = {{s("A"), s("1")}};
    config.ports = {s("8888:8888")};
    config.shmSize = 1 << 30;
    config.memory = 1 << 30;
    config.ulimits = {{s("memlock"), -1, -1}};
    return config;
}

static CheckContext context()
{
    CheckContext context;
    context.hostFolder = [](const QString &path) { return HostFolder{!path.contains(s("missing")), 1000, 1000, 0755}; };
    context.containerNames = QStringList{s("taken")};
    context.images = QStringList{s("nvcr.io/nvidia/pytorch:24.05-py3"), s("ubuntu:latest"), s("sha256:abcdef012345")};
    return context;
}

static inventory::GpuOffer offer(int number, qint64 freeGib)
{
    inventory::GpuOffer offer;
    offer.uuid = QStringLiteral("GPU-%1aaaaaaa-bbbb").arg(number);
    offer.place = QString::number(number);
    offer.memoryTotal = qint64(80) << 30;
    offer.memoryFree = freeGib << 30;
    return offer;
}

static inventory::GpuOffer usedBy(inventory::GpuOffer offer, const QString &name, bool idle = false)
{
    inventory::GpuUser user;
    user.name = name;
    user.idle = idle;
    offer.users += user;
    return offer;
}

/** What is said of these GPUs in an otherwise good configuration. */
static QString said(
    const GpuRequest &request, const std::optional<QList<inventory::GpuOffer>> &offers, bool lacks = false)
{
    RunConfig config = good();
    config.gpus = request;
    CheckContext facts = context();
    facts.gpus = offers;
    facts.daemonLacksGpus = lacks;
    QStringList texts;
    for (const Problem &problem : check(config, facts))
        texts += (problem.severity == Severity::Error ? u"error: "_s : QString()) + problem.text;
    return texts.join(u'|');
}

class TestCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void warnsBeforeABusyGpu()
    {
        const QList<inventory::GpuOffer> offers{usedBy(usedBy(offer(0, 40), u"resnet-7"_s), u"vit-3"_s), offer(1, 80),
            usedBy(offer(2, 62), u"bert-9"_s, true)};
        const auto these = [](const QStringList &devices) { return GpuRequest{Kind::Devices, 0, devices}; };
        QCOMPARE(said(these({u"0"_s}), offers), u"GPU 0 is in use by resnet-7, vit-3."_s);
        QCOMPARE(said(these({offers[0].uuid}), offers), u"GPU 0 is in use by resnet-7, vit-3."_s);
        QCOMPARE(said(these({u"1"_s}), offers), QString());
        QCOMPARE(said(these({u"2"_s}), offers), u"GPU 2 is held by bert-9, which does not compute."_s);
        QCOMPARE(said(these({u"7"_s}), offers), u"There is no GPU 7 on this machine."_s);
        QCOMPARE(said({Kind::All, 0, {}}, offers),
            u"GPU 0 is in use by resnet-7, vit-3.|GPU 2 is held by bert-9, which does not compute."_s);
        QVERIFY(said({Kind::Count, 1, {}}, offers).endsWith(u"GPU 0 is in use by resnet-7, vit-3."_s));
        QCOMPARE(said({}, offers), QString());
        // Nothing is known: nothing is said.
        QCOMPARE(said(these({u"7"_s}), std::nullopt), QString());
        QCOMPARE(said(these({u"7"_s}), QList<inventory::GpuOffer>()), QString());
    }

    void warnsWhereThereIsNoGpu()
    {
        RunConfig config = good();
        CheckContext facts = context();
        facts.gpus = QList<inventory::GpuOffer>();
        facts.machine.noGpu = true;
        config.gpus = {};
        QVERIFY(check(config, facts).isEmpty());
        facts.daemonLacksGpus = true; // the toolkit would be of no use
        for (const GpuRequest &request : {GpuRequest{Kind::All, 0, {}}, GpuRequest{Kind::Devices, 0, {u"0"_s}}}) {
            config.gpus = request;
            const QList<Problem> problems = check(config, facts);
            QCOMPARE(problems.size(), 1);
            QCOMPARE(problems.first().severity, Severity::Warning);
            QVERIFY2(problems.first().text.contains(u"has none"_s), qPrintable(problems.first().text));
        }
    }

    void doesNotWriteAWallOfWarnings()
    {
        QList<inventory::GpuOffer> offers;
        for (int i = 0; i < 8; ++i)
            offers += usedBy(offer(i, 40), u"resnet-7"_s);
        QCOMPARE(said({Kind::All, 0, {}}, offers),
            u"GPUs 0, 1, 2, 3, 4, 5, 6, 7 are in use, held or lost; the list shows by whom."_s);
    }

    void anyNeedsGpusToChooseFrom()
    {
        QCOMPARE(said(GpuRequest{Kind::Any, 1, {}, qint64(20) << 30}, QList{offer(0, 40)}), QString());
        QCOMPARE(said(GpuRequest{Kind::Any, 2, {}, qint64(20) << 30}, QList{offer(0, 40)}),
            u"error: Only 1 GPU has 20 GiB free now."_s);
        QVERIFY(said(GpuRequest{Kind::Any, 1, {}, qint64(20) << 30}, std::nullopt).startsWith(u"error: "_s));
    }

    void warnsOfADaemonWithoutGpus()
    {
        QCOMPARE(said({}, std::nullopt, true), QString());
        QVERIFY(said({Kind::All, 0, {}}, std::nullopt, true).contains(u"NVIDIA Container Toolkit"_s));
    }

    void freeNames()
    {
        const QStringList taken = {QStringLiteral("vit"), QStringLiteral("vit-2"), QStringLiteral("bert-9")};
        QCOMPARE(recipe::freeName(QStringLiteral("new"), taken), QStringLiteral("new"));
        QCOMPARE(recipe::freeName(QStringLiteral("vit"), taken), QStringLiteral("vit-3"));
        QCOMPARE(recipe::freeName(QStringLiteral("vit-2"), taken), QStringLiteral("vit-3"));
        QCOMPARE(recipe::freeName(QStringLiteral("bert-9"), taken), QStringLiteral("bert-10"));
    }

    void findsNothingWrongWithAGoodOne()
    {
        for (const Problem &problem : check(good(), context()))
            QFAIL(qPrintable(problem.text));
        QVERIFY(hasErrors(check({})));
    }

    void says_data()
    {
        QTest::addColumn<std::function<void(RunConfig &)>>("change");
        QTest::addColumn<bool>("isError");
        QTest::addColumn<Step>("step");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("text");
        using Change = std::function<void(RunConfig &)>;
        const auto error = [](const char *field, Step step, const char *text, const Change &change) {
            QTest::newRow(qPrintable(s("%1: %2").arg(s(field), s(text))))
                << change << true << step << s(field) << s(text);
        };
        const auto warning = [](const char *field, Step step, const char *text, const Change &change) {
            QTest::newRow(qPrintable(s("%1: %2").arg(s(field), s(text))))
                << change << false << step << s(field) << s(text);
        };
        error("image", Step::Image, "Choose an image.", [](RunConfig &c) { c.image.clear(); });
        error("image", Step::Image, "no image name", [](RunConfig &c) { c.image = s("PyTorch:1"); });
        error("image", Step::Image, "no image name", [](RunConfig &c) { c.image = s("a b"); });
        error("platform", Step::Image, "linux/amd64", [](RunConfig &c) { c.platform = s("linux amd64"); });
        warning("image", Step::Image, "The image debian is not on this host: it will be pulled when you launch.",
            [](RunConfig &c) { c.image = s("debian"); });
        warning("image", Step::Image, "it will be pulled when you launch. Roughly 9 GiB come over the network.",
            [](RunConfig &c) { c.image = s("nvcr.io/nvidia/pytorch:23.10-py3"); });
        warning("image", Step::Image, "--pull=never keeps it from being pulled", [](RunConfig &c) {
            c.image = s("debian");
            c.options += {s("pull"), s("never")};
        });
        warning("image", Step::Image, "is not on this host.",
            [](RunConfig &c) { c.image = QString(64, QLatin1Char('a')); });
        error("gpus.devices", Step::Gpus, "at least one GPU", [](RunConfig &c) { c.gpus.devices.clear(); });
        error("gpus.devices[0]", Step::Gpus, "without “device=”",
            [](RunConfig &c) { c.gpus.devices[0] = s("device=0"); });
        error("gpus.devices[0]", Step::Gpus, "is no GPU", [](RunConfig &c) { c.gpus.devices[0] = s("0 1"); });
        warning("gpus.devices[1]", Step::Gpus, "listed twice", [](RunConfig &c) { c.gpus.devices[1] = s("0"); });
        error("gpus.count", Step::Gpus, "negative", [](RunConfig &c) { c.gpus = {GpuRequest::Kind::Count, -2, {}}; });
        warning("gpus.count", Step::Gpus, "GPUs 0 to 1", [](RunConfig &c) {
            c.gpus = {GpuRequest::Kind::Count, 2, {}};
        });
        error("code.folder", Step::Code, "starting with /", [](RunConfig &c) { c.code.folder = s("repo"); });
        error("code.checkout", Step::Code, "no branch", [](RunConfig &c) { c.code.checkout = s("-b"); });
        error("code.checkout", Step::Code, "no branch", [](RunConfig &c) { c.code.checkout = s("a b"); });
        warning("code.update", Step::Code, "on no branch", [](RunConfig &c) { c.code.checkout = s("0123abc"); });
        warning("code.folder", Step::Code, "read-only", [](RunConfig &c) { c.mounts[1].readOnly = true; });
        error("command", Step::Command, "Say what to run", [](RunConfig &c) { c.command.clear(); });
        error("mounts[0].target", Step::Mounts, "Say where", [](RunConfig &c) { c.mounts[0].target.clear(); });
        error(
            "mounts[0].target", Step::Mounts, "starting with /", [](RunConfig &c) { c.mounts[0].target = s("data"); });
        error("mounts[0].target", Step::Mounts, "root folder", [](RunConfig &c) { c.mounts[0].target = s("/"); });
        error("mounts[1].target", Step::Mounts, "same place", [](RunConfig &c) { c.mounts[1].target = s("/data/"); });
        error("mounts[0].source", Step::Mounts, "no whole path", [](RunConfig &c) { c.mounts[0].source = s("a/b"); });
        error("mounts[0].source", Step::Mounts, "“:”", [](RunConfig &c) { c.mounts[0].source = s("/a:b"); });
        warning("mounts[0].source", Step::Mounts, "volume of that name",
            [](RunConfig &c) { c.mounts[0].source = s("data"); });
        warning("mounts[1].source", Step::Mounts, "new volume", [](RunConfig &c) { c.mounts[1].source.clear(); });
        warning("mounts[0].source", Step::Mounts, "owned by root",
            [](RunConfig &c) { c.mounts[0].source = s("/missing"); });
        error("mounts[0].source", Step::Mounts, "does not exist", [](RunConfig &c) {
            c.mounts[0] = {s("/missing"), s("/x"), false, true, {}};
        });
        error("workingDir", Step::Command, "starting with /", [](RunConfig &c) { c.workingDir = s("work"); });
        error("shell", Step::Command, "Name the shell", [](RunConfig &c) { c.shell.clear(); });
        warning(
            "entrypoint", Step::Command, "handed to the entry point", [](RunConfig &c) { c.entrypoint = s("/init"); });
        error("env[0]", Step::Command, "no name", [](RunConfig &c) { c.env[0].name.clear(); });
        error("env[0]", Step::Command, "cannot contain", [](RunConfig &c) { c.env[0].name = s("A=B"); });
        warning("env[1]", Step::Command, "set twice", [](RunConfig &c) { c.env += {s("A"), s("2")}; });
        error("labels[0]", Step::Resources, "key", [](RunConfig &c) { c.labels = {{QString(), s("x")}}; });
        error("name", Step::Resources, "at least two", [](RunConfig &c) { c.name = s("x"); });
        error("name", Step::Resources, "at least two", [](RunConfig &c) { c.name = s("-run"); });
        error("name", Step::Resources, "already", [](RunConfig &c) { c.name = s("taken"); });
        error("restart", Step::Resources, "choose one of the two", [](RunConfig &c) { c.restart = s("always"); });
        error("restart", Step::Resources, "on-failure:N", [](RunConfig &c) { c.restart = s("often"); });
        warning("removeWhenFinished", Step::Resources, "is lost", [](RunConfig &c) { c.mounts.clear(); });
        error("network", Step::Resources, "no network", [](RunConfig &c) { c.network = s("my net"); });
        warning("ports", Step::Resources, "no port is published", [](RunConfig &c) { c.network = s("host"); });
        error("ports[0]", Step::Resources, "is no port", [](RunConfig &c) { c.ports[0] = s("web"); });
        error("ports[1]", Step::Resources, "published twice", [](RunConfig &c) { c.ports += s("8888:80"); });
        error("shmSize", Step::Resources, "negative", [](RunConfig &c) { c.shmSize = -1; });
        warning("shmSize", Step::Resources, "no effect", [](RunConfig &c) { c.ipc = s("host"); });
        error("memory", Step::Resources, "negative", [](RunConfig &c) { c.memory = -1; });
        error("memory", Step::Resources, "6 MiB", [](RunConfig &c) { c.memory = 1024; });
        error("cpus", Step::Resources, "negative", [](RunConfig &c) { c.cpus = -1; });
        error("ipc", Step::Resources, "no ipc mode", [](RunConfig &c) { c.ipc = s("everything"); });
        error(
            "ulimits[0]", Step::Resources, "no limit “memlok”", [](RunConfig &c) { c.ulimits[0].name = s("memlok"); });
        error("ulimits[0]", Step::Resources, "above the hard one", [](RunConfig &c) {
            c.ulimits[0] = {s("nofile"), 2, 1};
        });
        error("ulimits[1]", Step::Resources, "set twice", [](RunConfig &c) { c.ulimits += {s("memlock"), 1, 1}; });
    }
    void says()
    {
        QFETCH(std::function<void(RunConfig &)>, change);
        QFETCH(bool, isError);
        RunConfig config = good();
        change(config);
        const QList<Problem> problems = check(config, context());
        QCOMPARE(problems.size(), 1);
        const Problem &problem = problems.first();
        QCOMPARE(problem.severity, isError ? Severity::Error : Severity::Warning);
        QTEST(problem.step, "step");
        QTEST(problem.field, "field");
        QFETCH(QString, text);
        QVERIFY2(problem.text.contains(text), qPrintable(problem.text));
        QVERIFY2(problem.text.endsWith(u'.'), qPrintable(problem.text));
        QCOMPARE(hasErrors(problems), isError);
    }

    void knowsImagesByAnyOfTheirNames_data()
    {
        QTest::addColumn<QString>("image");
        for (const char *image :
            {"ubuntu", "docker.io/library/ubuntu:latest", "library/ubuntu", "abcdef01", "sha256:abcdef012345"})
            QTest::newRow(image) << s(image);
    }
    void knowsImagesByAnyOfTheirNames()
    {
        RunConfig config = good();
        QFETCH(QString, image);
        config.image = image;
        QVERIFY(check(config, context()).isEmpty());
    }

    void asksNothingWithoutAContext()
    {
        RunConfig config = good();
        config.mounts[0].source = s("/missing");
        config.name = s("taken");
        QVERIFY(check(config).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCheck)
#include "tst_check.moc"
