// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

  .equ PS_UM, 0x20
  .equ FRAME, 64

  // Execution begins here, wherever the image says it should.
  .section .reset, "ax"
  .globl _start
_start:
  j begin
  .balign 4
stack_top: .word __stack_top
vector_base: .word vectors
bss_start: .word __bss_start
bss_end: .word __bss_end
main_entry: .word startup
begin:
  l32r a1, stack_top
  l32r a2, vector_base
  wsr.vecbase a2
  movi a2, 0
  wsr.intenable a2
  movi a2, PS_UM
  wsr.ps a2
  rsync
  l32r a2, bss_start
  l32r a3, bss_end
  movi a4, 0
1:
  bgeu a2, a3, 2f
  s32i a4, a2, 0
  addi a2, a2, 4
  j 1b
2:
  l32r a0, main_entry
  callx0 a0
3:
  j 3b

  .section .vectors, "ax"
vectors:
  .org 0x30
  addi a1, a1, -FRAME
  s32i a0, a1, 0
  j trap
  .org 0x50
  addi a1, a1, -FRAME
  s32i a0, a1, 0
  j trap
  .org 0x70
  addi a1, a1, -FRAME
  s32i a0, a1, 0
  j trap
  .balign 4

  // What a call may change is saved; the interrupt's C++ code saves the rest.
trap:
  s32i a2, a1, 4
  s32i a3, a1, 8
  s32i a4, a1, 12
  s32i a5, a1, 16
  s32i a6, a1, 20
  s32i a7, a1, 24
  s32i a8, a1, 28
  s32i a9, a1, 32
  s32i a10, a1, 36
  s32i a11, a1, 40
  rsr.sar a2
  s32i a2, a1, 44
  rsr.ps a2
  s32i a2, a1, 48
  rsr.epc1 a3
  s32i a3, a1, 52
  rsr.exccause a2
  movi a4, PS_UM | 1  // no longer in the exception, but at the interrupt's level
  wsr.ps a4
  rsync
  call0 handleTrap
  l32i a2, a1, 48
  wsr.ps a2  // in the exception again, which rfe leaves
  rsync
  l32i a2, a1, 52
  wsr.epc1 a2
  l32i a2, a1, 44
  wsr.sar a2
  l32i a0, a1, 0
  l32i a2, a1, 4
  l32i a3, a1, 8
  l32i a4, a1, 12
  l32i a5, a1, 16
  l32i a6, a1, 20
  l32i a7, a1, 24
  l32i a8, a1, 28
  l32i a9, a1, 32
  l32i a10, a1, 36
  l32i a11, a1, 40
  addi a1, a1, FRAME
  rfe

  // std::uint32_t simulatorCall(number, a, b, c): what the emulator does for its guest.
  .text
  .globl simulatorCall
  .balign 4
simulatorCall:
  simcall
  ret

  // void timeCall(const Call&, CallResult&)
  .globl timeCall
  .balign 4
timeCall:
  addi a1, a1, -16
  s32i a0, a1, 0
  s32i a12, a1, 4
  s32i a3, a1, 8
  l32i a5, a2, 0
  l32i a3, a2, 8
  l32i a4, a2, 12
  l32i a2, a2, 4
  rsr.ccount a12
  callx0 a5
  rsr.ccount a5
  sub a5, a5, a12
  l32i a3, a1, 8
  s32i a2, a3, 0
  s32i a5, a3, 4
  l32i a0, a1, 0
  l32i a12, a1, 4
  addi a1, a1, 16
  ret
