#pragma once

#include "runs/again.h"

#include <QDialog>

namespace runs {

/** Two runs side by side: only what differs. A window of its own, so that several can be looked at. Deletes itself
 * when closed. */
class CompareDialog : public QDialog
{
    Q_OBJECT
public:
    CompareDialog(const Record &left, const Record &right, QWidget *parent);
};

} // namespace runs
