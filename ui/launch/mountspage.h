#pragma once

#include "launch/steppage.h"

#include <QHash>
#include <QTimer>

namespace common {
class ListEditor;
}

namespace launch {

/**
 * The person wants: their data, code and a place for checkpoints inside the container. A host folder that is missing
 * gets a warning (Docker would create it, owned by root); folders are looked up off the main thread.
 */
class MountsPage : public StepPage
{
    Q_OBJECT
public:
    explicit MountsPage(QWidget *parent = nullptr);

    void store(recipe::RunConfig &config) const override;
    void showFindings(const QList<StepFinding> &findings) override;

    /** False when Docker runs on another machine: its folders cannot be seen from here. */
    void setHostIsLocal(bool local);
    /** Unset until it was looked up. */
    std::optional<HostFolder> folder(const QString &path) const;
    /** Something has changed them. */
    void lookUpFolders();

Q_SIGNALS:
    /** folder() answers anew. */
    void foldersLookedUp();

protected:
    void fill(const recipe::RunConfig &config) override;

private:
    QList<int> storedRows() const;

    common::ListEditor *m_list;
    QTimer m_typing; ///< runs while a folder is being typed
    QHash<QString, HostFolder> m_known; ///< of host folders
    bool m_hostIsLocal = true;
    bool m_lookingUp = false;
};

} // namespace launch
