#include "cli/options.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QHash>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

constexpr auto usage
    = "Usage: slipway [--host URL]                       open the window\n"
      "       slipway launch [options] --sample          launch the sample training\n"
      "       slipway launch [options] NAME              launch a saved run\n"
      "       slipway launch [options] FILE              launch a run that is written in a file\n"
      "       slipway launch [options] FOLDER            launch what the slipway.json of a folder of code says\n"
      "       slipway launch [options] -- docker run …   launch a docker run line\n"
      "       slipway gpus [--json]                      print the GPUs and who is on them, once\n"
      "       slipway convert [--to FORM] -- docker run …  print what a docker run line means\n"
      "\n"
      "launch follows the log on standard output and exits with the container's exit code.\n"
      "convert reads the line from standard input where no -- is given.\n"
      "\n"
      "Options:\n"
      "  --host URL   the Docker daemon (unix:///path); else DOCKER_HOST, the current context, the local socket\n"
      "  --detach     launch: print the container's id and return\n"
      "  --set N=V    launch: the value of the parameter N of a saved run; any number of times\n"
      "  --json       gpus: print one JSON object instead of a table\n"
      "  --to FORM    convert: json (the request to the daemon, the default), docker-run, script or compose\n"
      "  --version    print the version\n"
      "  --help       print this text\n"
      "\n"
      "Exit codes: 0, the container's own code, 125 the daemon refused, 2 wrong usage, 1 the GPU driver does not "
      "answer.";

Options wrong(const QString &sentence)
{
    Options options;
    options.command = Command::Say;
    options.text = u"slipway: %1 Try slipway --help."_s.arg(sentence);
    options.exitCode = wrongUsage;
    return options;
}

/** Of Qt's texts some end in a full stop. */
QString fault(const QCommandLineParser &parser)
{
    const QString text = parser.errorText();
    return text.endsWith(u'.') ? text : QString(text + u'.');
}

Options say(const QString &text)
{
    Options options;
    options.command = Command::Say;
    options.text = text;
    return options;
}

Options parseConvert(const QStringList &words)
{
    static const QHash<QString, Form> forms = {{u"json"_s, Form::Json}, {u"docker-run"_s, Form::Line},
        {u"script"_s, Form::Script}, {u"compose"_s, Form::Compose}};
    QCommandLineParser parser;
    parser.addOptions({{u"to"_s, {}, u"FORM"_s, u"json"_s}, {u"help"_s, {}}});
    const qsizetype dashes = words.indexOf(u"--"_s);
    if (!parser.parse(QStringList{u"slipway convert"_s} + (dashes < 0 ? words : words.first(dashes))))
        return wrong(fault(parser));
    if (parser.isSet(u"help"_s))
        return say(QString::fromUtf8(usage));
    if (!parser.positionalArguments().isEmpty())
        return wrong(u"convert takes -- before docker run, or the line on standard input."_s);
    if (!forms.contains(parser.value(u"to"_s)))
        return wrong(u"--to takes json, docker-run, script or compose."_s);
    Options options;
    options.command = Command::Convert;
    options.to = forms.value(parser.value(u"to"_s));
    if (dashes >= 0) {
        options.line = words.mid(dashes + 1);
        if (options.line.isEmpty())
            return wrong(u"The line is missing behind the --."_s);
    }
    return options;
}

Options parseGpus(const QStringList &words, const QString &host)
{
    QCommandLineParser parser;
    parser.addOptions({{u"host"_s, {}, u"URL"_s, host}, {u"json"_s, {}}, {u"help"_s, {}}});
    if (!parser.parse(QStringList{u"slipway gpus"_s} + words))
        return wrong(fault(parser));
    if (parser.isSet(u"help"_s))
        return say(QString::fromUtf8(usage));
    if (!parser.positionalArguments().isEmpty())
        return wrong(u"gpus takes no \"%1\"."_s.arg(parser.positionalArguments().first()));
    Options options;
    options.command = Command::Gpus;
    options.host = parser.value(u"host"_s);
    options.json = parser.isSet(u"json"_s);
    return options;
}

Options parseLaunch(const QStringList &words, const QString &host)
{
    QCommandLineParser parser;
    parser.addOptions(
        {{u"host"_s, {}, u"URL"_s, host}, {u"sample"_s, {}}, {u"detach"_s, {}}, {u"set"_s, {}, u"NAME=VALUE"_s}});
    // "--" and what follows is the docker line; Qt's parser would drop the dashes.
    const qsizetype dashes = words.indexOf(u"--"_s);
    const QStringList own = dashes < 0 ? words : words.first(dashes);
    if (!parser.parse(QStringList{u"slipway launch"_s} + own))
        return wrong(fault(parser));
    Options options;
    options.command = Command::Launch;
    options.host = parser.value(u"host"_s);
    options.sample = parser.isSet(u"sample"_s);
    options.detach = parser.isSet(u"detach"_s);
    if (dashes >= 0)
        options.line = words.mid(dashes + 1);
    for (const QString &pair : parser.values(u"set"_s)) {
        if (pair.indexOf(u'=') < 1)
            return wrong(u"--set takes NAME=VALUE, and not \"%1\"."_s.arg(pair));
        options.values[pair.section(u'=', 0, 0)] = pair.section(u'=', 1);
    }
    const QStringList files = parser.positionalArguments();
    options.file = files.value(0);
    const int given = int(options.sample) + int(!options.line.isEmpty()) + int(files.size());
    if (given != 1)
        return wrong(u"launch takes one of: --sample, a saved run's NAME, a FILE, a FOLDER, or -- docker run …"_s);
    if (!options.values.isEmpty() && options.file.isEmpty())
        return wrong(u"--set fills in the parameters of a saved run or a FILE; here is neither."_s);
    return options;
}
} // namespace

Options parse(int argc, char **argv)
{
    QStringList words;
    for (int i = 1; i < argc; ++i)
        words.append(QString::fromLocal8Bit(argv[i]));
    Options options;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == "--version"_L1)
            return say(u"slipway "_s + QStringLiteral(SLIPWAY_VERSION));
        if (word == "--help"_L1 || word == "-h"_L1)
            return say(QString::fromUtf8(usage));
        if (word == "--host"_L1 || word == "-H"_L1) {
            if (++i == words.size())
                return wrong(u"--host needs an address."_s);
            options.host = words[i];
        } else if (word.startsWith("--host="_L1)) {
            options.host = word.mid(7);
        } else if (word == "launch"_L1) {
            if (words.mid(i + 1).contains(u"--help"_s) && !words.mid(i + 1).contains(u"--"_s))
                return say(QString::fromUtf8(usage));
            return parseLaunch(words.mid(i + 1), options.host);
        } else if (word == "convert"_L1) {
            return parseConvert(words.mid(i + 1));
        } else if (word == "gpus"_L1) {
            return parseGpus(words.mid(i + 1), options.host);
        } else {
            // Qt's own options (-platform, -style …) and their values are QApplication's to read.
            static const QStringList qtOptions = {u"-platform"_s, u"-style"_s, u"-display"_s};
            if (!qtOptions.contains(word))
                return wrong(u"\"%1\" is no command of Slipway."_s.arg(word));
            ++i;
        }
    }
    return options;
}
} // namespace cli
