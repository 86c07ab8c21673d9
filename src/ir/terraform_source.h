/*
 * ir/terraform_source.h - where a module that somebody keeps in a directory of their own would be
 *
 * The source of a module call names a registry, a repository or an archive. Without a network, only
 * its names are left to look it up by.
 */
#ifndef PLUMB_IR_TERRAFORM_SOURCE_H
#define PLUMB_IR_TERRAFORM_SOURCE_H

#include "base/str.h"

#define TF_SOURCE_PATHS_MAX 16u

/* The paths, relative to such a directory, under which the module `source`, called as `name`, may
 * be kept; the most exact first: "example.org/net/vpc/aws", "net/vpc/aws", ...,
 * "terraform-aws-vpc", the name of the call. Their number; the texts are in `arena`. */
uint32_t tf_source_paths(Str source, Str name, Arena *arena, Str paths[TF_SOURCE_PATHS_MAX]);

#endif
