// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <asio/io_context.hpp>

#include "cli/http/HttpServer.h"
#include "cli/receiver/Receiver.h"
#include "millpond/Metrics.h"

namespace millpond::cli {

/// Returns: what a server shows of a receiver: metrics of its streams. `context` is the receiver's; both
/// outlive the server.
HttpContent viewOf(asio::io_context& context, const Receiver& receiver);

/// Returns: the metrics of `totals`.
std::string receiverMetrics(const ReceiverTotals& totals, Metrics::Format format);

}  // namespace millpond::cli
