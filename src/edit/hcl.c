#include "edit/hcl.h"

#include "edit/value.h"

typedef struct Editor {
    Str text;
    Arena *arena;
} Editor;

/* --- blocks --- */

/* Blocks nest no deeper than their reader allows. */
const HclBlock *edit_hcl_block(const HclBody *file, Span span)
{
    for (uint32_t i = 0; i < file->block_count; i++) {
        const HclBlock *block = &file->blocks[i];
        if (block->span.start == span.start && block->span.end == span.end)
            return block;
        if (block->span.start <= span.start && block->span.end >= span.end)
            return edit_hcl_block(block->body, span);
    }
    return NULL;
}

static bool is_dynamic(const HclBlock *block, Str type)
{
    return str_eq(block->type, STR("dynamic")) && block->label_count == 1 &&
           str_eq(block->labels[0].text, type);
}

/* The one block of a type, or NULL. `*open` is false where there is none and none is made. */
static const HclBlock *inner_block(const HclBody *body, Str type, bool *open)
{
    const HclBlock *found = NULL;

    *open = hcl_attribute(body, type) == NULL;
    for (uint32_t i = 0; i < body->block_count; i++) {
        const HclBlock *block = &body->blocks[i];
        if (str_eq(block->type, type)) {
            *open = false;
            if (found)
                return NULL;
            found = block;
        } else if (is_dynamic(block, type)) {
            *open = false;
        }
    }
    return found;
}

/* Whether the block was read to its closing brace. */
static bool is_closed(const Editor *e, const HclBlock *block)
{
    return block->span.end <= e->text.size && block->header.end < block->span.end &&
           e->text.data[block->header.end - 1] == '{' && e->text.data[block->span.end - 1] == '}';
}

static bool on_one_line(const Editor *e, uint32_t start, uint32_t end)
{
    return str_find_char(str_sub(e->text, start, end - start), '\n') < 0;
}

/* --- lines --- */

/* The blanks before the first word of the line of `offset`; false where it is not the first. */
static bool indent_of(const Editor *e, uint32_t offset, Str *indent)
{
    uint32_t line = edit_line_start(e->text, offset);

    *indent = str_sub(e->text, line, offset - line);
    return edit_is_blank(e->text, line, offset);
}

/* Whether nothing but a comment of one line is behind `offset`. */
static bool ends_line(const Editor *e, uint32_t offset)
{
    uint32_t end = edit_line_end(e->text, offset);
    Str rest = str_trim(str_sub(e->text, offset, end - offset));

    return !rest.size || *rest.data == '#' || str_starts(rest, STR("//"));
}

static Str own_indent(const Editor *e, const HclBlock *block)
{
    Str indent;

    return indent_of(e, block->span.start, &indent) ? indent : STR("");
}

/* The indentation of what is in a block: that of its first line, else two blanks or a tab more. */
static bool inner_indent(const Editor *e, const HclBlock *block, Str *indent)
{
    const HclBody *body = block->body;
    Str own = own_indent(e, block);

    if (body->attribute_count && !on_one_line(e, block->span.start, block->span.end))
        return indent_of(e, body->attributes[0].name_span.start, indent);
    if (body->block_count)
        return indent_of(e, body->blocks[0].span.start, indent);
    *indent = str_join(e->arena, own, str_starts(own, STR("\t")) ? STR("\t") : STR("  "));
    return indent->data != NULL;
}

static Str step_of(Str own, Str inner)
{
    return inner.size > own.size && str_starts(inner, own) ? str_from(inner, own.size) : STR("  ");
}

/* The last byte of an expression and its line's end; a heredoc's span may end behind its line. */
static uint32_t value_end(const Editor *e, const HclAttribute *attribute)
{
    uint32_t end = attribute->value->span.end;

    while (end > attribute->value->span.start && strchr("\r\n", e->text.data[end - 1]))
        end--;
    return end;
}

/* To which length names are filled up in the line of `attribute`; 0 where it goes on below. */
static uint32_t name_width(const Editor *e, const HclAttribute *attribute)
{
    uint32_t at = attribute->name_span.end;

    if (!on_one_line(e, attribute->name_span.start, attribute->value->span.end))
        return 0;
    while (at < e->text.size && e->text.data[at] == ' ')
        at++;
    if (at == attribute->name_span.end || at == e->text.size || e->text.data[at] != '=')
        return attribute->name_span.end - attribute->name_span.start;
    return at - attribute->name_span.start - 1;
}

/* --- places --- */

/* The last argument above all blocks, or NULL. */
static const HclAttribute *last_attribute(const HclBody *body)
{
    uint32_t limit = body->block_count ? body->blocks[0].span.start : UINT32_MAX;
    const HclAttribute *last = NULL;

    for (uint32_t i = 0; i < body->attribute_count; i++)
        if (body->attributes[i].name_span.start < limit)
            last = &body->attributes[i];
    return last;
}

/* A block on one line is opened up; what it holds becomes one of the keys. */
static bool open_up(const Editor *e, const HclBlock *block, Edit *edit)
{
    const HclAttribute *only = block->body->attribute_count ? &block->body->attributes[0] : NULL;
    Str own = own_indent(e, block), eol = edit_eol(e->text);
    EditKey key = {0};

    edit->start = block->header.end;
    edit->end = block->span.end - 1;
    edit->site.lead = eol;
    edit->site.tail = str_join(e->arena, eol, own);
    if (!only)
        return edit_is_blank(e->text, edit->start, edit->end);
    if (!edit_is_blank(e->text, edit->start, only->name_span.start) ||
        only->value->span.end > edit->end ||
        !edit_is_blank(e->text, only->value->span.end, edit->end))
        return false;
    edit->repeats = true;
    key.value =
        str_sub(e->text, only->value->span.start, only->value->span.end - only->value->span.start);
    edit->keys = edit_keys_new(&only->name, 1, key, e->arena);
    return edit->keys != NULL;
}

static bool below_attribute(const Editor *e, const HclAttribute *last, Edit *edit)
{
    uint32_t end = value_end(e, last);
    Str indent;

    edit_after_line(e->text, end, edit);
    edit->site.width = name_width(e, last);
    return ends_line(e, end) && indent_of(e, last->name_span.start, &indent);
}

static bool below_header(const Editor *e, const HclBlock *block, Edit *edit)
{
    edit_after_line(e->text, block->header.end, edit);
    if (block->body->block_count)
        edit->site.tail = str_join(e->arena, edit->site.eol, edit->site.eol);
    return ends_line(e, block->header.end);
}

/* Above the closing brace. */
static bool at_end(const Editor *e, const HclBlock *block, Edit *edit)
{
    uint32_t brace = block->span.end - 1, line = edit_line_start(e->text, brace);
    bool first = !block->body->attribute_count && !block->body->block_count;
    uint32_t above = line ? edit_line_start(e->text, line - 1) : 0;

    edit->start = edit->end = line;
    edit->site.tail = edit->site.eol;
    if (!first && str_trim(str_sub(e->text, above, line - above)).size)
        edit->site.lead = edit->site.eol;
    edit->rank = 0;
    return line > block->header.end && edit_is_blank(e->text, line, brace);
}

/* Where an argument, or with `inner` a block, is added. */
static bool find_site(const Editor *e, const HclBlock *block, bool inner, Edit *edit)
{
    const HclAttribute *last = last_attribute(block->body);

    *edit = (Edit){.form = EDIT_HCL, .rank = 1};
    edit->site.eol = edit_eol(e->text);
    if (!is_closed(e, block) || !inner_indent(e, block, &edit->site.indent))
        return false;
    edit->site.step = step_of(own_indent(e, block), edit->site.indent);
    if (on_one_line(e, block->header.end, block->span.end))
        return open_up(e, block, edit);
    if (inner)
        return at_end(e, block, edit);
    return last ? below_attribute(e, last, edit) : below_header(e, block, edit);
}

static bool add_below(const Editor *e, const HclBlock *block, const Str *path, uint32_t count,
                      const Node *value, Edit *edit)
{
    EditKey key = {.value = value_write(VALUE_HCL, value, e->arena)};
    EditKey *keys;

    if (!find_site(e, block, count > 1, edit))
        return false;
    keys = edit_keys_new(path, count, key, e->arena);
    edit_keys_merge(&edit->keys, keys, e->arena);
    return keys && !arena_spent(e->arena);
}

static bool replace(const Editor *e, const HclExpr *old, const Node *value, Edit *edit)
{
    if ((old->kind != HCL_LITERAL && old->kind != HCL_STRING) ||
        !on_one_line(e, old->span.start, old->span.end))
        return false;
    *edit = (Edit){.start = old->span.start,
                   .end = old->span.end,
                   .text = value_write(VALUE_HCL, value, e->arena)};
    return edit->text.data != NULL;
}

bool edit_hcl_set(const Source *source, const HclBlock *block, const Str *path, uint32_t count,
                  const Node *value, Arena *arena, Edit *edit)
{
    Editor e = {source->text, arena};
    const HclAttribute *attribute;
    bool open = true;

    while (count > 1) {
        const HclBlock *inner = inner_block(block->body, *path, &open);
        if (!inner)
            return open && add_below(&e, block, path, count, value, edit);
        block = inner;
        path++;
        count--;
    }
    attribute = count ? hcl_attribute(block->body, *path) : NULL;
    if (attribute)
        return replace(&e, attribute->value, value, edit);
    inner_block(block->body, count ? *path : STR(""), &open);
    return count && open && add_below(&e, block, path, count, value, edit);
}

bool edit_hcl_remove(const Source *source, const HclBlock *block, const Str *path, uint32_t count,
                     Edit *edit)
{
    Editor e = {source->text, NULL};
    const HclAttribute *attribute;
    uint32_t end;
    bool open;
    Str indent;

    for (; block && count > 1; path++, count--)
        block = inner_block(block->body, *path, &open);
    attribute = block && count ? hcl_attribute(block->body, *path) : NULL;
    if (!attribute || !is_closed(&e, block) || on_one_line(&e, block->header.end, block->span.end))
        return false;
    end = value_end(&e, attribute);
    *edit = (Edit){.start = edit_line_start(e.text, attribute->name_span.start),
                   .end = edit_next_line(e.text, end)};
    return indent_of(&e, attribute->name_span.start, &indent) && ends_line(&e, end);
}
