/* refract-write-task.h: a thread that writes into the document, and that the program waits for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* As g_task_run_in_thread(); the program does not end before the task has, though its last window be closed: what the user saw written
 * would be lost. */
void refract_write_task_run (GTask *task, GTaskThreadFunc func);

G_END_DECLS
