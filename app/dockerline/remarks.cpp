#include "dockerline/remarks.h"

#include <QRegularExpression>
#include <algorithm>

namespace dockerline {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

constexpr qint64 leastMemory = 6 << 20; ///< the daemon refuses less
constexpr qint64 leastShm = 1 << 20;

/** Collects the remarks on one line. Lives for one call. */
class Remarks
{
public:
    Remarks(const ParsedLine &line, const RemarkContext &context)
        : m_config(line.config)
        , m_words(line.words)
        , m_image(line.words.isEmpty() ? 0 : line.imageAt)
        , m_context(context)
    {
    }

    QList<Remark> all()
    {
        gpus();
        life();
        memory();
        network();
        mounts();
        secrets();
        image();
        behindTheImage();
        return m_remarks;
    }

private:
    /** The word of an option, by its value where that is given: "--gpus" or "--gpus=2". */
    const Word *find(const QStringList &names, const QString &value = {}) const;
    void add(const Word *word, const QString &text)
    {
        m_remarks += word ? Remark{word->position, word->length, text} : Remark{-1, 0, text};
    }
    void add(const QStringList &names, const QString &text) { add(find(names), text); }

    void gpus();
    void life();
    void memory();
    void network();
    void mounts();
    void mount(const Mount &mount);
    void secrets();
    void image();
    void behindTheImage();
    bool flag(const QString &name) const;

    const RunConfig &m_config;
    const QList<Word> &m_words;
    const qsizetype m_image;
    const RemarkContext &m_context;
    QList<Remark> m_remarks;
};

const Word *Remarks::find(const QStringList &names, const QString &value) const
{
    for (qsizetype i = 0; i < m_image; ++i) {
        const QString &text = m_words[i].text;
        for (const QString &name : names) {
            const bool apart = text == name;
            const bool joined
                = name.startsWith("--"_L1) ? text.startsWith(name + u'=') : text.size() > 2 && text.startsWith(name);
            if (!apart && !joined)
                continue;
            if (value.isEmpty() || (joined && text.contains(value)))
                return &m_words[i];
            if (apart && i + 1 < m_image && m_words[i + 1].text.contains(value))
                return &m_words[i + 1];
        }
    }
    return nullptr;
}

bool Remarks::flag(const QString &name) const
{
    return std::ranges::any_of(
        m_config.options, [&name](const Option &option) { return option.name == name && option.value == "true"_L1; });
}

void Remarks::gpus()
{
    const GpuRequest &gpus = m_config.gpus;
    if (gpus.kind != GpuRequest::Kind::Count)
        return;
    if (gpus.count == 0)
        return add({u"--gpus"_s}, u"--gpus 0 asks for no GPU; GPU number 0 is --gpus device=0."_s);
    add({u"--gpus"_s},
        gpus.count == 1
            ? u"--gpus 1 is a count, and Docker always takes GPU 0 for it; GPU number 1 is --gpus device=1."_s
            : u"--gpus %1 is a count, and Docker always takes the first %1 GPUs; GPU number %1 is --gpus device=%1."_s
                  .arg(gpus.count));
}

void Remarks::life()
{
    if (m_config.removeWhenFinished && !m_config.restart.isEmpty())
        add({u"--restart"_s}, u"Docker refuses --restart together with --rm, which removes what would be restarted."_s);
    if (m_config.detach && m_config.interactive && m_config.tty)
        add({u"-it"_s, u"-ti"_s, u"-t"_s, u"--tty"_s},
            u"With -d nobody is at the terminal that -it asks for; it only keeps a waiting shell alive."_s);
    if (flag(u"privileged"_s))
        add({u"--privileged"_s},
            u"--privileged gives the container root's power over this machine; GPUs need only --gpus."_s);
}

void Remarks::memory()
{
    if (m_config.memory > 0 && m_config.memory < leastMemory)
        add({u"--memory"_s, u"-m"_s},
            u"This is a memory of %1 bytes, less than Docker takes; a number alone counts bytes, 16g is 16 GiB."_s.arg(
                m_config.memory));
    if (m_config.shmSize > 0 && m_config.shmSize < leastShm)
        add({u"--shm-size"_s},
            u"This is a /dev/shm of %1 bytes; a number alone counts bytes, 8g is 8 GiB."_s.arg(m_config.shmSize));
    if (m_config.ipc == "host"_L1 && m_config.shmSize > 0)
        add({u"--shm-size"_s}, u"--ipc=host brings this machine's own /dev/shm, so --shm-size does nothing."_s);
}

void Remarks::network()
{
    if (m_config.network == "host"_L1 && !m_config.ports.isEmpty())
        add({u"-p"_s, u"--publish"_s},
            u"With --network=host the program's ports are this machine's already, and -p does nothing."_s);
}

void Remarks::mounts()
{
    for (const Mount &each : m_config.mounts)
        mount(each);
    const auto writable = std::ranges::find_if(
        m_config.mounts, [](const Mount &each) { return each.source.startsWith(u'/') && !each.readOnly; });
    if (writable != m_config.mounts.end() && !m_context.writerIsRoot && m_config.user.isEmpty())
        add(find({u"-v"_s, u"--volume"_s, u"--mount"_s}, writable->source),
            u"Without -u, files that the container writes into %1 usually belong to root; -u $(id -u):$(id -g) makes them yours."_s
                .arg(writable->source));
}

void Remarks::mount(const Mount &mount)
{
    static const QRegularExpression unread(uR"(\$\(|`|\$\{?[A-Za-z_])"_s);
    const QString &source = mount.source;
    if (source.isEmpty() || mount.mustExist)
        return;
    const Word *word = find({u"-v"_s, u"--volume"_s}, source);
    if (source.contains(unread))
        return add(word, u"%1 stands here as it is, not what a shell makes of it outside single quotes."_s.arg(source));
    if (source.startsWith(u'/')) {
        if (m_context.hostFolderExists && !m_context.hostFolderExists(source))
            add(word, u"%1 does not exist; Docker will make it, empty and root's."_s.arg(source));
    } else if (source.contains(u'/')) {
        add(word, u"%1 is neither a folder nor a volume's name to Docker; a folder from here is ./%1."_s.arg(source));
    } else {
        add(word, u"%1 is a volume that Docker keeps, not a folder; the folder %1 from here is ./%1."_s.arg(source));
    }
}

void Remarks::secrets()
{
    static const QRegularExpression secret(u"PASSW(OR)?D|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL"_s,
        QRegularExpression::CaseInsensitiveOption);
    for (const EnvVar &variable : m_config.env) {
        if (variable.value && !variable.value->isEmpty() && variable.name.contains(secret))
            add(find({u"-e"_s, u"--env"_s}, variable.name + u'='),
                u"The value of %1 can be read in this line and in “docker inspect”; -e %1 alone takes it from your environment."_s
                    .arg(variable.name));
    }
}

void Remarks::image()
{
    const QString &image = m_config.image;
    const Word *word = m_image > 0 && m_image < m_words.size() ? &m_words[m_image] : nullptr;
    const QString last = image.section(u'/', -1);
    if (image.isEmpty() || image.contains(u'@'))
        return;
    if (last.endsWith(":latest"_L1))
        add(word, u"What :latest means changes with time; a tag with a version gives the same run again."_s);
    else if (!last.contains(u':'))
        add(word, u"%1 without a tag means %1:latest, which changes with time."_s.arg(image));
}

/** Of `IMAGE --gpus all` Docker reads nothing. */
void Remarks::behindTheImage()
{
    if (m_config.useShell || m_config.command.isEmpty())
        return;
    static const QStringList dockersOwn
        = {u"--gpus"_s, u"--rm"_s, u"--shm-size"_s, u"--ipc"_s, u"--network"_s, u"--net"_s, u"--name"_s, u"--volume"_s,
            u"--ulimit"_s, u"--publish"_s, u"--restart"_s, u"--runtime"_s, u"--privileged"_s, u"--detach"_s, u"--env"_s,
            u"--mount"_s, u"-it"_s, u"-ti"_s, u"-itd"_s, u"-d"_s, u"-v"_s, u"-p"_s, u"-e"_s};
    const auto optionOf = [](const QString &word) { return word.section(u'=', 0, 0); };
    const QStringList &command = m_config.command;
    qsizetype at = dockersOwn.contains(optionOf(command.first())) ? 0 : -1;
    for (qsizetype i = 0; i < command.size() && at < 0; ++i) { // python train.py --gpus 2 is the program's
        const QString value = command[i].contains(u'=') ? command[i].section(u'=', 1) : command.value(i + 1);
        if (optionOf(command[i]) == "--gpus"_L1 && (value == "all"_L1 || value.contains("device="_L1)))
            at = i;
    }
    if (at < 0)
        return;
    const qsizetype word = m_image + 1 + at;
    add(word < m_words.size() ? &m_words[word] : nullptr,
        u"%1 stands behind the image, so the container's program gets it and Docker does not."_s.arg(
            optionOf(command[at])));
}

} // namespace

QList<Remark> remarks(const ParsedLine &line, const RemarkContext &context) { return Remarks(line, context).all(); }

QList<Remark> remarks(const RunConfig &config, const RemarkContext &context)
{
    ParsedLine line;
    line.config = config;
    return remarks(line, context);
}

} // namespace dockerline
