/* rf-text-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/rf-text-file.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include "core/base/rf-error.h"
#include "core/base/rf-file.h"

#define SAMPLE_BYTES (256 * 1024)
#define PIECE_BYTES  (256 * 1024)

static gsize max_inflated = RF_TEXT_FILE_MAX_INFLATED;

void
rf_text_file_set_max_inflated (gsize n_bytes)
{
  max_inflated = n_bytes;
}

gsize
rf_ascii_prefix (const char *text, gsize size)
{
  gsize at = 0;

  for (; at + 32 <= size; at += 32)
    {
      guint64 words[4];

      memcpy (words, text + at, sizeof words);
      if ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u)
        break;
    }
  while (at < size && (guchar) text[at] < 0x80)
    at++;
  return at;
}

/* Validates UTF-8 and jumps over ASCII; G_MAXSIZE if all is fine, else where the first bad byte is. */
static gsize
find_invalid (const char *text, gsize size)
{
  gsize at = rf_ascii_prefix (text, size);

  while (at < size)
    {
      const char *bad;
      gsize step = MIN (size - at, 4096);

      /* A window may end inside a character: then its tail is looked at again with the next one. */
      if (!g_utf8_validate_len (text + at, step, &bad))
        {
          gsize good = (gsize) (bad - (text + at));

          if (good == 0)
            return at;
          at += good;
        }
      else
        at += step;
      at += rf_ascii_prefix (text + at, size - at);
    }
  return G_MAXSIZE;
}

/* What is packed may be a thousand times larger: piece by piece, up to a limit. */
static GBytes *
inflate (GBytes *packed, const char *name, GError **error)
{
  g_autoptr(GConverter) converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr(GInputStream) memory = g_memory_input_stream_new_from_bytes (packed);
  g_autoptr(GInputStream) stream = g_converter_input_stream_new (memory, converter);
  g_autofree char *piece = g_malloc (PIECE_BYTES);
  g_autoptr(GByteArray) out = g_byte_array_new ();
  g_autoptr(GError) cause = NULL;
  gssize n;

  while ((n = g_input_stream_read (stream, piece, PIECE_BYTES, NULL, &cause)) > 0)
    {
      if (out->len + (gsize) n > max_inflated)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_LIMIT, _("“%s” holds more than %u MB when unpacked: unpack it yourself if that is right."), name, (guint) (max_inflated >> 20));
          return NULL;
        }
      g_byte_array_append (out, (const guint8 *) piece, (guint) n);
    }
  if (n < 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("“%s” is a damaged gzip file (%s): get it again."), name, cause->message);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
is_gzip (const char *data, gsize size)
{
  return size >= 3 && memcmp (data, "\x1f\x8b\x08", 3) == 0;
}

/* The pieces of the text that are not plain ASCII, with some letters around them: what the detector needs to see. */
static GString *
sample_of (const char *text, gsize size)
{
  GString *sample = g_string_sized_new (SAMPLE_BYTES);
  gsize at = 0;

  while (at < size && sample->len < SAMPLE_BYTES)
    {
      gsize start, stop;

      at += rf_ascii_prefix (text + at, size - at);
      if (at == size)
        break;
      start = at > 16 ? at - 16 : 0;
      stop = MIN (at + 512, size);
      g_string_append_len (sample, text + start, (gssize) (stop - start));
      at = stop;
    }
  return sample;
}

/* Of the names ICU knows, those that catalogs come in; the single-byte pages of the West are one superset. */
static const char *
pick_encoding (const char *text, gsize size)
{
  static const char *const known[] = { "GB18030", "Shift_JIS", "EUC-JP", "EUC-KR", "Big5", "windows-1251", "KOI8-R", "ISO-8859-7", "windows-1253" };
  GString *sample = sample_of (text, size);
  UErrorCode status = U_ZERO_ERROR;
  UCharsetDetector *detector = ucsdet_open (&status);
  const char *picked = NULL;
  int32_t n = 0;

  ucsdet_setText (detector, sample->str, (int32_t) sample->len, &status);
  for (const UCharsetMatch **matches = ucsdet_detectAll (detector, &n, &status); U_SUCCESS (status) && n > 0; matches++, n--)
    {
      const char *name = ucsdet_getName (*matches, &status);
      gboolean western = g_str_has_prefix (name, "ISO-8859-") && strcmp (name, "ISO-8859-7") != 0 && strcmp (name, "ISO-8859-5") != 0;

      for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
        if (strcmp (name, known[k]) == 0)
          picked = known[k];
      if (picked != NULL || western || g_str_has_prefix (name, "windows-1252"))
        break;
    }
  ucsdet_close (detector);
  g_string_free (sample, TRUE);
  return picked != NULL ? picked : "windows-1252";
}

/* n_bad: characters that could not be read and became U+FFFD. */
static GBytes *
convert (const char *text, gsize size, const char *encoding, gsize *n_bad)
{
  UErrorCode status = U_ZERO_ERROR;
  UConverter *from = ucnv_open (encoding, &status), *to = ucnv_open ("UTF-8", &status);
  GByteArray *out = g_byte_array_new ();
  UChar pivot[2048], *pivot_source = pivot, *pivot_target = pivot;
  const char *source = text;

  do
    {
      char piece[8192], *target = piece;

      status = U_ZERO_ERROR;
      ucnv_convertEx (to, from, &target, piece + sizeof piece, &source, text + size, pivot, &pivot_source, &pivot_target,
                      pivot + G_N_ELEMENTS (pivot), FALSE, TRUE, &status);
      g_byte_array_append (out, (const guint8 *) piece, (guint) (target - piece));
    }
  while (status == U_BUFFER_OVERFLOW_ERROR);
  ucnv_close (from);
  ucnv_close (to);
  *n_bad = 0;
  for (guint k = 2; k < out->len; k++)
    *n_bad += out->data[k - 2] == 0xEF && out->data[k - 1] == 0xBF && out->data[k] == 0xBD;
  return g_byte_array_free_to_bytes (out);
}

static guint64
line_of (const char *text, gsize at)
{
  guint64 line = 1;

  for (const char *end = text + at; (text = memchr (text, '\n', (gsize) (end - text))) != NULL; text++)
    line++;
  return line;
}

/* UTF-8 with a few broken bytes: those become U+FFFD. */
static GBytes *
mend (const char *text, gsize size)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) size);

  return g_bytes_new (valid, strlen (valid));
}

/* In text of another encoding what looks like a letter of several bytes is an accident; in damaged UTF-8 it is the rule. */
static gboolean
is_mostly_utf8 (const char *text, gsize size)
{
  gsize n_letters = 0, n_bad = 0, at = 0;

  while (at < size)
    {
      gunichar c;

      at += rf_ascii_prefix (text + at, size - at);
      if (at == size)
        break;
      c = g_utf8_get_char_validated (text + at, (gssize) MIN (size - at, 6));
      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          n_bad++;
          at++;
          continue;
        }
      n_letters++;
      at += (gsize) g_unichar_to_utf8 (c, NULL);
    }
  return n_letters >= 2 * n_bad;
}

static GBytes *
to_utf8 (const char *text, gsize size, gsize first_bad, const char *name, RfImportReport *report)
{
  const char *encoding;
  gsize n_bad;
  GBytes *bytes;

  if (is_mostly_utf8 (text, size))
    {
      rf_import_report_add (report, name, line_of (text, first_bad), 0, "invalid-utf8", RF_IMPORT_REPAIRED,
                            _("The file is UTF-8 with broken bytes, the first in this line; they were replaced by �."));
      return mend (text, size);
    }
  encoding = pick_encoding (text, size);
  bytes = convert (text, size, encoding, &n_bad);
  if (n_bad > 0)
    rf_import_report_add (report, name, 0, 0, "encoding", RF_IMPORT_REPAIRED,
                          _("The file is not UTF-8; it was read as %s, and %zu characters that this encoding does not have were replaced by �."), encoding, n_bad);
  else
    rf_import_report_add (report, name, 0, 0, "encoding", RF_IMPORT_REPAIRED, _("The file is not UTF-8; it was read as %s."), encoding);
  return bytes;
}

static const char *
utf16_name (const char *data, gsize size)
{
  if (size >= 2 && memcmp (data, "\xFF\xFE", 2) == 0)
    return "UTF-16LE";
  if (size >= 2 && memcmp (data, "\xFE\xFF", 2) == 0)
    return "UTF-16BE";
  return NULL;
}

static GBytes *
blank_nul (const char *text, gsize size)
{
  char *copy = g_memdup2 (text, size);

  for (gsize i = 0; i < size; i++)
    if (copy[i] == '\0')
      copy[i] = ' ';
  return g_bytes_new_take (copy, size);
}

static void
replace_bytes (RfTextFile *self, GBytes *bytes)
{
  g_bytes_unref (self->bytes);
  self->bytes = bytes;
  self->text = g_bytes_get_data (bytes, &self->size);
  if (self->text == NULL)
    self->text = "";
}

gboolean
rf_text_file_open (RfTextFile *self, const char *path, const char *name, RfImportReport *report, GError **error)
{
  g_autoptr(GError) cause = NULL;
  GBytes *read = rf_file_read (path, &cause);
  gsize first_bad, n_bad;

  memset (self, 0, sizeof *self);
  if (read == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("“%s” could not be read: %s."), name, cause->message);
      return FALSE;
    }
  self->bytes = g_bytes_new_static ("", 0);
  replace_bytes (self, read);
  if (is_gzip (self->text, self->size))
    {
      GBytes *inflated = inflate (self->bytes, name, error);

      if (inflated == NULL)
        {
          rf_text_file_close (self);
          return FALSE;
        }
      replace_bytes (self, inflated);
    }
  if (utf16_name (self->text, self->size) != NULL)
    {
      const char *encoding = utf16_name (self->text, self->size);

      replace_bytes (self, convert (self->text + 2, self->size - 2, encoding, &n_bad));
      rf_import_report_add (report, name, 0, 0, "encoding", RF_IMPORT_REPAIRED, _("The file is not UTF-8; it was read as %s."), encoding);
    }
  if (memchr (self->text, '\0', self->size) != NULL)
    {
      rf_import_report_add (report, name, 0, 0, "nul-bytes", RF_IMPORT_REPAIRED, _("The file holds NUL bytes; they were read as blanks."));
      replace_bytes (self, blank_nul (self->text, self->size));
    }
  first_bad = find_invalid (self->text, self->size);
  if (first_bad != G_MAXSIZE)
    replace_bytes (self, to_utf8 (self->text, self->size, first_bad, name, report));
  if (self->size >= 3 && memcmp (self->text, "\xEF\xBB\xBF", 3) == 0)
    {
      self->text += 3;
      self->size -= 3;
    }
  return TRUE;
}

void
rf_text_file_close (RfTextFile *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->text = NULL;
  self->size = 0;
}

char *
rf_text_file_peek (const char *path, gsize n_bytes)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GInputStream) raw = G_INPUT_STREAM (g_file_read (file, NULL, NULL));
  g_autoptr(GInputStream) stream = NULL;
  g_autofree char *buffer = NULL;
  char magic[3];
  gsize n_read = 0;
  const char *text;

  if (raw == NULL || !g_input_stream_read_all (raw, magic, sizeof magic, &n_read, NULL, NULL)
      || !g_seekable_seek (G_SEEKABLE (raw), 0, G_SEEK_SET, NULL, NULL))
    return NULL;
  if (is_gzip (magic, n_read))
    {
      g_autoptr(GConverter) converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));

      stream = g_converter_input_stream_new (raw, converter);
    }
  else
    stream = g_object_ref (raw);
  buffer = g_malloc (n_bytes + 1);
  n_read = 0;
  g_input_stream_read_all (stream, buffer, n_bytes, &n_read, NULL, NULL);
  text = buffer;
  if (n_read >= 3 && memcmp (buffer, "\xEF\xBB\xBF", 3) == 0)
    {
      text += 3;
      n_read -= 3;
    }
  return g_utf8_make_valid (text, (gssize) n_read);
}
