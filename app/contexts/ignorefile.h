#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QRegularExpression>
#include <QString>

namespace contexts {

/**
 * The rules of a .dockerignore: which paths of a context Docker's client leaves out. The last rule that matches a path
 * or one of its folders counts. A value; pure. Source: moby/patternmatcher and its ignorefile.
 */
class IgnoreFile
{
public:
    /** One line. */
    struct Rule
    {
        QString pattern; ///< clean, without "!"
        bool keeps = false; ///< "!": what matches is sent after all
        QRegularExpression expression{}; ///< of patterns with wildcards
        bool exact = true;
    };
    /** By rule, for a folder: it or one above it matched. */
    using Matches = QList<bool>;

    /** Protocol, with the line in its message, for a pattern that Docker refuses too. */
    static core::Result<IgnoreFile> parse(const QByteArray &text);
    /** The same of patterns that somebody has read from such a file. */
    static core::Result<IgnoreFile> fromPatterns(const QStringList &patterns);

    const QList<Rule> &rules() const { return m_rules; }
    /** The file at this path is sent whatever the rules say. Before any walk. */
    void keep(const QString &path);

    /** path: relative to the context, with '/'. */
    bool excludes(const QString &path) const;
    /** The same during a walk, which knows of the folder above already; own gets what the path's children need. */
    bool excludes(const QString &path, const Matches &above, Matches &own) const;
    /** Whether anything below an excluded folder may be sent after all. */
    bool mayKeepBelow(const QString &folder) const;
    /** As the client of the classic builder does: it enters an excluded folder only where a "!" rule begins with it. */
    void enterByPrefixOnly() { m_byPrefixOnly = true; }
    /** Whether any rule may match below a folder that none matches. */
    bool mayMatchBelow(const QString &folder) const;

private:
    core::Result<void> add(QString line);

    QList<Rule> m_rules;
    bool m_byPrefixOnly = false;
};

/** Where the rules for a build lie: beside the Dockerfile as NAME.dockerignore, else .dockerignore in the context. */
QString ignoreFilePath(const QString &context, const QString &dockerfile);

/** Whether a pattern, or a part of one, may match more than itself. */
bool hasWildcards(const QString &pattern);
/** The line that leaves out this one path and no other. */
QString ignoreLine(const QString &path);
/** The file's text with one more line at its end; everything else as it is. */
QByteArray withIgnoreLine(const QByteArray &text, const QString &line);
/** Does so with the file, which need not exist. Blocks on the disk. */
core::Result<void> addIgnoreLine(const QString &file, const QString &line);

} // namespace contexts
