#include "report/config_schema.h"

#include "base/json_doc.h"
#include "scan/config_keys.h"

static void put_z(JsonDoc *doc, const char *key, const char *text)
{
    json_put_string(doc, key, str_of(text));
}

/* A type that may also be left empty. */
static void put_type(JsonDoc *doc, const char *type)
{
    json_key(doc, "type");
    json_begin(doc, '[');
    json_string(doc, str_of(type));
    json_string(doc, STR("null"));
    json_end(doc, ']');
}

static void add_properties(JsonDoc *doc, ConfigKey parent);

static void add_closed(JsonDoc *doc, ConfigKey parent)
{
    json_key(doc, "additionalProperties");
    json_bool(doc, false);
    json_key(doc, "properties");
    add_properties(doc, parent);
}

static void add_words(JsonDoc *doc, ConfigShape shape)
{
    uint32_t count;
    const Str *words = config_words(shape, &count);

    json_key(doc, "enum");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < count; i++)
        json_string(doc, words[i]);
    json_end(doc, ']');
}

/* What is left empty, or the first of other things. */
static void begin_optional(JsonDoc *doc)
{
    json_key(doc, "anyOf");
    json_begin(doc, '[');
    json_begin(doc, '{');
    put_z(doc, "type", "null");
    json_end(doc, '}');
    json_begin(doc, '{');
}

static void end_optional(JsonDoc *doc)
{
    json_end(doc, '}');
    json_end(doc, ']');
}

/* One text, of a fixed set of them where the shape has one. */
static void add_text(JsonDoc *doc, ConfigShape shape)
{
    if (shape == CONFIG_SHAPE_TOOLS) {
        add_words(doc, shape);
        return;
    }
    put_z(doc, "type", "string");
    json_put_number(doc, "minLength", 1);
}

/* A text or a list of texts. */
static void add_texts(JsonDoc *doc, ConfigShape shape)
{
    begin_optional(doc);
    add_text(doc, shape);
    json_end(doc, '}');
    json_begin(doc, '{');
    put_z(doc, "type", "array");
    json_key(doc, "items");
    json_begin(doc, '{');
    add_text(doc, shape);
    json_end(doc, '}');
    end_optional(doc);
}

static void add_by_rule(JsonDoc *doc, ConfigShape shape)
{
    put_type(doc, "object");
    json_key(doc, "additionalProperties");
    json_begin(doc, '{');
    if (shape == CONFIG_SHAPE_SEVERITIES)
        add_words(doc, shape);
    else
        put_z(doc, "type", "object");
    json_end(doc, '}');
}

/* Text that YAML may take for a number. */
static void add_version(JsonDoc *doc, const char *pattern)
{
    json_key(doc, "type");
    json_begin(doc, '[');
    json_string(doc, STR("string"));
    json_string(doc, STR("number"));
    json_string(doc, STR("null"));
    json_end(doc, ']');
    put_z(doc, "pattern", pattern);
}

static void add_number(JsonDoc *doc, ConfigShape shape)
{
    put_type(doc, "integer");
    json_put_number(doc, "minimum", 1);
    json_put_number(doc, "maximum", config_number_most(shape));
}

/* Maps with the keys below `key`: in a list, or by name. */
static void add_parts(JsonDoc *doc, ConfigKey key)
{
    bool list = config_key(key)->shape == CONFIG_SHAPE_LIST;

    put_type(doc, list ? "array" : "object");
    json_key(doc, list ? "items" : "additionalProperties");
    json_begin(doc, '{');
    put_type(doc, "object");
    if (key == CONFIG_OVERRIDES) {
        json_key(doc, "required");
        json_begin(doc, '[');
        json_string(doc, config_key(CONFIG_OVERRIDE_PATHS)->name);
        json_end(doc, ']');
    }
    add_closed(doc, key);
    json_end(doc, '}');
}

static void add_word(JsonDoc *doc, ConfigShape shape)
{
    begin_optional(doc);
    add_words(doc, shape);
    end_optional(doc);
}

static void add_shape(JsonDoc *doc, ConfigKey key)
{
    ConfigShape shape = config_key(key)->shape;

    switch (shape) {
    case CONFIG_SHAPE_MAP:
        put_type(doc, "object");
        add_closed(doc, key);
        break;
    case CONFIG_SHAPE_LIST:
    case CONFIG_SHAPE_NAMED:
        add_parts(doc, key);
        break;
    case CONFIG_SHAPE_TEXTS:
    case CONFIG_SHAPE_PATHS:
    case CONFIG_SHAPE_GLOBS:
    case CONFIG_SHAPE_RULES:
    case CONFIG_SHAPE_TOOLS:
        add_texts(doc, shape);
        break;
    case CONFIG_SHAPE_SEVERITIES:
    case CONFIG_SHAPE_PARAMS:
        add_by_rule(doc, shape);
        break;
    case CONFIG_SHAPE_RULESET:
        add_version(doc, "^[0-9]+([.][0-9]+)*$");
        break;
    case CONFIG_SHAPE_VERSION:
        add_version(doc, "^(latest|v?1[.][0-9]+)$");
        break;
    case CONFIG_SHAPE_SCORE:
    case CONFIG_SHAPE_DAYS:
        add_number(doc, shape);
        break;
    case CONFIG_SHAPE_BOOL:
        put_type(doc, "boolean");
        break;
    case CONFIG_SHAPE_LEVEL:
    case CONFIG_SHAPE_SEVERITY:
    case CONFIG_SHAPE_SEVERITY_NONE:
        add_word(doc, shape);
        break;
    }
}

static void add_properties(JsonDoc *doc, ConfigKey parent)
{
    json_begin(doc, '{');
    for (ConfigKey key = CONFIG_ROOT + 1; key < CONFIG_KEY_COUNT; key++) {
        if (config_key(key)->parent != parent)
            continue;
        json_key(doc, config_key(key)->name.data);
        json_begin(doc, '{');
        put_z(doc, "description", config_key(key)->help);
        add_shape(doc, key);
        json_end(doc, '}');
    }
    json_end(doc, '}');
}

void config_schema_write(Out *out)
{
    JsonDoc doc = json_doc(out);

    json_begin(&doc, '{');
    put_z(&doc, "$schema", "https://json-schema.org/draft/2020-12/schema");
    put_z(&doc, "title", "plumb.yaml");
    put_z(&doc, "description", "What plumb looks at, by which rules, and what blocks.");
    put_type(&doc, "object");
    add_closed(&doc, CONFIG_ROOT);
    json_end(&doc, '}');
}
