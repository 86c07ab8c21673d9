#include "scan/suppress_marks.h"

#define DAY ((int64_t)24 * 60 * 60)

/* A text that is read from front to back. */
typedef struct Cursor {
    Str text;
    uint32_t at;
    Span base; /* of the text */
    MarkList *list;
    DiagSink *diags;
} Cursor;

typedef struct Word {
    Str text;
    MarkTool tool;
    MarkScope scope;
    void (*read)(Cursor *cursor, Mark mark);
} Word;

/* How much is looked at in one go. */
#define BLOCK 64u

/* Whether a word that each mark has one of begins at `t`, behind which 16 bytes can be read. */
static bool is_word(const char *t)
{
    switch (t[0]) {
    case 'i':
        return memcmp(t, "ignore", 6) == 0;
    case 's':
        return memcmp(t, "skip", 4) == 0;
    case 'e':
        return memcmp(t, "exempt", 6) == 0;
    case 'k':
        return memcmp(t, "kics-scan", 9) == 0;
    default:
        return false;
    }
}

/* Where the first of the words in the `count` bytes at `t` begins; `count` where there is none. */
static uint32_t word_in(const char *t, uint32_t count)
{
    uint32_t i = 0;

    while (i < count && !is_word(t + i))
        i++;
    return i;
}

/* The same of the end of a text. */
static uint32_t word_in_rest(Str rest)
{
    char padded[BLOCK + 32] = {0};

    if (rest.size)
        memcpy(padded, rest.data, rest.size);
    return word_in(padded, rest.size);
}

/* Whether three bytes that each word holds begin in the block at `t`: compilers make a few vector
 * instructions of it. */
static bool may_have_word(const char *t)
{
    unsigned char hit = 0;

    for (uint32_t i = 0; i < BLOCK; i++) {
        unsigned char ign = (t[i] == 'i') & (t[i + 1] == 'g') & (t[i + 2] == 'n');
        unsigned char ski = (t[i] == 's') & (t[i + 1] == 'k') & (t[i + 2] == 'i');
        unsigned char exe = (t[i] == 'e') & (t[i + 1] == 'x') & (t[i + 2] == 'e');
        unsigned char kic = (t[i] == 'k') & (t[i + 1] == 'i') & (t[i + 2] == 'c');
        hit |= (unsigned char)(ign | ski | exe | kic);
    }
    return hit;
}

/* Whether the last block, which may begin before `at`, tells that no word begins from there on. */
static bool is_free_from(Str text, uint32_t at)
{
    uint32_t last = text.size - (BLOCK + 2);

    return text.size >= BLOCK + 2 && last <= at && !may_have_word(text.data + last);
}

uint32_t marks_next(Str text, uint32_t at)
{
    uint32_t found;

    for (; at < text.size && text.size - at >= BLOCK + 16; at += BLOCK) {
        if (!may_have_word(text.data + at))
            continue;
        found = word_in(text.data + at, BLOCK);
        if (found < BLOCK)
            return at + found;
    }
    if (at >= text.size || is_free_from(text, at))
        return text.size;
    return at + word_in_rest(str_from(text, at));
}

uint32_t marks_begin(Str text)
{
    int64_t hash = str_find_char(text, '#');
    Str before = str_sub(text, 0, hash < 0 ? text.size : (uint32_t)hash);
    int64_t braced = str_find(before, STR("/*"));

    return braced < 0 ? before.size : (uint32_t)braced;
}

bool marks_possible(Str text)
{
    return marks_next(text, 0) < text.size;
}

void mark_add(MarkList *list, const Mark *mark)
{
    Mark *grown;

    if (list->count >= MARK_LIMIT)
        return;
    grown = arena_grow(list->arena, list->items, list->count, &list->capacity, list->count + 1u,
                       sizeof *grown);
    if (!grown)
        return;
    list->items = grown;
    grown[list->count++] = *mark;
}

/* --- parts of a mark --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* What rules, aliases and patterns are called. */
static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '/' || c == '*' || c == '?' || c == '.';
}

static char peek(const Cursor *cursor)
{
    return cursor->at < cursor->text.size ? cursor->text.data[cursor->at] : '\0';
}

static void skip_blanks(Cursor *cursor)
{
    while (is_blank(peek(cursor)))
        cursor->at++;
}

static bool take(Cursor *cursor, Str word)
{
    if (!str_starts(str_from(cursor->text, cursor->at), word))
        return false;
    cursor->at += word.size;
    return true;
}

static Span span_from(const Cursor *cursor, uint32_t start)
{
    return (Span){cursor->base.source, cursor->base.start + start, cursor->base.start + cursor->at};
}

/* A name, with its span; false where there is none. */
static bool take_name(Cursor *cursor, Mark *mark)
{
    uint32_t start = cursor->at;

    while (is_name(peek(cursor)))
        cursor->at++;
    mark->name = str_sub(cursor->text, start, cursor->at - start);
    mark->span = span_from(cursor, start);
    return mark->name.size > 0;
}

/* `[...]`, whose inside is kept and may hold list positions; false where it does not end on the
 * line. */
static bool take_condition(Cursor *cursor, Mark *mark)
{
    uint32_t start = cursor->at + 1;
    uint32_t depth = 0;

    mark->condition = (Str){"", 0};
    if (peek(cursor) != '[')
        return true;
    do {
        if (cursor->at >= cursor->text.size || peek(cursor) == '\n')
            return false;
        depth += peek(cursor) == '[';
        depth -= peek(cursor) == ']';
        cursor->at++;
    } while (depth);
    mark->condition = str_trim(str_sub(cursor->text, start, cursor->at - 1 - start));
    return true;
}

/* The rest of the line, without what ends a comment. */
static Str rest_of_line(const Cursor *cursor)
{
    Str rest = str_from(cursor->text, cursor->at);
    int64_t end = str_find_char(rest, '\n');

    if (end >= 0)
        rest = str_sub(rest, 0, (uint32_t)end);
    rest = str_trim(rest);
    if (str_ends(rest, STR("*/")))
        rest = str_trim(str_sub(rest, 0, rest.size - 2));
    return rest;
}

/* Two or four digits at `at`; -1 for anything else. */
static int digits(Str text, uint32_t at, uint32_t count)
{
    int number = 0;

    for (uint32_t i = at; i < at + count; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return -1;
        number = number * 10 + (text.data[i] - '0');
    }
    return number;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar, by counting years from March. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

/* YYYY-MM-DD to its first second; false for anything else. */
bool mark_day(Str text, int64_t *start)
{
    int year, month, day;

    if (text.size != 10 || text.data[4] != '-' || text.data[7] != '-')
        return false;
    year = digits(text, 0, 4);
    month = digits(text, 5, 2);
    day = digits(text, 8, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return false;
    *start = days_of(year, month, day) * DAY;
    return true;
}

/* --- ours --- */

#define MARK_FORM "plumb:ignore=RULE until=YYYY-MM-DD reason=\"...\""

static bool refuse(Cursor *cursor, uint32_t start, const char *what)
{
    Diag *diag =
        diag_warning(cursor->diags, DIAG_SUPPRESSION, span_from(cursor, start), "%s", what);

    diag_help(cursor->diags, diag, "nothing is suppressed here; the form is " MARK_FORM);
    return false;
}

/* Our date: the day itself still counts. */
bool mark_read_until(Str date, int64_t *until)
{
    if (!mark_day(date, until))
        return false;
    *until += DAY;
    return true;
}

/* A value, in quotes or up to the next blank. */
static Str take_value(Cursor *cursor)
{
    uint32_t start;
    char quote = peek(cursor);
    Str value;

    if (quote != '"' && quote != '\'') {
        start = cursor->at;
        while (cursor->at < cursor->text.size && !is_blank(peek(cursor)) && peek(cursor) != '\n')
            cursor->at++;
        return str_sub(cursor->text, start, cursor->at - start);
    }
    start = ++cursor->at;
    while (cursor->at < cursor->text.size && peek(cursor) != quote && peek(cursor) != '\n')
        cursor->at++;
    value = str_sub(cursor->text, start, cursor->at - start);
    cursor->at += peek(cursor) == quote;
    return value;
}

/* until=... and reason=..., in any order; other words are left alone, other fields are not, since a
 * misspelt `until` would hold for ever. */
static bool take_fields(Cursor *cursor, Mark *mark)
{
    for (;;) {
        uint32_t start;
        skip_blanks(cursor);
        start = cursor->at;
        if (cursor->at >= cursor->text.size || peek(cursor) == '\n')
            return true;
        if (take(cursor, STR("reason="))) {
            mark->reason = str_trim(take_value(cursor));
        } else if (take(cursor, STR("until="))) {
            if (!mark_read_until(take_value(cursor), &mark->until))
                return refuse(cursor, start, "`until` takes a date: until=YYYY-MM-DD");
        } else {
            Str word = take_value(cursor);
            if (str_find_char(word, '=') > 0)
                return refuse(cursor, start, "a field that is neither `until` nor `reason`");
        }
    }
}

/* id[condition], ... and the fields, which are those of all. */
static void read_plumb(Cursor *cursor, Mark mark)
{
    uint32_t first = cursor->list->count;
    uint32_t start = cursor->at;
    bool good = true;

    do {
        skip_blanks(cursor);
        good = take_name(cursor, &mark) && take_condition(cursor, &mark);
        if (good)
            mark_add(cursor->list, &mark);
        skip_blanks(cursor);
    } while (good && take(cursor, STR(",")));
    if (!good)
        refuse(cursor, start, "a suppression that names no rule");
    good = good && take_fields(cursor, &mark);
    if (!good)
        cursor->list->count = first;
    for (uint32_t i = first; i < cursor->list->count; i++) {
        cursor->list->items[i].reason = mark.reason;
        cursor->list->items[i].until = mark.until;
    }
}

/* --- the peers' --- */

/* checkov:skip=A,B:reason */
static void read_checkov(Cursor *cursor, Mark mark)
{
    uint32_t first = cursor->list->count;

    skip_blanks(cursor);
    do {
        if (!take_name(cursor, &mark))
            return;
        mark_add(cursor->list, &mark);
    } while (take(cursor, STR(",")));
    if (take(cursor, STR(":")))
        for (uint32_t i = first; i < cursor->list->count; i++)
            cursor->list->items[i].reason = rest_of_line(cursor);
}

/* ts:skip=RULE reason */
static void read_terrascan(Cursor *cursor, Mark mark)
{
    if (!take_name(cursor, &mark))
        return;
    mark.reason = rest_of_line(cursor);
    mark_add(cursor->list, &mark);
}

/* Up to the next `:` or blank. */
static Str take_section(Cursor *cursor)
{
    uint32_t start = cursor->at;

    while (cursor->at < cursor->text.size && peek(cursor) != ':' && peek(cursor) != '\n' &&
           !is_blank(peek(cursor)))
        cursor->at++;
    return str_sub(cursor->text, start, cursor->at - start);
}

/* ID[attr=value]:exp:DATE:ws:GLOB. A workspace other than the default one is not the one at hand; a
 * date that is none would hold for ever. */
static void read_trivy(Cursor *cursor, Mark mark)
{
    if (!take_name(cursor, &mark) || !take_condition(cursor, &mark))
        return;
    while (take(cursor, STR(":"))) {
        Str key = take_section(cursor);
        Str value = take(cursor, STR(":")) ? take_section(cursor) : (Str){"", 0};
        if (str_eq(key, STR("exp")) && !mark_day(value, &mark.until))
            return;
        if (str_eq(key, STR("ws")) && !str_glob(value, STR("default")))
            return;
    }
    mark_add(cursor->list, &mark);
}

static void read_names(Cursor *cursor, Mark mark)
{
    do {
        skip_blanks(cursor);
        if (!take_name(cursor, &mark))
            return;
        mark_add(cursor->list, &mark);
        skip_blanks(cursor);
    } while (take(cursor, STR(",")));
}

/* `# hadolint ignore=A,B # why`, `# hadolint global ignore=A`: all of the comment. */
static void read_hadolint(Cursor *cursor, Mark mark)
{
    for (uint32_t i = 0; i + 8 < cursor->at; i++)
        if (cursor->text.data[i] != '#' && !is_blank(cursor->text.data[i]))
            return;
    skip_blanks(cursor);
    if (take(cursor, STR("global"))) {
        mark.scope = MARK_FILE;
        skip_blanks(cursor);
    }
    if (!take(cursor, STR("ignore")))
        return;
    skip_blanks(cursor);
    if (take(cursor, STR("=")))
        read_names(cursor, mark);
}

static void add_all(Cursor *cursor, Mark mark)
{
    mark.name = STR("*");
    mark.span = cursor->base;
    mark_add(cursor->list, &mark);
}

/* kics-scan ignore, ignore-line, ignore-block, disable=ID,... */
static void read_kics(Cursor *cursor, Mark mark)
{
    skip_blanks(cursor);
    if (take(cursor, STR("disable="))) {
        read_names(cursor, mark);
    } else if (take(cursor, STR("ignore-line"))) {
        mark.scope = MARK_LINE;
        add_all(cursor, mark);
    } else if (take(cursor, STR("ignore-block"))) {
        mark.scope = MARK_NEXT;
        add_all(cursor, mark);
    } else if (take(cursor, STR("ignore")) && !is_name(peek(cursor))) {
        add_all(cursor, mark);
    }
}

/* --- comments --- */

static const Word words[] = {
    {STR_INIT("plumb:ignore="), MARK_PLUMB, MARK_NEXT, read_plumb},
    {STR_INIT("plumb:ignore-file="), MARK_PLUMB, MARK_FILE, read_plumb},
    {STR_INIT("checkov:skip="), MARK_CHECKOV, MARK_AROUND, read_checkov},
    {STR_INIT("bridgecrew:skip="), MARK_CHECKOV, MARK_AROUND, read_checkov},
    {STR_INIT("cortex:skip="), MARK_CHECKOV, MARK_AROUND, read_checkov},
    {STR_INIT("ts:skip="), MARK_TERRASCAN, MARK_AROUND, read_terrascan},
    {STR_INIT("trivy:ignore:"), MARK_TRIVY, MARK_NEXT, read_trivy},
    {STR_INIT("tfsec:ignore:"), MARK_TFSEC, MARK_NEXT, read_trivy},
    {STR_INIT("hadolint"), MARK_HADOLINT, MARK_NEXT, read_hadolint},
    {STR_INIT("kics-scan"), MARK_KICS, MARK_FILE, read_kics},
};

/* Whether a word begins here, and does not go on from a longer one. */
static bool begins_word(const Cursor *cursor)
{
    return cursor->at == 0 || !is_name(cursor->text.data[cursor->at - 1]) ||
           cursor->text.data[cursor->at - 1] == '*' || cursor->text.data[cursor->at - 1] == '/';
}

void marks_of_comment(Str text, Span at, MarkList *list, DiagSink *diags)
{
    Cursor cursor = {.text = text, .base = at, .list = list, .diags = diags};

    while (cursor.at < text.size) {
        const Word *word = NULL;
        for (size_t i = 0; begins_word(&cursor) && i < sizeof words / sizeof *words && !word; i++)
            if (take(&cursor, words[i].text))
                word = &words[i];
        if (word)
            word->read(&cursor, (Mark){.tool = word->tool,
                                       .scope = word->scope,
                                       .reason = {"", 0},
                                       .condition = {"", 0},
                                       .until = MARK_FOREVER});
        else
            cursor.at++;
    }
}

/* --- annotations --- */

/* A name as it is among the aliases of rules: "kube-linter/run-as-non-root". */
static void add_named(MarkList *list, Mark mark, Str tool, Str name)
{
    mark.name = str_join(list->arena, tool, str_trim(name));
    if (mark.name.data && mark.name.size > tool.size)
        mark_add(list, &mark);
}

/* plumb.dev/ignore-ID: "reason; until=YYYY-MM-DD" */
static void annotation_plumb(Str name, Str value, Mark mark, MarkList *list, DiagSink *diags)
{
    int64_t semicolon = str_find_last_char(value, ';');
    Str field = str_trim(str_from(value, (uint32_t)(semicolon + 1)));

    mark.tool = MARK_PLUMB;
    mark.name = name;
    mark.reason = value;
    if (str_starts(field, STR("until="))) {
        mark.reason = str_sub(value, 0, semicolon < 0 ? 0 : (uint32_t)semicolon);
        if (!mark_read_until(str_trim(str_from(field, 6)), &mark.until)) {
            Diag *diag = diag_warning(diags, DIAG_SUPPRESSION, mark.span,
                                      "`until` takes a date: until=YYYY-MM-DD");
            diag_help(diags, diag, "nothing is suppressed here");
            return;
        }
    }
    mark.reason = str_trim(mark.reason);
    mark_add(list, &mark);
}

/* "CKV_K8S_20=reason", "CKV_K8S_20" */
static void annotation_checkov(Str value, Mark mark, MarkList *list)
{
    int64_t equals = str_find_char(value, '=');

    mark.tool = MARK_CHECKOV;
    if (equals >= 0)
        mark.reason = str_trim(str_from(value, (uint32_t)equals + 1));
    add_named(list, mark, STR(""), str_sub(value, 0, equals < 0 ? UINT32_MAX : (uint32_t)equals));
}

static bool is_true(const Node *value)
{
    return (value->kind == NODE_BOOL && value->as.boolean) ||
           str_eq_nocase(node_string(value), STR("true"));
}

/* kube-score/ignore: CHECK,CHECK or *; kube-score/skip: "true". One check stands for another too.
 */
static void annotation_kube_score(Str name, const Node *value, Mark mark, MarkList *list)
{
    static const Str tool = STR_INIT("kube-score/");
    Str names = node_string(value), part;

    if (str_eq(name, STR("skip")) && is_true(value))
        add_named(list, mark, tool, STR("*"));
    while (str_eq(name, STR("ignore")) && str_split(&names, ',', &part)) {
        add_named(list, mark, tool, part);
        if (str_eq(str_trim(part), STR("container-resources")))
            add_named(list, mark, tool, STR("container-ephemeral-storage-request-and-limit"));
    }
}

/* polaris.fairwinds.com/exempt, polaris.fairwinds.com/CHECK-exempt */
static void annotation_polaris(Str name, const Node *value, Mark mark, MarkList *list)
{
    static const Str end = STR_INIT("-exempt");

    if (!is_true(value))
        return;
    if (str_eq(name, STR("exempt")))
        add_named(list, mark, STR("polaris/"), STR("*"));
    else if (str_ends(name, end))
        add_named(list, mark, STR("polaris/"), str_sub(name, 0, name.size - end.size));
}

void marks_of_annotation(Str key, const Node *value, Span at, MarkList *list, DiagSink *diags)
{
    Str text = node_string(value);
    int64_t slash = str_find_char(key, '/');
    Str domain = str_sub(key, 0, slash < 0 ? 0 : (uint32_t)slash);
    Str name = str_from(key, (uint32_t)(slash + 1));
    Mark mark = {.tool = MARK_PLUMB,
                 .scope = MARK_RESOURCE,
                 .condition = {"", 0},
                 .reason = {"", 0},
                 .until = MARK_FOREVER,
                 .span = at};

    if (str_eq(domain, STR("plumb.dev")) && str_starts(name, STR("ignore-"))) {
        annotation_plumb(str_from(name, 7), text, mark, list, diags);
    } else if (str_eq(domain, STR("checkov.io")) || str_eq(domain, STR("bridgecrew.io")) ||
               str_eq(domain, STR("cortex.io"))) {
        if (str_starts(name, STR("skip")))
            annotation_checkov(text, mark, list);
    } else if (str_eq(domain, STR("ignore-check.kube-linter.io"))) {
        mark.tool = MARK_KUBE_LINTER;
        mark.reason = str_trim(text);
        add_named(list, mark, STR("kube-linter/"), name);
    } else if (str_eq(domain, STR("kube-linter.io")) && str_eq(name, STR("ignore-all"))) {
        mark.tool = MARK_KUBE_LINTER;
        mark.reason = str_trim(text);
        add_named(list, mark, STR("kube-linter/"), STR("*"));
    } else if (str_eq(domain, STR("kube-score"))) {
        mark.tool = MARK_KUBE_SCORE;
        annotation_kube_score(name, value, mark, list);
    } else if (str_eq(domain, STR("polaris.fairwinds.com"))) {
        mark.tool = MARK_POLARIS;
        annotation_polaris(name, value, mark, list);
    }
}
