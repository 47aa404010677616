# The few CMake functions every folder uses, so that a folder's own file only says
# which sources it has and which libraries they may use.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_AUTOMOC ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
    set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE}")
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
    # FACTS.md 10: -O2, LTO and early binding keep the start of the program short.
    set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
    add_link_options(-Wl,-O1,-z,now,--as-needed)
    # GCC 12 takes the never-reached end of Qt 6.4's QHash growth for a real size.
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-alloc-size-larger-than>)
    add_link_options(-Wno-alloc-size-larger-than)
endif()

if(SLIPWAY_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()

if(SLIPWAY_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Over a hundred test programs are linked: the fast linker saves minutes where it is installed.
find_program(MOLD mold)
if(MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    add_link_options(-fuse-ld=mold)
endif()

function(_slipway_compile_options target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
    if(SLIPWAY_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    target_compile_definitions(${target} PRIVATE
        QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING
        QT_NO_FOREACH QT_NO_KEYWORDS QT_USE_QSTRINGBUILDER QT_DISABLE_DEPRECATED_BEFORE=0x060400)
endfunction()

# slipway_library(NAME USES lib... PRIVATE lib...): the static library of the current folder,
# of all its sources. USES are the libraries its headers may name, PRIVATE those only its sources name.
function(slipway_library name)
    cmake_parse_arguments(ARG "" "" "USES;PRIVATE" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
    add_library(slipway_${name} STATIC ${sources})
    set_target_properties(slipway_${name} PROPERTIES LINKER_LANGUAGE CXX)
    get_filename_component(root "${CMAKE_CURRENT_SOURCE_DIR}" DIRECTORY)
    target_include_directories(slipway_${name} PUBLIC "${root}")
    target_link_libraries(slipway_${name} PUBLIC ${ARG_USES} PRIVATE ${ARG_PRIVATE})
    _slipway_compile_options(slipway_${name})
endfunction()

# slipway_test(tst_x USES lib... [LABELS label...] [TIMEOUT seconds]): one Qt Test program of tst_x.cpp.
function(slipway_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "USES;LABELS" ${ARGN})
    add_executable(${name} ${name}.cpp)
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
    target_link_libraries(${name} PRIVATE ${ARG_USES} Qt6::Test)
    target_compile_definitions(${name} PRIVATE SLIPWAY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    _slipway_compile_options(${name})
    add_test(NAME ${name} COMMAND ${name})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
        ENVIRONMENT "XDG_CONFIG_HOME=${CMAKE_CURRENT_BINARY_DIR}/${name}.home/config;XDG_DATA_HOME=${CMAKE_CURRENT_BINARY_DIR}/${name}.home/data;QT_QPA_PLATFORM=offscreen;QT_LOGGING_RULES=default.debug=false;ASAN_OPTIONS=detect_leaks=1;LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/lsan.supp")
endfunction()
