#include "scan/verdict.h"

int verdict_cmp(const Verdict *x, const Verdict *y)
{
    int order = str_cmp(x->place.file, y->place.file);

    if (order == 0)
        order = position_cmp(x->place.start, y->place.start);
    if (order == 0)
        order = str_cmp(rule_id(x->rule), rule_id(y->rule));
    if (order == 0)
        order = str_cmp(x->resource, y->resource);
    if (order == 0)
        order = str_cmp(x->attribute, y->attribute);
    if (order == 0)
        order = str_cmp(x->element, y->element);
    return order;
}
