# Run while building: writes the manual page from what the command says of itself, so that it cannot
# say anything else.  cmake -DCOMMAND=.../matting -DOUTPUT=.../matting.1 -P ManPage.cmake
function(ask variable)
  execute_process(COMMAND ${COMMAND} ${ARGN} OUTPUT_VARIABLE text RESULT_VARIABLE result)
  if(result)
    message(FATAL_ERROR "failed (${result}): ${COMMAND} ${ARGN}")
  endif()
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

# Text as it is: backslashes, and dots at the start of a line, mean something to roff.
function(literal variable text)
  string(REPLACE "\\" "\\e" text "${text}")
  string(REPLACE "-" "\\-" text "${text}")
  string(REGEX REPLACE "(^|\n)([.'])" "\\1\\\\&\\2" text "${text}")
  string(STRIP "${text}" text)
  set(${variable} ".nf\n${text}\n.fi\n" PARENT_SCOPE)
endfunction()

# Appends a part for `matting VERB...` and, where it has some, for each of its own verbs.
function(describe_verb)
  string(JOIN " " name matting ${ARGN})
  ask(help ${ARGN} --help)
  literal(block "${help}")
  string(APPEND page ".SS ${name}\n${block}")
  if(help MATCHES "\nSubcommands:\n((  [^\n]*\n)+)")
    string(REGEX MATCHALL "\n  [a-z]+ " verbs "\n${CMAKE_MATCH_1}")
    foreach(verb ${verbs})
      string(STRIP "${verb}" verb)
      describe_verb(${ARGN} ${verb})
    endforeach()
  endif()
  set(page "${page}" PARENT_SCOPE)
endfunction()

ask(version --version)
string(STRIP "${version}" version)
ask(parameters plugin describe infer_background_matting)
literal(parameters "${parameters}")
set(page ".TH MATTING 1 \"\" \"${version}\" \"User Commands\"
.SH NAME
matting \\- background matting with a clean plate
.SH SYNOPSIS
.B matting
.I VERB
.RI [ OPTION ]...
.SH DESCRIPTION
Given a picture and a picture of the same scene without the subject, computes the subject's alpha,
foreground and composite.
.SH VERBS
")
describe_verb()
string(APPEND page ".SH TASK AND PARAMETERS
What \\-\\-set takes:
${parameters}.SH EXIT STATUS
0: done. 1: the work failed. 2: the call was wrong.
.SH ENVIRONMENT
.TP
.B WF_PLUGIN_PATH
folders, separated by colons, where plugins are looked for instead of beside the library
.TP
.B MATTING_MODEL_DIR
the folder of fetched and imported models
.TP
.B MATTING_CATALOG
a catalogue of models that stands in for the built\\-in one
")
file(WRITE ${OUTPUT} "${page}")
