#include "edit/edit.h"

#include "base/buf.h"

/* --- rendering --- */

static void put_block(Buf *out, const EditSite *site, const EditKey *keys, uint32_t depth)
{
    for (const EditKey *key = keys; key; key = key->next) {
        if (key != keys || depth)
            buf_add(out, site->eol);
        buf_add(out, site->indent);
        for (uint32_t i = 0; i < depth; i++)
            buf_add(out, site->step);
        buf_add(out, key->name);
        buf_add_char(out, ':');
        if (key->inner) {
            put_block(out, site, key->inner, depth + 1);
        } else {
            buf_add_char(out, ' ');
            buf_add(out, key->value);
        }
    }
}

static void put_flow(Buf *out, Str between, const EditKey *keys)
{
    for (const EditKey *key = keys; key; key = key->next) {
        if (key != keys)
            buf_add(out, between);
        buf_add(out, key->name);
        buf_add_z(out, ": ");
        if (key->inner) {
            buf_add_char(out, '{');
            put_flow(out, STR(", "), key->inner);
            buf_add_char(out, '}');
        } else {
            buf_add(out, key->value);
        }
    }
}

/* The longest name of an argument. */
static uint32_t widest(const EditKey *keys)
{
    uint32_t width = 0;

    for (; keys; keys = keys->next)
        if (!keys->inner && keys->name.size > width)
            width = keys->name.size;
    return width;
}

static void put_indent(Buf *out, const EditSite *site, uint32_t depth)
{
    buf_add(out, site->indent);
    for (uint32_t i = 0; i < depth; i++)
        buf_add(out, site->step);
}

static void put_argument(Buf *out, const EditKey *key, uint32_t width)
{
    buf_add(out, key->name);
    for (uint32_t i = key->name.size; i < width; i++)
        buf_add_char(out, ' ');
    buf_add_z(out, " = ");
    buf_add(out, key->value);
}

/* Arguments with their equal signs below each other, then blocks with an empty line above each. */
static void put_hcl(Buf *out, const EditSite *site, const EditKey *keys, uint32_t depth)
{
    uint32_t width = widest(keys);
    bool first = true;

    if (depth == 0 && width && site->width < width && site->width)
        buf_add(out, site->eol);
    if (depth == 0 && site->width > width)
        width = site->width;
    for (const EditKey *key = keys; key; key = key->next) {
        if (key->inner)
            continue;
        if (!first)
            buf_add(out, site->eol);
        put_indent(out, site, depth);
        put_argument(out, key, width);
        first = false;
    }
    for (const EditKey *key = keys; key; key = key->next) {
        if (!key->inner)
            continue;
        buf_add(out, first ? STR("") : site->eol);
        buf_add(out, first ? STR("") : site->eol);
        put_indent(out, site, depth);
        buf_add(out, key->name);
        buf_add_z(out, " {");
        buf_add(out, site->eol);
        put_hcl(out, site, key->inner, depth + 1);
        buf_add(out, site->eol);
        put_indent(out, site, depth);
        buf_add_char(out, '}');
        first = false;
    }
}

Str edit_text(const Edit *edit, Arena *arena)
{
    Buf out = buf_new(arena);

    if (edit->form == EDIT_TEXT)
        return edit->text;
    buf_add(&out, edit->site.lead);
    if (edit->form == EDIT_BLOCK)
        put_block(&out, &edit->site, edit->keys, 0);
    else if (edit->form == EDIT_FLOW)
        put_flow(&out, edit->site.between, edit->keys);
    else
        put_hcl(&out, &edit->site, edit->keys, 0);
    buf_add(&out, edit->site.tail);
    return arena_spent(arena) ? (Str){NULL, 0} : buf_str(&out);
}

/* --- keys --- */

bool edit_same_site(const Edit *a, const Edit *b)
{
    return a->form != EDIT_TEXT && a->form == b->form && a->start == b->start && a->end == b->end &&
           a->rank == b->rank;
}

static const EditKey *find_key(const EditKey *keys, Str name)
{
    while (keys && !str_eq(keys->name, name))
        keys = keys->next;
    return keys;
}

bool edit_keys_agree(const EditKey *a, const EditKey *b)
{
    for (; a; a = a->next) {
        const EditKey *other = find_key(b, a->name);
        if (!other)
            continue;
        if (!a->inner != !other->inner || !str_eq(a->value, other->value) ||
            !edit_keys_agree(a->inner, other->inner))
            return false;
    }
    return true;
}

void edit_keys_merge(EditKey **keys, const EditKey *more, Arena *arena)
{
    for (; more; more = more->next) {
        EditKey **place = keys;
        while (*place && !str_eq((*place)->name, more->name))
            place = &(*place)->next;
        if (!*place) {
            *place = ARENA_NEW(arena, EditKey);
            if (!*place)
                return;
            (*place)->name = str_copy(arena, more->name);
            (*place)->value = str_copy(arena, more->value);
        }
        edit_keys_merge(&(*place)->inner, more->inner, arena);
    }
}

EditKey *edit_keys_new(const Str *path, uint32_t count, EditKey last, Arena *arena)
{
    EditKey *keys = ARENA_ARRAY(arena, EditKey, count);

    if (!keys || !count)
        return NULL;
    for (uint32_t i = 0; i + 1 < count; i++)
        keys[i].inner = &keys[i + 1];
    keys[count - 1] = last;
    for (uint32_t i = 0; i < count; i++)
        keys[i].name = path[i];
    return keys;
}

Edit edit_copy(const Edit *edit, Arena *arena)
{
    Edit copy = *edit;
    EditSite *site = &copy.site;
    Str *texts[] = {&copy.text,    &site->lead, &site->between, &site->tail,
                    &site->indent, &site->step, &site->eol};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = str_copy(arena, *texts[i]);
    copy.keys = NULL;
    edit_keys_merge(&copy.keys, edit->keys, arena);
    return copy;
}

/* --- lines --- */

uint32_t edit_line_start(Str text, uint32_t offset)
{
    while (offset && text.data[offset - 1] != '\n')
        offset--;
    return offset;
}

uint32_t edit_line_end(Str text, uint32_t offset)
{
    while (offset < text.size && text.data[offset] != '\n')
        offset++;
    return offset && offset < text.size && text.data[offset - 1] == '\r' ? offset - 1 : offset;
}

uint32_t edit_next_line(Str text, uint32_t offset)
{
    while (offset < text.size && text.data[offset] != '\n')
        offset++;
    return offset < text.size ? offset + 1 : offset;
}

Str edit_eol(Str text)
{
    int64_t end = str_find_char(text, '\n');

    return end > 0 && text.data[end - 1] == '\r' ? STR("\r\n") : STR("\n");
}

bool edit_is_blank(Str text, uint32_t start, uint32_t end)
{
    for (; start < end; start++)
        if (text.data[start] != ' ' && text.data[start] != '\t')
            return false;
    return true;
}

void edit_after_line(Str text, uint32_t offset, Edit *edit)
{
    uint32_t next = edit_next_line(text, offset);
    bool ended = next > 0 && text.data[next - 1] == '\n';

    edit->site.eol = edit_eol(text);
    edit->start = edit->end = next;
    /* A last line without an end stays one. */
    edit->site.lead = ended ? STR("") : edit->site.eol;
    edit->site.tail = ended ? edit->site.eol : STR("");
}
