// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: deleted
#include <millpond.h>

void copy(millpond::Buffer& buffer) { millpond::Buffer second = buffer; }
