#include "cel/code.h"

#include "cel/unify.h"

CelValue code_value(const uint8_t *pool, uint32_t offset)
{
    CodeConst constant = code_const(pool, offset);
    CelValue value = {.kind = (uint8_t)constant.kind};

    switch ((CelKind)constant.kind) {
    case CEL_STRING:
    case CEL_BYTES:
        value.size = constant.size;
        value.as.text = (const char *)pool + offset + sizeof constant;
        break;
    case CEL_ERROR:
        value.as.error = (const char *)pool + offset + sizeof constant;
        break;
    case CEL_TYPE:
        value.as.type = cel_type_plain((CelTypeKind)constant.bits);
        break;
    default:
        value.as.unsigned_integer = constant.bits;
        break;
    }
    return value;
}
