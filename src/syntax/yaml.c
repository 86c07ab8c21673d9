#include "syntax/yaml.h"

#include <stdlib.h>
#include <yaml.h>

#include "base/limits.h"
#include "syntax/keys.h"
#include "syntax/stack.h"
#include "syntax/yaml_fast.h"

/* A list or map that is not closed yet. */
typedef struct Frame {
    bool map;
    bool flow;
    bool has_key;
    Entry key;      /* of the value that comes next */
    uint32_t base;  /* where its children begin on the stack */
    uint32_t start; /* span, the end being that of the last child so far */
    uint32_t end;
    uint32_t height; /* nesting levels that it takes up, its own included */
    uint64_t nodes;  /* Reader.nodes before it */
    uint32_t anchor; /* number of its anchor, or 0 */
} Frame;

typedef struct Anchor {
    uint32_t document; /* the one that it was last given in */
    bool open;         /* its collection is not closed: an alias would contain itself */
    Node node;
    uint32_t height;
    uint64_t nodes; /* of the whole tree, aliases expanded */
} Anchor;

typedef struct Reader {
    const Source *source;
    Str text;
    const Symbols *symbols;
    Arena *arena;
    DiagSink *diags;
    Stack frames;
    Stack lists; /* nodes of open lists */
    Stack maps;  /* entries of open maps */
    Stack documents;
    Keys anchor_names;
    Stack anchors;           /* by number */
    uint32_t document;       /* number of the one at work, from 1 */
    uint32_t document_start; /* where it begins */
    bool open_end;           /* the one before it ended without `...` */
    uint64_t nodes;          /* in it so far, aliases expanded */
    uint64_t expanded;       /* those of them that came with aliases */
    Node root;
    bool ascii;
    uint32_t base; /* where the parser at work began */
    uint32_t mark; /* characters after `base` ... */
    uint32_t byte; /* ... and the offset of the last of them */
} Reader;

static bool fail(Reader *r, DiagCode code, Span span, const char *message)
{
    diag_error(r->diags, code, span, "%s", message);
    return false;
}

static Span span_at(const Reader *r, uint32_t start, uint32_t end)
{
    return (Span){r->source->number, start, end};
}

static bool fail_memory(Reader *r)
{
    return fail(r, DIAG_MEMORY_SPENT, span_at(r, r->byte, r->byte), "memory is short");
}

static bool is_ascii(Str text)
{
    uint32_t i = 0;
    uint64_t word, seen = 0;

    for (; i + 8 <= text.size; i += 8) {
        memcpy(&word, text.data + i, 8);
        seen |= word;
    }
    for (; i < text.size; i++)
        seen |= (uint8_t)text.data[i] & 0x80u;
    return !(seen & 0x8080808080808080u);
}

static bool continues_character(const Reader *r, uint32_t at)
{
    return at < r->text.size && ((uint8_t)r->text.data[at] & 0xc0) == 0x80;
}

/* libyaml counts characters. Marks come nearly in order, so a step from the last one is short. */
static uint32_t byte_of(Reader *r, const yaml_mark_t *mark)
{
    uint32_t index = (uint32_t)mark->index;

    if (r->ascii)
        return r->base + index < r->text.size ? r->base + index : r->text.size;
    while (r->mark < index && r->byte < r->text.size) {
        r->byte++;
        while (continues_character(r, r->byte))
            r->byte++;
        r->mark++;
    }
    while (r->mark > index && r->byte > r->base) {
        r->byte--;
        while (continues_character(r, r->byte))
            r->byte--;
        r->mark--;
    }
    return r->byte;
}

static Frame *top_frame(Reader *r)
{
    return r->frames.count ? (Frame *)r->frames.items + (r->frames.count - 1) : NULL;
}

/* `text`, which libyaml made, as a view of the source if the bytes before `end` are the same. */
static const char *keep_text(Reader *r, Str text, uint32_t start, uint32_t end)
{
    const char *same = r->text.data + end - text.size;

    if (text.size == 0)
        return "";
    if (end - start >= text.size && memcmp(same, text.data, text.size) == 0)
        return same;
    return str_copy(r->arena, text).data;
}

static NodeTag tag_of(const char *tag)
{
    static const struct {
        Str name;
        NodeTag tag;
    } tags[] = {
        {STR_INIT("str"), NODE_TAG_STR},     {STR_INIT("int"), NODE_TAG_INT},
        {STR_INIT("float"), NODE_TAG_FLOAT}, {STR_INIT("bool"), NODE_TAG_BOOL},
        {STR_INIT("null"), NODE_TAG_NULL},   {STR_INIT("binary"), NODE_TAG_BINARY},
        {STR_INIT("merge"), NODE_TAG_MERGE}, {STR_INIT("timestamp"), NODE_TAG_TIMESTAMP},
        {STR_INIT("set"), NODE_TAG_SET},     {STR_INIT("omap"), NODE_TAG_OMAP},
    };
    Str prefix = STR("tag:yaml.org,2002:");
    Str text = str_of(tag);

    if (!str_starts(text, prefix))
        return NODE_TAG_OTHER;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (str_eq(str_from(text, prefix.size), tags[i].name))
            return tags[i].tag;
    return NODE_TAG_OTHER;
}

/* libyaml forgets a lone `!`: it is looked for among the properties before a plain scalar. */
static bool has_lone_bang(const Reader *r, uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++) {
        char c = r->text.data[i];
        if (c == '!')
            return i + 1 == end || r->text.data[i + 1] == ' ' || r->text.data[i + 1] == '\t' ||
                   r->text.data[i + 1] == '\n' || r->text.data[i + 1] == '\r';
        if (c == '#')
            return false;
    }
    return false;
}

static uint8_t scalar_flags(const Reader *r, const yaml_event_t *event, uint32_t start,
                            uint32_t end)
{
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    uint32_t size = (uint32_t)event->data.scalar.length;
    NodeTag tag = NODE_TAG_NONE;
    char first = start < end ? r->text.data[start] : '\0';

    if (event->data.scalar.tag)
        tag = tag_of((const char *)event->data.scalar.tag);
    else if (plain && (first == '!' || first == '&') &&
             has_lone_bang(r, start, end - start > size ? end - size : start + 1))
        tag = NODE_TAG_NON_SPECIFIC;
    return (uint8_t)((unsigned)tag << NODE_TAG_SHIFT | (plain ? 0u : NODE_QUOTED));
}

/* libyaml ends a block scalar where the next thing begins. */
static uint32_t trim_end(const Reader *r, uint32_t start, uint32_t end)
{
    while (end > start + 1 && memchr(" \t\r\n", r->text.data[end - 1], 4))
        end--;
    return end;
}

/* libyaml takes a `#` right behind a quote or a bracket for a comment; the specification and other
 * readers do not (YAML 1.2, 6.6). */
static void check_comment(Reader *r, uint32_t at)
{
    if (at < r->text.size && r->text.data[at] == '#')
        diag_warning(r->diags, DIAG_YAML_SYNTAX, span_at(r, at, at + 1),
                     "a comment needs a blank before it");
}

/* Where the first line of a block scalar ends, but for blanks and a comment. */
static uint32_t header_end(const Reader *r, uint32_t start, uint32_t end)
{
    while (start < end && memchr("|>+-0123456789", r->text.data[start], 14))
        start++;
    return start;
}

static bool read_scalar(Reader *r, const yaml_event_t *event, Node *node)
{
    yaml_scalar_style_t style = event->data.scalar.style;
    uint32_t start = byte_of(r, &event->start_mark), end = byte_of(r, &event->end_mark);
    Str text = {(const char *)event->data.scalar.value, (uint32_t)event->data.scalar.length};
    bool block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
    bool quoted =
        style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;

    if (block) {
        check_comment(r, header_end(r, start, end));
        end = trim_end(r, start, end);
    } else if (quoted) {
        check_comment(r, end);
    }
    *node = (Node){.kind = NODE_SCALAR,
                   .flags = scalar_flags(r, event, start, end),
                   .source = (uint16_t)r->source->number,
                   .start = start,
                   .end = end,
                   .count = text.size,
                   .as.text = keep_text(r, text, start, quoted && end > start ? end - 1 : end)};
    return node->as.text != NULL;
}

/* Takes the next node of a map for a key. */
static void set_key(Reader *r, Frame *frame, const Node *node, uint32_t start, uint32_t end)
{
    Str key = node->kind == NODE_SCALAR ? node_text(node) : str_sub(r->text, start, end - start);

    frame->key = (Entry){.key = key.data,
                         .key_size = key.size,
                         .symbol = symbols_find(r->symbols, key),
                         .key_start = start,
                         .key_end = end};
    frame->has_key = true;
}

/* Adds a finished node, which the text at [start, end) gives, to what is open. */
static bool add_node(Reader *r, const Node *node, uint32_t start, uint32_t end, uint32_t height)
{
    Frame *frame = top_frame(r);

    if (!frame) {
        r->root = *node;
        return true;
    }
    if (frame->end < end)
        frame->end = end;
    if (frame->height < height + 1)
        frame->height = height + 1;
    if (frame->map && !frame->has_key) {
        set_key(r, frame, node, start, end);
    } else if (frame->map) {
        Entry *entry = stack_push(&r->maps, sizeof *entry);
        if (!entry)
            return fail_memory(r);
        *entry = frame->key;
        entry->value = *node;
        frame->has_key = false;
    } else {
        Node *item = stack_push(&r->lists, sizeof *item);
        if (!item)
            return fail_memory(r);
        *item = *node;
    }
    return true;
}

/* The number of an anchor's name; 0 if memory is short. */
static uint32_t anchor_number(Reader *r, const yaml_char_t *name)
{
    Str text = str_copy(r->arena, str_of((const char *)name));
    uint32_t number = text.data ? keys_find(&r->anchor_names, text) : 0;

    while (number && r->anchors.count <= number) {
        Anchor *anchor = stack_push(&r->anchors, sizeof *anchor);
        if (!anchor)
            return 0;
        *anchor = (Anchor){0};
    }
    return number;
}

static Anchor *anchor_at(const Reader *r, uint32_t number)
{
    return (Anchor *)r->anchors.items + number;
}

static bool add_scalar(Reader *r, const yaml_event_t *event)
{
    Node node;

    r->nodes++;
    if (!read_scalar(r, event, &node))
        return false;
    if (event->data.scalar.anchor) {
        uint32_t number = anchor_number(r, event->data.scalar.anchor);
        if (!number)
            return fail_memory(r);
        *anchor_at(r, number) = (Anchor){.document = r->document, .node = node, .nodes = 1};
    }
    return add_node(r, &node, node.start, node.end, 0);
}

static bool add_alias(Reader *r, const yaml_event_t *event)
{
    Span span = span_at(r, byte_of(r, &event->start_mark), byte_of(r, &event->end_mark));
    uint32_t number = anchor_number(r, event->data.alias.anchor);
    const Anchor *anchor;

    if (!number)
        return fail_memory(r);
    anchor = anchor_at(r, number);
    if (anchor->document != r->document || anchor->open)
        return fail(r, DIAG_YAML_ALIAS, span,
                    anchor->document == r->document ? "the alias stands inside of what it names"
                                                    : "no anchor before this alias has its name");
    r->nodes += anchor->nodes;
    r->expanded += anchor->nodes;
    if (r->expanded > LIMIT_YAML_EXPANSION)
        return fail(r, DIAG_YAML_ALIAS, span, "the aliases expand to too many values");
    if (r->frames.count + anchor->height > LIMIT_DEPTH)
        return fail(r, DIAG_TOO_DEEP, span, "the aliases nest too deep");
    return add_node(r, &anchor->node, span.start, span.end, anchor->height);
}

static bool open_collection(Reader *r, const yaml_event_t *event, bool map)
{
    uint32_t start = byte_of(r, &event->start_mark);
    const yaml_char_t *anchor =
        map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    Frame *frame;

    if (r->frames.count == LIMIT_DEPTH)
        return fail(r, DIAG_TOO_DEEP, span_at(r, start, start + 1), "values are nested too deep");
    frame = stack_push(&r->frames, sizeof *frame);
    if (!frame)
        return fail_memory(r);
    *frame = (Frame){.map = map,
                     .height = 1,
                     .flow = map ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                                 : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
                     .base = map ? r->maps.count : r->lists.count,
                     .start = start,
                     .end = start,
                     .nodes = r->nodes++};
    if (!anchor)
        return true;
    frame->anchor = anchor_number(r, anchor);
    if (!frame->anchor)
        return fail_memory(r);
    *anchor_at(r, frame->anchor) = (Anchor){.document = r->document, .open = true};
    return true;
}

static void warn_repeated(void *context, const Entry *entry)
{
    Reader *r = context;

    diag_warning(r->diags, DIAG_DUPLICATE_KEY, span_at(r, entry->key_start, entry->key_end),
                 "the key \"%.*s\" stands twice; this value counts", STR_ARG(entry_key(entry)));
}

static bool take_entries(Reader *r, const Frame *frame, Node *node)
{
    uint32_t count = r->maps.count - frame->base;
    void *taken;

    if (count && !keys_close((Entry *)r->maps.items + frame->base, &count, warn_repeated, r))
        return fail_memory(r);
    if (!stack_take(&r->maps, frame->base, count, sizeof(Entry), r->arena, &taken))
        return false;
    node->count = count;
    node->as.entries = taken;
    return true;
}

static bool take_items(Reader *r, const Frame *frame, Node *node)
{
    void *taken;

    node->count = r->lists.count - frame->base;
    if (!stack_take(&r->lists, frame->base, node->count, sizeof(Node), r->arena, &taken))
        return false;
    node->as.items = taken;
    return true;
}

static bool close_collection(Reader *r, const yaml_event_t *event)
{
    Frame frame = *top_frame(r);
    uint32_t end = frame.flow ? byte_of(r, &event->end_mark) : 0;
    Node node = {.kind = frame.map ? NODE_MAP : NODE_LIST,
                 .source = (uint16_t)r->source->number,
                 .start = frame.start,
                 .end = frame.end};

    /* Without a bracket of its own, as in block style and `[a: b]`, it ends with its last child. */
    if (frame.flow && event->end_mark.index > event->start_mark.index) {
        node.end = end;
        check_comment(r, end);
    }
    if (!(frame.map ? take_entries(r, &frame, &node) : take_items(r, &frame, &node)))
        return false;
    r->frames.count--;
    if (frame.anchor)
        *anchor_at(r, frame.anchor) = (Anchor){.document = r->document,
                                               .node = node,
                                               .height = frame.height,
                                               .nodes = r->nodes - frame.nodes};
    return add_node(r, &node, node.start, node.end, frame.height);
}

static void begin_document(Reader *r, const yaml_event_t *event)
{
    uint32_t start = byte_of(r, &event->start_mark);
    YamlDocument *before = r->documents.items;

    bool directives = event->data.document_start.version_directive ||
                      event->data.document_start.tag_directives.start !=
                          event->data.document_start.tag_directives.end;

    if (directives && r->open_end)
        diag_warning(r->diags, DIAG_YAML_SYNTAX, span_at(r, start, start + 1),
                     "a directive needs `...` after the document before it");
    if (r->document == 0)
        start = 0;
    if (r->documents.count && before[r->documents.count - 1].span.end > start)
        before[r->documents.count - 1].span.end = start;
    r->document++;
    r->document_start = start;
    r->frames.count = r->lists.count = r->maps.count = 0;
    r->nodes = r->expanded = 0;
}

static bool end_document(Reader *r, const yaml_event_t *event)
{
    YamlDocument *document = stack_push(&r->documents, sizeof *document);

    if (!document)
        return fail_memory(r);
    r->open_end = event->data.document_end.implicit;
    *document = (YamlDocument){r->root, span_at(r, r->document_start, r->text.size)};
    return true;
}

static bool take_event(Reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        begin_document(r, event);
        return true;
    case YAML_DOCUMENT_END_EVENT:
        return end_document(r, event);
    case YAML_SCALAR_EVENT:
        return add_scalar(r, event);
    case YAML_ALIAS_EVENT:
        return add_alias(r, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(r, event, false);
    case YAML_MAPPING_START_EVENT:
        return open_collection(r, event, true);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_collection(r, event);
    default:
        return true;
    }
}

/* Reports why libyaml stopped, and where: at `*at`, unless it says otherwise. */
static void report_problem(Reader *r, const yaml_parser_t *parser, uint32_t *at)
{
    const char *problem = parser->problem ? parser->problem : "it is not YAML";

    if (parser->error == YAML_MEMORY_ERROR) {
        fail_memory(r);
        return;
    }
    if (parser->error == YAML_READER_ERROR)
        *at = r->base + (uint32_t)parser->problem_offset;
    if (*at > r->text.size)
        *at = r->text.size;
    diag_error(r->diags, DIAG_YAML_SYNTAX, span_at(r, *at, *at < r->text.size ? *at + 1 : *at),
               "%s%s%s", parser->context ? parser->context : "", parser->context ? ": " : "",
               problem);
}

/* YAML 1.2 lets a document follow `...` as it is; libyaml still wants a `---`. Whether it stopped
 * for want of that at `at`. */
static bool begins_bare(const Reader *r, const yaml_parser_t *parser, uint32_t at)
{
    static const char wanted[] = "did not find expected <document start>";
    Str head = str_sub(r->text, r->base, at - r->base);
    Str line, last = {"", 0};

    if (parser->error != YAML_PARSER_ERROR || strcmp(parser->problem, wanted) != 0)
        return false;
    while (head.size) {
        int64_t newline = str_find_last_char(head, '\n');
        line = str_trim(str_from(head, (uint32_t)(newline + 1)));
        last = str_from(head, (uint32_t)(newline + 1));
        if (line.size && *line.data != '#')
            break;
        head = str_sub(head, 0, newline < 0 ? 0 : (uint32_t)newline);
    }
    if (!str_starts(last, STR("...")))
        return false;
    last = str_trim(str_from(last, 3));
    return last.size == 0 || *last.data == '#';
}

/* A directive that nobody knows is to be ignored (YAML 1.2, 6.8); libyaml refuses it. Moves `*at`
 * to the line after it. */
static bool is_unknown_directive(const Reader *r, const yaml_parser_t *parser, uint32_t *at)
{
    int64_t newline = str_find_char(str_from(r->text, *at), '\n');

    if (parser->error != YAML_SCANNER_ERROR || newline < 0 ||
        strcmp(parser->problem, "found unknown directive name") != 0)
        return false;
    *at += (uint32_t)newline + 1;
    return true;
}

/* Parses from r->base on. True at the end of the text; else `*at` is how far it got, and that is
 * reported, unless reading can `*resume` right there. */
static bool parse(Reader *r, uint32_t *at, bool *resume)
{
    yaml_parser_t parser;
    yaml_event_t event;
    bool ended = false, good = true;

    if (!yaml_parser_initialize(&parser))
        return fail_memory(r);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)r->text.data + r->base,
                                 r->text.size - r->base);
    r->mark = 0;
    r->byte = r->base;
    *resume = false;
    while (good && !ended) {
        if (!yaml_parser_parse(&parser, &event)) {
            *at = byte_of(r, &parser.problem_mark);
            *resume = begins_bare(r, &parser, *at) || is_unknown_directive(r, &parser, at);
            if (!*resume)
                report_problem(r, &parser, at);
            good = false;
            break;
        }
        good = take_event(r, &event);
        ended = event.type == YAML_STREAM_END_EVENT;
        if (!good)
            *at = byte_of(r, &event.start_mark);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return good;
}

/* The start of the first line from that of `at` on, but after `after`, that begins a document. */
static bool find_document(const Reader *r, uint32_t after, uint32_t at, uint32_t *found)
{
    const char *end = r->text.data + r->text.size;
    const char *line = r->text.data + at;

    while (line > r->text.data && line[-1] != '\n')
        line--;
    while (end - line >= 3) {
        *found = (uint32_t)(line - r->text.data);
        if (*found > after && memcmp(line, "---", 3) == 0 &&
            (end - line == 3 || memchr(" \t\r\n", line[3], 4)))
            return true;
        line = memchr(line, '\n', (size_t)(end - line));
        if (!line)
            return false;
        line++;
    }
    return false;
}

static bool read_all(Reader *r)
{
    bool good = true, resume = false;
    uint32_t at = r->text.size, after;

    for (uint32_t restarts = 0; !parse(r, &at, &resume); restarts++) {
        if (restarts == LIMIT_YAML_RESTARTS)
            return fail(r, DIAG_YAML_SYNTAX, span_at(r, at, at),
                        "too much is broken to read the rest");
        if (resume && at > r->base) {
            r->base = at;
            continue;
        }
        good = false;
        after = r->base > r->document_start ? r->base : r->document_start;
        if (arena_spent(r->arena) || !find_document(r, after, at, &r->base))
            break;
    }
    return good;
}

/* The documents that are left from `at` on. */
static bool read_rest(Reader *r, uint32_t at)
{
    r->base = r->document_start = at;
    r->document = r->documents.count;
    r->open_end = r->document > 0;
    r->ascii = is_ascii(r->text);
    return read_all(r);
}

static void free_reader(Reader *r)
{
    free(r->frames.items);
    free(r->lists.items);
    free(r->maps.items);
    free(r->documents.items);
    free(r->anchors.items);
    keys_free(&r->anchor_names);
}

static bool read_source(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
                        bool fast, YamlDocument **documents, uint32_t *count)
{
    Reader reader = {
        .source = source, .text = source->text, .symbols = symbols, .arena = arena, .diags = diags};
    uint32_t at = 0;
    bool all = fast && yaml_fast_read(source, symbols, arena, &reader.documents, &at);
    bool good = all || read_rest(&reader, at);
    void *taken;

    *count = reader.documents.count;
    good &= stack_take(&reader.documents, 0, *count, sizeof(YamlDocument), arena, &taken);
    *documents = taken;
    if (!taken)
        *count = 0;
    free_reader(&reader);
    return good;
}

bool yaml_read(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
               YamlDocument **documents, uint32_t *count)
{
    return read_source(source, symbols, arena, diags, true, documents, count);
}

bool yaml_read_slowly(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
                      YamlDocument **documents, uint32_t *count)
{
    return read_source(source, symbols, arena, diags, false, documents, count);
}

Str yaml_head_comment(const Source *source, const YamlDocument *document, Str prefix)
{
    Str head = str_sub(source->text, document->span.start,
                       document->root.start > document->span.start
                           ? document->root.start - document->span.start
                           : 0);
    Str found = {"", 0};
    Str line;

    while (str_split(&head, '\n', &line))
        if (str_starts(line, prefix))
            found = str_trim(str_from(line, prefix.size));
    return found;
}
