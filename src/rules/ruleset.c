#include "rules/ruleset.h"

static const BlobHeader *header_of(const RuleSet *set)
{
    return (const BlobHeader *)(const void *)set->bytes;
}

static const void *at(const RuleSet *set, uint32_t offset)
{
    return set->bytes + offset;
}

static Str text_at(const RuleSet *set, BlobText text)
{
    return (Str){(const char *)set->bytes + text.offset, text.size};
}

Str rule_variable_name(RuleVariable variable)
{
    static const Str names[] = {
#define RULE_VARIABLE(name, id) STR_INIT(id),
#include "rules/variables.def"
#undef RULE_VARIABLE
    };

    return names[variable];
}

bool ruleset_open(const void *bytes, size_t size, RuleSet *set)
{
    const BlobHeader *header = bytes;

    if (size < sizeof *header || memcmp(header->magic, BLOB_MAGIC, sizeof header->magic) != 0 ||
        header->format != BLOB_FORMAT || header->size != size)
        return false;
    *set = (RuleSet){.bytes = bytes, .size = header->size};
    set->symbols = (SymbolTable){
        .slots = at(set, header->slots.offset),
        .slot_count = header->slots.count,
        .names = at(set, header->names.offset),
        .count = header->names.count - 1,
        .text = at(set, header->texts),
    };
    set->objects = (ObjectTypes){
        .kinds = at(set, header->objects.kinds.offset),
        .kind_count = header->objects.kinds.count,
        .types = at(set, header->objects.types),
        .names = at(set, header->objects.names),
        .fields = at(set, header->objects.fields),
    };
    return true;
}

Symbols ruleset_symbols(const RuleSet *shipped, const RuleSet *user)
{
    Symbols symbols = {.fixed = shipped->symbols};

    if (user)
        symbols.added = user->symbols;
    return symbols;
}

Str ruleset_version(const RuleSet *set)
{
    return text_at(set, header_of(set)->version);
}

Str ruleset_hash(const RuleSet *set)
{
    return text_at(set, header_of(set)->hash);
}

static uint64_t number_of(Str digits)
{
    uint64_t number = 0;

    for (uint32_t i = 0; i < digits.size && number < UINT32_MAX; i++)
        if (digits.data[i] >= '0' && digits.data[i] <= '9')
            number = number * 10 + (uint64_t)(digits.data[i] - '0');
    return number;
}

int ruleset_version_cmp(Str a, Str b)
{
    for (;;) {
        Str left = {"", 0}, right = {"", 0};
        bool more_left = str_split(&a, '.', &left);
        bool more_right = str_split(&b, '.', &right);
        uint64_t x = number_of(left), y = number_of(right);

        if (x != y || (!more_left && !more_right))
            return (x > y) - (x < y);
        if (more_left != more_right)
            return more_left ? 1 : -1;
    }
}

uint32_t ruleset_rule_count(const RuleSet *set)
{
    return header_of(set)->rules.count;
}

const uint8_t *ruleset_lives(const RuleSet *set)
{
    return at(set, header_of(set)->lives.offset);
}

uint32_t ruleset_shared_count(const RuleSet *set)
{
    return header_of(set)->shared;
}

const Rule *ruleset_rule(const RuleSet *set, uint32_t number)
{
    return (const Rule *)at(set, header_of(set)->rules.offset) + number;
}

bool rule_matches(const Rule *rule, Str name)
{
    if (str_glob(name, rule_id(rule)))
        return true;
    for (uint32_t i = 0; i < rule_alias_count(rule); i++)
        if (str_glob(name, rule_alias(rule, i)))
            return true;
    return false;
}

bool rule_name_is_pattern(Str name)
{
    return str_find_char(name, '*') >= 0 || str_find_char(name, '?') >= 0;
}

/* Trivy has the same ids with and without this prefix. */
static Str bare_name(Str name)
{
    return name.size > 4 && str_eq_nocase(str_sub(name, 0, 4), STR("AVD-")) ? str_from(name, 4)
                                                                            : name;
}

/* The number that a text is, of at most nine digits; false for anything else. */
static bool id_number(Str text, uint32_t *number)
{
    *number = 0;
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *number = *number * 10 + (uint32_t)(text.data[i] - '0');
    }
    return text.size > 0 && text.size < 10;
}

/* KSV014 for KSV-0014: the form in which trivy wrote ids before. */
static bool is_short_form(Str alias, Str name)
{
    Str letters = {0};
    int64_t hyphen;
    uint32_t a, b;

    /* Most differ in their first letter. */
    if (alias.size && name.size && ((alias.data[0] ^ name.data[0]) & ~0x20) == 0) {
        hyphen = str_find_char(alias, '-');
        letters = str_sub(alias, 0, hyphen < 0 ? 0 : (uint32_t)hyphen);
    }
    return letters.size && str_eq_nocase(letters, str_sub(name, 0, letters.size)) &&
           id_number(str_from(alias, letters.size + 1), &a) &&
           id_number(str_from(name, letters.size), &b) && a == b;
}

static bool is_alias(Str alias, Str name)
{
    alias = bare_name(alias);
    name = bare_name(name);
    return str_eq_nocase(alias, name) || is_short_form(alias, name);
}

AliasSet rule_called(const Rule *rule, Str name)
{
    bool pattern = rule_name_is_pattern(name);
    AliasSet means = 0;

    if (pattern ? str_glob(name, rule_id(rule)) : str_eq_nocase(rule_id(rule), name))
        return ALIASES_ALL;
    for (uint32_t i = 0; i < rule_alias_count(rule) && means != ALIASES_ALL; i++) {
        Str alias = rule_alias(rule, i);
        if (pattern ? str_glob(name, alias) : is_alias(alias, name))
            means |= rule_alias_means(rule, i);
    }
    return means;
}

bool rule_is_called(const Rule *rule, Str name)
{
    return rule_called(rule, name) != 0;
}

uint32_t rule_name_hash(Str name)
{
    uint32_t hash = 2166136261u;

    name = bare_name(name);
    for (uint32_t i = 0; i < name.size; i++) {
        unsigned char c = (unsigned char)name.data[i];
        if (c != '-' && c != '0')
            hash = (hash ^ (c >= 'A' && c <= 'Z' ? c | 0x20u : c)) * 16777619u;
    }
    return hash;
}

RuleNames ruleset_names(const RuleSet *set, Str name)
{
    const BlobCalled *items = at(set, header_of(set)->called.offset);
    uint32_t low = 0, high = header_of(set)->called.count, hash = rule_name_hash(name);
    RuleNames names = {.set = set, .name = name};

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (items[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    names.at = low;
    while (low < header_of(set)->called.count && items[low].hash == hash)
        low++;
    names.end = low;
    return names;
}

const Rule *ruleset_next_called(RuleNames *names)
{
    const BlobCalled *items = at(names->set, header_of(names->set)->called.offset);

    while (names->at < names->end) {
        uint32_t number = items[names->at++].rule;
        bool again = names->at >= 2 && items[names->at - 2].rule == number &&
                     items[names->at - 2].hash == items[names->at - 1].hash;
        const Rule *rule = ruleset_rule(names->set, number);
        if (!again && rule_is_called(rule, names->name))
            return rule;
    }
    return NULL;
}

static bool has_alias(const Rule *rule, Str name)
{
    for (uint32_t i = 0; i < rule_alias_count(rule); i++)
        if (str_eq_nocase(rule_alias(rule, i), name))
            return true;
    return false;
}

const Rule *ruleset_find(const RuleSet *const *sets, uint32_t set_count, Str name)
{
    for (int aliases = 0; aliases < 2; aliases++)
        for (uint32_t s = 0; s < set_count; s++)
            for (uint32_t i = 0; i < ruleset_rule_count(sets[s]); i++) {
                const Rule *rule = ruleset_rule(sets[s], i);
                if (aliases ? has_alias(rule, name) : str_eq(rule_id(rule), name))
                    return rule;
            }
    return NULL;
}

const Rule *ruleset_rule_at(const RuleSet *const *sets, uint32_t number)
{
    uint32_t set = 0;

    while (number >= ruleset_rule_count(sets[set]))
        number -= ruleset_rule_count(sets[set++]);
    return ruleset_rule(sets[set], number);
}

uint32_t ruleset_total(const RuleSet *const *sets, uint32_t set_count)
{
    uint32_t total = 0;

    for (uint32_t i = 0; i < set_count; i++)
        total += ruleset_rule_count(sets[i]);
    return total;
}

static uint32_t add_names(const RuleSet *set, Str *names, uint32_t count)
{
    for (uint32_t i = 0; i < ruleset_rule_count(set); i++) {
        const Rule *rule = ruleset_rule(set, i);
        if (names)
            names[count] = rule_id(rule);
        count++;
        for (uint32_t j = 0; j < rule_alias_count(rule); j++, count++)
            if (names)
                names[count] = rule_alias(rule, j);
    }
    return count;
}

Str ruleset_nearest(const RuleSet *const *sets, uint32_t set_count, Str name, Arena *arena)
{
    uint32_t count = 0;
    Str *names;

    for (uint32_t i = 0; i < set_count; i++)
        count = add_names(sets[i], NULL, count);
    names = ARENA_ARRAY(arena, Str, count + 1u);
    if (!names)
        return (Str){"", 0};
    count = 0;
    for (uint32_t i = 0; i < set_count; i++)
        count = add_names(sets[i], names, count);
    return str_nearest(name, names, count);
}

static RuleNumbers numbers_at(const RuleSet *set, BlobList list)
{
    return (RuleNumbers){at(set, list.offset), list.count};
}

RuleNumbers ruleset_for_type(const RuleSet *set, Symbol type)
{
    const BlobType *types = at(set, header_of(set)->types.offset);
    uint32_t low = 0, high = header_of(set)->types.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (types[middle].type == type)
            return numbers_at(set, types[middle].rules);
        if (types[middle].type < type)
            low = middle + 1;
        else
            high = middle;
    }
    return (RuleNumbers){NULL, 0};
}

RuleNumbers ruleset_for_pod(const RuleSet *set)
{
    return numbers_at(set, header_of(set)->pod);
}

RuleNumbers ruleset_for_any(const RuleSet *set)
{
    return numbers_at(set, header_of(set)->any);
}

void ruleset_for_glob(const RuleSet *set, Str type, RuleNumberFn *each, void *context)
{
    const BlobGlob *globs = at(set, header_of(set)->globs.offset);

    for (uint32_t i = 0; i < header_of(set)->globs.count; i++)
        if (str_glob(text_at(set, globs[i].pattern), type))
            each(context, globs[i].rule);
}

static const void *from_rule(const Rule *rule, uint32_t offset)
{
    return (const char *)rule - rule->self + offset;
}

RulePath rule_path(const Rule *rule, BlobList needs, uint32_t index)
{
    const BlobPath *path = (const BlobPath *)from_rule(rule, needs.offset) + index;

    return (RulePath){from_rule(rule, path->symbols.offset), path->symbols.count, path->pod};
}

const BlobPart *rule_part(const Rule *rule, BlobList parts, uint32_t index)
{
    return (const BlobPart *)from_rule(rule, parts.offset) + index;
}

const BlobCase *rule_case(const Rule *rule, uint32_t index)
{
    return (const BlobCase *)from_rule(rule, rule->cases.offset) + index;
}

const BlobAliasPart *rule_alias_part(const Rule *rule, uint32_t index)
{
    return (const BlobAliasPart *)from_rule(rule, rule->alias_parts.offset) + index;
}

const BlobRelated *rule_related(const Rule *rule, uint32_t index)
{
    return (const BlobRelated *)from_rule(rule, rule->related.offset) + index;
}

const BlobEdit *rule_edit(const Rule *rule, uint32_t index)
{
    return (const BlobEdit *)from_rule(rule, rule->edits.offset) + index;
}

Str rule_text(const Rule *rule, BlobText text)
{
    return (Str){from_rule(rule, text.offset), text.size};
}

Str rule_part_type(const Rule *rule, const BlobAliasPart *part, uint32_t index)
{
    const BlobText *types = from_rule(rule, part->types.offset);

    return rule_text(rule, types[index]);
}

static Node decode(const uint8_t *bytes, const BlobData *data, Arena *arena);

static Node decode_list(const uint8_t *bytes, const BlobData *data, Arena *arena)
{
    const BlobData *items = (const void *)(bytes + data->as.offset);
    Node *nodes = ARENA_ARRAY(arena, Node, data->count);

    for (uint32_t i = 0; nodes && i < data->count; i++)
        nodes[i] = decode(bytes, &items[i], arena);
    return node_make_list(SPAN_NONE, nodes, nodes ? data->count : 0);
}

static Node decode_map(const uint8_t *bytes, const BlobData *data, Arena *arena)
{
    const BlobField *fields = (const void *)(bytes + data->as.offset);
    Entry *entries = ARENA_ARRAY(arena, Entry, data->count);

    for (uint32_t i = 0; entries && i < data->count; i++)
        entries[i] = (Entry){.key = (const char *)bytes + fields[i].key.offset,
                             .key_size = fields[i].key.size,
                             .symbol = fields[i].symbol,
                             .value = decode(bytes, &fields[i].value, arena)};
    return node_make_map(SPAN_NONE, entries, entries ? data->count : 0);
}

/* The nesting is that of a rule file, which its reader has limited. */
static Node decode(const uint8_t *bytes, const BlobData *data, Arena *arena)
{
    switch ((NodeKind)data->kind) {
    case NODE_BOOL:
        return node_make_bool(SPAN_NONE, data->as.integer != 0);
    case NODE_INT:
        return node_make_int(SPAN_NONE, data->as.integer);
    case NODE_DOUBLE:
        return node_make_double(SPAN_NONE, data->as.number);
    case NODE_STRING:
        return node_make_string(SPAN_NONE,
                                (Str){(const char *)bytes + data->as.offset, data->count});
    case NODE_LIST:
        return decode_list(bytes, data, arena);
    case NODE_MAP:
        return decode_map(bytes, data, arena);
    default:
        return node_make_null(SPAN_NONE);
    }
}

/* The data at an offset of the rule's set; a null for offset 0. */
static Node data_at(const Rule *rule, uint32_t offset, Arena *arena)
{
    const uint8_t *bytes = from_rule(rule, 0);

    if (!offset)
        return node_make_null(SPAN_NONE);
    return decode(bytes, (const void *)(bytes + offset), arena);
}

Node rule_params(const Rule *rule, Arena *arena)
{
    return data_at(rule, rule->params, arena);
}

Node rule_admission(const Rule *rule, Arena *arena)
{
    return data_at(rule, rule->admission, arena);
}

Str rule_edit_field(const Rule *rule, const BlobEdit *edit, uint32_t index)
{
    const BlobText *fields = from_rule(rule, edit->path.offset);

    return rule_text(rule, fields[index]);
}

Node rule_edit_value(const Rule *rule, const BlobEdit *edit, Arena *arena)
{
    return data_at(rule, edit->value, arena);
}

ProviderDefaults ruleset_defaults(const RuleSet *set, Arena *arena)
{
    const BlobDefault *defaults = at(set, header_of(set)->defaults.offset);
    uint32_t count = header_of(set)->defaults.count;
    ProviderDefault *items = ARENA_ARRAY(arena, ProviderDefault, count);

    for (uint32_t i = 0; items && i < count; i++) {
        items[i] = (ProviderDefault){.type = defaults[i].type,
                                     .path = text_at(set, defaults[i].path),
                                     .value = decode(set->bytes, &defaults[i].value, arena)};
        items[i].value.flags |= NODE_DEFAULTED;
    }
    return (ProviderDefaults){items, items ? count : 0};
}
