/* rf-word-vectors-load.c: word vectors from files: word2vec text and binary, GloVe, fastText.
 *
 * Text files have one word a line and differ in their first line only ("words dims", or none). In the binary kind each word
 * is followed by a space and dims little-endian floats.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-word-vectors.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/features/rf-text-clean.h"

#define BUFFER_SIZE  (1 << 20)
#define LONGEST_LINE     (1 << 18)
#define LONGEST_WORD     1024
#define DIMS_MAX     4096
#define DIMS_LEAST   2
#define REPORT_WORDS 10000

/* --- a stream with a look-ahead --- */

typedef struct
{
  const char *path;
  GInputStream *stream;
  char *buffer;
  gsize begin, end; /* what is not read yet */
  gboolean over;
  GInputStream *base; /* the file itself, for the progress */
} Source;

/* As many bytes as there are, up to n, stand at buffer + begin afterwards. */
static gboolean
source_fill (Source *source, gsize n, GError **error)
{
  if (source->end - source->begin >= n || source->over)
    return TRUE;
  memmove (source->buffer, source->buffer + source->begin, source->end - source->begin);
  source->end -= source->begin;
  source->begin = 0;
  while (source->end < n && !source->over)
    {
      g_autoptr(GError) local = NULL;
      gssize got = g_input_stream_read (source->stream, source->buffer + source->end, BUFFER_SIZE - source->end, NULL, &local);

      if (got < 0)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s could not be read: %s"), source->path, local->message);
          return FALSE;
        }
      source->over = got == 0;
      source->end += (gsize) got;
    }
  return TRUE;
}

/* The next line without its end, or NULL at the end of the file. A line longer than LONGEST_LINE is handed out in pieces. */
static char *
source_line (Source *source, gsize *length, GError **error)
{
  const char *newline;
  char *line;
  gsize left;

  if (!source_fill (source, LONGEST_LINE, error))
    return NULL;
  line = source->buffer + source->begin;
  left = MIN (source->end - source->begin, LONGEST_LINE);
  if (left == 0)
    return NULL;
  newline = memchr (line, '\n', left);
  *length = newline != NULL ? (gsize) (newline - line) : left;
  source->begin += *length + (newline != NULL ? 1 : 0);
  if (*length > 0 && line[*length - 1] == '\r')
    (*length)--;
  return line;
}

static gboolean
source_open (Source *source, const char *path, GError **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) local = NULL;
  GFileInputStream *base = g_file_read (file, NULL, &local);

  if (base == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s could not be opened: %s"), path, local->message);
      return FALSE;
    }
  source->path = path;
  source->base = G_INPUT_STREAM (base);
  source->stream = g_object_ref (source->base);
  if (g_str_has_suffix (path, ".gz"))
    {
      g_autoptr(GZlibDecompressor) gunzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);

      g_object_unref (source->stream);
      source->stream = g_converter_input_stream_new (source->base, G_CONVERTER (gunzip));
    }
  source->buffer = g_malloc (BUFFER_SIZE + 1);
  return TRUE;
}

static void
source_close (Source *source)
{
  g_clear_object (&source->stream);
  g_clear_object (&source->base);
  g_free (source->buffer);
}

/* --- words --- */

typedef struct
{
  Source source;
  const char *path;
  RfProgress *progress;
  double size; /* of the file */
  const RfVocab *vocab;
  RfWordVectors *vectors;
  guint8 *exact; /* per word: found as it is written, so that no folded form replaces it */
  gsize dims;
  float *values; /* dims, of the word at work */
} Loading;

static gboolean
report (Loading *loading, GError **error)
{
  double at = (double) g_seekable_tell (G_SEEKABLE (loading->source.base));

  if (++loading->vectors->n_read % REPORT_WORDS != 0)
    return TRUE;
  return rf_progress_step (loading->progress, _("Reading word vectors"), loading->size > 0 ? at / loading->size : -1, error);
}

/* Which word of the vocabulary a word of the file stands for. */
static guint32
find_word (const Loading *loading, const char *word, gboolean *exact)
{
  g_autofree char *spaced = g_strdelimit (g_strdup (word), "_", ' '), *folded = NULL;
  g_autoptr(RfCleanText) clean = NULL;
  guint32 number = rf_vocab_find (loading->vocab, spaced);

  *exact = number != RF_NO_WORD;
  if (*exact)
    return number;
  clean = rf_text_clean (spaced);
  folded = rf_clean_text_to_utf8 (clean);
  return rf_vocab_find (loading->vocab, folded);
}

/* Is the word wanted, better than what is there? */
static gboolean
wants_word (const Loading *loading, const char *word, guint32 *number, gboolean *exact)
{
  *number = find_word (loading, word, exact);
  return *number != RF_NO_WORD && !loading->exact[*number] && (*exact || !loading->vectors->known[*number]);
}

static void
keep_values (Loading *loading, guint32 number, gboolean exact)
{
  for (gsize j = 0; j < loading->dims; j++)
    if (!isfinite (loading->values[j]))
      return;
  memcpy (rf_matrix_row (loading->vectors->x, number), loading->values, loading->dims * sizeof (float));
  loading->vectors->n_known += !loading->vectors->known[number];
  loading->vectors->known[number] = 1;
  loading->exact[number] = (guint8) exact;
}

/* --- text --- */

/* Where the last n fields of a line begin, or NULL if there is no word before them. line is shortened by blanks at its end. */
static char *
last_fields (char *line, gsize *length, gsize n)
{
  char *at;

  while (*length > 0 && g_ascii_isspace (line[*length - 1]))
    (*length)--;
  line[*length] = '\0';
  at = line + *length;
  for (gsize field = 0; field < n; field++)
    {
      if (field > 0)
        while (at > line && g_ascii_isspace (at[-1]))
          at--;
      while (at > line && !g_ascii_isspace (at[-1]))
        at--;
    }
  return at > line + 1 ? at : NULL;
}

static gboolean
parse_values (const char *at, gsize n, float *values)
{
  for (gsize j = 0; j < n; j++)
    {
      char *end;

      values[j] = (float) g_ascii_strtod (at, &end);
      if (end == at)
        return FALSE;
      at = end;
    }
  return TRUE;
}

static gboolean
read_text (Loading *loading, GError **error)
{
  GError *local = NULL;
  gsize length;
  char *line;

  while ((line = source_line (&loading->source, &length, &local)) != NULL)
    {
      char *fields = last_fields (line, &length, loading->dims);
      guint32 number;
      gboolean exact;

      if (fields == NULL)
        continue;
      fields[-1] = '\0';
      if (wants_word (loading, g_strchomp (line), &number, &exact) && parse_values (fields, loading->dims, loading->values))
        keep_values (loading, number, exact);
      if (!report (loading, error))
        return FALSE;
    }
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL;
}

/* --- binary --- */

static gboolean
read_binary (Loading *loading, guint64 n_words, GError **error)
{
  Source *source = &loading->source;
  gsize bytes = loading->dims * sizeof (float);

  for (guint64 w = 0; w < n_words; w++)
    {
      char *word, *space;
      guint32 number;
      gboolean exact;

      if (!source_fill (source, LONGEST_WORD + 2 + bytes, error))
        return FALSE;
      if (source->begin < source->end && source->buffer[source->begin] == '\n')
        source->begin++;
      word = source->buffer + source->begin;
      space = memchr (word, ' ', MIN (LONGEST_WORD, source->end - source->begin));
      if (space == NULL || (gsize) (source->buffer + source->end - space - 1) < bytes)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s ends or is damaged after %" PRIu64 " of %" PRIu64 " words; fetch it again."),
                       loading->path, w, n_words);
          return FALSE;
        }
      *space = '\0';
      if (wants_word (loading, word, &number, &exact))
        {
          for (gsize j = 0; j < loading->dims; j++)
            {
              guint32 bits;

              memcpy (&bits, space + 1 + j * sizeof bits, sizeof bits);
              bits = GUINT32_FROM_LE (bits);
              memcpy (&loading->values[j], &bits, sizeof bits);
            }
          keep_values (loading, number, exact);
        }
      source->begin = (gsize) (space + 1 - source->buffer) + bytes;
      if (!report (loading, error))
        return FALSE;
    }
  return TRUE;
}

/* --- what kind of file --- */

static gsize
count_fields (const char *line, gsize length)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    n += !g_ascii_isspace (line[i]) && (i == 0 || g_ascii_isspace (line[i - 1]));
  return n;
}

static gboolean
parse_header (const char *line, gsize length, guint64 *n_words, gsize *dims)
{
  g_autofree char *copy = g_strndup (line, length);
  char *end, *rest;

  if (length > 40 || !g_ascii_isdigit (*copy))
    return FALSE;
  *n_words = g_ascii_strtoull (copy, &end, 10);
  if (*end != ' ' || !g_ascii_isdigit (end[1]))
    return FALSE;
  *dims = g_ascii_strtoull (end + 1, &rest, 10);
  return *g_strstrip (rest) == '\0';
}

/* Looks at the beginning without reading it. FALSE: no file of word vectors. */
static gboolean
recognise (Loading *loading, guint64 *n_words, gboolean *binary, GError **error)
{
  Source *source = &loading->source;
  const char *line, *stop;
  gboolean header = FALSE;
  gsize least = G_MAXSIZE;
  g_autofree float *values = NULL;

  if (!source_fill (source, BUFFER_SIZE / 2, error))
    return FALSE;
  line = source->buffer + source->begin;
  stop = source->buffer + source->end;
  for (int n = 0; n < 100 && line < stop; n++)
    {
      const char *newline = memchr (line, '\n', (gsize) (stop - line));
      gsize length = (gsize) ((newline != NULL ? newline : stop) - line);

      if (n == 0 && newline != NULL && parse_header (line, length, n_words, &loading->dims))
        {
          header = TRUE;
          source->begin += length + 1;
        }
      else if (newline != NULL || source->over)
        least = MIN (least, count_fields (line, length));
      if (newline == NULL)
        break;
      line = newline + 1;
    }
  if (!header)
    loading->dims = least == G_MAXSIZE || least == 0 ? 0 : least - 1;
  if (loading->dims < DIMS_LEAST || loading->dims > DIMS_MAX)
    loading->dims = 0;
  if (loading->dims > 0)
    {
      const char *first = source->buffer + source->begin, *newline = memchr (first, '\n', source->end - source->begin);
      g_autofree char *copy = g_strndup (first, newline != NULL ? (gsize) (newline - first) : source->end - source->begin);
      gsize length = strlen (copy);
      const char *fields = last_fields (copy, &length, loading->dims);

      values = g_new (float, loading->dims);
      *binary = fields == NULL || !parse_values (fields, loading->dims, values);
    }
  if (loading->dims > 0 && (header || !*binary))
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
               _("%s is not a file of word vectors; word2vec (text or binary), GloVe and fastText .vec files can be read."), loading->path);
  return FALSE;
}

static gboolean
load (Loading *loading, GError **error)
{
  guint64 n_words = 0;
  gboolean binary = FALSE;

  if (!recognise (loading, &n_words, &binary, error))
    return FALSE;
  loading->values = g_new (float, loading->dims);
  loading->vectors->x = rf_matrix_new (loading->vocab->n_words, loading->dims);
  return binary ? read_binary (loading, n_words, error) : read_text (loading, error);
}

RfWordVectors *
rf_word_vectors_load (const char *path, const RfVocab *vocab, RfProgress *progress, GError **error)
{
  g_autoptr(RfWordVectors) vectors = g_new0 (RfWordVectors, 1);
  g_autofree guint8 *exact = g_new0 (guint8, (gsize) vocab->n_words + 1);
  Loading loading = { .path = path, .progress = progress, .vocab = vocab, .vectors = vectors, .exact = exact };
  gboolean done = FALSE;

  vectors->known = g_new0 (guint8, (gsize) vocab->n_words + 1);
  if (source_open (&loading.source, path, error))
    {
      g_autoptr(GFileInfo) info = g_file_input_stream_query_info (G_FILE_INPUT_STREAM (loading.source.base), G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);

      loading.size = info != NULL ? (double) g_file_info_get_size (info) : 0;
      done = load (&loading, error);
      source_close (&loading.source);
    }
  g_free (loading.values);
  return done ? g_steal_pointer (&vectors) : NULL;
}
