#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <optional>

namespace builds {

/** One instruction with its continuation lines. */
struct Instruction
{
    QString keyword; ///< upper case: "RUN"
    QString text; ///< what follows it, continuation lines joined by blanks; of here-documents the first line only
    int line = 0; ///< from 1
    int lastLine = 0;

    bool operator==(const Instruction &) const = default;
};

/** From one FROM to the next. */
struct Stage
{
    QString name; ///< of AS, lower case as Docker compares; empty without
    QString base; ///< as written: may hold variables
    QString platform; ///< of FROM --platform
    int line = 0;
    QList<Instruction> instructions; ///< without the FROM

    bool operator==(const Stage &) const = default;
};

/** ARG NAME[=DEFAULT]. */
struct BuildArgument
{
    QString name;
    std::optional<QString> fallback;
    int line = 0;

    bool operator==(const BuildArgument &) const = default;
};

/**
 * As much of a Dockerfile as a person needs before and during a build: its stages, its base images, its arguments, and
 * on which line an instruction stands. Total: of what it does not understand it reads what it can; Docker says what is
 * wrong with it. A value.
 */
class Dockerfile
{
public:
    static Dockerfile parse(const QByteArray &text);

    const QList<Stage> &stages() const { return m_stages; }
    /** Before the first FROM. */
    const QList<BuildArgument> &globalArguments() const { return m_globalArguments; }
    /** All there are, each name once, without those that only repeat one before FROM. */
    QList<BuildArgument> arguments() const;
    /** What --target can name. */
    QStringList targets() const;

    /**
     * The images of registries the build needs for this target (empty: the last stage), in order, each once; args stand
     * in for ARG's defaults. Without "scratch", stages, and what holds a variable that is not known.
     */
    QStringList baseImages(const QString &target = {}, const QMap<QString, QString> &args = {}) const;

    /** Of "[stage 2/4] …" as BuildKit counts; 0 when there is none such. stage: a name, "stage-1", or empty. */
    int lineOfBuildKitStep(const QString &stage, int number, const QString &instruction) const;
    /** Of "Step 3/19 : …" as the classic builder counts; 0 when there is none such. */
    int lineOfClassicStep(int number) const;
    /** The text of these lines as they stand, at most 20. */
    QStringList lines(int first) const;

private:
    void take(const Instruction &instruction);
    void takeFrom(const Instruction &instruction);
    int indexOfStage(const QString &nameOrNumber, qsizetype before) const;
    void collectBases(
        qsizetype stage, const QMap<QString, QString> &args, QList<qsizetype> &seen, QStringList &found) const;
    int lineByText(const QString &instruction) const;

    QStringList m_lines;
    QList<Instruction> m_all; ///< in order, ARG and FROM included
    QList<Stage> m_stages;
    QList<BuildArgument> m_globalArguments;
};

/** $NAME, ${NAME}, ${NAME:-word} and ${NAME:+word} replaced; unset where a variable has no value. */
std::optional<QString> withVariables(const QString &text, const QMap<QString, QString> &values);

} // namespace builds
