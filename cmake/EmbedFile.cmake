# matting_embed_file(target symbol file): puts the file's bytes into the target as read-only data
# between `symbol` and `symbol_end`, and its SHA-256 into the macro `symbol_SHA256`.
# The assembler does it (.incbin), so that megabytes cost no compile time.
function(matting_embed_file target symbol file)
  file(SHA256 ${file} sha256)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.S)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [=[
    .section .rodata
    .hidden @symbol@
    .hidden @symbol@_end
    .global @symbol@
    .global @symbol@_end
    .balign 64
@symbol@:
    .incbin "@file@"
@symbol@_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
]=])
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${file})
  # A new file has a new checksum: configure again when it changes.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  target_sources(${target} PRIVATE ${source})
  target_compile_definitions(${target} PRIVATE ${symbol}_SHA256="${sha256}")
endfunction()
