#include "accounts/runsecrets.h"

namespace accounts {

QString RunSecrets::key(const QString &run, const QString &variable)
{
    const auto plain = [](const QString &text) { return QString::fromLatin1(QUrl::toPercentEncoding(text, " ")); };
    return QStringLiteral("run/") + plain(run) + u'/' + plain(variable);
}

core::Pending<void> RunSecrets::rename(const QString &from, const QString &to, const QString &variable) const
{
    core::Promise<void> promise;
    const RunSecrets self(*this);
    const bool inKeyring = !m_store->inMemory(key(from, variable));
    value(from, variable).then(m_store, [=](const core::Result<std::optional<QString>> &kept) {
        if (!kept || !*kept)
            return promise.answer(kept ? core::Result<void>() : kept.error());
        self.remember(to, variable, **kept).then(self.m_store, [=](const core::Result<Stored> &stored) {
            if (!stored)
                return promise.answer(stored.error());
            if (inKeyring && !stored->inKeyring) // the old entry outlives the program, the new one would not
                return promise.answer(core::Error{core::ErrorKind::Denied, 0, stored->why, {}});
            self.forget(from, variable).then(self.m_store, [=](const core::Result<void> &forgotten) {
                promise.answer(forgotten);
            });
        });
    });
    return promise.pending();
}

} // namespace accounts
