#include "builds/steplog.h"

#include "common/theme.h"
#include "core/units.h"

#include <QScrollBar>
#include <QTextBlock>

namespace builds {

namespace {
constexpr int shownLines = 10'000;
constexpr qsizetype shownBytes = 512 * 1024; ///< of what there was before
/** Where the part begins that is shown of what there was before: whole lines, fewer than the log holds. */
qsizetype beginOfEnd(const QByteArray &bytes)
{
    const qsizetype first = qMax<qsizetype>(0, bytes.size() - shownBytes);
    qsizetype begin = bytes.size();
    int lines = 0;
    for (qsizetype at = bytes.size() - 1; at > first; --at) {
        if (bytes[at - 1] != '\n')
            continue;
        begin = at;
        if (++lines == shownLines / 2)
            return begin;
    }
    // A line longer than all that is shown is cut where it may.
    return first == 0 || begin == bytes.size() ? first : begin;
}

} // namespace

PrintedText::Change PrintedText::feed(const QByteArray &bytes)
{
    Change change;
    change.replacesLine = !m_line.isEmpty();
    const QString text = m_decoder.decode(bytes);
    for (const QChar c : text)
        take(c, change);
    change.text += m_line;
    return change;
}

void PrintedText::take(QChar c, Change &change)
{
    switch (m_escape) {
    case Escape::Begun:
        m_escape = c == u'[' ? Escape::Control : c == u']' ? Escape::Command : Escape::None;
        return;
    case Escape::Control: // ECMA-48: ends with a byte from @ on
        if (c >= u'@' && c <= u'~')
            m_escape = Escape::None;
        return;
    case Escape::Command: // a title; ends with BEL, or ESC and a backslash
        if (c == u'\a')
            m_escape = Escape::None;
        else if (c == u'\x1b')
            m_escape = Escape::Begun;
        return;
    case Escape::None:
        break;
    }
    if (c == u'\x1b') {
        m_escape = Escape::Begun;
    } else if (c == u'\n') {
        change.text += m_line + u'\n';
        m_line.clear();
        m_returned = false;
    } else if (c == u'\r') {
        m_returned = true;
    } else if (c == u'\t' || c >= u' ') {
        if (std::exchange(m_returned, false))
            m_line.clear();
        m_line += c;
    }
}

QStringList lastLines(const QByteArray &printed, int count)
{
    constexpr qsizetype looked = 16 * 1024;
    constexpr qsizetype longest = 200;
    PrintedText text;
    QStringList lines = text.feed(printed.right(looked)).text.split(u'\n');
    erase_if(lines, [](const QString &line) { return line.trimmed().isEmpty(); });
    lines = lines.mid(qMax<qsizetype>(0, lines.size() - count));
    for (QString &line : lines) {
        line = line.trimmed();
        if (line.size() > longest)
            line = line.left(longest - 1) + u'…';
    }
    return lines;
}

StepLog::StepLog(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setAccessibleName(tr("Log of the step"));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setMaximumBlockCount(shownLines);
    setUndoRedoEnabled(false);
    setFont(common::monospaceFont());
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
}

void StepLog::setOutput(const QByteArray &bytes, qint64 cut)
{
    m_text = {};
    clear();
    const qsizetype begin = beginOfEnd(bytes);
    const QByteArray shown = bytes.mid(begin);
    cut += begin;
    if (cut > 0)
        appendPlainText(tr("… %1 before this are not shown …\n").arg(core::bytesText(cut)));
    append(shown);
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void StepLog::append(const QByteArray &bytes)
{
    if (!bytes.isEmpty())
        apply(m_text.feed(bytes));
}

void StepLog::apply(const PrintedText::Change &change)
{
    const bool follows = verticalScrollBar()->value() == verticalScrollBar()->maximum();
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    if (change.replacesLine)
        cursor.movePosition(QTextCursor::StartOfBlock, QTextCursor::KeepAnchor);
    cursor.insertText(change.text);
    if (follows)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

} // namespace builds
