#include "docker/imagereference.h"

#include <QTest>

using docker::ImageReference;
using namespace Qt::StringLiterals;

/** Names as Docker understands them. */
class ImageReferenceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /** What docker 20.10 and 28 ask the daemon for. */
    void pullNames_data()
    {
        static const QString digest = u"sha256:"_s + QString(64, u'a');
        QTest::addColumn<QString>("reference");
        QTest::addColumn<QString>("repository");
        QTest::addColumn<QString>("version");
        const auto row = [](const QString &reference, const QString &repository, const QString &tag) {
            QTest::newRow(qPrintable(reference)) << reference << repository << tag;
        };
        row(u"ubuntu"_s, u"ubuntu"_s, u"latest"_s);
        row(u"ubuntu:22.04"_s, u"ubuntu"_s, u"22.04"_s);
        row(u"library/ubuntu"_s, u"ubuntu"_s, u"latest"_s);
        row(u"docker.io/library/ubuntu:1"_s, u"ubuntu"_s, u"1"_s);
        row(u"docker.io/me/x"_s, u"me/x"_s, u"latest"_s);
        row(u"docker.io/library/a/b"_s, u"library/a/b"_s, u"latest"_s);
        row(u"me/x:1"_s, u"me/x"_s, u"1"_s);
        row(u"nvcr.io/nvidia/pytorch:24.05-py3"_s, u"nvcr.io/nvidia/pytorch"_s, u"24.05-py3"_s);
        row(u"localhost:5000/x"_s, u"localhost:5000/x"_s, u"latest"_s);
        row(u"localhost/x:y"_s, u"localhost/x"_s, u"y"_s);
        row(u"127.0.0.1:5000/a/b:c"_s, u"127.0.0.1:5000/a/b"_s, u"c"_s);
        row(u"ubuntu@"_s + digest, u"ubuntu"_s, digest);
        row(u"r:5000/x:1@"_s + digest, u"r:5000/x"_s, digest);
        row(u"abcdef012345"_s, u"abcdef012345"_s, u"latest"_s); // a name as good as any
    }
    void pullNames()
    {
        QFETCH(QString, reference);
        const auto parsed = ImageReference::parse(reference);
        QVERIFY(parsed);
        QTEST(parsed->repository(), "repository");
        QTEST(parsed->version(), "version");
        QCOMPARE(ImageReference::parse(parsed->text()), parsed);
        QCOMPARE(ImageReference::parse(parsed->full()), parsed);
    }

    void knowsTheRegistry()
    {
        const auto registry = [](const QString &text) { return ImageReference::parse(text)->registry; };
        QCOMPARE(registry(u"ubuntu"_s), u"docker.io"_s);
        QCOMPARE(registry(u"me/x"_s), u"docker.io"_s);
        QCOMPARE(registry(u"localhost/x"_s), u"localhost"_s);
        QCOMPARE(registry(u"r:5000/x"_s), u"r:5000"_s);
        QCOMPARE(registry(u"nvcr.io/nvidia/pytorch:24.05-py3"_s), u"nvcr.io"_s);
        QCOMPARE(ImageReference::parse(u"ubuntu"_s)->full(), u"docker.io/library/ubuntu:latest"_s);
        QCOMPARE(ImageReference::parse(u"docker.io/library/ubuntu"_s)->text(), u"ubuntu:latest"_s);
    }

    void idsAreNotPulled()
    {
        QVERIFY(!ImageReference::parse(QString(64, u'a')));
        QVERIFY(!ImageReference::parse(u"sha256:"_s + QString(64, u'a')));
        QVERIFY(!ImageReference::parse(QString()));
        QVERIFY(!ImageReference::parse(u"No Image"_s));
    }
};

QTEST_APPLESS_MAIN(ImageReferenceTest)
#include "tst_imagereference.moc"
