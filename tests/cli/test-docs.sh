#!/bin/bash
# The manual page and the completions of bash, zsh and fish know every command and every option, in TAP.
#   test-docs.sh PATH/refract-cli
#
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/tap.sh"
page=$RF_TEST_SRCDIR/docs/man/refract-cli.1

# In roff a minus sign is \-.
roff() { printf '%s' "$1" | sed 's/-/\\-/g'; }

# mentions HEADING OPTION: does the section of a command (or the common one) name the option?
mentions() {
  awk -v command=".SS $1" '/^\.S[SH]/ { on = index ($0 " ", command " ") == 1 || /COMMON OPTIONS/ } on' "$page" | grep -qF -e "$(roff "$2")"
}

# complete WORDS...: what the completion offers for the last word
complete_words() {
  bash -c 'source "$RF_TEST_SRCDIR/data/completion/refract-cli"; compopt() { :; }
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _refract_cli; printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

offers() {
  wanted=$1
  shift
  complete_words "$@" | grep -qxF -e "$wanted"
}

# The sed scripts with which the completions of zsh and fish read the help, the commands' first, the options' second.
script_of() { # file, number
  grep -e '--help' "$RF_TEST_SRCDIR/data/completion/$1" | sed -n "$2s/.*sed -n '\\([^']*\\)'.*/\\1/p"
}

# reads FILE NUMBER COMMAND... : is what the script makes of the help exactly what we find there?
reads() {
  file=$1 number=$2
  shift 2
  wanted=$("$cli" "$@" --help | if [ "$number" = 1 ]; then sed -n '1,/^$/d; s/^  \([a-z-]\{1,\}\) \{1,\}[^ ].*/\1/p'; else sed -n 's/^  \(-[a-z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'; fi)
  found=$("$cli" "$@" --help | sed -n "$(script_of "$file" "$number")" | sed 's/[:\t].*//')
  [ -n "$wanted" ] && [ "$found" = "$wanted" ]
}

# A shell that is there must be able to read it.
parses() { ! command -v "$1" >/dev/null || "$1" -n "$RF_TEST_SRCDIR/data/completion/$2"; }

commands=$("$cli" --help | sed -n '1,/^$/d; s/^  \([a-z-]\{1,\}\) \{1,\}[^ ].*/\1/p')
check "there are commands" [ -n "$commands" ]
for command in $commands; do
  check "man: $command" grep -q "^\.SS $command\b" "$page"
  check "completion: $command" offers "$command" "$cli" "${command:0:2}"
  for option in $("$cli" "$command" --help | sed -n 's/^  \(-[a-z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'); do
    check "man: $command $option" mentions "$command" "$option"
    check "completion: $command $option" offers "$option" "$cli" "$command" "$option"
  done
done
for file in zsh/_refract-cli fish/refract-cli.fish; do
  shell=${file%%/*}
  check "$shell: syntax" parses "$shell" "$file"
  check "$shell: commands" reads "$file" 1
  for command in $commands; do
    check "$shell: options of $command" reads "$file" 2 "$command"
  done
done
check "completion: settings" offers "split.max_train=" "$cli" train --set split.max
check "completion: parts" offers test "$cli" evaluate --split t
echo "1..$n"
