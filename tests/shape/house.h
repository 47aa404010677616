#pragma once

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>

/** One C++ file of the program as the rules see it. */
struct SourceFile
{
    QString path; ///< "app/http/client.cpp"
    QString area; ///< "app" or "ui"
    QString folder; ///< "http"; empty for the loose files of ui
    QStringList lines; ///< without comments and string contents
    QStringList rawLines;
    QStringList quoted; ///< #include "…"
    QStringList angled; ///< #include <…>

    bool header() const { return path.endsWith(u".h"); }
};

/**
 * The source tree and the rules it is built by: who may include whom, what app may not know, how big things may grow.
 * Reads text only; each rule returns what breaks it, one sentence each.
 */
class House
{
public:
    /** qtHeaders: the folder with QtCore, QtGui and so on. */
    House(const QString &root, const QString &qtHeaders);

    qsizetype fileCount() const { return m_files.size(); }

    QStringList all() const;
    QStringList topLevel() const;
    QStringList looseFiles() const;
    QStringList includesCarryTheFolder() const;
    QStringList includeDirection() const;
    QStringList noIncludeCycles() const;
    QStringList appIsWidgetFree() const;
    QStringList thirdPartyHomes() const;
    QStringList sizes() const;
    QStringList forbiddenWords() const;
    QStringList classComments() const;
    QStringList testsLinkOnlyTheirLibrary() const;

private:
    void read(const QString &path);
    const SourceFile *find(const QString &path) const;
    /** Which file `#include "x/y.h"` in that file means: "app/x/y.h", or empty. */
    QString resolve(const QString &include) const;
    QSet<QString> classesOf(const QStringList &modules) const;

    QString m_root;
    QString m_qtHeaders;
    QList<SourceFile> m_files;
};
