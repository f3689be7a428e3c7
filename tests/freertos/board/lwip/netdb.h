// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once
