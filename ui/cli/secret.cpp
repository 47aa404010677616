#include "cli/secret.h"

#include "cli/say.h"

#include <algorithm>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace cli {

namespace {

/** The terminal itself, also while input and output are pipes; echoes nothing and sends no signals as long as it
 * lives, so that Ctrl+C cannot leave it that way. */
class SilentTerminal
{
public:
    SilentTerminal()
        : m_fd(::open("/dev/tty", O_RDWR | O_CLOEXEC))
    {
        if (m_fd < 0 || ::tcgetattr(m_fd, &m_before) != 0)
            return;
        termios silent = m_before;
        silent.c_lflag &= tcflag_t(~(ECHO | ICANON | ISIG));
        m_ready = ::tcsetattr(m_fd, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal()
    {
        if (m_ready)
            ::tcsetattr(m_fd, TCSAFLUSH, &m_before);
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Q_DISABLE_COPY_MOVE(SilentTerminal)

    bool ready() const { return m_ready; }
    bool write(const QByteArray &text) const { return ::write(m_fd, text.constData(), size_t(text.size())) >= 0; }
    /** Zero at its end. */
    char read() const
    {
        char c = 0;
        return ::read(m_fd, &c, 1) == 1 ? c : '\0';
    }

private:
    int m_fd;
    bool m_ready = false;
    termios m_before{};
};

constexpr char cancel = 3; ///< Ctrl+C
constexpr char endOfInput = 4; ///< Ctrl+D
constexpr char eraseLine = 21; ///< Ctrl+U

} // namespace

std::optional<QString> askSecret(const QString &name)
{
    const SilentTerminal terminal;
    if (!terminal.ready() || !terminal.write(name.toLocal8Bit() + ": "))
        return std::nullopt;
    QByteArray typed;
    for (;;) {
        const char c = terminal.read();
        if (c == '\n' || c == '\r' || c == '\0' || c == cancel || c == endOfInput) {
            terminal.write("\n");
            if (c == cancel || c == '\0' || (c == endOfInput && typed.isEmpty()))
                return std::nullopt;
            return QString::fromLocal8Bit(typed);
        }
        if (c == eraseLine)
            typed.clear();
        else if (c == '\b' || c == '\x7f')
            typed.chop(1);
        else
            typed += c;
    }
}

SecretAsker::SecretAsker(recipe::RunConfig config, QString configName)
    : m_config(std::move(config))
    , m_configName(std::move(configName))
{
}

void SecretAsker::start()
{
    const auto lacks = [](const recipe::EnvVar &variable) { return variable.secret && !variable.value; };
    if (std::ranges::none_of(m_config.env, lacks) || m_configName.isEmpty())
        return ask();
    // A locked one would ask for its password on a desktop that nobody may be looking at.
    m_kept.state().then(this, [this](const core::Result<accounts::KeyringState> &state) {
        if (state && *state == accounts::KeyringState::Available)
            lookUp(0);
        else
            ask();
    });
}

void SecretAsker::lookUp(qsizetype from)
{
    for (qsizetype i = from; i < m_config.env.size(); ++i) {
        const recipe::EnvVar &variable = m_config.env[i];
        if (!variable.secret || variable.value)
            continue;
        m_kept.value(m_configName, variable.name)
            .then(this, [this, i](const core::Result<std::optional<QString>> &kept) {
                if (kept)
                    m_config.env[i].value = *kept;
                lookUp(i + 1);
            });
        return;
    }
    ask();
}

void SecretAsker::ask()
{
    for (recipe::EnvVar &variable : m_config.env) {
        if (!variable.secret || variable.value)
            continue;
        variable.value = askSecret(variable.name);
        if (!variable.value) {
            complain(
                QStringLiteral("The secret %1 is neither in the environment nor in the keyring, nor was it entered.")
                    .arg(variable.name));
            Q_EMIT finished(std::nullopt);
            return;
        }
    }
    Q_EMIT finished(m_config);
}

} // namespace cli
