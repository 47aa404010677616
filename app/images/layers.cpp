#include "images/layers.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace images {

using namespace Qt::StringLiterals;

namespace {

/** How likely a step without bytes is to be a layer all the same (an empty folder, a changed mode). */
enum class Likely { Never, Perhaps, Often };

Likely makesLayer(const QString &command)
{
    static const QSet<QString> settings = {u"ENV"_s, u"CMD"_s, u"LABEL"_s, u"ENTRYPOINT"_s, u"EXPOSE"_s, u"USER"_s,
        u"ARG"_s, u"VOLUME"_s, u"STOPSIGNAL"_s, u"HEALTHCHECK"_s, u"ONBUILD"_s, u"SHELL"_s, u"MAINTAINER"_s};
    const QString word = command.section(u' ', 0, 0);
    if (settings.contains(word))
        return Likely::Never;
    return word == "WORKDIR"_L1 ? Likely::Perhaps : Likely::Often;
}

/** Which of the steps are layers of files: as many as there are, those with bytes first. Empty when that cannot be. */
QList<bool> stepsWithFiles(const QList<Layer> &steps, qsizetype files)
{
    QList<bool> has(steps.size(), false);
    qsizetype missing = files;
    const auto take = [&](auto fits) {
        for (qsizetype i = 0; i < steps.size() && missing > 0; ++i) {
            if (!has[i] && fits(steps[i])) {
                has[i] = true;
                --missing;
            }
        }
    };
    const auto withBytes = std::count_if(steps.begin(), steps.end(), [](const Layer &step) { return step.size > 0; });
    if (withBytes > files || files > steps.size())
        return {};
    take([](const Layer &step) { return step.size > 0; });
    take([](const Layer &step) { return makesLayer(step.command) == Likely::Often; });
    take([](const Layer &step) { return makesLayer(step.command) == Likely::Perhaps; });
    take([](const Layer &) { return true; });
    return has;
}

} // namespace

QString plainCommand(const QString &createdBy)
{
    QString text = createdBy.simplified();
    static const QRegularExpression buildkit(u" # buildkit$"_s);
    text.remove(buildkit);
    const bool run = text.startsWith("RUN "_L1);
    if (run)
        text.remove(0, 4);
    // "|2 A=x B=y /bin/sh -c …": the build arguments that were set.
    static const QRegularExpression arguments(u"^\\|\\d+ .*?(?=/\\S*sh (?:-\\S+ (?:\\S+ )?)*-\\w*c )"_s);
    const bool withArguments = text.contains(arguments);
    text.remove(arguments);
    static const QRegularExpression nothing(u"^/bin/sh -c #\\(nop\\) *"_s);
    if (const auto match = nothing.match(text); match.hasMatch()) {
        text.remove(0, match.capturedLength());
        // Of what was copied the classic builder kept a sum alone.
        static const QRegularExpression sum(u"^(ADD|COPY) (file|dir|multi):[0-9a-f]+ in "_s);
        return text.replace(sum, u"\\1 \\2 to "_s).trimmed();
    }
    static const QRegularExpression shell(u"^(?:/\\S*/)?\\w*sh (?:-\\S+ (?:pipefail )?)*-\\w*c "_s);
    const bool shelled = text.contains(shell);
    text.remove(shell);
    if (run || shelled || withArguments)
        text.prepend("RUN "_L1);
    return text;
}

QStringList chainsOf(const QStringList &diffIds)
{
    QStringList chains;
    for (const QString &diffId : diffIds) {
        if (chains.isEmpty()) {
            chains.append(diffId);
            continue;
        }
        const QByteArray both = chains.last().toLatin1() + ' ' + diffId.toLatin1();
        chains.append(
            "sha256:"_L1 + QString::fromLatin1(QCryptographicHash::hash(both, QCryptographicHash::Sha256).toHex()));
    }
    return chains;
}

QList<Layer> layersOf(const QList<docker::HistoryEntry> &history, const QStringList &diffIds)
{
    QList<Layer> layers;
    for (auto entry = history.crbegin(); entry != history.crend(); ++entry) {
        Layer layer;
        layer.number = int(layers.size()) + 1;
        layer.wholeCommand = entry->createdBy.isEmpty() ? entry->comment : entry->createdBy;
        layer.command = entry->createdBy.isEmpty() ? entry->comment.simplified() : plainCommand(entry->createdBy);
        layer.size = entry->size;
        layer.created = entry->created;
        layers.append(layer);
    }
    const QStringList chains = chainsOf(diffIds);
    const QList<bool> withFiles = stepsWithFiles(layers, chains.size());
    qsizetype next = 0;
    for (qsizetype i = 0; i < withFiles.size(); ++i) {
        if (withFiles[i])
            layers[i].chain = chains[next++];
    }
    return layers;
}

OwnSize share(QList<Layer> &layers, const QString &id, const QHash<QString, QStringList> &diffIdsOfAll)
{
    QHash<QString, QStringList> holders;
    for (auto image = diffIdsOfAll.begin(); image != diffIdsOfAll.end(); ++image) {
        if (image.key() == id)
            continue;
        for (const QString &chain : chainsOf(image.value()))
            holders[chain].append(image.key());
    }
    OwnSize sum;
    QSet<QString> with;
    for (Layer &layer : layers) {
        layer.sharedWith = layer.chain.isEmpty() ? QStringList() : holders.value(layer.chain);
        layer.sharedWith.sort();
        (layer.sharedWith.isEmpty() ? sum.own : sum.shared) += layer.size;
        with += QSet<QString>(layer.sharedWith.begin(), layer.sharedWith.end());
    }
    sum.sharedWith = QStringList(with.begin(), with.end());
    sum.sharedWith.sort();
    return sum;
}

} // namespace images
