#include "cleanup/reporttext.h"

#include "core/units.h"

namespace cleanup {

using namespace Qt::StringLiterals;

namespace {

QString line(const Outcome &outcome)
{
    const QString what = u"%1 %2"_s.arg(kindWord(outcome.item.kind), outcome.item.name);
    const QString why = outcome.words.isEmpty() ? QString() : u": "_s + outcome.words;
    switch (outcome.ending) {
    case Ending::Removed:
        return u"removed      "_s + what + why;
    case Ending::Skipped:
        return u"left alone   "_s + what + why;
    case Ending::Failed:
        return u"failed       "_s + what + why;
    case Ending::Unknown:
        return u"not known    "_s + what + u": Docker went away while it was being removed"_s;
    case Ending::NotReached:
        return u"not reached  "_s + what;
    }
    return {};
}

/** Where all that were left alone have the same. */
QString reasonOfSkips(const Report &report)
{
    QString reason;
    for (const Outcome &outcome : report.outcomes) {
        if (outcome.ending != Ending::Skipped)
            continue;
        if (outcome.words.isEmpty() || (!reason.isEmpty() && reason != outcome.words))
            return {};
        reason = outcome.words;
    }
    return reason;
}

} // namespace

ReportText reportText(const Report &report, const Shared &shared, qint64 freed)
{
    const QList<Candidate> removed = report.with(Ending::Removed);
    const auto all = report.outcomes.size();
    ReportText text;
    const QString count = removed.size() == all ? (all == 1 ? u"1 item"_s : u"%1 items"_s.arg(all))
                                                : u"%1 of %2 items"_s.arg(removed.size()).arg(all);
    text.title = report.cancelled ? u"Cancelled: removed %1"_s.arg(count) : u"Removed %1"_s.arg(count);
    const QString bytes = bytesText(totalOf(removed, shared));
    if (!removed.isEmpty() && !bytes.isEmpty())
        text.title += u", "_s + bytes;
    text.title += u'.';
    QStringList rest;
    if (freed > 0)
        rest.append(u"The disk has %1 more free than before."_s.arg(core::bytesText(freed)));
    const auto say = [&](Ending ending, const QString &words) {
        if (const int n = report.count(ending); n > 0)
            rest.append(words.arg(n));
    };
    if (const int n = report.count(Ending::Skipped); n > 0) {
        const QString why = reasonOfSkips(report);
        rest.append(why.isEmpty() ? u"%1 left alone, each for its own reason."_s.arg(n)
                                  : u"%1 left alone: %2."_s.arg(QString::number(n), why));
    }
    say(Ending::Failed, u"%1 failed."_s);
    say(Ending::Unknown, u"Of %1 it is not known."_s);
    say(Ending::NotReached, u"%1 not reached."_s);
    if (!report.trouble.isEmpty()) {
        rest.prepend(u"Docker stopped answering."_s);
        text.severity = common::MessageBar::Severity::Error;
    } else if (report.count(Ending::Failed) > 0) {
        text.severity = common::MessageBar::Severity::Error;
    } else if (removed.size() < all) {
        text.severity = common::MessageBar::Severity::Warning;
    }
    if (removed.size() < all)
        rest.append(u"Details names each."_s);
    text.whatToDo = rest.join(u' ');
    QStringList lines;
    for (Ending ending : {Ending::Failed, Ending::Unknown, Ending::Skipped, Ending::NotReached, Ending::Removed}) {
        for (const Outcome &outcome : report.outcomes) {
            if (outcome.ending == ending)
                lines.append(line(outcome));
        }
    }
    text.details = lines.join(u'\n');
    return text;
}

} // namespace cleanup
