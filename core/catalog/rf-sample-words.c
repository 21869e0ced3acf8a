/* rf-sample-words.c: the vocabularies of the sample's texts: plain English words, grouped by topic, most frequent first.
 *
 * Themes are things, materials are stuff that things are made of, styles are adjectives, so that any sentence of the templates
 * in rf-sample-text.c reads as English. No word is in two vocabularies.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/rf-sample-private.h"

#define WORDS_PER_TOPIC 24

static const char *const themes[12][WORDS_PER_TOPIC] = {
  { "suitcase", "backpack", "passport", "compass", "trunk", "atlas", "postcard", "itinerary", "daypack", "wallet", "souvenir", "ticket",
    "satchel", "journey", "globe", "rucksack", "voyage", "duffel", "guidebook", "roadmap", "phrasebook", "stopover", "carousel", "visa" },
  { "kettle", "skillet", "whisk", "saucepan", "spatula", "teapot", "ladle", "mug", "colander", "grater", "casserole", "cupboard",
    "apron", "peeler", "griddle", "pantry", "breadboard", "corkscrew", "pitcher", "recipe", "crock", "strainer", "wok", "ramekin" },
  { "trowel", "planter", "hosepipe", "greenhouse", "rake", "seedling", "hedge", "trellis", "lawn", "wheelbarrow", "flowerpot", "mower",
    "pruner", "orchard", "tulip", "spade", "birdbath", "pergola", "rosebush", "sprinkler", "barrow", "dibber", "arbour", "cloche" },
  { "guitar", "piano", "record", "violin", "drum", "melody", "jukebox", "trumpet", "speaker", "turntable", "banjo", "metronome",
    "cello", "chorus", "ukulele", "songbook", "cymbal", "clarinet", "harp", "saxophone", "tambourine", "flute", "mandolin", "bassoon" },
  { "racket", "football", "jersey", "bicycle", "helmet", "dumbbell", "goalpost", "stadium", "baseball", "scoreboard", "whistle", "trophy",
    "paddle", "pennant", "stopwatch", "javelin", "treadmill", "volleyball", "hurdle", "wicket", "skateboard", "snorkel", "kettlebell", "baton" },
  { "notebook", "bookmark", "novel", "pencil", "lectern", "dictionary", "inkwell", "bookshelf", "paperweight", "diary", "sketchbook", "essay",
    "encyclopedia", "quill", "bookend", "typewriter", "almanac", "poem", "chapter", "envelope", "anthology", "eraser", "folio", "blotter" },
  { "needle", "quilt", "thimble", "button", "shawl", "sampler", "bobbin", "pincushion", "ribbon", "zipper", "pattern", "stitch",
    "hem", "patchwork", "spool", "tapestry", "bonnet", "seam", "doily", "loom", "pleat", "applique", "selvage", "gusset" },
  { "tent", "campfire", "lantern", "hammock", "canteen", "tarpaulin", "tripod", "trailhead", "flashlight", "campsite", "matchbox", "bedroll",
    "thermos", "cookset", "stove", "marshmallow", "hatchet", "ridgeline", "headlamp", "carabiner", "bivouac", "firepit", "groundsheet", "guyline" },
  { "leash", "kennel", "aquarium", "birdcage", "collar", "kitten", "puppy", "feeder", "hamster", "terrarium", "harness", "parrot",
    "bandana", "chew", "canary", "scratcher", "rabbit", "saddle", "goldfish", "hutch", "tortoise", "perch", "ferret", "chinchilla" },
  { "anchor", "sailboat", "seashell", "lighthouse", "beach", "surfboard", "pier", "dinghy", "tide", "harbour", "dolphin", "lagoon",
    "rowboat", "sandcastle", "starfish", "wharf", "buoy", "oyster", "kayak", "breakwater", "seagull", "rudder", "cove", "mooring" },
  { "telescope", "planet", "orbit", "comet", "moon", "galaxy", "eclipse", "stargazer", "meteor", "constellation", "rocket", "nebula",
    "observatory", "satellite", "astrolabe", "zenith", "equinox", "sundial", "asteroid", "quasar", "solstice", "pulsar", "aurora", "sextant" },
  { "hammer", "toolbox", "workbench", "screwdriver", "pulley", "chisel", "wrench", "ladder", "sawhorse", "drill", "clamp", "anvil",
    "spanner", "lathe", "mallet", "hacksaw", "crowbar", "rivet", "sander", "plumbline", "caliper", "bracket", "hinge", "toolbelt" },
};

static const char *const materials[8][WORDS_PER_TOPIC] = {
  { "linen", "cotton", "canvas", "velvet", "denim", "silk", "fleece", "flannel", "tweed", "satin", "corduroy", "muslin",
    "cashmere", "felt", "gauze", "chiffon", "gingham", "twill", "mohair", "calico", "poplin", "damask", "batiste", "worsted" },
  { "oak", "walnut", "pine", "maple", "cedar", "birch", "teak", "mahogany", "cherrywood", "ash", "plywood", "elm",
    "beech", "rosewood", "ebony", "spruce", "hickory", "alder", "poplar", "larch", "hazel", "boxwood", "sycamore", "juniper" },
  { "brass", "copper", "steel", "iron", "aluminium", "bronze", "pewter", "chrome", "silver", "tin", "titanium", "nickel",
    "zinc", "gold", "platinum", "enamel", "gunmetal", "cobalt", "tungsten", "foil", "filigree", "mesh", "alloy", "palladium" },
  { "porcelain", "clay", "stoneware", "terracotta", "glaze", "earthenware", "ceramic", "faience", "tile", "majolica", "raku", "celadon",
    "slipware", "kaolin", "bisque", "delftware", "adobe", "plaster", "crackle", "creamware", "jasperware", "ironstone", "saltglaze", "lustreware" },
  { "leather", "suede", "nubuck", "cowhide", "calfskin", "hide", "shearling", "deerskin", "sheepskin", "rawhide", "lambskin", "chamois",
    "goatskin", "cordovan", "pigskin", "buckskin", "vellum", "oilskin", "nappa", "shagreen", "morocco", "moleskin", "buffalo", "whipcord" },
  { "paper", "cardboard", "parchment", "tissue", "papyrus", "kraft", "washi", "cardstock", "newsprint", "pulp", "origami", "watermark",
    "decoupage", "cellulose", "crepe", "linocut", "letterpress", "marbling", "vignette", "deckle", "wrapping", "gouache", "etching", "engraving" },
  { "glass", "crystal", "mirror", "quartz", "prism", "lens", "mosaic", "amber", "opal", "beads", "pearl", "obsidian",
    "sapphire", "lucite", "topaz", "garnet", "jade", "onyx", "turquoise", "moonstone", "amethyst", "millefiori", "agate", "cameo" },
  { "rattan", "bamboo", "wicker", "straw", "jute", "raffia", "sisal", "hemp", "cane", "seagrass", "willow", "cork",
    "coir", "reed", "palm", "moss", "husk", "thatch", "bark", "abaca", "rush", "flax", "pandan", "kapok" },
};

static const char *const styles[6][WORDS_PER_TOPIC] = {
  { "vintage", "antique", "nostalgic", "retro", "cherished", "faded", "victorian", "historic", "timeworn", "traditional", "collectible", "edwardian",
    "ancestral", "bygone", "sepia", "baroque", "storied", "colonial", "ancient", "archival", "gothic", "venerable", "medieval", "quaint" },
  { "modern", "sleek", "minimal", "geometric", "urban", "streamlined", "futuristic", "industrial", "monochrome", "angular", "abstract", "digital",
    "modular", "contemporary", "technical", "matte", "crisp", "seamless", "compact", "ergonomic", "linear", "adjustable", "wireless", "foldable" },
  { "rustic", "earthy", "homespun", "farmhouse", "weathered", "cosy", "woodland", "hearty", "handmade", "homely", "mossy", "pastoral",
    "alpine", "woolly", "harvest", "countryside", "unpolished", "organic", "autumnal", "herbal", "smoky", "humble", "village", "heathery" },
  { "playful", "cheerful", "whimsical", "bright", "colourful", "funny", "bouncy", "cartoonish", "quirky", "merry", "zany", "sparkly",
    "giddy", "squeaky", "confetti", "jolly", "fluffy", "candy", "silly", "festive", "wobbly", "magical", "cuddly", "mischievous" },
  { "elegant", "refined", "graceful", "luxurious", "polished", "ornate", "delicate", "regal", "sumptuous", "tailored", "glamorous", "lavish",
    "exquisite", "opulent", "gilded", "stately", "chic", "formal", "courtly", "poised", "dainty", "dapper", "palatial", "bespoke" },
  { "rugged", "sturdy", "waterproof", "steadfast", "tough", "reinforced", "insulated", "outdoorsy", "durable", "shockproof", "tactical", "robust",
    "stormproof", "hardy", "stalwart", "padded", "unbreakable", "windproof", "expedition", "armoured", "fireproof", "gritty", "hardwearing", "resilient" },
};

static const char *const common_adjectives[] = {
  "useful", "new", "simple", "good", "everyday", "small", "favourite", "lovely", "easy", "large", "practical", "careful",
  "popular", "light", "quality", "reliable", "pleasant", "generous", "ready", "versatile",
};
static const char *const common_nouns[] = {
  "gift", "piece", "detail", "home", "design", "set", "finish", "colour", "touch", "charm", "size", "friend",
  "corner", "weekend", "season", "surprise", "idea", "moment", "favour", "room",
};
static const char *const common_verbs[] = {
  "suits", "brings", "offers", "completes", "makes", "keeps", "gives", "joins", "adds", "welcomes", "shares", "fits",
};

static const char *const common_intransitives[] = {
  "lasts", "pleases", "delights", "matters", "works", "belongs", "impresses", "ages",
};

static const char *const value_names[SAMPLE_N_TRIPLES][SAMPLE_N_ATTRIBUTES][12] = {
  { { "red", "orange", "yellow", "lime", "green", "mint", "cyan", "azure", "blue", "violet", "magenta", "rose" },
    { "disc", "square", "triangle", "star", "ring", "cross", "diamond", "crescent" },
    { "plain", "stripes", "checks", "dots", "gradient", "zigzag" } },
  { { "travel", "kitchen", "garden", "music", "sport", "study", "sewing", "camping", "pet", "seaside", "astronomy", "workshop" },
    { "textile", "wood", "metal", "ceramic", "leather", "paper", "glass", "fibre" },
    { "vintage", "modern", "rustic", "playful", "elegant", "rugged" } },
  { { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11" },
    { "0", "1", "2", "3", "4", "5", "6", "7" },
    { "0", "1", "2", "3", "4", "5" } },
};

static const char *const attribute_names[SAMPLE_N_TRIPLES][SAMPLE_N_ATTRIBUTES] = {
  { "hue", "shape", "texture" },
  { "theme", "material", "style" },
  { "hidden_1", "hidden_2", "hidden_3" },
};

const guint sample_n_values[SAMPLE_N_ATTRIBUTES] = { 12, 8, 6 };

const char *
sample_value_name (guint triple, guint attribute, guint value)
{
  return value_names[triple][attribute][value];
}

const char *
sample_attribute_name (guint triple, guint attribute)
{
  return attribute_names[triple][attribute];
}

const char *const *
sample_get_vocabulary (guint attribute, guint value, guint *n_words)
{
  *n_words = WORDS_PER_TOPIC;
  return attribute == 0 ? themes[value] : attribute == 1 ? materials[value] : styles[value];
}

const char *const *
sample_get_common_words (char kind, guint *n_words)
{
  switch (kind)
    {
    case 'a':
      *n_words = G_N_ELEMENTS (common_adjectives);
      return common_adjectives;
    case 'n':
      *n_words = G_N_ELEMENTS (common_nouns);
      return common_nouns;
    case 'v':
      *n_words = G_N_ELEMENTS (common_verbs);
      return common_verbs;
    default:
      *n_words = G_N_ELEMENTS (common_intransitives);
      return common_intransitives;
    }
}
