#include "ir/address.h"

/* The end of the bracket that opens at `from`; quoted keys may hold brackets and escapes. */
static uint32_t key_end(Str text, uint32_t from)
{
    bool quoted = false;

    for (uint32_t i = from + 1; i < text.size; i++) {
        char c = text.data[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (c == ']' && !quoted)
            return i + 1;
    }
    return text.size;
}

bool address_step(Str *rest, AddressStep *step)
{
    uint32_t name_end = 0, end;

    if (rest->size == 0)
        return false;
    while (name_end < rest->size && rest->data[name_end] != '.' && rest->data[name_end] != '[')
        name_end++;
    end =
        name_end < rest->size && rest->data[name_end] == '[' ? key_end(*rest, name_end) : name_end;
    step->name = str_sub(*rest, 0, name_end);
    step->key = str_sub(*rest, name_end, end - name_end);
    if (end < rest->size && rest->data[end] == '.')
        end++;
    *rest = str_from(*rest, end);
    return true;
}

/* The text from `begin` to where `rest`, its tail, starts, without the dot between. */
static Str before(Str begin, Str rest)
{
    uint32_t size = begin.size - rest.size;

    if (size > 0 && begin.data[size - 1] == '.')
        size--;
    return str_sub(begin, 0, size);
}

static bool is_word(AddressStep step, const char *word)
{
    return step.key.size == 0 && str_eq(step.name, str_of(word));
}

/* Takes `module.NAME` pairs off the front of `*rest`. An output after the last one is left. */
static Str take_modules(Str text, Str *rest)
{
    Str ahead = text;
    AddressStep word, name;

    *rest = text;
    while (address_step(&ahead, &word) && is_word(word, "module") && address_step(&ahead, &name))
        *rest = ahead;
    return before(text, *rest);
}

/* Words that begin a reference to something that is no resource. */
static bool names_no_resource(AddressStep step)
{
    static const char *const words[] = {"var",  "local",     "each", "count",
                                        "path", "terraform", "self", "module"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(step.name, str_of(words[i])))
            return true;
    return step.name.size == 0;
}

bool address_take_apart(Str text, Address *address)
{
    Str local, rest;
    AddressStep type, name;

    *address = (Address){.module = take_modules(text, &local)};
    rest = local;
    if (!address_step(&rest, &type) || names_no_resource(type))
        return false;
    address->data = is_word(type, "data");
    if (is_word(type, "resource"))
        local = rest;
    if ((address->data || is_word(type, "resource")) && !address_step(&rest, &type))
        return false;
    if (type.key.size > 0 || !address_step(&rest, &name) || name.name.size == 0)
        return false;
    address->type = type.name;
    address->name = name.name;
    address->key = name.key;
    address->attribute = rest;
    address->local = str_range(local.data, name.name.data + name.name.size);
    return true;
}

bool address_caller(Str path, Str *caller, AddressStep *call)
{
    Str rest = path, last = path;
    AddressStep word;
    bool found = false;

    while (address_step(&rest, &word) && address_step(&rest, call)) {
        *caller = before(path, last);
        last = rest;
        found = true;
    }
    return found;
}

bool address_extends(Str longer, Str shorter)
{
    return longer.size > shorter.size && str_starts(longer, shorter) &&
           (longer.data[shorter.size] == '.' || longer.data[shorter.size] == '[');
}
