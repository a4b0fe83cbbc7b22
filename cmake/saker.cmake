# The rooms of the house: each folder below src/ is one library, whose link line is the list of
# its doors.

add_library(saker_options INTERFACE)
target_include_directories(saker_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
target_compile_options(saker_options INTERFACE -Wall -Wextra -Werror -fno-omit-frame-pointer)
# GCC 12 sees overflows and uninitialised values in the inlined standard library that are not there.
target_compile_options(saker_options INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<COMPILE_LANGUAGE:CXX>>:-Wno-restrict -Wno-stringop-overflow -Wno-maybe-uninitialized -Wno-stringop-overread>)
if(SAKER_SANITIZE)
  target_compile_options(saker_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(saker_options INTERFACE -fsanitize=address,undefined)
endif()
# libFuzzer looks at which code an input reaches. Another compiler's warnings do not stop it; it
# knows C's _Bool, of the BPF skeletons, only in C.
if(SAKER_FUZZ)
  target_compile_definitions(saker_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:_Bool=bool>)
  target_compile_options(saker_options INTERFACE -Wno-error -fsanitize=fuzzer-no-link,address,undefined
    -fno-sanitize-recover=all)
  target_link_options(saker_options INTERFACE -fsanitize=address,undefined)
endif()

# saker_room(NAME [DOORS room...] [LIBRARIES target...])
function(saker_room name)
  cmake_parse_arguments(ROOM "" "" "DOORS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(TRANSFORM ROOM_DOORS PREPEND saker_)
  if(sources)
    add_library(saker_${name} STATIC ${sources})
    target_link_libraries(saker_${name} PUBLIC saker_options ${ROOM_DOORS} ${ROOM_LIBRARIES})
  else()
    add_library(saker_${name} INTERFACE)
    target_link_libraries(saker_${name} INTERFACE saker_options ${ROOM_DOORS} ${ROOM_LIBRARIES})
  endif()
endfunction()

# saker_unit_test(NAME [LIBRARIES target...]): test/unit/NAME/*_test.cpp against the room NAME.
function(saker_unit_test name)
  cmake_parse_arguments(TEST "" "" "LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(sources)
    add_executable(${name}_test ${sources})
    target_link_libraries(${name}_test PRIVATE saker_${name} saker_test_main ${TEST_LIBRARIES})
    target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/test)
    target_compile_definitions(${name}_test PRIVATE TEST_FOLDER="${CMAKE_CURRENT_SOURCE_DIR}/${name}")
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()
