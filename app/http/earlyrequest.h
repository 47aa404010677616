#pragma once

#include "http/endpoint.h"
#include "http/message.h"

namespace http {

/**
 * Connects and writes a small request before there is an application or an event loop, so that the server works while
 * the window is being built; Client::adopt() reads the answer. Returns the descriptor, or -1 when anything stood in
 * the way: then the ordinary path meets the same trouble and reports it.
 */
int sendEarly(const Endpoint &endpoint, const Request &request);

} // namespace http
