#include "docker/parse.h"

#include <QTest>

/** The daemon's JSON with everything that real daemons leave out, write as null or spell differently. */
class ParseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void containers()
    {
        const auto list = docker::parseContainers(
            R"([{"Id":"abc","Names":["/other/alias","/tf2"],"Image":"bb:1","ImageID":"sha256:1",
            "Command":"sh","Created":1795445168,"State":"exited","Status":"Exited (137) 3 hours ago","Labels":null,
            "Ports":[{"IP":"0.0.0.0","PrivatePort":8888,"PublicPort":80,"Type":"tcp"},{"PrivatePort":9,"Type":"udp"}],
            "HostConfig":{"NetworkMode":"host"},"Mounts":null}])");
        QVERIFY(list.ok());
        QCOMPARE(list->size(), 1);
        const auto &c = list->first();
        QCOMPARE(c.name, QStringLiteral("tf2"));
        QCOMPARE(c.created, 1795445168);
        QCOMPARE(c.ports.size(), 2);
        QCOMPARE(c.ports[0].publicPort, 80);
        QCOMPARE(c.ports[1].publicPort, 0);
        QCOMPARE(c.networkMode, QStringLiteral("host"));
        QVERIFY(c.labels.isEmpty());
    }

    void emptyLists()
    {
        QVERIFY(docker::parseContainers("[]")->isEmpty());
        QVERIFY(docker::parseContainers("null")->isEmpty());
        QVERIFY(docker::parseImages(" null\n")->isEmpty());
        QCOMPARE(docker::parseContainers(R"([{"Names":null,"Ports":null,"Labels":null}])")->first().name, QString());
    }

    void wrongTypesAreProtocolErrorsWithTheirPath()
    {
        const auto list = docker::parseContainers(R"([{"Id":"a"},{"Id":"b","Ports":[{"PrivatePort":{}}]}])");
        QVERIFY(!list.ok());
        QVERIFY(list.error().kind == core::ErrorKind::Protocol);
        QCOMPARE(list.error().detail, QStringLiteral("[1].Ports[0].PrivatePort: expected a number, found an object"));
        for (const char *bad : {"{}", "[1]", "[", "\"x\"", "", "<html>"})
            QVERIFY2(!docker::parseContainers(bad).ok(), bad);
        for (const char *bad : {"[]", "x", ""})
            QVERIFY2(!docker::parseContainerDetail(bad).ok(), bad);
    }

    void numbersAsStrings()
    {
        QCOMPARE(docker::parseWait(R"({"StatusCode":"9","Error":null})")->statusCode, 9);
        QCOMPARE(docker::parseContainers(R"([{"Created":"17"}])")->first().created, 17);
    }

    void detail()
    {
        const auto c = docker::parseContainerDetail(
            R"({"Id":"abc","Name":"/x","Image":"sha256:1","Created":"2026-11-23T14:46:08.471069956Z",
            "State":{"Status":"exited","OOMKilled":true,"ExitCode":137,"Pid":0,"StartedAt":"2026-11-23T14:46:08+01:00","FinishedAt":"0001-01-01T00:00:00Z"},
            "Config":{"Image":"bb:1","Tty":true,"Env":null},
            "HostConfig":{"AutoRemove":true,"LogConfig":{"Type":"json-file"},"DeviceRequests":[{"Driver":"","Count":-1,"DeviceIDs":null,"Capabilities":[["gpu"]]}]},
            "Mounts":[{"Type":"volume","Name":"v","Source":"/s","Destination":"/d","RW":false}]})");
        QVERIFY(c.ok());
        QCOMPARE(c->created, 1795445168);
        QCOMPARE(c->startedAt, 1795445168 - 3600);
        QCOMPARE(c->finishedAt, 0);
        QVERIFY(c->oomKilled && c->tty && c->autoRemove && !c->running);
        QCOMPARE(c->deviceRequests.size(), 1);
        QCOMPARE(c->deviceRequests[0].count, -1);
        QCOMPARE(c->deviceRequests[0].capabilities, QList<QStringList>{{QStringLiteral("gpu")}});
        QVERIFY(!c->mounts[0].readWrite);
    }

    void images()
    {
        const auto list = docker::parseImages(
            R"([{"Id":"sha256:1","RepoTags":["<none>:<none>"],"RepoDigests":null,"Size":5,"Created":7,"Containers":-1},
            {"Id":"sha256:2","RepoTags":null}])");
        QVERIFY(list.ok());
        QVERIFY(list->at(0).repoTags.isEmpty());
        QCOMPARE(list->at(0).size, 5);
        QVERIFY(list->at(1).repoTags.isEmpty());
    }

    void statsOfBothCgroupVersions()
    {
        const auto v1 = docker::parseStats(
            R"({"cpu_stats":{"cpu_usage":{"total_usage":5,"percpu_usage":[1,2,3]},"system_cpu_usage":9},
            "memory_stats":{"usage":100,"limit":500,"stats":{"total_inactive_file":30,"inactive_file":1}}})");
        QCOMPARE(v1->onlineCpus, 3);
        QCOMPARE(v1->memoryUsed, 70);
        const auto v2
            = docker::parseStats(R"({"cpu_stats":{"cpu_usage":{"total_usage":5,"percpu_usage":null},"online_cpus":2},
            "memory_stats":{"usage":100,"stats":{"inactive_file":40}},"blkio_stats":{"io_service_bytes_recursive":null}})");
        QCOMPARE(v2->onlineCpus, 2);
        QCOMPARE(v2->memoryUsed, 60);
        QCOMPARE(docker::parseStats(R"({"memory_stats":{}})")->memoryUsed, -1);
    }

    void loadStream()
    {
        QCOMPARE(
            *docker::parseLoad("{\"stream\":\"Loaded image: bb:1\\n\"}\r\n"), QStringLiteral("Loaded image: bb:1"));
        const auto failed = docker::parseLoad(
            "{\"status\":\"Loading layer\",\"progressDetail\":{}}\r\n{\"errorDetail\":{\"message\":\"no space "
            "left\"},\"error\":\"x\"}\r\n");
        QCOMPARE(failed.error().message, QStringLiteral("no space left"));
    }

    void errorsInTheDaemonsWords()
    {
        using core::Error;
        using core::ErrorKind;
        QCOMPARE(docker::inDaemonsWords({ErrorKind::Conflict, 409, QStringLiteral(R"({"message":"name taken"})"), {}})
                     .message,
            QStringLiteral("name taken"));
        QCOMPARE(docker::inDaemonsWords({ErrorKind::Daemon, 400, QStringLiteral("client is too old"), {}}).message,
            QStringLiteral("client is too old"));
        QVERIFY(docker::inDaemonsWords({ErrorKind::Daemon, 500, {}, {}}).message.contains(QStringLiteral("500")));
    }
};

QTEST_APPLESS_MAIN(ParseTest)
#include "tst_parse.moc"
