/* `images` of a kustomization: names, tags and digests of containers' images. */
#include "base/regex.h"
#include "ir/kustomize_fields.h"
#include "ir/kustomize_transform.h"
#include "ir/node_edit.h"

/* An item of `images`. */
typedef struct Change {
    KustBuild *build;
    const Node *item;
    Regex *pattern; /* of the images that it is about */
    Str name;       /* what replaces what; empty: it stays */
    Str tag;
    Str digest;
    Str tag_suffix;
} Change;

/* An image reference taken apart. */
typedef struct Image {
    Str name;
    Str tag;
    Str digest;
} Image;

/* A colon before the first slash belongs to a registry's port. */
static Image split_image(Str text)
{
    int64_t slash = str_find_char(text, '/');
    uint32_t from = slash > 0 ? (uint32_t)slash : 0;
    int64_t at = str_find_char(str_from(text, from), '@');
    uint32_t end = at < 0 ? text.size : from + (uint32_t)at;
    int64_t colon = str_find_char(str_sub(text, from, end - from), ':');
    uint32_t name_end = colon < 0 ? end : from + (uint32_t)colon;

    return (Image){str_sub(text, 0, name_end),
                   str_sub(text, name_end + 1, end > name_end ? end - name_end - 1 : 0),
                   str_from(text, end + 1)};
}

/* A tag or digest that is given replaces both. */
static void change_image(const Change *change, Image *image)
{
    if (change->name.size)
        image->name = change->name;
    if (change->tag.size || change->digest.size) {
        image->tag = change->tag;
        image->digest = change->digest;
    } else if (change->tag_suffix.size) {
        image->tag = str_join(change->build->unit->arena, image->tag, change->tag_suffix);
        image->digest = STR("");
    }
}

/* The place that decides: what the user edits to have another version. */
static const Node *place_of(const Change *change)
{
    static const Str keys[] = {STR_INIT("newTag"), STR_INIT("digest"), STR_INIT("tagSuffix"),
                               STR_INIT("newName")};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const Node *value = node_get_named(change->item, keys[i]);
        if (kust_text(change->build, value).size)
            return value;
    }
    return change->item;
}

static bool is_meant(const Change *change, Str text)
{
    RegexSpan span;

    return kust_spend(change->build, 1) &&
           regex_find(change->pattern, text, 0, change->build->unit->arena, &span, 1) ==
               REGEX_FOUND;
}

static void set_image(void *context, Node *field)
{
    const Change *change = context;
    Arena *arena = change->build->unit->arena;
    Str text = node_string(field);
    Image image;

    if (!text.size || !is_meant(change, text))
        return;
    image = split_image(text);
    change_image(change, &image);
    text = str_format(arena, "%.*s%s%.*s%s%.*s", STR_ARG(image.name), image.tag.size ? ":" : "",
                      STR_ARG(image.tag), image.digest.size ? "@" : "", STR_ARG(image.digest));
    *field = node_make_string(node_span(place_of(change)), text);
}

/* Looks for lists of containers wherever they are, as kustomize does. */
static void walk(Change *change, Node *node)
{
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        walk(change, &node->as.items[i]);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++) {
        Entry *entry = &node->as.entries[i];
        Node *value = &entry->value;
        walk(change, value);
        if (value->kind != NODE_LIST || (!str_eq(entry_key(entry), STR("containers")) &&
                                         !str_eq(entry_key(entry), STR("initContainers"))))
            continue;
        for (uint32_t j = 0; j < value->count; j++) {
            Node *image = node_at(&value->as.items[j], STR("image"));
            if (image)
                set_image(change, image);
        }
    }
}

static void change_images(Change *change, KustSet *set)
{
    KustSetter setter = {set_image, change, NODE_NULL, change->item};

    for (uint32_t i = 0; i < set->count; i++) {
        KustObject *object = set->items[i];
        if (str_eq(kust_kind(object), STR("CustomResourceDefinition")))
            continue;
        walk(change, &object->body);
        kust_set_fields(change->build, object, KUST_FIELDS_IMAGE, &setter);
    }
}

static void run_item(KustBuild *build, const Node *item, KustSet *set)
{
    Str name = kust_field(build, item, "name");
    Str pattern =
        str_format(build->unit->arena, "^%.*s(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$",
                   STR_ARG(name));
    char error[REGEX_ERROR_SIZE];
    Change change = {.build = build,
                     .item = item,
                     .pattern = pattern.data ? regex_new(pattern, error) : NULL,
                     .name = kust_field(build, item, "newName"),
                     .tag = kust_field(build, item, "newTag"),
                     .digest = kust_field(build, item, "digest"),
                     .tag_suffix = kust_field(build, item, "tagSuffix")};

    if (pattern.data && !change.pattern)
        kust_error(build, item, "the name of an image is no pattern: %s", error);
    if (change.pattern)
        change_images(&change, set);
    regex_free(change.pattern);
}

void kust_images(const KustDir *dir, KustSet *set)
{
    static const char *const keys[] = {"images", "imageTags"};

    for (size_t k = 0; k < 2; k++) {
        const Node *images = kust_list(dir->root, keys[k]);
        for (uint32_t i = 0; images && i < images->count; i++)
            run_item(dir->build, &images->as.items[i], set);
    }
}
