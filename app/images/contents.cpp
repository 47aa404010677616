#include "images/contents.h"

#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <array>

namespace images {

using namespace Qt::StringLiterals;

namespace {

/** One thing an image may hold and the variables (or labels) that tell its version, the best first. */
struct Teller
{
    const char *what;
    std::array<const char *, 4> names;
};

constexpr std::array tellers = {
    Teller{"PyTorch", {"PYTORCH_VERSION", "PYTORCH_BUILD_VERSION", "TORCH_VERSION"}},
    Teller{"NVIDIA PyTorch image", {"NVIDIA_PYTORCH_VERSION"}},
    Teller{"TensorFlow", {"TENSORFLOW_VERSION", "TF_VERSION"}},
    Teller{"NVIDIA TensorFlow image", {"NVIDIA_TENSORFLOW_VERSION"}},
    Teller{"JAX", {"JAX_VERSION"}},
    Teller{"vLLM", {"VLLM_VERSION"}},
    Teller{"Triton server", {"TRITON_SERVER_VERSION", "NVIDIA_TRITON_SERVER_VERSION"}},
    Teller{"CUDA", {"CUDA_VERSION", "com.nvidia.cuda.version", "NV_CUDA_CUDART_VERSION"}},
    Teller{"cuDNN", {"CUDNN_VERSION", "NV_CUDNN_VERSION", "com.nvidia.cudnn.version"}},
    Teller{"NCCL", {"NCCL_VERSION", "NV_LIBNCCL_PACKAGE_VERSION", "com.nvidia.nccl.version"}},
    Teller{"cuBLAS", {"CUBLAS_VERSION", "NV_LIBCUBLAS_VERSION", "com.nvidia.cublas.version"}},
    Teller{"TensorRT", {"TENSORRT_VERSION", "TRT_VERSION", "com.nvidia.tensorrt.version"}},
    Teller{"DALI", {"DALI_VERSION"}},
    Teller{"ROCm", {"ROCM_VERSION", "ROCM_PATH"}},
    Teller{"Python", {"PYTHON_VERSION", "PYVER"}},
    Teller{"pip", {"PYTHON_PIP_VERSION"}},
    Teller{"Conda", {"CONDA_VERSION", "MINICONDA_VERSION"}},
};

/** The CUDA version and the first driver branch that runs it. Source: CUDA Toolkit Release Notes, table 3. */
struct Branch
{
    int major;
    int minor;
    int driver;
};
constexpr std::array branches = {
    Branch{10, 0, 410},
    Branch{10, 1, 418},
    Branch{10, 2, 440},
    Branch{11, 0, 450},
    Branch{11, 1, 455},
    Branch{11, 2, 460},
    Branch{11, 3, 465},
    Branch{11, 4, 470},
    Branch{11, 5, 495},
    Branch{11, 6, 510},
    Branch{11, 7, 515},
    Branch{11, 8, 520},
    Branch{12, 0, 525},
    Branch{12, 1, 530},
    Branch{12, 2, 535},
    Branch{12, 3, 545},
    Branch{12, 4, 550},
    Branch{12, 5, 555},
    Branch{12, 6, 560},
    Branch{12, 7, 565},
    Branch{12, 8, 570},
    Branch{12, 9, 575},
    Branch{13, 0, 580},
};

/** "Ubuntu 22.04" of the two labels every Ubuntu image has; other systems name themselves alike. */
void addSystem(QList<Content> &contents, const QMap<QString, QString> &labels)
{
    QString name = labels.value(u"org.opencontainers.image.ref.name"_s);
    const QString version = labels.value(u"org.opencontainers.image.version"_s);
    static const QSet<QString> systems = {u"ubuntu"_s, u"debian"_s, u"fedora"_s, u"centos"_s, u"rockylinux"_s,
        u"almalinux"_s, u"alpine"_s, u"opensuse"_s};
    if (version.isEmpty() || !systems.contains(name))
        return;
    name[0] = name[0].toUpper();
    contents.append({name, version, u"org.opencontainers.image.version"_s});
}

void addLabels(QList<Content> &contents, const QMap<QString, QString> &labels)
{
    static const QList<std::pair<QString, QString>> wanted = {
        {u"Title"_s, u"org.opencontainers.image.title"_s},
        {u"Version"_s, u"org.opencontainers.image.version"_s},
        {u"Revision"_s, u"org.opencontainers.image.revision"_s},
        {u"Source"_s, u"org.opencontainers.image.source"_s},
        {u"NVIDIA build"_s, u"com.nvidia.build.id"_s},
    };
    const bool versionTaken = std::any_of(contents.begin(), contents.end(),
        [](const Content &content) { return content.source == "org.opencontainers.image.version"_L1; });
    for (const auto &[what, label] : wanted) {
        const QString value = labels.value(label);
        if (!value.isEmpty() && !(versionTaken && label.endsWith(".version"_L1)))
            contents.append({what, value, label});
    }
}

} // namespace

QList<Content> contentsOf(const QStringList &env, const QMap<QString, QString> &labels)
{
    QMap<QString, QString> variables;
    for (const QString &line : env)
        variables.insert(line.section(u'=', 0, 0), line.section(u'=', 1));
    QList<Content> contents;
    for (const Teller &teller : tellers) {
        for (const char *name : teller.names) {
            const QString key = QString::fromLatin1(name);
            QString value = variables.value(key);
            if (value.isEmpty())
                value = labels.value(key);
            if (key == "ROCM_PATH"_L1 && !value.isEmpty()) // "/opt/rocm-6.1.0"; a plain /opt/rocm has no version
                value = value.section(u'-', 1);
            if (key.isEmpty() || value.isEmpty())
                continue;
            contents.append({QString::fromLatin1(teller.what), value, key});
            break;
        }
    }
    addSystem(contents, labels);
    addLabels(contents, labels);
    return contents;
}

QString driverFor(const QString &requireCuda)
{
    // Alternatives stand apart by blanks, what must hold together by commas:
    // "cuda>=12.4 brand=tesla,driver>=470,driver<471 brand=tesla,driver>=535,driver<536".
    static const QRegularExpression cuda(u"^cuda>=(\\d+)\\.(\\d+)$"_s);
    static const QRegularExpression driver(u"(?:^|,)driver>=(\\d+)"_s);
    QString first;
    QSet<int> others;
    for (const QString &one : requireCuda.split(u' ', Qt::SkipEmptyParts)) {
        if (const auto match = cuda.match(one); match.hasMatch()) {
            const int major = match.captured(1).toInt();
            const int minor = match.captured(2).toInt();
            const auto branch = std::find_if(branches.begin(), branches.end(),
                [&](const Branch &b) { return std::pair(b.major, b.minor) >= std::pair(major, minor); });
            const QString version = u"CUDA %1.%2"_s.arg(major).arg(minor);
            first = branch != branches.end() && branch->major == major
                ? u"%1 or newer (%2)"_s.arg(branch->driver).arg(version)
                : u"one for %1"_s.arg(version);
        } else if (const auto old = driver.match(one); old.hasMatch()) {
            others.insert(old.captured(1).toInt());
        }
    }
    QList<int> sorted(others.begin(), others.end());
    std::sort(sorted.begin(), sorted.end());
    QStringList numbers;
    for (const int number : sorted)
        numbers.append(QString::number(number));
    if (first.isEmpty())
        return numbers.isEmpty() ? QString() : u"branch %1"_s.arg(numbers.join(u", "_s));
    return numbers.isEmpty() ? first : u"%1, or on data centre GPUs branch %2"_s.arg(first, numbers.join(u", "_s));
}

} // namespace images
