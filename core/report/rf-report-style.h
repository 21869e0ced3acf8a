/* rf-report-style.h: the style sheet of the HTML report. Private to core/report.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

extern const char report_style[];
