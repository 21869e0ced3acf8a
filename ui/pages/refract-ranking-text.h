/* refract-ranking-text.h: a ranking in words and as a table for other programs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-ranker.h"

G_BEGIN_DECLS

/* "1: Walnut seedling. Score 4.466. Driven by image. Attention: image 95 %, ..." */
char *refract_ranking_describe_place (const RefractRanking *ranking, guint place) G_GNUC_WARN_UNUSED_RESULT;

/* The places (from 0) of a ranking, one row each, with a heading row. ranking NULL: "". */
char *refract_ranking_to_tsv (const RefractRanking *ranking, const guint32 *places, guint n) G_GNUC_WARN_UNUSED_RESULT;
char *refract_ranking_to_html (const RefractRanking *ranking, const guint32 *places, guint n) G_GNUC_WARN_UNUSED_RESULT;

/* "Enter the top 20: A, B. Leave it: C, D."; "" while nothing does. */
char *refract_ranking_describe_moves (const RefractRanking *ranking, guint top) G_GNUC_WARN_UNUSED_RESULT;

/* "Image drives 12 of the first 20, text 8." */
char *refract_ranking_describe_drivers (const RefractRanking *ranking, guint top) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
