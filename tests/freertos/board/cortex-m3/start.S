// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

  .syntax unified
  .section .vectors, "a"
  .word __stack_top
  .word _start
  .rept 9
  .word unexpected
  .endr
  .word vPortSVCHandler
  .word unexpected
  .word unexpected
  .word xPortPendSVHandler
  .word xPortSysTickHandler
  .rept 8
  .word unexpected
  .endr
  .word handleTimer

  .text
  .thumb_func
  .globl _start
_start:
  ldr r0, =__data_start
  ldr r1, =__data_end
  ldr r2, =__data_image
1:
  cmp r0, r1
  bhs 2f
  ldr r3, [r2], #4
  str r3, [r0], #4
  b 1b
2:
  ldr r0, =__bss_start
  ldr r1, =__bss_end
  movs r2, #0
3:
  cmp r0, r1
  bhs 4f
  str r2, [r0], #4
  b 3b
4:
  bl startup
5:
  b 5b

  // The exception's frame holds the address at which it happened.
  .thumb_func
unexpected:
  mrs r0, ipsr
  ldr r1, [sp, #24]
  bl handleFault
