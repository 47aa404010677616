#pragma once

#include "core/result.h"
#include "docker/types.h"
#include "http/message.h"

#include <QByteArray>

/** The Engine API's JSON as values. Pure and total: whatever comes, a value or a Protocol error. */
namespace docker {

core::Result<QList<ContainerSummary>> parseContainers(const QByteArray &json);
core::Result<ContainerDetail> parseContainerDetail(const QByteArray &json);
core::Result<Created> parseCreated(const QByteArray &json);
core::Result<WaitResult> parseWait(const QByteArray &json);
core::Result<ProcessTable> parseTop(const QByteArray &json);
core::Result<QList<ImageSummary>> parseImages(const QByteArray &json);
core::Result<ImageDetail> parseImageDetail(const QByteArray &json);
core::Result<QList<ImageDeletion>> parseImageDeletions(const QByteArray &json);
core::Result<Info> parseInfo(const QByteArray &json);
core::Result<Version> parseVersion(const QByteArray &json);
core::Result<Event> parseEvent(const QByteArray &json);
core::Result<Stats> parseStats(const QByteArray &json);
/**
 * A line of a pull or push. One that ends it is the Error it tells, in the daemon's words. Newer daemons count the
 * seconds of unpacking instead of bytes: those are in `current`, without a `total`.
 */
core::Result<PullStep> parsePullStep(const QByteArray &json);
/** The stream of /images/load read to its end: its last words, or the error it held. */
core::Result<QString> parseLoad(const QByteArray &jsonLines);

/** A container's own name among its Names: links of other containers stand there as "/other/alias". */
QString ownName(const QStringList &names);
/** An image's names or digests, without the "<none>:<none>" that daemons before API 1.43 write for no name. */
QStringList realNames(QStringList names);

/** The error with the daemon's `{"message": …}` unwrapped; text bodies (old daemons, attach) stay as they are. */
core::Error inDaemonsWords(core::Error error);

} // namespace docker
