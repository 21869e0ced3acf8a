/* rf-image-blocks.h: what is measured on a picture, in blocks of one kind each.
 *
 * The first four and the filters are the classical set; figure and texture describe what stands out from the picture's
 * border, whatever its place, size and turn.
 *
 *   block      raw  kept  what
 *   colours    432    64  12 hues x 3 saturations x 3 values in each of 2 x 2 parts: roots of shares
 *   palette     96    24  36 hues of the figure and 36 of all, saturation x value of figure and ground, mean colours
 *   gradients  576    48  9 orientations in 8 x 8 cells of 16 pixels, each normalised by its four 2 x 2 neighbourhoods
 *                         (Dalal and Triggs, "Histograms of oriented gradients for human detection", 2005)
 *   grid       256    24  16 x 16 means of grey
 *   figure      98    40  place, size, elongation, radial profile, angular harmonics of the figure
 *   texture    122    48  local binary patterns (Ojala, Pietikainen, Maenpaa 2002), autocorrelation, orientations inside the figure
 *   filters   1152    64  whitened patch filters (rf-image-filters.h)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/features/rf-image-picture.h"

G_BEGIN_DECLS

#define RF_COLOURS_DIMS   432
#define RF_PALETTE_DIMS   96
#define RF_GRADIENTS_DIMS 576
#define RF_GRID_DIMS      256
#define RF_FIGURE_DIMS    98
#define RF_TEXTURE_DIMS   122

/* Each fills its block (all values finite, whatever the picture) from a prepared picture. Pure functions. */
void rf_describe_colours (const RfPicture *picture, float *out);
void rf_describe_palette (const RfPicture *picture, float *out);
void rf_describe_gradients (const RfPicture *picture, float *out);
void rf_describe_grid (const RfPicture *picture, float *out);
void rf_describe_figure (const RfPicture *picture, float *out);
void rf_describe_texture (const RfPicture *picture, float *out);

G_END_DECLS
