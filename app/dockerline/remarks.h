#pragma once

#include "dockerline/dockerparser.h"

#include <functional>

namespace dockerline {

/** What a line means that its writer may not expect: one sentence, and the words it is about. */
struct Remark
{
    qsizetype position = -1; ///< in the line, UTF-16 units; −1: no words say it
    qsizetype length = 0;
    QString text;

    bool operator==(const Remark &) const = default;
};

/** What remarks() may ask about the machine. */
struct RemarkContext
{
    std::function<bool(const QString &path)> hostFolderExists; ///< empty: not asked, as of another host
    bool writerIsRoot = false; ///< root's files are the person's own
};

/**
 * What people get wrong about these options, said where it happens: counts taken for numbers, bytes without units,
 * options behind the image, secrets in sight. Each stands once; none is an error of the line's form. Values of
 * secrets are never repeated.
 */
QList<Remark> remarks(const ParsedLine &line, const RemarkContext &context = {});

/** The same of a configuration that no line said. */
QList<Remark> remarks(const recipe::RunConfig &config, const RemarkContext &context = {});

} // namespace dockerline
