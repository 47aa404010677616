#pragma once

#include <QWidget>

class QGridLayout;
class QHBoxLayout;
class QLabel;
class QPushButton;

namespace common {

/** Labelled fields under one another, each with room for a quiet hint. Gives every field its label as accessible name.
 */
class Form : public QWidget
{
    Q_OBJECT
public:
    explicit Form(QWidget *parent = nullptr);

    /** label: may have an &. Returns the hint's label, hidden while it is empty (setHint). */
    QLabel *addField(const QString &label, QWidget *field, const QString &hint = {});
    /** A field that carries its own text (a check box), in the fields' column. */
    QLabel *addField(QWidget *field, const QString &hint = {});
    /** Across both columns. */
    void addWide(QWidget *widget);
    /** A heading over the fields that follow. */
    void addHeading(const QString &text);
    /** Takes the rest of the height. */
    void addStretch();

    static void setHint(QLabel *hint, const QString &text);

private:
    QLabel *addHint(const QString &text);

    QGridLayout *m_grid;
};

/** The label without its mnemonic: what accessible names are made of. */
QString plainLabel(QString label);

/** Gives it the focus, and scrolls what it stands in so that it and a little around it is seen. */
void bringIntoSight(QWidget *widget);

/** On a page that scrolls, the wheel must not change the choices it passes: it scrolls, unless one has the focus. */
void keepWheelFromFields(QWidget *page);

/** The layout of a row of fields that stand side by side. */
QHBoxLayout *rowOf(QWidget *row);
/** A button, and beside it what is said of it. */
QWidget *buttonRow(const QString &text, QPushButton *&button, QLabel *&says, QWidget *parent);

/** A wrapping label in the muted tone, which follows light and dark. */
QLabel *mutedLabel(const QString &text, QWidget *parent);

} // namespace common
