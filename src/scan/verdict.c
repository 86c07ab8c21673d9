#include "scan/verdict.h"

/* Most texts are there once for all verdicts that have them. */
static int compare(Str a, Str b)
{
    return a.data == b.data && a.size == b.size ? 0 : str_cmp(a, b);
}

int verdict_cmp(const Verdict *x, const Verdict *y)
{
    int order = compare(x->place.file, y->place.file);

    if (order == 0)
        order = position_cmp(x->place.start, y->place.start);
    if (order == 0)
        order = compare(rule_id(x->rule), rule_id(y->rule));
    if (order == 0)
        order = compare(x->resource, y->resource);
    if (order == 0)
        order = str_cmp(x->attribute, y->attribute);
    if (order == 0)
        order = str_cmp(x->element, y->element);
    return order;
}
