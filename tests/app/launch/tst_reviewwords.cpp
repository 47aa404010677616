#include "launch/reviewwords.h"
#include "launch/sampletraining.h"

#include <QTest>

using namespace launch;
using namespace recipe;
using namespace Qt::StringLiterals;

/** What will happen, as it is told before the launch. */
class ReviewWordsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsTheReferenceRun()
    {
        RunConfig config;
        config.image = u"nvcr.io/nvidia/tensorflow:24.05-tf2-py3"_s;
        config.name = u"resnet-7"_s;
        config.gpus.kind = GpuRequest::Kind::Devices;
        config.gpus.devices = {u"GPU-3faa8e3c"_s};
        config.mounts = {{u"/home/me/ws"_s, u"/workspace"_s, false, false, {}}};
        config.code.folder = u"/workspace/repo"_s;
        config.code.checkout = u"my_branch"_s;
        config.network = u"host"_s;
        config.shmSize = qint64(1) << 30;
        config.ulimits = {{u"memlock"_s, -1, -1}};
        CheckContext facts;
        inventory::GpuOffer gpu;
        gpu.uuid = u"GPU-3faa8e3c"_s;
        gpu.place = u"2"_s;
        facts.gpus = QList{gpu};
        facts.machine.rootIsRoot = true;
        facts.machine.person = Person{1000, 1000};
        QCOMPARE(reviewWords(config, facts),
            (QStringList{u"Runs nvcr.io/nvidia/tensorflow:24.05-tf2-py3 on GPU 2 as resnet-7."_s,
                u"Checks out my_branch in /workspace/repo before it starts (git pull first)."_s,
                u"Sees /home/me/ws as /workspace; what it writes there belongs to root."_s,
                u"Uses the host's own network: its ports are the host's."_s, u"Has 1 GiB of shared memory."_s,
                u"Unlimited memlock."_s, u"Removed when it ends; its log stays in Slipway until you close it."_s}));
        config.user = u"1000:1000"_s;
        QVERIFY(reviewWords(config, facts)
                    .contains(u"Sees /home/me/ws as /workspace; what it writes there belongs to you."_s));
        facts.machine.person = Person{0, 0};
        config.user.clear();
        QVERIFY(
            reviewWords(config, facts)
                .contains(u"Sees /home/me/ws as /workspace; what it writes there belongs to root, which you are."_s));
        // Nobody knows whose the files will be.
        QVERIFY(reviewWords(config).contains(u"Sees /home/me/ws as /workspace."_s));
    }

    void tellsTheRest()
    {
        RunConfig config;
        QVERIFY(reviewWords(config).isEmpty());
        config.image = u"a:1"_s;
        config.gpus = {GpuRequest::Kind::Any, 2, {}, 0};
        config.mounts = {{{}, u"/tmp/x"_s, false, false, {}}, {u"data"_s, u"/data"_s, true, false, {}}};
        config.ports = {u"8888:80"_s, u"22"_s};
        config.memory = qint64(16) << 30;
        config.cpus = 1.5;
        QCOMPARE(reviewWords(config),
            (QStringList{u"Runs a:1 on 2 GPUs that are free then under a name that Docker invents."_s,
                u"Keeps /tmp/x in a new volume without a name, which goes with it."_s,
                u"Sees the volume data as /data, and cannot change it."_s,
                u"Its port 80 is reached as port 8888 of the host."_s,
                u"Its port 22 is reached through a port of the host that Docker chooses."_s,
                u"May use at most 16 GiB of memory and 1.5 CPUs."_s,
                u"Removed when it ends; its log stays in Slipway until you close it."_s}));
        config.removeWhenFinished = false;
        QCOMPARE(reviewWords(config).last(), u"Stays when it ends, until you remove it."_s);
        config.restart = u"unless-stopped"_s;
        QVERIFY(reviewWords(config).last().contains(u"until you stop it"_s));
    }

    void everySentenceEnds()
    {
        for (const QString &sentence : reviewWords(sampleTraining()))
            QVERIFY2(sentence.endsWith(u'.') && sentence[0].isUpper(), qPrintable(sentence));
    }
};

QTEST_GUILESS_MAIN(ReviewWordsTest)
#include "tst_reviewwords.moc"
