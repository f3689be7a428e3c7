# SPDX-License-Identifier: MIT
# RV32IMC, as the ESP32-C3: no atomic instructions. picolibc has no rv32imc build, rv32im's serves.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(flags "-march=rv32imc_zicsr -mabi=ilp32 --specs=picolibc.specs")
set(CMAKE_ASM_FLAGS_INIT "-march=rv32imc_zicsr -mabi=ilp32")
set(CMAKE_CXX_FLAGS_INIT "${flags}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-march=rv32im -nostdlib")
arm_cxx_headers(MILLPOND_CXX_HEADERS)
set(MILLPOND_BOARD rv32)
set(MILLPOND_PORT RiscvPort)
set(MILLPOND_LIBC c)
