#!/bin/sh
# own-display.sh PROGRAM [ARGUMENT...]: runs a program in a display and a session bus of its own; where there is no Xvfb, in those that are there.
#
# SPDX-License-Identifier: GPL-3.0-or-later
command -v xvfb-run >/dev/null && command -v dbus-run-session >/dev/null || exec "$@"
exec xvfb-run -a -s "-screen 0 1280x1024x24" dbus-run-session -- "$@"
