/* rf-auxiliary-private.h: what the loss and the measures share. Private to rf-auxiliary*.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/catalog/rf-facts.h"
#include "core/model/rf-auxiliary-terms.h"
#include "core/model/rf-auxiliary.h"

G_BEGIN_DECLS

enum { RF_AUX_IMAGE, RF_AUX_TEXT, RF_AUX_N_CONTENT };

/* Parameter numbers of an RfTermMap; w1 < 0: no hidden layer. */
typedef struct
{
  int w1, b1, w, b;
} RfAuxMap;

typedef RfTensor *(*RfAuxTermFunc) (const RfAuxiliary *self, const RfAuxBatch *batch, guint64 stream);

typedef struct
{
  const char *name;
  RfAuxTermFunc func;
  double lambda;
  int s; /* parameter of the uncertainty, or -1 */
} RfAuxTerm;

struct _RfAuxiliary
{
  RfParams *params;
  gsize d;
  guint n_modalities;
  char *names[RF_MAX_MODALITIES];
  int content[RF_AUX_N_CONTENT]; /* which modality is the image, the text; -1: none */
  RfAuxTerm terms[8];
  guint n_terms;

  guint8 *held_out; /* n_items, or NULL */

  /* settings */
  gsize max_items;
  double tau, margin, kg_margin;

  /* category */
  guint32 n_classes;
  gsize *class_ptr;  /* n_items + 1 */
  guint32 *class_idx;
  int class_w[RF_AUX_N_CONTENT], class_b[RF_AUX_N_CONTENT]; /* -1: none */

  RfDecoder *decoder;

  /* rating */
  double rating_mean, rating_deviation;
  RfAuxMap rating;

  RfAuxMap translate[RF_AUX_N_CONTENT]; /* from this one to the other */

  /* kg */
  RfFacts *facts;
  int relations, entities;
  gsize *range_ptr;     /* n_relations + 1 */
  guint32 *range;       /* the entities of each relation: what a wrong one is drawn from */
};

const char *rf_aux_content_name (guint content);
RfTermMap rf_aux_map (RfTape *tape, const RfAuxMap *map);

G_END_DECLS
