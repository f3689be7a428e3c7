# SPDX-License-Identifier: MIT
# The library once more, above a port that counts its atomic steps and lets things happen between them.
get_target_property(library_sources millpond SOURCES)
list(FILTER library_sources EXCLUDE REGEX "port/")
list(TRANSFORM library_sources PREPEND ${PROJECT_SOURCE_DIR}/src/)
millpond_test_executable(millpond_step_tests
  interrupt/BlockPoolInterruptTest.cpp
  interrupt/EventBusInterruptTest.cpp
  interrupt/FiguresInterruptTest.cpp
  interrupt/GuardInterruptTest.cpp
  interrupt/HeapFallbackInterruptTest.cpp
  interrupt/InvariantStepsTest.cpp
  interrupt/LeakWatchInterruptTest.cpp
  interrupt/MemoryManagerInterruptTest.cpp
  interrupt/PressureInterruptTest.cpp
  interrupt/RunPoolInterruptTest.cpp
  interrupt/WaitingInterruptTest.cpp)
add_library(millpond_stepped STATIC ${library_sources} ${PROJECT_SOURCE_DIR}/src/millpond/port/LinuxPort.cpp)
set_target_properties(millpond_stepped PROPERTIES UNITY_BUILD ON)
target_compile_features(millpond_stepped PUBLIC cxx_std_20)
# Undefined behaviour of the library ends it.
target_compile_options(millpond_stepped PRIVATE -O1 -fsanitize=undefined -fno-sanitize-recover=all)
target_link_options(millpond_stepped PUBLIC -fsanitize=undefined)
target_include_directories(millpond_stepped PUBLIC ${PROJECT_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(millpond_stepped PUBLIC MILLPOND_PORT_HEADER="port/CountingPort.h")
target_link_libraries(millpond_step_tests PRIVATE millpond_stepped)
set_target_properties(millpond_step_tests PROPERTIES UNITY_BUILD ON)
gtest_discover_tests(millpond_step_tests DISCOVERY_MODE PRE_TEST NO_PRETTY_TYPES PROPERTIES LABELS unit TIMEOUT 120)
# Two of all arrivals in a pool of two words; the test by itself has a fifth of the pairs.
add_test(NAME long.arrivals COMMAND millpond_step_tests --gtest_filter=RunPoolInterrupt.TwoArrivals*64)
set_tests_properties(long.arrivals PROPERTIES LABELS long TIMEOUT 120 ENVIRONMENT MILLPOND_LONG=1)

# Debian's package of RapidCheck has a plain library beside its CMake file.
find_package(rapidcheck REQUIRED)
millpond_test_executable(millpond_property_tests
  property/BlockPoolProperty.cpp
  property/HeapFallbackProperty.cpp
  property/MemoryManagerProperty.cpp
  property/RunPoolProperty.cpp
  property/main.cpp)
target_link_libraries(millpond_property_tests PRIVATE millpond::millpond rapidcheck)
set_target_properties(millpond_property_tests PROPERTIES UNITY_BUILD ON)
add_test(NAME property COMMAND millpond_property_tests)
set_tests_properties(property PROPERTIES LABELS property TIMEOUT 300)
