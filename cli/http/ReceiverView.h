// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "cli/http/HttpServer.h"
#include "cli/receiver/Receiver.h"

namespace millpond::cli {

/// Returns: what a server shows of a receiver: its figures as metrics, and whether it is well. `receiver`
/// outlives the server.
HttpContent viewOf(const Receiver& receiver);

}  // namespace millpond::cli
