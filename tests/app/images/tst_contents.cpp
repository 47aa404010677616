#include "images/contents.h"

#include <QTest>

using images::Content;
using namespace Qt::StringLiterals;

/** What an image's variables and labels tell of the programs in it. */
class ContentsTest : public QObject
{
    Q_OBJECT

    static QString told(const QStringList &env, const QMap<QString, QString> &labels = {})
    {
        QStringList lines;
        for (const Content &content : images::contentsOf(env, labels))
            lines.append(content.what + u' ' + content.value);
        return lines.join(u"; "_s);
    }

private Q_SLOTS:
    void versions_data()
    {
        QTest::addColumn<QStringList>("env");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nvcr.io/nvidia/pytorch")
            << QStringList{u"PATH=/usr/bin"_s, u"CUDA_VERSION=12.4.1.003"_s, u"CUDNN_VERSION=9.1.0.70"_s,
                   u"NCCL_VERSION=2.21.5"_s, u"PYTORCH_BUILD_VERSION=2.4.0a0+07cecf4"_s,
                   u"PYTORCH_VERSION=2.4.0a0+07cecf4"_s, u"NVIDIA_PYTORCH_VERSION=24.05"_s,
                   u"TENSORRT_VERSION=10.0.1.6"_s}
            << u"PyTorch 2.4.0a0+07cecf4; NVIDIA PyTorch image 24.05; CUDA 12.4.1.003; cuDNN 9.1.0.70; NCCL 2.21.5; TensorRT 10.0.1.6"_s;
        QTest::newRow("nvidia/cuda") << QStringList{u"CUDA_VERSION=12.2.0"_s, u"NV_CUDNN_VERSION=8.9.4.25"_s,
            u"NV_LIBNCCL_PACKAGE_VERSION=2.18.3-1"_s}
                                     << u"CUDA 12.2.0; cuDNN 8.9.4.25; NCCL 2.18.3-1"_s;
        QTest::newRow("python") << QStringList{u"PYTHON_VERSION=3.11.9"_s, u"LANG=C.UTF-8"_s} << u"Python 3.11.9"_s;
        QTest::newRow("rocm") << QStringList{u"ROCM_PATH=/opt/rocm-6.1.0"_s} << u"ROCm 6.1.0"_s;
        QTest::newRow("rocm without a version") << QStringList{u"ROCM_PATH=/opt/rocm"_s} << QString();
        QTest::newRow("empty value, no value") << QStringList{u"CUDA_VERSION="_s, u"NCCL_VERSION"_s} << QString();
        QTest::newRow("a value with =") << QStringList{u"PYTHON_VERSION=3=4"_s} << u"Python 3=4"_s;
        QTest::newRow("nothing") << QStringList() << QString();
    }
    void versions()
    {
        QFETCH(QStringList, env);
        QTEST(told(env), "expected");
    }

    void labels()
    {
        QCOMPARE(
            told({},
                {{u"org.opencontainers.image.ref.name"_s, u"ubuntu"_s},
                    {u"org.opencontainers.image.version"_s, u"22.04"_s}, {u"com.nvidia.cudnn.version"_s, u"8.9"_s}}),
            u"cuDNN 8.9; Ubuntu 22.04"_s);
        // A version that is not the system's is the image's own.
        QCOMPARE(told({},
                     {{u"org.opencontainers.image.version"_s, u"1.2"_s},
                         {u"org.opencontainers.image.revision"_s, u"abc"_s}}),
            u"Version 1.2; Revision abc"_s);
        // The variable counts before the label, and says where it stands.
        const auto both = images::contentsOf({u"NCCL_VERSION=1"_s}, {{u"com.nvidia.nccl.version"_s, u"2"_s}});
        QCOMPARE(both, (QList<Content>{{u"NCCL"_s, u"1"_s, u"NCCL_VERSION"_s}}));
    }

    void driver_data()
    {
        QTest::addColumn<QString>("require");
        QTest::addColumn<QString>("driver");
        QTest::newRow("cuda alone") << u"cuda>=12.4"_s << u"550 or newer (CUDA 12.4)"_s;
        QTest::newRow("cuda and branches")
            << u"cuda>=12.4 brand=tesla,driver>=470,driver<471 brand=unknown,driver>=470,driver<471 brand=tesla,driver>=535,driver<536"_s
            << u"550 or newer (CUDA 12.4), or on data centre GPUs branch 470, 535"_s;
        QTest::newRow("of tomorrow") << u"cuda>=15.1"_s << u"one for CUDA 15.1"_s;
        QTest::newRow("branches alone") << u"driver>=418"_s << u"branch 418"_s;
        QTest::newRow("nothing") << QString() << QString();
        QTest::newRow("something else") << u"arch>=7.0 cuda>=x"_s << QString();
    }
    void driver()
    {
        QFETCH(QString, require);
        QTEST(images::driverFor(require), "driver");
    }
};

QTEST_APPLESS_MAIN(ContentsTest)
#include "tst_contents.moc"
