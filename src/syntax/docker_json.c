#include "syntax/docker_json.h"

#include "base/buf.h"

typedef struct JsonReader {
    const MappedText *text;
    uint32_t at;
    Arena *arena;
} JsonReader;

static char peek(const JsonReader *r)
{
    return r->at < r->text->text.size ? r->text->text.data[r->at] : '\0';
}

static char next_token(JsonReader *r)
{
    while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\r' || peek(r) == '\n')
        r->at++;
    return peek(r);
}

static bool read_hex4(JsonReader *r, uint32_t *value)
{
    Str digits = str_sub(r->text->text, r->at, 4);

    *value = 0;
    if (digits.size < 4)
        return false;
    for (uint32_t i = 0; i < 4; i++) {
        char c = digits.data[i];
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return false;
        *value = *value * 16 + digit;
    }
    r->at += 4;
    return true;
}

static bool read_unicode(JsonReader *r, Buf *buf)
{
    uint32_t high, low;

    if (!read_hex4(r, &high))
        return false;
    if (high >= 0xd800 && high < 0xdc00 && str_starts(str_from(r->text->text, r->at), STR("\\u"))) {
        r->at += 2;
        if (!read_hex4(r, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000) {
            buf_add_codepoint(buf, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            return true;
        }
        high = 0xfffd;
    }
    buf_add_codepoint(buf, high >= 0xd800 && high < 0xe000 ? 0xfffd : high);
    return true;
}

static bool read_escape(JsonReader *r, Buf *buf)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = peek(r);
    const char *found = c ? strchr(names, c) : NULL;

    r->at++;
    if (c == 'u')
        return read_unicode(r, buf);
    if (found)
        buf_add_char(buf, values[found - names]);
    return found != NULL;
}

/* A string whose first quote is passed; `escaped` says whether it has to be decoded. */
static bool skip_string(JsonReader *r, bool *escaped)
{
    for (; r->at < r->text->text.size; r->at++) {
        char c = peek(r);
        if (c == '"')
            return true;
        if ((unsigned char)c < 0x20)
            return false;
        if (c == '\\') {
            *escaped = true;
            r->at++;
        }
    }
    return false;
}

static bool decode(JsonReader *r, uint32_t end, Str *text)
{
    Buf buf = buf_new(r->arena);

    while (r->at < end) {
        char c = peek(r);
        r->at++;
        if (c != '\\')
            buf_add_char(&buf, c);
        else if (!read_escape(r, &buf))
            return false;
    }
    *text = buf_str(&buf);
    return r->at == end;
}

static bool read_string(JsonReader *r, DockerWord *word)
{
    uint32_t start = r->at, end;
    bool escaped = false;

    if (next_token(r) != '"')
        return false;
    start = r->at++;
    if (!skip_string(r, &escaped))
        return false;
    end = r->at;
    word->text = str_sub(r->text->text, start + 1, end - start - 1);
    if (escaped) {
        r->at = start + 1;
        if (!decode(r, end, &word->text))
            return false;
    }
    r->at = end + 1;
    word->span = mapped_span(r->text, start, r->at);
    return true;
}

bool docker_json_read(const MappedText *text, Arena *arena, DockerWord **words, uint32_t *count)
{
    JsonReader r = {text, 0, arena};
    DockerWord *items = NULL;
    uint32_t capacity = 0, used = 0;

    if (next_token(&r) != '[')
        return false;
    r.at++;
    if (next_token(&r) == ']') {
        *count = 0;
        return true;
    }
    for (;; r.at++) {
        DockerWord *grown = arena_grow(arena, items, used, &capacity, used + 1u, sizeof *items);
        if (!grown)
            return false;
        items = grown;
        if (!read_string(&r, &items[used]))
            return false;
        used++;
        if (next_token(&r) == ']')
            break;
        if (peek(&r) != ',')
            return false;
    }
    *words = items;
    *count = used;
    return true;
}
