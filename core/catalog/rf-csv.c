/* rf-csv.c: 64 bytes at a time are turned into a bit mask of separators and record ends; fields are the gaps between its bits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/rf-csv.h"

#include <string.h>
#ifdef __SSE2__
# include <emmintrin.h>
#endif

#define BLOCK        64
#define SNIFF_BYTES  65536
#define SNIFF_ROWS   50

/* Bit i is set when byte i is `a` or `b`. */
static inline guint64
match_block (const char *block, char a, char b)
{
  guint64 mask = 0;

#ifdef __SSE2__
  const __m128i va = _mm_set1_epi8 (a), vb = _mm_set1_epi8 (b);

  for (int part = 0; part < BLOCK / 16; part++)
    {
      __m128i bytes = _mm_loadu_si128 ((const __m128i *) (block + part * 16));
      __m128i hits = _mm_or_si128 (_mm_cmpeq_epi8 (bytes, va), _mm_cmpeq_epi8 (bytes, vb));

      mask |= (guint64) (guint16) _mm_movemask_epi8 (hits) << (part * 16);
    }
#else
  for (int i = 0; i < BLOCK; i++)
    mask |= (guint64) (block[i] == a || block[i] == b) << i;
#endif
  return mask;
}

/* Looks from `at` on. */
static inline void
load_block (RfCsvReader *self, const char *at)
{
  gsize left = (gsize) (self->end - at);
  char padded[BLOCK];

  self->block = at;
  if (G_LIKELY (left >= BLOCK))
    {
      self->mask = match_block (at, self->dialect.separator, self->dialect.record_end);
      return;
    }
  memset (padded, 0, sizeof padded);
  memcpy (padded, at, left);
  self->mask = left == 0 ? 0 : match_block (padded, self->dialect.separator, self->dialect.record_end) & (G_MAXUINT64 >> (BLOCK - left));
}

/* The next separator or record end, or the end of the data. */
static inline const char *
next_mark (RfCsvReader *self)
{
  const char *mark;

  while (self->mask == 0)
    {
      if (self->end - self->block <= BLOCK)
        return self->end;
      load_block (self, self->block + BLOCK);
    }
  mark = self->block + __builtin_ctzll (self->mask);
  self->mask &= self->mask - 1;
  return mark;
}

char
rf_csv_find_record_end (const char *data, gsize size)
{
  return memchr (data, '\n', size) == NULL && memchr (data, '\r', size) != NULL ? '\r' : '\n';
}

void
rf_csv_reader_init (RfCsvReader *self, const char *data, gsize size, const RfCsvDialect *dialect)
{
  memset (self, 0, sizeof *self);
  self->dialect = *dialect;
  self->at = data;
  self->end = data + size;
  self->next_line = 1;
  self->room = 16;
  self->fields = g_new (RfCsvField, self->room);
  load_block (self, data);
}

void
rf_csv_reader_clear (RfCsvReader *self)
{
  g_clear_pointer (&self->fields, g_free);
  g_clear_pointer (&self->copies, g_string_chunk_free);
}

static inline void
add_field (RfCsvReader *self, const char *text, gsize length)
{
  if (G_UNLIKELY (self->n_fields == self->room))
    {
      self->room *= 2;
      self->fields = g_renew (RfCsvField, self->fields, self->room);
    }
  self->fields[self->n_fields++] = (RfCsvField) { text, length };
}

static guint64
count_record_ends (const RfCsvReader *self, const char *from, const char *to)
{
  guint64 n = 0;

  while (from < to && (from = memchr (from, self->dialect.record_end, (gsize) (to - from))) != NULL)
    {
      n++;
      from++;
    }
  return n;
}

/* The closing quote of the field whose opening quote is at `open`, or NULL. */
static const char *
find_closing_quote (const RfCsvReader *self, const char *open, gboolean *doubled)
{
  const char *at = open + 1;

  *doubled = FALSE;
  while (at < self->end && (at = memchr (at, self->dialect.quote, (gsize) (self->end - at))) != NULL)
    {
      if (at + 1 == self->end || at[1] != self->dialect.quote)
        return at;
      *doubled = TRUE;
      at += 2;
    }
  return NULL;
}

static gboolean
ends_field (const RfCsvReader *self, const char *at)
{
  return at == self->end || *at == self->dialect.separator || *at == self->dialect.record_end
         || (*at == '\r' && (at + 1 == self->end || at[1] == self->dialect.record_end));
}

/* A copy of the field open .. mark (both exclusive) without its quotes: `close` is the closing one. */
static void
add_copied_field (RfCsvReader *self, const char *open, const char *close, const char *mark)
{
  char quote = self->dialect.quote, *text, *to;

  if (self->copies == NULL)
    self->copies = g_string_chunk_new (4096);
  self->has_copies = TRUE;
  text = to = g_string_chunk_insert_len (self->copies, open + 1, mark - open - 1);
  for (const char *from = open + 1; from < close; from++)
    {
      *to++ = *from;
      if (*from == quote)
        from++;
    }
  if (close + 1 < mark)
    {
      memcpy (to, close + 1, (gsize) (mark - close - 1));
      to += mark - close - 1;
    }
  add_field (self, text, (gsize) (to - text));
}

/* Adds the quoted field that starts at `open` and returns the mark behind it, or NULL when it is no quoted field. */
static const char *
read_quoted (RfCsvReader *self, const char *open)
{
  gboolean doubled, clean;
  const char *close = find_closing_quote (self, open, &doubled), *mark;
  guint64 lines;

  if (close == NULL)
    {
      self->quotes_off = TRUE; /* none of the quotes to come can be closed: do not look for that again and again */
      return NULL;
    }
  clean = ends_field (self, close + 1);
  lines = count_record_ends (self, open, close);
  if (!clean && lines > 0)
    return NULL;
  load_block (self, close + 1);
  mark = next_mark (self);
  self->next_line += lines;
  if (clean && !doubled)
    add_field (self, open + 1, (gsize) (close - open - 1));
  else if (clean)
    add_copied_field (self, open, close, close + 1);
  else
    {
      const char *stop = mark > close + 1 && mark[-1] == '\r' && (mark == self->end || *mark == '\n') ? mark - 1 : mark;

      add_copied_field (self, open, close, stop);
    }
  return mark;
}

/* Adds the fields of one record from self->at on. */
static void
read_fields (RfCsvReader *self)
{
  const char *start = self->at, *mark;

  for (;;)
    {
      mark = NULL;
      if (G_UNLIKELY (self->dialect.quote != 0 && start < self->end && *start == self->dialect.quote))
        {
          if (!self->quotes_off)
            mark = read_quoted (self, start);
          if (mark == NULL)
            {
              self->bad_quote = TRUE;
              load_block (self, start);
            }
        }
      if (mark == NULL)
        {
          gsize length;

          mark = next_mark (self);
          length = (gsize) (mark - start);
          if (length > 0 && mark[-1] == '\r' && (mark == self->end || *mark == '\n'))
            length--;
          add_field (self, start, length);
        }
      if (mark == self->end)
        {
          self->at = mark;
          return;
        }
      start = mark + 1;
      if (*mark == self->dialect.record_end)
        {
          self->at = start;
          return;
        }
    }
}

static void
split_long (RfCsvReader *self)
{
  gsize size = strlen (self->dialect.long_separator);
  const char *start = self->at;
  const char *stop = memchr (start, self->dialect.record_end, (gsize) (self->end - start));

  self->at = stop ? stop + 1 : self->end;
  stop = stop ? stop : self->end;
  if (stop > start && stop[-1] == '\r')
    stop--;
  for (;;)
    {
      const char *mark = memmem (start, (gsize) (stop - start), self->dialect.long_separator, size);

      add_field (self, start, (gsize) ((mark ? mark : stop) - start));
      if (mark == NULL)
        return;
      start = mark + size;
    }
}

gboolean
rf_csv_reader_next (RfCsvReader *self)
{
  if (G_UNLIKELY (self->has_copies))
    {
      g_string_chunk_clear (self->copies);
      self->has_copies = FALSE;
    }
  while (self->at < self->end)
    {
      self->n_fields = 0;
      self->bad_quote = FALSE;
      self->line = self->next_line;
      self->start = self->at;
      if (self->dialect.long_separator != NULL)
        split_long (self);
      else
        read_fields (self);
      self->next_line++;
      if (self->n_fields > 1 || self->fields[0].length > 0 || *self->start == self->dialect.quote)
        {
          self->row++;
          return TRUE;
        }
    }
  return FALSE;
}

/* How many of the first records have as many fields as the first one, times that number; 0 when that is one field. */
static guint
rate_dialect (const char *data, gsize size, const RfCsvDialect *dialect)
{
  RfCsvReader reader;
  guint first = 0, even = 0, rows = 0;
  gboolean cut = size > SNIFF_BYTES;

  rf_csv_reader_init (&reader, data, MIN (size, SNIFF_BYTES), dialect);
  while (rows < SNIFF_ROWS && rf_csv_reader_next (&reader))
    {
      if (cut && reader.at == reader.end && rows > 0)
        break; /* the record may go on */
      if (rows++ == 0)
        first = reader.n_fields;
      even += reader.n_fields == first;
    }
  rf_csv_reader_clear (&reader);
  return first < 2 || rows == 0 ? 0 : 1000 * even / rows * 8 + MIN (first, 7);
}

RfCsvDialect
rf_csv_sniff (const char *data, gsize size)
{
  const RfCsvDialect candidates[] = {
    { ',', '"', 0, NULL }, { '\t', '"', 0, NULL }, { ';', '"', 0, NULL }, { '|', '"', 0, NULL }, { 0, 0, 0, "::" },
  };
  RfCsvDialect best = candidates[0];
  char record_end = rf_csv_find_record_end (data, size);
  guint best_rate = 0;

  best.record_end = record_end;
  for (gsize c = 0; c < G_N_ELEMENTS (candidates); c++)
    {
      RfCsvDialect dialect = candidates[c];
      guint rate;

      dialect.record_end = record_end;
      rate = rate_dialect (data, size, &dialect);
      if (rate > best_rate)
        {
          best = dialect;
          best_rate = rate;
        }
    }
  return best;
}
