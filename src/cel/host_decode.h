/*
 * cel/host_decode.h - documents inside strings
 *
 * An IAM policy in a plan, YAML in a ConfigMap: text that is an input of its own. It is read once a
 * unit, as a decoded source, so that a finding inside it points at the place that the user can
 * edit.
 */
#ifndef PLUMB_CEL_HOST_DECODE_H
#define PLUMB_CEL_HOST_DECODE_H

#include "cel/machine.h"

typedef enum HostSyntax {
    HOST_JSON,
    HOST_YAML, /* the first document, as Kubernetes reads it */
} HostSyntax;

/* The document that the string `text` holds, in the unit's arena. NULL when it holds none, or the
 * machine has no unit, or memory is short. */
const Node *host_decode(CelMachine *machine, CelValue text, HostSyntax syntax);

#endif
