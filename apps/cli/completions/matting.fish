# fish completion for matting: verbs and options are those of `matting VERB --help`.

# Lines "word<tab>description" of a part of the help of the verb that is being typed.
function __matting_lines --argument-names part
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l verbs
    for word in $words[2..]
        string match --quiet -- '-*' $word; and break
        set --append verbs $word
    end
    $words[1] $verbs --help 2>/dev/null | awk -v part="$part:" '
        /^[A-Z][a-z]*:$/ { inside = ($0 == part) }
        inside && /^  / {
            count = split($1, names, ","); text = $0; sub(/^  [^ ]+( [^ ]+)*  +/, "", text)
            for (i = 1; i <= count; i++) print names[i] "\t" text
        }'
end

# Behind an option stands its value, and where a verb has no verbs of its own, a file.
function __matting_wants_verb
    string match --quiet -- '-*' (commandline --tokenize --cut-at-cursor --current-process)[-1]
    and return 1
    count (__matting_lines Subcommands) >/dev/null
end

complete --command matting --no-files --condition __matting_wants_verb --arguments '(__matting_lines Subcommands)'
complete --command matting --no-files --condition 'string match --quiet -- "-*" (commandline --current-token)' --arguments '(__matting_lines Options)'
