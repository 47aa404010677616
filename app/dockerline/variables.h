#pragma once

#include "recipe/shellcontext.h"

#include <QMap>
#include <QString>
#include <optional>

namespace dockerline {

/** A variable of a line that nobody gave a value, and where it stands. In the words it stays as the text ${NAME}. */
struct UnknownVariable
{
    QString name;
    qsizetype position = 0;
    qsizetype length = 0;

    bool operator==(const UnknownVariable &) const = default;
};

/**
 * What names, ~ and a few harmless programs mean where a line is typed, and what the line itself sets before its
 * command (`A=1`, `export A=1`, `cd x`). Runs nothing. Lives as long as one line is read.
 */
class Variables
{
public:
    explicit Variables(const recipe::ShellContext &context);

    /** Empty where it is not set. The shell's own PWD, HOME, USER, UID and HOSTNAME always are. */
    std::optional<QString> value(const QString &name) const;
    void assign(const QString &name, const QString &value);
    /** Makes programs see it, as `export A` and `A=1 program` do. */
    void hand(const QString &name) { m_handed.insert(name, value(name).value_or(QString())); }
    /** What programs see besides the environment. */
    const QMap<QString, QString> &handed() const { return m_handed; }

    QString folder() const { return m_folder; }
    void changeFolder(const QString &path);
    QString home() const;

    /** What `pwd`, `id -u`, `id -g`, `whoami`, `hostname` and `nproc` would print; empty for any other program. */
    std::optional<QString> output(const QString &command) const;

private:
    const QProcessEnvironment &m_environment;
    QString m_folder;
    QMap<QString, QString> m_assigned;
    QMap<QString, QString> m_handed;
};

} // namespace dockerline
