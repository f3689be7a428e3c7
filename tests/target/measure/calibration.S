// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// A function that does nothing, and one that does nothing a thousand times.
#if defined(__arm__)
  .syntax unified
  .thumb
  #define RETURN bx lr
#else
  #define RETURN ret
#endif

  .text
  .balign 4
  .globl emptyFunction
  .type emptyFunction, %function
emptyFunction:
  RETURN

  .balign 4
  .globl thousandNops
  .type thousandNops, %function
thousandNops:
  .rept 1000
  nop
  .endr
  RETURN
