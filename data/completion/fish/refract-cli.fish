# fish completion for refract-cli. Commands and options are asked from the program itself, so that they are never out of date.
#
# SPDX-License-Identifier: GPL-3.0-or-later

function __refract_cli_commands
    refract-cli --help 2>/dev/null | sed -n '1,/^$/d; s/^  \([a-z-]\{2,\}\) \{1,\}\(.*\)/\1\t\2/p'
end

function __refract_cli_options
    set -l words (commandline -opc)
    refract-cli $words[2] --help 2>/dev/null | sed -n 's/^  \(-[a-z], \)\{0,1\}\(--[a-z-]*\)[^ ]* *\(.*\)/\2\t\3/p'
end

function __refract_cli_settings
    refract-cli config 2>/dev/null | sed -n 's/^\([a-z._]*\)=.*/\1=/p'
end

complete -c refract-cli -n 'test (count (commandline -opc)) -eq 1' -f -a '(__refract_cli_commands)'
complete -c refract-cli -n 'test (count (commandline -opc)) -gt 1; and string match -q -- "-*" (commandline -ct)' -f -a '(__refract_cli_options)'
complete -c refract-cli -n 'contains -- (commandline -opc)[-1] -s --set' -f -a '(__refract_cli_settings)'
