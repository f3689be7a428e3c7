// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// BSD sockets and getaddrinfo, where the platform has them. lwIP by itself has no headers of these names:
// there define MILLPOND_LWIP, and LWIP_COMPAT_SOCKETS as 2, so that its names are functions.
#if defined(MILLPOND_LWIP)
#include <lwip/netdb.h>
#include <lwip/sockets.h>
#else
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>
#endif
