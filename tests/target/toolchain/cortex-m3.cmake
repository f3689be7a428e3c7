# SPDX-License-Identifier: MIT
# Arm Cortex-M3, with newlib-nano.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_FLAGS_INIT "-mcpu=cortex-m3 -mthumb")
set(CMAKE_CXX_FLAGS_INIT "-mcpu=cortex-m3 -mthumb --specs=nano.specs")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib")
set(MILLPOND_BOARD cortex-m3)
set(MILLPOND_PORT CortexMPort)
set(MILLPOND_LIBC c_nano)
