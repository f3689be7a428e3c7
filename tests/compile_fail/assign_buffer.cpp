// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: deleted
#include <millpond.h>

void assign(millpond::Buffer& to, const millpond::Buffer& from) { to = from; }
