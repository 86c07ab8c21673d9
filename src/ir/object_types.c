#include "ir/object_types.h"

Str value_form_word(ValueForm form)
{
    static const Str words[] = {
#define FORM(name, word, what) STR_INIT(word),
#include "ir/value_forms.def"
    };

    return words[form];
}

Str value_form_text(ValueForm form)
{
    static const Str texts[] = {
#define FORM(name, word, what) STR_INIT(what),
#include "ir/value_forms.def"
    };

    return texts[form];
}

/* The first entry of a kind; `kind_count` where all are less. */
static uint32_t first_of_kind(const ObjectTypes *types, Symbol kind)
{
    uint32_t low = 0, high = types->kind_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (types->kinds[middle].kind < kind)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool object_types_find(const ObjectTypes *types, const Symbols *symbols, Symbol kind,
                       Str api_version, uint32_t *type)
{
    uint32_t i = kind == SYMBOL_NONE ? types->kind_count : first_of_kind(types, kind);

    for (; i < types->kind_count && types->kinds[i].kind == kind; i++)
        if (str_eq(symbols_name(symbols, types->kinds[i].api_version), api_version)) {
            *type = types->kinds[i].type;
            return true;
        }
    return false;
}
