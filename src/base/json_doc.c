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

/* Writes text that is plain in one go. False where it is not, or there is no room. */
static bool add_plain(Out *out, Str text)
{
    char *to;

    if (!out->data || text.size > OUT_BUFFER_BYTES - 2 ||
        out->used > OUT_BUFFER_BYTES - 2 - text.size || !is_all_plain(text))
        return false;
    to = out->data + out->used;
    to[0] = '"';
    if (text.size)
        memcpy(to + 1, text.data, text.size);
    to[text.size + 1] = '"';
    out->used += text.size + 2;
    return true;
}

static void add_quoted(Out *out, Str text)
{
    if (add_plain(out, text))
        return;
    out_char(out, '"');
    add_text(out, text);
    out_char(out, '"');
}

/* What nearly every key of a report has around it: a comma, a blank, quotes and a colon. */
#define KEY_EXTRA 6u

/* A key on the line of the one before it, written in one go. */
static bool add_inner_key(JsonDoc *doc, Str key)
{
    Out *out = doc->out;
    char *to;

    if (doc->compact || doc->empty || doc->depth <= OPEN_LEVELS || !out->data ||
        out->used > OUT_BUFFER_BYTES - KEY_EXTRA ||
        key.size > OUT_BUFFER_BYTES - KEY_EXTRA - out->used)
        return false;
    to = out->data + out->used;
    memcpy(to, ", \"", 3);
    memcpy(to + 3, key.data, key.size);
    memcpy(to + 3 + key.size, "\": ", 3);
    out->used += key.size + KEY_EXTRA;
    return true;
}

void json_key_word(JsonDoc *doc, Str key)
{
    if (!add_inner_key(doc, key)) {
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

void json_word(JsonDoc *doc, Str word)
{
    separate(doc);
    out_char(doc->out, '"');
    out_add(doc->out, word);
    out_char(doc->out, '"');
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
