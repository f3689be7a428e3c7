# SPDX-License-Identifier: MIT
# ESP-IDF's first pass, by a script: registering ends the component's file.
set(ESP_PLATFORM 1)
macro(idf_component_register)
  cmake_parse_arguments(given "" "" "SRCS;INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES;LDFRAGMENTS" ${ARGN})
  message("REQUIRES=${given_REQUIRES}")
  return()
endmacro()
include(${COMPONENT}/CMakeLists.txt)
