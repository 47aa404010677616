#include "dockerline/prologue.h"

#include "dockerline/variables.h"

#include <QRegularExpression>
#include <algorithm>

namespace dockerline {

using namespace Qt::StringLiterals;

namespace {

bool isEngine(const QString &word)
{
    const QString program = word.section(u'/', -1);
    return program == "docker"_L1 || program == "podman"_L1 || program == "nvidia-docker"_L1;
}

QStringList texts(const QList<Word> &words)
{
    QStringList list;
    for (const Word &word : words)
        list += word.text;
    return list;
}

void assign(const QString &word, Variables &variables)
{
    variables.assign(word.section(u'=', 0, 0), word.section(u'=', 1));
}

bool doExport(const QStringList &names, Variables &variables)
{
    static const QRegularExpression name(uR"(^[A-Za-z_][A-Za-z0-9_]*(=|\z))"_s);
    if (!std::ranges::all_of(names, [](const QString &word) { return word.contains(name); }))
        return false;
    for (const QString &word : names) {
        if (isAssignment(word))
            assign(word, variables);
        variables.hand(word.section(u'=', 0, 0));
    }
    return true;
}

} // namespace

bool isAssignment(const QString &word)
{
    static const QRegularExpression form(u"^[A-Za-z_][A-Za-z0-9_]*="_s);
    return word.contains(form);
}

qsizetype commandStart(const QList<Word> &words)
{
    static const QStringList starters = {u"env"_s, u"exec"_s, u"time"_s, u"nohup"_s, u"command"_s};
    qsizetype at = 0;
    while (at < words.size() && (isAssignment(words[at].text) || starters.contains(words[at].text)))
        ++at;
    return at;
}

bool isDockerRun(const QList<Word> &words)
{
    const auto engine = std::ranges::find_if(words, isEngine, &Word::text);
    return std::any_of(
        engine, words.end(), [](const Word &word) { return word.text == "run"_L1 || word.text == "create"_L1; });
}

bool doBefore(const QList<Word> &words, Variables &variables, QStringList &warnings)
{
    QStringList command = texts(words);
    if (std::ranges::all_of(command, isAssignment)) {
        for (const QString &word : std::as_const(command))
            assign(word, variables);
        return true;
    }
    if (command.first() == "sudo"_L1)
        command.removeFirst();
    const QString program = command.value(0);
    if (program == "set"_L1)
        return true;
    if (program == "export"_L1)
        return doExport(command.mid(1), variables);
    if (program == "cd"_L1 && command.size() <= 2 && command.value(1) != "-"_L1) {
        variables.changeFolder(command.size() == 2 ? command[1] : variables.home());
        return true;
    }
    if (isEngine(program) && command.value(1) == "pull"_L1) {
        warnings += u"“%1” before the run is left out."_s.arg(command.join(u' '));
        return true;
    }
    return false;
}

} // namespace dockerline
