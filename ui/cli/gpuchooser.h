#pragma once

#include "cli/gpulook.h"
#include "core/result.h"
#include "inventory/gpuoffer.h"
#include "recipe/runconfig.h"

#include <QElapsedTimer>
#include <memory>

namespace cli {

/** One of this machine's command lines at a time has it, whoever runs it; it ends with the process that has it. */
class Turn
{
public:
    Turn();
    ~Turn();
    Q_DISABLE_COPY_MOVE(Turn)

    /** False while another one has it; where nobody can have one, all go on. */
    bool take();

private:
    int m_fd = -1;
};

/**
 * Finds the GPUs for a run that wants any N: waits until no other launch of this machine's command line is between its
 * choice and its start, looks who is on the GPUs, and picks. The next launch may choose once this is gone: keep it
 * until the container has started, from then on it is seen to have asked. Owned by the command.
 */
class GpuChooser : public QObject
{
    Q_OBJECT
public:
    GpuChooser(const http::Endpoint &endpoint, const recipe::GpuRequest &request);
    void start();

Q_SIGNALS:
    /** Once: the uuids, or a sentence why there are none. */
    void finished(const core::Result<QStringList> &uuids);

private:
    void awaitTurn();
    void pick();
    void tell(const QStringList &uuids, const QList<inventory::GpuOffer> &offers);

    http::Endpoint m_endpoint;
    recipe::GpuRequest m_request;
    Turn m_turn;
    QElapsedTimer m_waited;
    std::unique_ptr<GpuLook> m_look;
};

} // namespace cli
