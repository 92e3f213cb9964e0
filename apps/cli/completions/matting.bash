# bash completion for matting: verbs and options are those of `matting VERB --help`.

# Words of a part of the help: the first of each indented line, without arguments.
_matting_words() {
  "${COMP_WORDS[0]}" "${@:2}" --help 2>/dev/null |
    awk -v part="$1:" '/^[A-Z][a-z]*:$/ { inside = ($0 == part) }
                       inside && /^  / { gsub(",", "\n", $1); print $1 }'
}

_matting() {
  local current=${COMP_WORDS[COMP_CWORD]} verbs=() word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && break
    verbs+=("$word")
  done
  COMPREPLY=()
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_matting_words Options "${verbs[@]}")" -- "$current")
  elif [[ ${COMP_WORDS[COMP_CWORD-1]} != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_matting_words Subcommands "${verbs[@]}")" -- "$current")
  fi
}

# Nothing of ours fits: files.
complete -o bashdefault -o default -F _matting matting
