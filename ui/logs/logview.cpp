#include "logs/logview.h"

#include "logs/ansi.h"
#include "logs/logaccessible.h"

#include <QApplication>
#include <QFontDatabase>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <limits>

namespace logs {

using namespace Qt::StringLiterals;

namespace {

constexpr int frameMs = 33;
constexpr int margin = 8; ///< left of the text, where standard error has its bar
constexpr int markWidth = 3;
constexpr int leading = 2; ///< between rows
// A copy is made while the window waits; for more there is Save….
constexpr qsizetype mostCopied = 2 * 1024 * 1024; ///< characters
constexpr qint64 mostLinesCopied = 50'000;
constexpr qsizetype mostRead = 64 * 1024 * 1024; ///< characters, for accessibility

} // namespace

LogView::LogView(QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_colors(palette())
{
    installLogAccessible();
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::IBeamCursor);
    m_frame.setSingleShot(true);
    m_frame.setInterval(frameMs);
    connect(&m_frame, &QTimer::timeout, this, &LogView::sync);
    m_scrollTimer.setInterval(50);
    connect(&m_scrollTimer, &QTimer::timeout, this, &LogView::scrollWhileSelecting);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &LogView::scrolled);
    connect(horizontalScrollBar(), &QScrollBar::valueChanged, viewport(), qOverload<>(&QWidget::update));
    readFont();
}

void LogView::readFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (const double size = QApplication::font().pointSizeF(); size > 0)
        font.setPointSizeF(size);
    font.setStyleHint(QFont::Monospace);
    font.setKerning(false);
    viewport()->setFont(font);
    const QFontMetricsF metrics(font);
    m_advance = metrics.horizontalAdvance(u'M');
    m_rowHeight = int(std::ceil(metrics.height())) + leading;
    horizontalScrollBar()->setSingleStep(int(m_advance * 4));
}

void LogView::setDocument(Document *document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    m_anchor = m_cursor = {};
    m_widest = 0;
    m_following = true;
    if (document) {
        m_top = document->firstLine();
        connect(document, &Document::linesAdded, this, &LogView::changed);
        connect(document, &Document::tailChanged, this, &LogView::changed);
        connect(document, &Document::linesDropped, this, &LogView::dropped);
        connect(document, &QObject::destroyed, this, [this] { m_document = nullptr; });
    }
    sync();
}

void LogView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

// ---- what is shown

/** Appending never paints: the next frame does, and none is due while nobody looks. */
void LogView::changed()
{
    if (isVisible() && !m_frame.isActive())
        m_frame.start();
}

void LogView::dropped(qint64 firstKept)
{
    m_top = std::max(m_top, firstKept);
    const Position first{firstKept, 0};
    m_anchor = std::max(m_anchor, first);
    m_cursor = std::max(m_cursor, first);
    changed();
}

int LogView::pageRows() const { return std::max(1, viewport()->height() / m_rowHeight); }

int LogView::gutter() const { return margin; }

void LogView::sync()
{
    const qint64 first = m_document ? m_document->firstLine() : 0;
    const qint64 end = m_document ? m_document->endLine() : 0;
    const qint64 lastTop = std::max(first, end - pageRows());
    m_top = m_following ? lastTop : std::clamp(m_top, first, lastTop);
    m_syncing = true;
    verticalScrollBar()->setPageStep(pageRows());
    verticalScrollBar()->setRange(0, int(std::min<qint64>(lastTop - first, std::numeric_limits<int>::max())));
    verticalScrollBar()->setValue(int(m_top - first));
    m_syncing = false;
    if (const qint64 lines = newLines(); lines != m_newLinesTold) {
        m_newLinesTold = lines;
        Q_EMIT newLinesChanged(lines);
    }
    viewport()->update();
    Q_EMIT shown();
}

void LogView::scrolled(int value)
{
    viewport()->update();
    if (m_syncing || !m_document)
        return;
    m_top = m_document->firstLine() + value;
    const bool atEnd = value == verticalScrollBar()->maximum();
    if (atEnd != m_following)
        setFollowing(atEnd);
}

void LogView::setFollowing(bool on)
{
    if (on != m_following) {
        m_following = on;
        m_pausedAt = m_document ? m_document->finishedEnd() : 0;
        Q_EMIT followingChanged(on);
    }
    sync();
}

qint64 LogView::newLines() const { return m_following || !m_document ? 0 : m_document->finishedEnd() - m_pausedAt; }

LogRow LogView::row(qint64 line) const { return LogRow(m_document->line(line)); }

// ---- painting

void LogView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_colors.base());
    if (!m_document || m_document->isEmpty()) {
        painter.setFont(font());
        painter.setPen(palette().color(QPalette::Disabled, QPalette::Text));
        painter.drawText(viewport()->rect(), Qt::AlignCenter, m_emptyText);
        return;
    }
    const int shift = horizontalScrollBar()->value();
    const LogRow::Pen pen{m_colors, viewport()->font(), QFontMetricsF(viewport()->font()), m_advance,
        std::max(0, int((shift - gutter()) / m_advance) - 1), int((shift + viewport()->width()) / m_advance) + 1};
    int widest = m_widest;
    const qint64 end = std::min(m_document->endLine(), m_top + viewport()->height() / m_rowHeight + 1);
    for (qint64 line = m_top; line < end; ++line) {
        const LogRow shownRow = row(line);
        const QPointF origin(gutter() - shift, double(line - m_top) * m_rowHeight);
        paintSelection(painter, shownRow, line, origin);
        shownRow.paint(painter, origin, pen);
        paintMargin(painter, shownRow, origin.y());
        widest = std::max(widest, shownRow.columns());
    }
    if (widest != m_widest) {
        m_widest = widest;
        const int width = gutter() + int((widest + 1) * m_advance);
        horizontalScrollBar()->setPageStep(viewport()->width());
        // Later: a scroll bar that appears resizes what is being painted.
        QMetaObject::invokeMethod(
            this, [this, width] { horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width())); },
            Qt::QueuedConnection);
    }
}

void LogView::paintSelection(QPainter &painter, const LogRow &row, qint64 line, const QPointF &origin)
{
    const auto [from, to] = std::minmax(m_anchor, m_cursor);
    if (from == to || line < from.line || line > to.line)
        return;
    const double left = line == from.line ? row.columnOf(from.index) * m_advance : 0;
    // The line feed is selected too where the selection goes on: half a column tells.
    const double right = line == to.line ? row.columnOf(to.index) * m_advance : (row.columns() + 0.5) * m_advance;
    QColor color = palette().color(QPalette::Highlight);
    color.setAlphaF(0.35f); // so that the text's own colours stay readable
    painter.fillRect(QRectF(origin.x() + left, origin.y(), right - left, m_rowHeight), color);
}

void LogView::paintMargin(QPainter &painter, const LogRow &row, double y)
{
    painter.fillRect(QRectF(0, y, gutter(), m_rowHeight), m_colors.base());
    if (row.kind() == LineKind::Stderr)
        painter.fillRect(QRectF(1, y, markWidth, m_rowHeight), m_colors.standardError());
}

// ---- events

void LogView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    const int width = gutter() + int((m_widest + 1) * m_advance);
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width()));
    sync();
}

void LogView::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    sync();
}

void LogView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_colors = LogColors(palette());
    else if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange)
        readFont();
    else
        return;
    sync();
}

void LogView::keyPressEvent(QKeyEvent *event)
{
    QScrollBar *bar = verticalScrollBar();
    if (event->matches(QKeySequence::Copy))
        copy();
    else if (event->matches(QKeySequence::SelectAll))
        selectAll();
    else if (event->key() == Qt::Key_Home)
        bar->triggerAction(QAbstractSlider::SliderToMinimum);
    else if (event->key() == Qt::Key_End)
        setFollowing(true);
    else if (event->key() == Qt::Key_Escape && hasSelection())
        select(m_cursor, m_cursor);
    else
        QAbstractScrollArea::keyPressEvent(event);
}

LogView::Position LogView::positionAt(const QPoint &point) const
{
    if (!m_document || m_document->isEmpty())
        return {};
    const qint64 first = m_document->firstLine();
    const qint64 last = m_document->endLine() - 1;
    const qint64 line = m_top + (point.y() < 0 ? -1 : point.y() / m_rowHeight);
    if (line < first)
        return {first, 0};
    const LogRow at = row(std::min(line, last));
    if (line > last)
        return {last, at.text().size()};
    const double column = (point.x() + horizontalScrollBar()->value() - gutter()) / m_advance;
    return {line, at.indexOf(std::max(0, int(column + 0.5)))};
}

void LogView::select(const Position &anchor, const Position &cursor)
{
    m_anchor = anchor;
    m_cursor = cursor;
    viewport()->update();
    Q_EMIT selectionChanged();
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const Position at = positionAt(event->position().toPoint());
    select(event->modifiers() & Qt::ShiftModifier ? m_anchor : at, at);
    m_selecting = true;
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_selecting)
        return;
    m_mouse = event->position().toPoint();
    select(m_anchor, positionAt(m_mouse));
    const bool inside = m_mouse.y() >= 0 && m_mouse.y() < viewport()->height();
    if (inside)
        m_scrollTimer.stop();
    else if (!m_scrollTimer.isActive())
        m_scrollTimer.start();
}

void LogView::scrollWhileSelecting()
{
    const int beyond = m_mouse.y() < 0 ? m_mouse.y() : m_mouse.y() - viewport()->height();
    verticalScrollBar()->setValue(verticalScrollBar()->value() + beyond / m_rowHeight + (beyond < 0 ? -1 : 1));
    select(m_anchor, positionAt(m_mouse));
}

void LogView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_selecting = false;
    m_scrollTimer.stop();
    if (hasSelection() && QGuiApplication::clipboard()->supportsSelection())
        copyTo(QClipboard::Selection);
}

/** Selects the word, as far as there are no blanks: a path, a number, a name=value. */
void LogView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_document || m_document->isEmpty())
        return;
    const Position at = positionAt(event->position().toPoint());
    const QString text = row(at.line).text();
    qsizetype begin = std::min(at.index, text.size());
    qsizetype end = begin;
    while (begin > 0 && !text[begin - 1].isSpace())
        --begin;
    while (end < text.size() && !text[end].isSpace())
        ++end;
    select({at.line, begin}, {at.line, end});
}

void LogView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *copyAction
        = menu->addAction(QIcon::fromTheme(u"edit-copy"_s), tr("Copy"), QKeySequence::Copy, this, &LogView::copy);
    copyAction->setEnabled(hasSelection());
    menu->addAction(
        QIcon::fromTheme(u"edit-select-all"_s), tr("Select all"), QKeySequence::SelectAll, this, &LogView::selectAll);
    menu->popup(event->globalPos());
}

bool LogView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && m_document) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const qint64 line = m_top + help->pos().y() / m_rowHeight;
        if (line < m_document->endLine() && m_document->line(line).kind == LineKind::Stderr
            && help->pos().x() <= gutter())
            QToolTip::showText(help->globalPos(), tr("Written to standard error"), viewport());
        else
            QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

// ---- text

QString LogView::text(const Position &from, const Position &to, qsizetype most) const
{
    QString all;
    if (!m_document)
        return all;
    for (qint64 line = std::max(from.line, m_document->firstLine()); line <= to.line && line < m_document->endLine();
         ++line) {
        const QString whole = decode(m_document->line(line).bytes).text;
        const qsizetype begin = line == from.line ? std::min(from.index, whole.size()) : 0;
        const qsizetype end = line == to.line ? std::min(to.index, whole.size()) : whole.size();
        all += whole.mid(begin, end - begin);
        if (line != to.line)
            all += u'\n';
        if (all.size() >= most)
            return all.left(most);
    }
    return all;
}

QString LogView::selectedText(bool *inPart) const
{
    const auto [from, to] = std::minmax(m_anchor, m_cursor);
    if (inPart)
        *inPart = false;
    if (from == to || !m_document)
        return {};
    const qint64 first = std::max(from.line, m_document->firstLine());
    const qint64 last = std::min(to.line, m_document->endLine() - 1);
    const bool tooMany = last - first >= mostLinesCopied;
    QString all = text(from,
        tooMany ? Position{first + mostLinesCopied - 1, std::numeric_limits<qsizetype>::max()} : to, mostCopied + 1);
    if (inPart)
        *inPart = tooMany || all.size() > mostCopied;
    all.truncate(mostCopied);
    return all;
}

QString LogView::lastText(qint64 lines) const
{
    if (!m_document || m_document->isEmpty())
        return {};
    const qint64 end = m_document->endLine();
    return text({end - lines, 0}, {end - 1, std::numeric_limits<qsizetype>::max()}, mostRead);
}

void LogView::copy()
{
    if (hasSelection())
        copyTo(QClipboard::Clipboard);
}

void LogView::copyTo(QClipboard::Mode mode)
{
    bool inPart = false;
    QGuiApplication::clipboard()->setText(selectedText(&inPart), mode);
    if (inPart)
        Q_EMIT copiedInPart();
}

void LogView::selectAll()
{
    if (m_document && !m_document->isEmpty())
        select({m_document->firstLine(), 0}, {m_document->endLine() - 1, std::numeric_limits<qsizetype>::max()});
}

} // namespace logs
