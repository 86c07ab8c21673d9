/*
 * ir/address.h - Terraform's addresses and references, taken apart
 *
 * `module.a["x.y"].data.aws_ami.b[0].id` is a row of steps, each a name with an optional instance
 * key in brackets. The results are views into the text that was given.
 */
#ifndef PLUMB_IR_ADDRESS_H
#define PLUMB_IR_ADDRESS_H

#include "base/str.h"

/* One step: its name, and its key with the brackets, empty where there is none. */
typedef struct AddressStep {
    Str name;
    Str key;
} AddressStep;

/* Takes the next step and the dot after it off the front of `*rest`. More than one key (`a[0][1]`)
 * stays with the rest as a step without a name. False at the end. */
bool address_step(Str *rest, AddressStep *step);

typedef struct Address {
    Str module; /* "module.a[0].module.b"; empty for the root module */
    Str local;  /* what follows, up to and with the name: "data.aws_ami.b" */
    bool data;
    Str type;
    Str name;
    Str key;       /* of the resource, `[0]` */
    Str attribute; /* what follows: "id", "ebs_block_device[0].volume_id" */
} Address;

/* Takes apart the address of a resource or a reference to one. False where the text is no such
 * thing (`var.x`, `module.m.output`); `*address` then holds what was understood. */
bool address_take_apart(Str text, Address *address);

/* The path of the module that calls the module at `path`, and the last call of the path: of
 * "module.a[0].module.b", "module.a[0]" and {b}. False for the root module. */
bool address_caller(Str path, Str *caller, AddressStep *call);

/* Whether reference `longer` begins with all of `shorter`: "a.b[0].id" with "a.b", not "a.bc". */
bool address_extends(Str longer, Str shorter);

#endif
