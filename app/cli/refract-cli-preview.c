/* refract-cli-preview.c: `refract-cli preview`: a picture as a network sees it, and as training changes it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli.h"
#include "core/base/rf-error.h"
#include "core/catalog/rf-workspace.h"
#include "core/features/rf-augment-sheet.h"

#define COLUMNS     6
#define LEAST_SIZE  8
#define LARGEST     512
#define MOST_ROUNDS 1000

typedef struct
{
  char *item, *output, *rotation, *crop, *brightness, *seed;
  gboolean augment, no_flip;
  int rounds, size;
} Wanted;

static void
wanted_clear (Wanted *w)
{
  g_free (w->item);
  g_free (w->output);
  g_free (w->rotation);
  g_free (w->crop);
  g_free (w->brightness);
  g_free (w->seed);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wanted, wanted_clear)

/* A number between 0 and most, or the default where there is no text. */
static gboolean
parse_number (const char *text, double most, double *value)
{
  char *end;

  if (text == NULL)
    return TRUE;
  *value = g_ascii_strtod (text, &end);
  return *text != '\0' && *end == '\0' && *value >= 0 && *value <= most;
}

/* NULL, or the option that is wrong. */
static const char *
parse_options (const Wanted *w, RfAugmentOptions *options)
{
  *options = rf_augment_options_default ();
  options->flip = !w->no_flip;
  return !parse_number (w->rotation, 180, &options->rotation)                                            ? "--rotation"
         : !parse_number (w->crop, .9, &options->crop)                                                  ? "--crop"
         : !parse_number (w->brightness, 1, &options->brightness)                                       ? "--brightness"
         : w->seed && !g_ascii_string_to_unsigned (w->seed, 10, 0, G_MAXINT32, &options->seed, NULL)     ? "--seed"
         : w->rounds < 1 || w->rounds > MOST_ROUNDS                                                      ? "--rounds"
         : w->size < LEAST_SIZE || w->size > LARGEST                                                     ? "--size"
                                                                                                         : NULL;
}

static guint32
find_item (const RfCatalog *catalog, const char *id, GError **error)
{
  guint32 item = rf_catalog_find_item (catalog, id);

  if (item == RF_NO_INDEX)
    g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no item “%s” in %s."), id, rf_catalog_get_name (catalog));
  return item;
}

static GdkPixbuf *
make_sheet (const char *path, const Wanted *w, const RfAugmentOptions *options, GError **error)
{
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (path, error);
  g_autoptr(RfCatalog) catalog = workspace ? rf_workspace_load_catalog (workspace, error) : NULL;
  g_autoptr(GBytes) encoded = NULL;
  GError *failed = NULL;
  GdkPixbuf *sheet = NULL;
  guint32 item = catalog ? find_item (catalog, w->item, error) : RF_NO_INDEX;

  if (item == RF_NO_INDEX)
    return NULL;
  encoded = rf_workspace_load_picture (workspace, item, &failed);
  if (encoded)
    sheet = rf_augment_sheet_new (encoded, item, w->augment ? options : NULL, (guint) w->rounds, COLUMNS, (guint) w->size, RF_FIT_LETTERBOX);
  if (failed)
    g_propagate_error (error, failed);
  else if (sheet == NULL)
    g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("The item “%s” has no picture."), w->item);
  return sheet;
}

static gboolean
write_sheet (GdkPixbuf *sheet, const char *path, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize length;

  return gdk_pixbuf_save_to_buffer (sheet, &bytes, &length, "png", error, NULL) && g_file_set_contents (path, bytes, (gssize) length, error);
}

static int
print_result (Cli *cli, const Wanted *w, GdkPixbuf *sheet)
{
  g_autoptr(JsonBuilder) b = json_builder_new ();

  if (!cli->json)
    {
      cli_print (_("%s: %d x %d pixels\n"), w->output, gdk_pixbuf_get_width (sheet), gdk_pixbuf_get_height (sheet));
      return CLI_FINE;
    }
  json_builder_begin_object (b);
  cli_json_string (b, "output", w->output);
  cli_json_string (b, "item", w->item);
  cli_json_int (b, "pictures", w->augment ? w->rounds + 1 : 1);
  cli_json_int (b, "width", gdk_pixbuf_get_width (sheet));
  cli_json_int (b, "height", gdk_pixbuf_get_height (sheet));
  json_builder_end_object (b);
  return cli_print_json (cli, b);
}

int
cli_run_preview (int argc, char **argv)
{
  g_auto(Wanted) w = { .rounds = 11, .size = 96 };
  const GOptionEntry entries[] = {
    { "item", 'i', 0, G_OPTION_ARG_FILENAME, &w.item, N_("Which item's picture, by its id"), "ID" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &w.output, N_("The picture to write"), "OUT.png" },
    { "augment", 'a', 0, G_OPTION_ARG_NONE, &w.augment, N_("Also what random changes make of it in training, round by round"), NULL },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &w.rounds, N_("How many rounds (11)"), "N" },
    { "size", 0, 0, G_OPTION_ARG_INT, &w.size, N_("Side of each picture in pixels (96)"), "PIXELS" },
    { "rotation", 0, 0, G_OPTION_ARG_FILENAME, &w.rotation, N_("Turn by at most so many degrees (10); 0: not at all"), "DEGREES" },
    { "no-flip", 0, 0, G_OPTION_ARG_NONE, &w.no_flip, N_("Never mirror left and right"), NULL },
    { "crop", 0, 0, G_OPTION_ARG_FILENAME, &w.crop, N_("Cut away at most this share of the area (0.2); 0: nothing"), "SHARE" },
    { "brightness", 0, 0, G_OPTION_ARG_FILENAME, &w.brightness, N_("Brighter or darker by at most this share (0.2); 0: as it is"), "SHARE" },
    { "seed", 0, 0, G_OPTION_ARG_FILENAME, &w.seed, N_("Equal seeds give equal pictures (1)"), "N" },
    { NULL },
  };
  g_autoptr(GdkPixbuf) sheet = NULL;
  RfAugmentOptions options;
  const char *wrong;
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "preview", "FILE.refract --item ID -o OUT.png", N_("Writes an item's picture as a network sees it, and with --augment as training changes it."), entries, 1, 1, argc, argv, &status))
    return status;
  if (w.item == NULL || w.output == NULL)
    return cli_end (&cli, cli_wrong_usage (&cli, _("Say which item and where to write: --item ID -o OUT.png.")));
  wrong = parse_options (&w, &options);
  if (wrong)
    return cli_end (&cli, cli_wrong_usage (&cli, _("%s has a value that means nothing."), wrong));
  sheet = make_sheet (cli.arguments[0], &w, &options, &error);
  if (sheet == NULL || !write_sheet (sheet, w.output, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  return cli_end (&cli, print_result (&cli, &w, sheet));
}
