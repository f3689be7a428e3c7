# SPDX-License-Identifier: MIT
# A Linux process on 64-bit RISC-V, whose core neither rotates nor counts zeros (rv64gc).
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(CMAKE_C_COMPILER riscv64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER riscv64-linux-gnu-g++)
