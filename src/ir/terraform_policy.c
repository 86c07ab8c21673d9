#include "ir/terraform_policy.h"

bool tf_policy_attribute(TfWorld *world, const TfInstance *instance, Str name, Span at,
                         Node *value)
{
    (void)world;
    (void)instance;
    (void)name;
    (void)at;
    (void)value;
    return false;
}
