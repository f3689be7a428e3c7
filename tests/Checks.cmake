# SPDX-License-Identifier: MIT
set(checks ${CMAKE_CURRENT_SOURCE_DIR}/checks)
set(work ${CMAKE_CURRENT_BINARY_DIR}/checks)

# Both compilers where both are there.
find_program(MILLPOND_CLANG clang++)
set(compilers ${CMAKE_CXX_COMPILER})
if(MILLPOND_CLANG AND NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
  list(APPEND compilers ${MILLPOND_CLANG})
endif()

file(GLOB cases CONFIGURE_DEPENDS compile_fail/*.cpp)
foreach(compiler ${compilers})
  get_filename_component(name ${compiler} NAME)
  add_test(NAME compile_fail.${name} COMMAND ${checks}/compile_fail ${PROJECT_SOURCE_DIR}/src ${compiler} ${cases})
  # They fail for what they say, and not because nothing compiles.
  add_test(NAME compile.${name} COMMAND ${checks}/compile_fail --compiles ${PROJECT_SOURCE_DIR}/src ${compiler}
                                        ${checks}/correct.cpp ${PROJECT_SOURCE_DIR}/examples/quickstart.cpp)
  set_tests_properties(compile_fail.${name} compile.${name} PROPERTIES LABELS compile TIMEOUT 120)
endforeach()
# One at a time takes half a minute: the long run does that.
add_test(NAME compile.headers COMMAND ${checks}/headers ${PROJECT_SOURCE_DIR}/src ${compilers})
add_test(NAME compile.headers.alone COMMAND ${checks}/headers --alone ${PROJECT_SOURCE_DIR}/src ${compilers})
set_tests_properties(compile.headers compile.headers.alone PROPERTIES LABELS compile TIMEOUT 300)
set_property(TEST compile.headers.alone APPEND PROPERTY LABELS long)

# The library as it is released, whatever this build is for.
add_library(millpond_released OBJECT ${library_sources} ${PROJECT_SOURCE_DIR}/src/millpond/port/LinuxPort.cpp
            checks/Instances.cpp)
set_target_properties(millpond_released PROPERTIES UNITY_BUILD ON)
# The port calls the system, as nothing else may.
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/millpond/port/LinuxPort.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
target_compile_features(millpond_released PRIVATE cxx_std_20)
target_compile_options(millpond_released PRIVATE -O2 -fno-exceptions -fno-rtti)
target_include_directories(millpond_released PRIVATE ${PROJECT_SOURCE_DIR}/src)

add_test(NAME check.I3_no_division
         COMMAND ${checks}/no_division ${CMAKE_OBJDUMP} $<TARGET_OBJECTS:millpond_released> COMMAND_EXPAND_LISTS)
add_test(NAME check.I9_calls_nothing_outside_itself
         COMMAND ${checks}/symbols ${CMAKE_NM} $<TARGET_OBJECTS:millpond_released> COMMAND_EXPAND_LISTS)
add_test(NAME check.a_build_without_a_trace_has_no_code_for_it
         COMMAND ${checks}/no_trace ${CMAKE_NM} $<TARGET_OBJECTS:millpond_released> COMMAND_EXPAND_LISTS)
add_test(NAME check.a_build_without_a_trace_is_the_same_to_the_byte
         COMMAND ${checks}/trace_off ${PROJECT_SOURCE_DIR}/src ${checks}/Instances.cpp ${work}/trace_off ${CMAKE_CXX_COMPILER})
# Twelve compilations; every change is held by the symbols above.
set_tests_properties(check.a_build_without_a_trace_is_the_same_to_the_byte PROPERTIES LABELS "check;long" TIMEOUT 300)
# Debian's prometheus takes a minute to install, and the week of the rules' tests ten seconds.
add_test(NAME check.promtool_passes_the_rules_and_the_dashboard
         COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/prometheus/rules_check.py ${PROJECT_SOURCE_DIR} ${work}/prometheus)
set_tests_properties(check.promtool_passes_the_rules_and_the_dashboard PROPERTIES LABELS "check;long" TIMEOUT 300
                     ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
add_test(NAME check.freestanding_includes COMMAND ${checks}/includes ${PROJECT_SOURCE_DIR}/src)
add_test(NAME check.folders_are_layers COMMAND ${checks}/layers ${PROJECT_SOURCE_DIR})
add_test(NAME check.streamer_needs_only_the_port COMMAND ${checks}/portable ${PROJECT_SOURCE_DIR})
add_test(NAME check.readme_shows_the_compiled_example
         COMMAND ${checks}/readme ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/examples/quickstart.cpp quickstart)
add_test(NAME check.readme_shows_the_compiled_pools
         COMMAND ${checks}/readme ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/examples/pools.cpp rows)
add_test(NAME check.how_to_shows_the_compiled_pools
         COMMAND ${checks}/readme ${PROJECT_SOURCE_DIR}/docs/how-to-add-a-pool.md ${PROJECT_SOURCE_DIR}/examples/pools.cpp
                 rows calls)
add_test(NAME check.how_to_shows_the_compiled_places
         COMMAND ${checks}/readme ${PROJECT_SOURCE_DIR}/docs/how-to-add-a-pool.md ${PROJECT_SOURCE_DIR}/examples/places.cpp
                 places)
add_test(NAME check.migration_shows_the_compiled_calls
         COMMAND ${checks}/readme ${PROJECT_SOURCE_DIR}/docs/migration.md ${PROJECT_SOURCE_DIR}/examples/migration.cpp
                 table malloc malloc_raw capability queue objects)
add_test(NAME check.esp32_shows_the_compiled_program
         COMMAND ${checks}/readme ${PROJECT_SOURCE_DIR}/docs/esp32.md ${PROJECT_SOURCE_DIR}/examples/app_main.cpp app)
add_test(NAME check.esp32_shows_the_compiled_options
         COMMAND ${checks}/readme ${PROJECT_SOURCE_DIR}/docs/esp32.md ${checks}/kconfig/unset.cpp own)
set(libraries_page ${PROJECT_SOURCE_DIR}/docs/how-to-use-other-libraries.md)
set(libraries_example ${PROJECT_SOURCE_DIR}/examples/libraries)
add_test(NAME check.libraries_shows_the_compiled_manager
         COMMAND ${checks}/readme ${libraries_page} ${libraries_example}/memory.cpp manager)
add_test(NAME check.libraries_shows_the_compiled_c
         COMMAND ${checks}/readme ${libraries_page} ${libraries_example}/capture.c c)
add_test(NAME check.libraries_shows_the_compiled_calls
         COMMAND ${checks}/readme ${libraries_page} ${libraries_example}/main.cpp mbedtls cjson lwip containers)
add_test(NAME check.two_managers_of_one_name_do_not_link
         COMMAND ${checks}/two_managers ${PROJECT_SOURCE_DIR}/src ${work}/two_managers ${CMAKE_CXX_COMPILER})
add_test(NAME check.links_lead_somewhere COMMAND ${checks}/links ${PROJECT_SOURCE_DIR})
add_test(NAME check.public_functions_state_their_contracts
         COMMAND ${checks}/contracts ${PROJECT_SOURCE_DIR} ${work}/contracts)
# The ways into somebody's build that the README names; the program that uses the library is always the same.
foreach(way package pkgconfig fetch sources)
  add_test(NAME check.builds_by_${way}
           COMMAND ${checks}/consume ${way} ${CMAKE_COMMAND} ${PROJECT_SOURCE_DIR} ${CMAKE_BINARY_DIR} ${work}/${way}
                   ${CMAKE_CXX_COMPILER})
endforeach()
# The ways into other builds, where the repository's root is a component, a library or a module.
add_test(NAME check.manifests_follow_their_rules
         COMMAND ${checks}/manifests ${PROJECT_SOURCE_DIR} ${PROJECT_VERSION} ${PROJECT_HOMEPAGE_URL})
add_test(NAME check.manifests_with_mistakes_are_refused
         COMMAND ${checks}/manifests_refused ${PROJECT_SOURCE_DIR} ${work}/manifests ${PROJECT_VERSION}
                 ${PROJECT_HOMEPAGE_URL})
add_test(NAME check.kconfig_describes_the_configuration
         COMMAND ${checks}/kconfig_options ${PROJECT_SOURCE_DIR} ${CMAKE_CXX_COMPILER} ${work}/kconfig)
add_test(NAME check.the_root_is_a_component
         COMMAND ${checks}/component ${PROJECT_SOURCE_DIR} ${CMAKE_COMMAND} ${CMAKE_CXX_COMPILER} ${work}/component)
add_test(NAME check.arduino_compiles_all_of_it
         COMMAND ${checks}/arduino_sketch ${PROJECT_SOURCE_DIR} ${CMAKE_CXX_COMPILER})
add_executable(millpond_test_app ${PROJECT_SOURCE_DIR}/test_apps/basic/main/test_app.cpp)
target_include_directories(millpond_test_app PRIVATE ${checks}/unity)
target_link_libraries(millpond_test_app PRIVATE millpond::millpond millpond_warnings)
add_test(NAME check.the_app_for_boards_passes COMMAND millpond_test_app)
if(MILLPOND_HOST_TOOLS)
  add_test(NAME check.installs_the_command
           COMMAND ${checks}/install_command ${CMAKE_COMMAND} ${CMAKE_BINARY_DIR} ${work}/command ${PROJECT_VERSION})
  # With the real ESP-IDF, where IDF_PATH names one.
  add_test(NAME check.esp_idf_builds_and_streams
           COMMAND ${checks}/esp_idf ${PROJECT_SOURCE_DIR} $<TARGET_FILE:millpond_cli> ${work}/esp_idf)
  set_tests_properties(check.esp_idf_builds_and_streams PROPERTIES SKIP_RETURN_CODE 77 LABELS check TIMEOUT 900)
  add_test(NAME check.the_service_unit_is_valid
           COMMAND ${checks}/service ${PROJECT_SOURCE_DIR} $<TARGET_FILE:millpond_cli> ${work}/service)
  add_test(NAME check.debian_packages_are_clean
           COMMAND ${checks}/debian ${CMAKE_CPACK_COMMAND} ${CMAKE_BINARY_DIR} ${work}/debian ${PROJECT_VERSION})
endif()
set(check_tests check.I3_no_division check.I9_calls_nothing_outside_itself check.freestanding_includes
    check.folders_are_layers check.streamer_needs_only_the_port check.readme_shows_the_compiled_example check.readme_shows_the_compiled_pools
    check.how_to_shows_the_compiled_pools check.how_to_shows_the_compiled_places check.links_lead_somewhere
    check.two_managers_of_one_name_do_not_link check.libraries_shows_the_compiled_manager
    check.libraries_shows_the_compiled_c check.libraries_shows_the_compiled_calls
    check.public_functions_state_their_contracts check.migration_shows_the_compiled_calls
    check.builds_by_package check.builds_by_pkgconfig check.builds_by_fetch check.builds_by_sources check.manifests_follow_their_rules
    check.manifests_with_mistakes_are_refused check.esp32_shows_the_compiled_program check.esp32_shows_the_compiled_options
    check.kconfig_describes_the_configuration check.the_root_is_a_component check.arduino_compiles_all_of_it
    check.the_app_for_boards_passes)
if(MILLPOND_HOST_TOOLS)
  list(APPEND check_tests check.installs_the_command check.debian_packages_are_clean)
endif()

# What the library comes to on a 32-bit core; a core without a divide instruction would call a function.
find_program(MILLPOND_ARM_CXX arm-none-eabi-g++)
if(MILLPOND_ARM_CXX)
  add_test(NAME check.ram_on_a_32_bit_core
           COMMAND ${checks}/device_ram ${PROJECT_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR} ${work})
  add_test(NAME check.I3_no_division_on_a_core_without_one
           COMMAND ${checks}/device_division ${PROJECT_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR} ${work}/division)
  add_test(NAME compile_fail.pools_that_wrap_on_a_32_bit_core
           COMMAND ${checks}/compile_fail ${PROJECT_SOURCE_DIR}/src ${checks}/device_compiler ${checks}/device_wrap.cpp)
  list(APPEND check_tests check.ram_on_a_32_bit_core check.I3_no_division_on_a_core_without_one
       compile_fail.pools_that_wrap_on_a_32_bit_core)
endif()
set_tests_properties(${check_tests} PROPERTIES LABELS check TIMEOUT 300)
# Builds of their own, which a change of the code seldom breaks.
set_property(TEST check.builds_by_package check.builds_by_pkgconfig check.builds_by_fetch check.builds_by_sources
             APPEND PROPERTY LABELS install)
# A quarter of a minute for what only a release of the package changes.
if(MILLPOND_HOST_TOOLS)
  set_property(TEST check.debian_packages_are_clean APPEND PROPERTY LABELS long)
endif()
