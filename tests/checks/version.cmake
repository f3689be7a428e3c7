# SPDX-License-Identifier: MIT
# Checks which requests the installed package meets: those for its own minor version, since before 1.0 another one may
# break what it had.
# Usage: cmake -D FILE=.../millpond-config-version.cmake -P version.cmake
include(${FILE})
string(REGEX MATCH "^([0-9]+)[.]([0-9]+)[.]" own ${PACKAGE_VERSION})
set(major ${CMAKE_MATCH_1})
set(minor ${CMAKE_MATCH_2})
math(EXPR earlier "${minor} - 1")
math(EXPR later "${minor} + 1")

function(expect meets request_major request_minor)
  set(PACKAGE_FIND_VERSION ${request_major}.${request_minor})
  set(PACKAGE_FIND_VERSION_MAJOR ${request_major})
  set(PACKAGE_FIND_VERSION_MINOR ${request_minor})
  include(${FILE})
  if(PACKAGE_VERSION_COMPATIBLE AND NOT meets OR meets AND NOT PACKAGE_VERSION_COMPATIBLE)
    message(SEND_ERROR "${PACKAGE_VERSION} for a request of ${PACKAGE_FIND_VERSION}: expected ${meets}")
  endif()
endfunction()
expect(TRUE ${major} ${minor})
expect(FALSE ${major} ${earlier})
expect(FALSE ${major} ${later})
expect(FALSE 9 ${minor})
