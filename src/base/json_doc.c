#include "base/json_doc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* Levels whose members stand on lines of their own. */
#define OPEN_LEVELS 2u

static void break_line(JsonDoc *doc)
{
    out_char(doc->out, '\n');
    for (uint32_t i = 0; i < doc->depth; i++)
        out_add(doc->out, STR("  "));
}

/* What stands before a value or key: a comma after another one, and its line. */
static void separate(JsonDoc *doc)
{
    if (doc->after_key) {
        doc->after_key = false;
        return;
    }
    /* Most of a report. */
    if (doc->depth > OPEN_LEVELS && !doc->empty && !doc->compact) {
        out_add(doc->out, STR(", "));
        return;
    }
    if (doc->depth && !doc->empty)
        out_char(doc->out, ',');
    if (doc->compact)
        out_add(doc->out, doc->want_line ? STR("\n") : STR(""));
    else if (doc->depth && doc->depth <= OPEN_LEVELS)
        break_line(doc);
    doc->want_line = false;
    doc->empty = false;
}

void json_begin(JsonDoc *doc, char bracket)
{
    separate(doc);
    out_char(doc->out, bracket);
    doc->depth++;
    doc->empty = true;
}

void json_end(JsonDoc *doc, char bracket)
{
    doc->depth--;
    if (!doc->empty && doc->depth < OPEN_LEVELS && !doc->compact)
        break_line(doc);
    out_char(doc->out, bracket);
    doc->empty = false;
    if (doc->depth == 0)
        out_char(doc->out, '\n');
}

static void add_escape(Out *out, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    static const char named[] = "\b\t\n\f\r\"\\";
    const char *at = c ? strchr(named, c) : NULL;
    char code[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};

    if (at) {
        code[1] = "btnfr\"\\"[at - named];
        out_add(out, (Str){code, 2});
    } else {
        out_add(out, (Str){code, 6});
    }
}

/* ASCII that stands for itself. */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Bytes that are looked at in one go. */
#define BLOCK 16u

/* Whether one of the bytes of a block is not plain: compilers make a few vector instructions of it.
 */
static bool has_special(const char *bytes)
{
    unsigned char special = 0;

    for (uint32_t i = 0; i < BLOCK; i++) {
        unsigned char c = (unsigned char)bytes[i];
        special |= (unsigned char)((c < 0x20) | (c > 0x7e) | (c == '"') | (c == '\\'));
    }
    return special;
}

/* Where the plain bytes from `at` on end. */
static uint32_t plain_end(Str text, uint32_t at)
{
    while (text.size - at >= BLOCK && !has_special(text.data + at))
        at += BLOCK;
    while (at < text.size && is_plain((unsigned char)text.data[at]))
        at++;
    return at;
}

static void add_text(Out *out, Str text)
{
    uint32_t clean = 0;
    uint32_t at;

    for (at = plain_end(text, 0); at < text.size; at = plain_end(text, at)) {
        unsigned char c = (unsigned char)text.data[at];
        uint32_t size = c < 128 ? 0 : utf8_size(str_from(text, at));
        if (size == 0) {
            out_add(out, str_sub(text, clean, at - clean));
            if (c < 128)
                add_escape(out, c);
            else
                out_add(out, STR("\xef\xbf\xbd"));
            clean = at + 1;
        }
        at += size ? size : 1;
    }
    out_add(out, str_from(text, clean));
}

/* Whether the text is plain from end to end, as nearly all is. The last block may begin within the
 * one before it. */
static bool is_all_plain(Str text)
{
    uint32_t at = 0;

    if (text.size >= BLOCK) {
        for (; text.size - at > BLOCK; at += BLOCK)
            if (has_special(text.data + at))
                return false;
        return !has_special(text.data + text.size - BLOCK);
    }
    while (at < text.size && is_plain((unsigned char)text.data[at]))
        at++;
    return at == text.size;
}

static void add_quoted(Out *out, Str text)
{
    out_char(out, '"');
    if (is_all_plain(text))
        out_add(out, text);
    else
        add_text(out, text);
    out_char(out, '"');
}

/* What a member has around it that stands on the line of the one before it: a comma, a blank, the
 * key's quotes and a colon, and quotes of its own. */
#define KEY_EXTRA 6u
#define MEMBER_EXTRA (KEY_EXTRA + 2u)

static char *put(char *to, Str text)
{
    if (text.size)
        memcpy(to, text.data, text.size);
    return to + text.size;
}

static char *put_key(char *to, Str key)
{
    memcpy(to, ", \"", 3);
    to = put(to + 3, key);
    memcpy(to, "\": ", 3);
    return to + 3;
}

/* Where so many bytes of a member can be written in one go, on the line of the one before it. NULL
 * where they cannot: most of a report is written so. */
static char *inner_room(const JsonDoc *doc, size_t size)
{
    const Out *out = doc->out;

    if (doc->compact || doc->empty || doc->depth <= OPEN_LEVELS || !out->data ||
        size > OUT_BUFFER_BYTES - out->used)
        return NULL;
    return out->data + out->used;
}

/* Of inner_room(): `end` is where what was written ends. */
static void inner_done(JsonDoc *doc, const char *end)
{
    doc->out->used = (uint32_t)(end - doc->out->data);
}

/* A member whose text is plain. */
static void put_plain(JsonDoc *doc, Str key, Str text)
{
    char *to = inner_room(doc, (size_t)key.size + text.size + MEMBER_EXTRA);

    if (!to) {
        json_key_word(doc, key);
        json_string(doc, text);
        return;
    }
    to = put_key(to, key);
    *to++ = '"';
    to = put(to, text);
    *to++ = '"';
    inner_done(doc, to);
}

void json_member_string(JsonDoc *doc, Str key, Str text)
{
    if (is_all_plain(text)) {
        put_plain(doc, key, text);
    } else {
        json_key_word(doc, key);
        json_string(doc, text);
    }
}

void json_member_word(JsonDoc *doc, Str key, Str word)
{
    put_plain(doc, key, word);
}

void json_member_number(JsonDoc *doc, Str key, uint64_t number)
{
    char *to = inner_room(doc, key.size + (size_t)KEY_EXTRA + STR_DIGITS);
    char digits[STR_DIGITS];

    if (to) {
        inner_done(doc, put(put_key(to, key), str_number(number, digits)));
    } else {
        json_key_word(doc, key);
        json_number(doc, number);
    }
}

void json_key_word(JsonDoc *doc, Str key)
{
    char *to = inner_room(doc, key.size + (size_t)KEY_EXTRA);

    if (to) {
        inner_done(doc, put_key(to, key));
    } else {
        separate(doc);
        out_char(doc->out, '"');
        out_add(doc->out, key);
        out_add(doc->out, doc->compact ? STR("\":") : STR("\": "));
    }
    doc->after_key = true;
}

void json_key_text(JsonDoc *doc, Str key)
{
    separate(doc);
    add_quoted(doc->out, key);
    out_add(doc->out, doc->compact ? STR(":") : STR(": "));
    doc->after_key = true;
}

/* As few digits as read back the same; JSON has no word for what is no number. */
void json_double(JsonDoc *doc, double number)
{
    char text[40];

    separate(doc);
    if (!isfinite(number)) {
        out_z(doc->out, "null");
        return;
    }
    snprintf(text, sizeof text, "%.15g", number);
    if (strtod(text, NULL) != number)
        snprintf(text, sizeof text, "%.17g", number);
    out_z(doc->out, text);
}

void json_string(JsonDoc *doc, Str text)
{
    separate(doc);
    add_quoted(doc->out, text);
}

void json_number(JsonDoc *doc, uint64_t number)
{
    separate(doc);
    out_number(doc->out, number);
}

void json_signed(JsonDoc *doc, int64_t number)
{
    separate(doc);
    if (number < 0)
        out_char(doc->out, '-');
    out_number(doc->out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void json_decimal(JsonDoc *doc, uint64_t thousandths)
{
    uint32_t part = (uint32_t)(thousandths % 1000);

    separate(doc);
    out_number(doc->out, thousandths / 1000);
    if (!part)
        return;
    out_char(doc->out, '.');
    for (uint32_t unit = 100; part; part %= unit, unit /= 10)
        out_char(doc->out, (char)('0' + part / unit));
}

void json_null(JsonDoc *doc)
{
    separate(doc);
    out_add(doc->out, STR("null"));
}

void json_bool(JsonDoc *doc, bool value)
{
    separate(doc);
    out_add(doc->out, value ? STR("true") : STR("false"));
}

void json_again(JsonDoc *doc, Str members)
{
    out_add(doc->out, members);
    doc->empty = false;
}
