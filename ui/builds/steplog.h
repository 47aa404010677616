#pragma once

#include <QByteArray>
#include <QPlainTextEdit>
#include <QStringDecoder>

namespace builds {

/**
 * What a program printed, as lines: without escape sequences, and of a line that was written over (progress bars) what
 * stands there last. Fed bytes cut anywhere. A value.
 */
class PrintedText
{
public:
    /** What is to be done with the text shown so far: take the unfinished last line away, then add `text`. */
    struct Change
    {
        bool replacesLine = false;
        QString text;
    };
    Change feed(const QByteArray &bytes);

private:
    void take(QChar c, Change &change);

    QStringDecoder m_decoder{QStringDecoder::Utf8};
    enum class Escape { None, Begun, Control, Command } m_escape = Escape::None;
    QString m_line; ///< the unfinished one
    bool m_returned = false; ///< a carriage return came last
};

/** The last lines with something in them, at most so many, each cut where it is long. */
QStringList lastLines(const QByteArray &printed, int count);

/**
 * The output of one step: monospace, read only, follows the end until somebody scrolls away from it. Holds the last
 * 10,000 lines, so that no flood freezes it. Owned by its panel.
 */
class StepLog : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit StepLog(QWidget *parent = nullptr);

    /** In place of all there is. cut: bytes before these that were not kept. */
    void setOutput(const QByteArray &bytes, qint64 cut);
    void append(const QByteArray &bytes);

private:
    void apply(const PrintedText::Change &change);

    PrintedText m_text;
};

} // namespace builds
