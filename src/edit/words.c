#include "edit/words.h"

#include "base/buf.h"

static bool is_small(Str text)
{
    bool letters = false;

    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] >= 'A' && text.data[i] <= 'Z')
            return false;
        letters |= text.data[i] >= 'a' && text.data[i] <= 'z';
    }
    return letters;
}

static Str in_small(Str text, Arena *arena)
{
    Buf out = buf_new(arena);

    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        buf_add_char(&out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
    return buf_str(&out);
}

bool edit_word(const Source *source, const Node *word, WordChange change, Str text, Arena *arena,
               Edit *edit)
{
    Str written = str_sub(source->text, word->start, word->end - word->start);

    if (word->kind != NODE_STRING || word->source != source->number || word->end <= word->start ||
        !str_eq_nocase(written, node_text(word)) || str_find_char(written, '\n') >= 0)
        return false;
    /* The tree has the keywords of instructions in capitals, whatever the file has. */
    if (change == WORD_REPLACE && is_small(written) && !str_eq(written, node_text(word)))
        text = in_small(text, arena);
    *edit = (Edit){.start = word->start, .end = word->end, .text = text};
    if (change == WORD_BEFORE)
        edit->end = word->start;
    else if (change == WORD_AFTER)
        edit->start = word->end;
    return !arena_spent(arena);
}

static bool is_comment(Str text, uint32_t line)
{
    Str rest = str_trim(str_sub(text, line, edit_line_end(text, line) - line));

    return rest.size && *rest.data == '#';
}

bool edit_line_above(const Source *source, uint32_t at, Str text, Arena *arena, Edit *edit)
{
    Str all = source->text;
    uint32_t line = edit_line_start(all, at), above = line;

    if (at > all.size || !edit_is_blank(all, line, at))
        return false;
    while (above) {
        uint32_t previous = edit_line_start(all, above - 1);
        if (!is_comment(all, previous))
            break;
        above = previous;
    }
    /* Comments that the file begins with may be directives, which nothing may precede. */
    if (!above)
        above = line;
    *edit = (Edit){.start = above, .end = above, .text = str_join(arena, text, edit_eol(all))};
    return edit->text.data != NULL;
}
