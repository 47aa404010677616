#pragma once

#include <QTreeView>

namespace builds {

class StepsModel;

/**
 * The steps of a build as a tree, its rows as high as the tables' own; the name takes what room there is. Shows a
 * StepsModel and knows nothing of builds. Owned by its panel.
 */
class StepsView : public QTreeView
{
    Q_OBJECT
public:
    /** rowHeight: at least so high. */
    StepsView(StepsModel *model, int rowHeight, QWidget *parent = nullptr);
};

} // namespace builds
