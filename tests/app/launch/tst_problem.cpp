#include "launch/check.h"
#include "launch/entrypointchecks.h"
#include "recipe/portspec.h"

#include <QTest>

using namespace launch;
using namespace recipe;
using namespace Qt::StringLiterals;
using Kind = Fix::Kind;

/** One thing that is wrong with a configuration, what is known of the host, and the buttons that mend it. */
struct Case
{
    const char *name;
    RunConfig config;
    CheckContext facts;
    bool error;
    QString text; ///< a part of the sentence
    QStringList labels; ///< of its fixes
};

static constexpr qint64 GiB = qint64(1) << 30;

/** Nothing stands out in it, whatever is known. */
static RunConfig plain()
{
    RunConfig config;
    config.image = u"base:1"_s;
    config.name = u"resnet"_s;
    config.mounts = {{u"/data"_s, u"/data"_s, true, false, {}}};
    config.command = {u"/train"_s};
    return config;
}

static CheckContext known()
{
    CheckContext facts;
    facts.containerNames = QStringList{u"resnet-1"_s, u"vit"_s, u"vit-2"_s};
    facts.hostFolder = [](const QString &path) {
        const bool mine = path.startsWith("/home/me"_L1);
        return HostFolder{!path.contains("missing"_L1), mine ? 1000u : 0u, mine ? 1000u : 0u, 0755};
    };
    facts.machine.cpus = 16;
    facts.machine.memory = 62 * GiB + 12345;
    facts.machine.rootIsRoot = true;
    facts.machine.person = Person{1000, 1000};
    facts.machine.ports = {{8888, u"0.0.0.0"_s, u"tcp"_s, u"jupyter"_s}, {8889, u"127.0.0.1"_s, u"tcp"_s, {}},
        {6006, u"::"_s, u"tcp"_s, {}}, {53, u"127.0.0.1"_s, u"udp"_s, u"dns"_s}};
    facts.machine.images = {{u"shell:1"_s, {{u"sh"_s, u"-c"_s}, {}}}, {u"program:1"_s, {{u"python3"_s, u"-u"_s}, {}}},
        {u"tini:1"_s, {{u"/usr/bin/tini"_s}, {}, {u"/serve"_s}}}, {u"own:1"_s, {{u"/opt/run"_s}, {}, {u"--all"_s}}},
        {u"person:1"_s, {{}, u"1000:1000"_s}}, {u"other:1"_s, {{}, u"65534"_s}}};
    QList<inventory::GpuOffer> gpus;
    for (int i = 0; i < 4; ++i) {
        inventory::GpuOffer gpu;
        gpu.uuid = u"GPU-%1aaaaaaa-bbbb"_s.arg(i);
        gpu.place = QString::number(i);
        if (i < 2)
            gpu.users.emplaceBack().name = u"bert"_s;
        gpus += gpu;
    }
    facts.gpus = gpus;
    return facts;
}

template <typename F> static RunConfig with(F change)
{
    RunConfig config = plain();
    change(config);
    return config;
}

static GpuRequest devices(const QStringList &list)
{
    GpuRequest request;
    request.kind = GpuRequest::Kind::Devices;
    request.devices = list;
    return request;
}

static QList<Case> cases()
{
    const CheckContext facts = known();
    const auto port = [](const QString &spec) { return with([&](RunConfig &c) { c.ports = {spec}; }); };
    const auto env = [](const QString &name, const QString &value) {
        return with([&](RunConfig &c) { c.env = {{name, value}}; });
    };
    const auto writes = [](const QString &folder, const QString &user = {}) {
        return with([&](RunConfig &c) {
            c.mounts = {{folder, u"/ws"_s, false, false, {}}};
            c.user = user;
        });
    };
    return {
        {"name", with([](RunConfig &c) { c.name = u"vit"_s; }), facts, true, u"vit already"_s, {u"Use vit-3"_s}},
        {"port of a container", port(u"8888:80"_s), facts, true, u"taken by jupyter"_s, {u"Use 8890"_s}},
        {"port of one address", port(u"127.0.0.1:8888:80"_s), facts, true, u"taken by jupyter"_s, {u"Use 8890"_s}},
        {"port of a program", port(u"6006:6006/tcp"_s), facts, false, u"listens on port 6006"_s, {u"Use 6007"_s}},
        {"system port", port(u"53:53/udp"_s), facts, true, u"taken by dns"_s, {u"Use 8053"_s}},
        {"range of ports", port(u"8887-8888:1-2"_s), facts, true, u"taken by jupyter"_s, {}},
        {"ports without a network of its own", with([](RunConfig &c) {
             c.network = u"host"_s;
             c.ports = {u"8888:80"_s};
         }),
            facts, false, u"no port is published"_s, {u"Leave the ports out"_s}},
        {"missing folder", writes(u"/home/me/missing"_s, u"1000:1000"_s), facts, false, u"does not exist"_s,
            {u"Create it"_s}},
        {"root's files", writes(u"/home/me/ws"_s), facts, false, u"belong to root"_s, {u"Run as me"_s}},
        {"root's files, said so", writes(u"/home/me/ws"_s, u"root"_s), facts, false, u"belong to root"_s,
            {u"Run as me"_s}},
        {"somebody's folder", writes(u"/home/me/ws"_s, u"65534"_s), facts, false, u"User 65534"_s, {u"Run as me"_s}},
        {"nobody can write", writes(u"/srv"_s, u"65534:65534"_s), facts, false, u"User 65534:65534"_s, {}},
        {"the image's user", with([&](RunConfig &c) {
             c = writes(u"/home/me/ws"_s);
             c.image = u"other:1"_s;
         }),
            facts, false, u"User 65534"_s, {u"Run as me"_s}},
        {"shared memory by image", with([](RunConfig &c) { c.image = u"nvcr.io/nvidia/pytorch:24.05"_s; }), facts,
            false, u"64 MB"_s, {u"Set 1 GiB"_s, u"Use the host's"_s}},
        {"shared memory by command", with([](RunConfig &c) {
             c.gpus = devices({u"3"_s});
             c.command = {u"python3.11"_s, u"train.py"_s};
         }),
            facts, false, u"64 MB"_s, {u"Set 1 GiB"_s, u"Use the host's"_s}},
        {"busy GPU", with([](RunConfig &c) {
             c.gpus = devices({u"2"_s, u"0"_s});
         }),
            facts, false, u"GPU 0 is in use"_s, {u"Use GPU 3 (free)"_s}},
        {"first GPU", with([](RunConfig &c) {
             c.gpus = {GpuRequest::Kind::Count, 1, {}, 0};
         }),
            facts, false, u"GPU 0 is in use"_s, {u"Use GPU 2 (free)"_s}},
        {"cpus", with([](RunConfig &c) { c.cpus = 17; }), facts, true, u"16 CPUs"_s, {u"Use 16"_s}},
        {"memory", with([](RunConfig &c) { c.memory = 63 * GiB; }), facts, false, u"62 GiB of memory"_s,
            {u"Use 62 GiB"_s}},
        {"GPUs without inner quotes", with([](RunConfig &c) {
             c.options = {{u"gpus"_s, u"device=2,3"_s}};
         }),
            facts, true, u"refuses to start it"_s, {u"Use GPUs 2, 3"_s}},
        {"secret by name", env(u"WANDB_API_KEY"_s, u"0123abcd"_s), facts, false, u"looks like a secret"_s,
            {u"Ask at launch"_s}},
        {"secret by value", env(u"X"_s, u"hf_"_s + QString(30, u'a')), facts, false, u"looks like a secret"_s,
            {u"Ask at launch"_s}},
        {"restart", with([](RunConfig &c) { c.restart = u"always"_s; }), facts, true, u"cannot be restarted"_s,
            {u"Keep the container"_s, u"Do not restart"_s}},
        {"nothing is kept", with([](RunConfig &c) { c.mounts.clear(); }), facts, false, u"is lost"_s,
            {u"Keep the container"_s}},
        {"entry point of the image", with([](RunConfig &c) {
             c.image = u"program:1"_s;
             c.useShell = true;
             c.script = u"cd /data && /train"_s;
         }),
            facts, true, u"python3 -u gets the start line"_s, {u"Run without it"_s}},
        {"entry point of the image that may run it", with([](RunConfig &c) {
             c.image = u"own:1"_s;
             c.code.folder = u"/repo"_s;
         }),
            facts, false, u"/opt/run gets the start line"_s, {u"Run without it"_s}},
        {"entry point of the image, with its options", with([](RunConfig &c) {
             c.image = u"own:1"_s;
             c.code.folder = u"/repo"_s;
             c.command = {u"--lr"_s, u"3"_s};
         }),
            facts, true, u"a program of the name --lr: the entry point /opt/run"_s, {u"Put /opt/run before it"_s}},
        {"entry point of the run, with its options", with([](RunConfig &c) {
             c.entrypoint = u"/train"_s;
             c.useShell = true;
             c.script = u" -x 3 && sync"_s;
         }),
            facts, true, u"a program of the name -x"_s, {u"Put /train before it"_s}},
        {"option for an entry point that is replaced", with([](RunConfig &c) {
             c.image = u"own:1"_s;
             c.entrypoint = QString();
             c.command = {u"--lr"_s, u"3"_s};
         }),
            facts, true, u"/opt/run, which would take it, is replaced"_s, {u"Use the image's entry point"_s}},
        {"code and the image's own command", with([](RunConfig &c) {
             c.image = u"own:1"_s;
             c.code.folder = u"/repo"_s;
             c.command.clear();
         }),
            facts, true, u"Say what to run"_s, {u"Run /opt/run --all"_s}},
        {"code and the image's own command behind an init", with([](RunConfig &c) {
             c.image = u"tini:1"_s;
             c.code.folder = u"/repo"_s;
             c.useShell = true;
             c.command.clear();
         }),
            facts, true, u"Say what to run"_s, {u"Run /serve"_s}},
    };
}

/** The problem of that sentence; null when there is none. */
static const Problem *find(const QList<Problem> &problems, const QString &text)
{
    const auto it = std::ranges::find_if(problems, [&](const Problem &problem) { return problem.text.contains(text); });
    return it == problems.end() ? nullptr : &*it;
}

/** What is wrong has a button that mends it, and what is not known is not held against anybody. */
class ProblemTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fixes_data()
    {
        QTest::addColumn<int>("row");
        const QList<Case> all = cases();
        for (int i = 0; i < all.size(); ++i)
            QTest::newRow(all[i].name) << i;
    }
    void fixes()
    {
        QFETCH(int, row);
        const Case one = cases()[row];
        const QList<Problem> problems = check(one.config, one.facts);
        QVERIFY(!problems.isEmpty());
        const Problem *problem = find(problems, one.text);
        QVERIFY2(problem, qPrintable(problems.first().text));
        QCOMPARE(problem->severity == Problem::Severity::Error, one.error);
        QStringList labels;
        for (const Fix &fix : problem->fixes)
            labels += fix.label;
        QCOMPARE(labels, one.labels);
        for (const Fix &fix : problem->fixes) {
            RunConfig mended = one.config;
            CheckContext facts = one.facts;
            applyFix(mended, fix);
            if (fix.kind == Kind::Folder) {
                QVERIFY(mended == one.config);
                facts.hostFolder = [](const QString &) { return HostFolder{true, 1000, 1000, 0755}; };
            } else {
                QVERIFY(mended != one.config);
            }
            const QList<Problem> left = check(mended, facts);
            QVERIFY2(left.isEmpty(), qPrintable(left.isEmpty() ? QString() : left.first().text));
        }
    }

    void saysWhatNoButtonCanMend()
    {
        const auto said = [](const RunConfig &config) {
            QStringList texts;
            for (const Problem &problem : check(config, known()))
                texts += (problem.severity == Problem::Severity::Error ? u"E "_s : u"W "_s) + problem.text
                    + (problem.fixes.isEmpty() ? QString() : u" !"_s);
            return texts.join(u'|');
        };
        RunConfig config = plain();
        config.image = u"person:1"_s; // has no entry point
        config.command = {u"-x"_s};
        QCOMPARE(said(config),
            u"E The command begins with the option -x, and no entry point takes it: name the program before it."_s);
        config.code.folder = u"/repo"_s;
        QCOMPARE(said(config), u"E bash would look for a program of the name -x: name the program before it."_s);
        config.image = u"unknown:1"_s;
        QCOMPARE(said(config), u"E bash would look for a program of the name -x: name the program before it."_s);
        config.code = {};
        QCOMPARE(said(config), QString()); // its entry point is not known
        config.image = u"own:1"_s;
        QCOMPARE(said(config), QString()); // its entry point takes it
        config.image = u"shell:1"_s; // sh -c bash -c LINE does nothing at all
        config.command = {u"/train"_s};
        config.code.folder = u"/repo"_s;
        QCOMPARE(said(config),
            u"E The entry point sh -c gets the start line as its arguments, and takes “bash” for a file. !"_s);
        QVERIFY(mendsItself(check(config, known()).first()));
        config.image = u"own:1"_s;
        QVERIFY(!mendsItself(check(config, known()).first())); // it may work
    }

    void whatIsNotKnownIsNotSaid()
    {
        static const QStringList needNoFacts{u"of the run"_s, u"own command"_s, u"network of its own"_s,
            u"inner quotes"_s, u"shared memory"_s, u"secret"_s, u"restart"_s, u"nothing is kept"_s};
        for (const Case &one : cases()) {
            const QString name = QString::fromLatin1(one.name);
            if (std::ranges::any_of(needNoFacts, [&](const QString &part) { return name.contains(part); }))
                continue;
            QVERIFY2(!find(check(one.config), one.text), one.name);
        }
    }

    void isSilentWhereNothingIsWrong()
    {
        const auto silent = [](const RunConfig &config, CheckContext facts = known()) {
            const QList<Problem> problems = check(config, facts);
            return problems.isEmpty() ? QString() : problems.first().text;
        };
        QCOMPARE(silent(plain()), QString());
        const auto port = [](const QString &spec) { return with([&](RunConfig &c) { c.ports = {spec}; }); };
        QCOMPARE(silent(port(u"8887:80"_s)), QString());
        QCOMPARE(silent(port(u"8888:80/udp"_s)), QString());
        QCOMPARE(silent(port(u"80"_s)), QString());
        QCOMPARE(silent(port(u"192.168.1.2:8889:80"_s)), QString()); // another address
        QCOMPARE(silent(port(u"8888-8899:80"_s)), QString()); // Docker finds one
        for (const auto &[name, value] : {std::pair{u"TOKENIZERS_PARALLELISM"_s, u"false"_s},
                 std::pair{u"MAX_TOKEN"_s, u"512"_s}, std::pair{u"HF_TOKEN"_s, u"${HF_TOKEN}"_s},
                 std::pair{u"HF_TOKEN"_s, QString()}, std::pair{u"API_KEY"_s, u"/run/secrets/key"_s}})
            QCOMPARE(silent(with([&](RunConfig &c) { c.env = {{name, value}}; })), QString());
        QCOMPARE(silent(with([](RunConfig &c) { c.env = {{u"HF_TOKEN"_s, std::nullopt}}; })), QString());
        // Root's files in root's folder, in the person's own name, or where root is nobody outside.
        const auto writes = [](const QString &folder) {
            return with([&](RunConfig &c) { c.mounts = {{folder, u"/ws"_s, false, false, {}}}; });
        };
        QCOMPARE(silent(writes(u"/srv"_s)), QString());
        RunConfig own = writes(u"/home/me/ws"_s);
        own.image = u"person:1"_s;
        QCOMPARE(silent(own), QString());
        CheckContext facts = known();
        facts.machine.rootIsRoot = false;
        QCOMPARE(silent(writes(u"/home/me/ws"_s), facts), QString());
        facts = known();
        facts.machine.person = Person{0, 0};
        QCOMPARE(silent(writes(u"/home/me/ws"_s), facts), QString());
        // An entry point that runs what it is given.
        const auto script = [](const QString &image) {
            return with([&](RunConfig &c) {
                c.image = image;
                c.useShell = true;
                c.script = u"/train"_s;
            });
        };
        QCOMPARE(silent(script(u"tini:1"_s)), QString());
        QCOMPARE(silent(with([](RunConfig &c) { c.image = u"program:1"_s; })), QString());
        // Shared memory that is there already.
        for (const auto &[ipc, mounts] :
            {std::pair{u"host"_s, plain().mounts}, std::pair{u"container:a"_s, plain().mounts},
                std::pair{QString(), QList<Mount>{{u"/shm"_s, u"/dev/shm/"_s, true, false, {}}}}})
            QCOMPARE(silent(with([&](RunConfig &c) {
                c.image = u"pytorch:1"_s;
                c.ipc = ipc;
                c.mounts = mounts;
            })),
                QString());
    }

    void runAsMeGivesAHome()
    {
        RunConfig config = plain();
        applyFix(config, {Kind::RunAs, {}, u"1000:1000"_s});
        QCOMPARE(config.user, u"1000:1000"_s);
        QCOMPARE(config.env, (QList<EnvVar>{{u"HOME"_s, u"/tmp"_s}}));
        applyFix(config, {Kind::RunAs, {}, u"1:1"_s});
        QCOMPARE(config.env.size(), 1);
    }

    void noFreeGpuNoButton()
    {
        CheckContext facts = known();
        facts.gpus->resize(2);
        const auto problems = check(with([](RunConfig &c) { c.gpus = devices({u"0"_s}); }), facts);
        QCOMPARE(problems.size(), 1);
        QVERIFY(problems.first().fixes.isEmpty());
    }

    void twoBusyGpusGetOneEach()
    {
        const auto problems = check(with([](RunConfig &c) { c.gpus = devices({u"0"_s, u"1"_s}); }), known());
        QCOMPARE(problems.size(), 2);
        RunConfig config = with([](RunConfig &c) { c.gpus = devices({u"0"_s, u"1"_s}); });
        for (const Problem &problem : problems)
            applyFix(config, problem.fixes.first());
        QCOMPARE(config.gpus.devices, (QStringList{u"GPU-2aaaaaaa-bbbb"_s, u"GPU-3aaaaaaa-bbbb"_s}));
    }

    void portsKeepTheirNotation()
    {
        QCOMPARE(withHostPort(u"8888:80"_s, u"9"_s), u"9:80"_s);
        QCOMPARE(withHostPort(u"127.0.0.1:8888:80/udp"_s, u"9"_s), u"127.0.0.1:9:80/udp"_s);
        QCOMPARE(withHostPort(u"[::1]:8888:80"_s, u"9"_s), u"[::1]:9:80"_s);
        QCOMPARE(withHostPort(u"80"_s, u"9"_s), u"9:80"_s);
    }
};

QTEST_GUILESS_MAIN(ProblemTest)
#include "tst_problem.moc"
