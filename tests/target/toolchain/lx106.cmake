# SPDX-License-Identifier: MIT
# Xtensa LX106, the ESP8266's core, with the call0 ABI.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
set(CMAKE_SYSTEM_PROCESSOR xtensa)
set(CMAKE_C_COMPILER xtensa-lx106-elf-gcc)
set(CMAKE_CXX_COMPILER xtensa-lx106-elf-g++)
set(CMAKE_CXX_FLAGS_INIT "-mlongcalls")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib")
arm_cxx_headers(MILLPOND_CXX_HEADERS)
set(MILLPOND_BOARD lx106)
set(MILLPOND_PORT XtensaPort)
set(MILLPOND_LIBC c)
