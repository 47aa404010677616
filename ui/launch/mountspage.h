#pragma once

#include "launch/steppage.h"
#include "runs/library.h"

#include <QHash>
#include <QTimer>

class QLabel;
class QPushButton;

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
    void refresh(const recipe::RunConfig &config) override;

Q_SIGNALS:
    /** folder() answers anew. */
    void foldersLookedUp();
    /** The whole run, of a folder that brings one. note: what happened. */
    void configOffered(const recipe::RunConfig &config, const QString &note);

protected:
    void fill(const recipe::RunConfig &config) override;

private:
    QList<int> storedRows() const;
    const runs::SavedConfig *brought() const;
    void showBrought();

    common::ListEditor *m_list;
    QWidget *m_brought;
    QPushButton *m_useBrought;
    QLabel *m_broughtSays;
    recipe::RunConfig m_config; ///< the whole run, as last told
    QHash<QString, runs::SavedConfig> m_beside; ///< slipway.json, by the host folder it lies in
    QTimer m_typing; ///< runs while a folder is being typed
    QHash<QString, HostFolder> m_known; ///< of host folders
    bool m_hostIsLocal = true;
    bool m_lookingUp = false;
};

} // namespace launch
