/* json.parse() and yaml.parse(). */
#include "cel/host.h"
#include "cel/host_decode.h"

/* Of a text of which only parts are unknown, a template or jsonencode(), the rest is there. */
static CelValue of_unknown(CelValue text)
{
    const Node *decoded = text.flags & CEL_VAGUE ? NULL : cel_unknown_of(text)->decoded;

    return decoded ? cel_from_node(decoded) : cel_vague(text);
}

static CelValue parse(CelMachine *machine, const CelValue *args, HostSyntax syntax, Str cause)
{
    const Node *node;
    CelValue result;
    Str text;

    if (args[0].kind == CEL_UNKNOWN)
        return of_unknown(args[0]);
    if (args[0].kind == CEL_ERROR)
        return args[0];
    if (host_settled(machine, args, &text, &result))
        return result;
    if (!cel_charge(machine, text.size / 16))
        return cel_exhausted(machine);
    node = host_decode(machine, args[0], syntax);
    if (node)
        return cel_from_node(node);
    result = cel_unknown(machine, cause);
    result.origin = args[0].origin;
    return result;
}

CelValue cel_host_json_parse(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return parse(machine, args, HOST_JSON, STR("text that is no JSON"));
}

CelValue cel_host_yaml_parse(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return parse(machine, args, HOST_YAML, STR("text that is no YAML"));
}
