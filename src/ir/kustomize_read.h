/*
 * ir/kustomize_read.h - the files that kustomizations name, and the text that stands in them
 */
#ifndef PLUMB_IR_KUSTOMIZE_READ_H
#define PLUMB_IR_KUSTOMIZE_READ_H

#include "ir/kustomize_parts.h"
#include "syntax/yaml.h"

/* A path that `dir` names, from the boundary, and whether it leads out of that. */
Str kust_path(const KustDir *dir, Str name);
bool kust_leads_out(Str path);

/* The file at `path` as a source of the unit, the same one whenever it is asked for. NULL where it
 * cannot be read. */
Source *kust_source(KustBuild *build, Str path);

/* Says that what `node` names is not there, in `what` way; the first few of a kustomization one by
 * one. Always false. */
bool kust_missing(KustBuild *build, const Node *node, Str name, const char *what);

/* The file that `node` names, seen from `dir`. NULL where it cannot be read, which is reported the
 * first time. */
Source *kust_named_source(const KustDir *dir, const Node *node, Str name);

/* The documents of a source, typed as Kubernetes types them, in a tree of their own. Mistakes are
 * reported; what could be read is there. */
void kust_documents(KustBuild *build, Source *source, YamlDocument **documents, uint32_t *count);

/* How many documents the file has that the text `path` names, seen from `dir`; 0 where it cannot be
 * read. */
uint32_t kust_named_documents(const KustDir *dir, const Node *path, YamlDocument **documents);

#endif
