/*
 * cel/access.h - fields and elements, present and absent
 *
 * What the input does not have reads as an input null; what a value of the expression's own does
 * not have is an error. An unknown gives an unknown.
 */
#ifndef PLUMB_CEL_ACCESS_H
#define PLUMB_CEL_ACCESS_H

#include "cel/machine.h"

/* object.name; `symbol` is the number of the name in the machine's symbols. */
CelValue access_field(CelMachine *machine, CelValue object, Symbol symbol);

/* The same by `count` names in turn; `symbols` are words of code. `found` may be `object` itself.
 */
void access_path(CelMachine *machine, const CelValue *object, const uint8_t *symbols,
                 uint32_t count, CelValue *found);

/* has(object.name): a bool or unknown. A null of the input counts as absent. */
CelValue access_has(CelMachine *machine, CelValue object, Symbol symbol);

/* object.?name: an optional. */
CelValue access_optional_field(CelMachine *machine, CelValue object, Symbol symbol);

/* container[key], container[?key]. The other one knows the key's symbol beforehand. */
CelValue access_index(CelMachine *machine, CelValue container, CelValue key);
CelValue access_optional_index(CelMachine *machine, CelValue container, CelValue key);
CelValue access_key(CelMachine *machine, CelValue container, Symbol symbol, CelValue key);

/* item in container. */
CelValue access_in(CelMachine *machine, CelValue item, CelValue container);

#endif
