// The sample training: a two-layer network learns to tell two spirals apart. Plain C++ without any library, so that
// its image needs no base; it behaves as people's own trainings do: a bar on standard error, a line for each epoch on
// standard output, checkpoints in /workspace, a clean end on SIGTERM, the exit code it is told.

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t caughtSignal = 0;

struct Options
{
    int epochs = 20;
    double lr = 0.005;
    int steps = 150; ///< per epoch
    int stepMs = 20; ///< the least time a step takes
    std::uint64_t seed = 1;
    int exitCode = 0;
    std::string workspace = "/workspace";
    std::string resume; ///< checkpoint to go on from
};

constexpr const char *help = R"(usage: train [OPTIONS]

Trains a two-layer network on two spirals and shows how it goes.

  --epochs N        how many epochs (20)
  --lr X            learning rate (0.005)
  --steps N         steps of each epoch (150)
  --step-ms N       least milliseconds a step takes (20)
  --seed N          of the data and the first weights (1)
  --exit-code N     what to exit with when the training is done (0)
  --workspace DIR   where checkpoints go if it can be written (/workspace)
  --resume FILE     go on from this checkpoint
  --help            this text
)";

// ---- data

struct Sample
{
    std::array<double, 2> x;
    double label; ///< 0 or 1: which spiral
};

std::vector<Sample> spirals(int count, std::mt19937_64 &random)
{
    std::uniform_real_distribution<double> along(0.05, 1.0);
    std::normal_distribution<double> noise(0.0, 0.05);
    std::vector<Sample> samples;
    for (int i = 0; i < count; ++i) {
        const double t = along(random);
        const double angle = t * 3.0 * M_PI + (i % 2) * M_PI;
        samples.push_back({{t * std::cos(angle) + noise(random), t * std::sin(angle) + noise(random)}, double(i % 2)});
    }
    return samples;
}

// ---- network

constexpr int hidden = 48;

/** 2 inputs, `hidden` tanh units, one sigmoid output; trained with Adam. All weights are in one list, for checkpoints.
 */
class Network
{
public:
    static constexpr int size = hidden * 4 + 1; ///< two inputs, a bias and an output weight each, and the output's bias

    explicit Network(std::mt19937_64 &random)
        : w(size)
        , m(size)
        , v(size)
        , g(size)
    {
        std::normal_distribution<double> start(0.0, 1.0);
        for (int h = 0; h < hidden; ++h) {
            w[h * 4] = start(random) * 3;
            w[h * 4 + 1] = start(random) * 3;
            w[h * 4 + 2] = start(random);
            w[h * 4 + 3] = start(random) / std::sqrt(hidden);
        }
    }

    double predict(const Sample &sample)
    {
        double sum = w[size - 1];
        for (int h = 0; h < hidden; ++h) {
            const double *p = &w[h * 4];
            active[h] = std::tanh(p[0] * sample.x[0] + p[1] * sample.x[1] + p[2]);
            sum += p[3] * active[h];
        }
        return 1.0 / (1.0 + std::exp(-sum));
    }

    /** One step on a batch; its mean loss. */
    double train(const std::vector<const Sample *> &batch, double lr)
    {
        std::fill(g.begin(), g.end(), 0.0);
        double loss = 0;
        for (const Sample *sample : batch) {
            const double p = std::clamp(predict(*sample), 1e-9, 1 - 1e-9);
            loss -= sample->label > 0.5 ? std::log(p) : std::log(1 - p);
            const double delta = (p - sample->label) / double(batch.size());
            g[size - 1] += delta;
            for (int h = 0; h < hidden; ++h) {
                const double back = delta * w[h * 4 + 3] * (1 - active[h] * active[h]);
                g[h * 4] += back * sample->x[0];
                g[h * 4 + 1] += back * sample->x[1];
                g[h * 4 + 2] += back;
                g[h * 4 + 3] += delta * active[h];
            }
        }
        adam(lr);
        return loss / double(batch.size());
    }

    std::vector<double> w;

private:
    void adam(double lr)
    {
        ++steps;
        for (int i = 0; i < size; ++i) {
            m[i] = 0.9 * m[i] + 0.1 * g[i];
            v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
            const double mean = m[i] / (1 - std::pow(0.9, steps));
            const double square = v[i] / (1 - std::pow(0.999, steps));
            w[i] -= lr * mean / (std::sqrt(square) + 1e-8);
        }
    }

    std::vector<double> m, v, g; ///< Adam's two means, and the gradient
    std::array<double, hidden> active{};
    int steps = 0;
};

double accuracy(Network &network, const std::vector<Sample> &samples)
{
    const auto right = std::count_if(samples.begin(), samples.end(),
        [&network](const Sample &sample) { return (network.predict(sample) > 0.5) == (sample.label > 0.5); });
    return double(right) / double(samples.size());
}

// ---- checkpoints: a line "slipway-sample-checkpoint 1 EPOCH", then one weight a line

constexpr const char *magic = "slipway-sample-checkpoint 1";

bool save(const Network &network, const Options &options, int epoch)
{
    if (access(options.workspace.c_str(), W_OK) != 0)
        return true; // nothing is mounted there, or read-only: train without
    const std::string path = options.workspace + "/checkpoint-epoch" + std::to_string(epoch) + ".txt";
    const std::string unfinished = path + ".tmp";
    FILE *file = std::fopen(unfinished.c_str(), "w");
    bool ok = file != nullptr;
    if (ok) {
        std::fprintf(file, "%s %d\n", magic, epoch);
        for (const double weight : network.w)
            std::fprintf(file, "%.17g\n", weight);
        ok = std::ferror(file) == 0;
        ok = std::fclose(file) == 0 && ok;
        ok = ok && std::rename(unfinished.c_str(), path.c_str()) == 0;
    }
    if (!ok)
        std::fprintf(stderr, "cannot write %s: %s\n", path.c_str(), std::strerror(errno));
    return ok;
}

/** The epoch the checkpoint was made after; −1: it is none. */
int load(Network &network, const std::string &path)
{
    FILE *file = std::fopen(path.c_str(), "r");
    if (!file)
        return -1;
    int epoch = -1;
    bool ok = std::fscanf(file, "slipway-sample-checkpoint 1 %d", &epoch) == 1 && epoch >= 0;
    for (size_t i = 0; ok && i < network.w.size(); ++i)
        ok = std::fscanf(file, "%lf", &network.w[i]) == 1;
    std::fclose(file);
    return ok ? epoch : -1;
}

// ---- what is seen

std::string clockText(double seconds)
{
    char text[32];
    const long s = std::lround(std::max(seconds, 0.0));
    if (s >= 3600)
        std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    else
        std::snprintf(text, sizeof text, "%02ld:%02ld", s / 60, s % 60);
    return text;
}

/** One epoch's bar as tqdm draws it: over itself with a carriage return, at most ten times a second. */
class Bar
{
public:
    Bar(int epoch, int epochs, int steps)
        : m_epoch(epoch)
        , m_epochs(epochs)
        , m_steps(steps)
    {
    }

    void show(int done, double loss)
    {
        const auto now = Clock::now();
        if (done < m_steps && now - m_shown < std::chrono::milliseconds(100))
            return;
        m_shown = now;
        const double elapsed = std::chrono::duration<double>(now - m_start).count();
        const double rate = elapsed > 0 ? done / elapsed : 0;
        const double left = rate > 0 ? (m_steps - done) / rate : 0;
        std::fprintf(stderr, "\repoch %d/%d: %3d%%|%s| %d/%d [%s<%s, %.1fit/s, loss=%.3f]", m_epoch, m_epochs,
            int(100L * done / m_steps), strip(done).c_str(), done, m_steps, clockText(elapsed).c_str(),
            clockText(left).c_str(), rate, loss);
        std::fflush(stderr);
    }

private:
    /** Ten places; the one being filled shows its tenths. */
    std::string strip(int done) const
    {
        const long tenths = 100L * done / m_steps;
        std::string text(size_t(tenths / 10), '#');
        if (tenths < 100 && tenths % 10 > 0)
            text += char('0' + tenths % 10);
        text.resize(10, ' ');
        return text;
    }

    int m_epoch, m_epochs, m_steps;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_shown{};
};

// ---- the training

void waitUntil(Clock::time_point when)
{
    while (!caughtSignal) {
        const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(when - Clock::now()).count();
        if (left <= 0)
            return;
        const timespec wait{time_t(left / 1'000'000'000), long(left % 1'000'000'000)};
        nanosleep(&wait, nullptr); // a signal ends it early
    }
}

/** Runs one epoch; its mean loss. Ends early when a signal came. */
double trainEpoch(
    Network &network, const std::vector<Sample> &samples, const Options &options, int epoch, std::mt19937_64 &random)
{
    constexpr int batchSize = 32;
    std::uniform_int_distribution<size_t> pick(0, samples.size() - 1);
    std::vector<const Sample *> batch(batchSize);
    Bar bar(epoch, options.epochs, options.steps);
    double sum = 0;
    for (int step = 1; step <= options.steps && !caughtSignal; ++step) {
        const auto start = Clock::now();
        for (const Sample *&sample : batch)
            sample = &samples[pick(random)];
        sum += network.train(batch, options.lr);
        waitUntil(start + std::chrono::milliseconds(options.stepMs));
        bar.show(step, sum / step);
    }
    std::fputc('\n', stderr);
    return sum / options.steps;
}

int train(const Options &options)
{
    std::mt19937_64 random(options.seed);
    const std::vector<Sample> samples = spirals(2000, random);
    const std::vector<Sample> unseen = spirals(1000, random);
    Network network(random);
    int done = 0;
    if (!options.resume.empty()) {
        done = load(network, options.resume);
        if (done < 0) {
            std::fprintf(stderr, "train: %s is no checkpoint of this training\n", options.resume.c_str());
            return 2;
        }
    }
    std::printf("training on two spirals: %zu samples, %d weights, %d epochs, lr=%g\n", samples.size(), Network::size,
        options.epochs, options.lr);
    std::fflush(stdout);
    for (int epoch = done + 1; epoch <= options.epochs; ++epoch) {
        const double loss = trainEpoch(network, samples, options, epoch, random);
        if (caughtSignal) {
            save(network, options, epoch - 1);
            std::printf("stopped by signal %d in epoch %d\n", int(caughtSignal), epoch);
            std::fflush(stdout);
            return 128 + caughtSignal;
        }
        std::printf("epoch %d/%d loss=%.4f acc=%.2f\n", epoch, options.epochs, loss, accuracy(network, unseen));
        std::fflush(stdout);
        if (!save(network, options, epoch))
            return 1;
    }
    return options.exitCode;
}

// ---- the command line

template <typename T> bool number(const char *text, T least, T most, T &into)
{
    const char *end = text + std::strlen(text);
    T value{};
    const auto [stop, fault] = std::from_chars(text, end, value);
    if (fault != std::errc() || stop != end || !(value >= least && value <= most))
        return false;
    into = value;
    return true;
}

bool take(Options &options, const std::string &name, const char *value)
{
    if (name == "--epochs")
        return number(value, 1, 1'000'000, options.epochs);
    if (name == "--lr")
        return number(value, 1e-9, 10.0, options.lr);
    if (name == "--steps")
        return number(value, 1, 1'000'000'000, options.steps);
    if (name == "--step-ms")
        return number(value, 0, 3'600'000, options.stepMs);
    if (name == "--seed")
        return number(value, std::uint64_t(0), UINT64_MAX, options.seed);
    if (name == "--exit-code")
        return number(value, 0, 255, options.exitCode);
    if (name == "--workspace")
        return !(options.workspace = value).empty();
    if (name == "--resume")
        return !(options.resume = value).empty();
    return false;
}

/** −1: go on and train; else what to exit with. */
int readOptions(int argc, char **argv, Options &options)
{
    for (int i = 1; i < argc; ++i) {
        std::string name = argv[i];
        if (name == "--help" || name == "-h") {
            std::fputs(help, stdout);
            return 0;
        }
        const char *value = i + 1 < argc ? argv[i + 1] : nullptr;
        const size_t equals = name.find('=');
        if (equals != std::string::npos) {
            value = argv[i] + equals + 1;
            name.resize(equals);
        } else {
            ++i;
        }
        if (!value || !take(options, name, value)) {
            std::fprintf(stderr, "train: cannot use %s%s%s; --help lists the options\n", name.c_str(), value ? " " : "",
                value ? value : "");
            return 2;
        }
    }
    return -1;
}

} // namespace

int main(int argc, char **argv)
{
    Options options;
    if (const int code = readOptions(argc, argv, options); code >= 0)
        return code;
    // The first process of a container ignores every signal it has no handler for.
    struct sigaction action
    {
    };
    action.sa_handler = [](int signal) { caughtSignal = signal; };
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    return train(options);
}
