# SPDX-License-Identifier: MIT
# What the three cross toolchains share. Only Debian's Arm toolchain ships libstdc++; its headers serve the other
# two for what the library includes.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_ASM_COMPILER_FORCED ON)

# Effect: sets ${out} to the directories in which arm-none-eabi-g++ finds its C++ headers.
function(arm_cxx_headers out)
  execute_process(
    COMMAND arm-none-eabi-g++ -mcpu=cortex-m3 -mthumb -E -v -x c++ /dev/null
    OUTPUT_QUIET
    ERROR_VARIABLE report COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "\n [^\n]*/c\\+\\+/[^\n]*" lines "${report}")
  set(directories)
  foreach(line IN LISTS lines)
    string(STRIP "${line}" directory)
    if(IS_DIRECTORY "${directory}")
      list(APPEND directories "${directory}")
    endif()
  endforeach()
  set(${out} ${directories} PARENT_SCOPE)
endfunction()
