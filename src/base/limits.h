/*
 * base/limits.h - every size that plumb refuses to exceed, with its reason
 *
 * Inputs are hostile: whatever a file can make large or deep has a limit here. `make tiny`
 * builds with PLUMB_TINY, where blocks hold a few bytes, so that every growth path runs.
 */
#ifndef PLUMB_BASE_LIMITS_H
#define PLUMB_BASE_LIMITS_H

/* Offsets in spans are 32 bits wide; the last value marks "nowhere". */
#define LIMIT_SOURCE_BYTES 0xfffffff0u

/* Lists and maps inside each other, in any input. Readers that recurse stay within 8 MiB of
 * stack at this depth; Kubernetes refuses YAML at about the same. */
#define LIMIT_DEPTH 512u

/* Sources of one unit: a node names its source with 16 bits. */
#define LIMIT_UNIT_SOURCES 0xffffu

/* Nodes that the aliases of one YAML document may expand to ("billion laughs"). */
#define LIMIT_YAML_EXPANSION 200000u

/* Times that the reader of one YAML text starts anew behind a broken document. Each costs libyaml a
 * look far ahead. */
#define LIMIT_YAML_RESTARTS 10000u

/* Manifests of one directory that are judged together: files, bytes of all their texts, and of
 * one. Ten times what people keep in one, and little enough for a worker's memory. A larger file is
 * a dump, a bundle or a schema, and a unit of its own. */
#define LIMIT_SCOPE_FILES 512u
#define LIMIT_SCOPE_BYTES ((uint64_t)1 << 20)
#define LIMIT_SCOPE_FILE_BYTES (64u << 10)

/* What waits until a tree is known as a whole: bytes of verdicts, and facts of its manifests. More
 * would be as large as the tree. */
#define LIMIT_SCOPE_HELD ((size_t)448 << 10)
#define LIMIT_SCOPE_FACTS 16384u

/* Memory for one unit. A plan of 500 MB still fits; a bomb does not take the machine along. */
#define LIMIT_UNIT_BYTES ((size_t)8 << 30)

/* HCL: expressions that refer to each other inside each other, the steps that evaluating one unit
 * may take, and bytes of one text that is put together. */
#define LIMIT_HCL_DEPTH 1500u
#define LIMIT_HCL_WORK 10000000u
#define LIMIT_HCL_TEXT (16u << 20)

/* Instances that the counts and for_each of a Terraform unit may make. */
#define LIMIT_TF_INSTANCES 20000u

/* A kustomization: directories inside each other and in all, the steps that one build may take, and
 * bytes of one file that it puts into an object, which may not hold more than a megabyte. */
#define LIMIT_KUSTOMIZE_DEPTH 64u
#define LIMIT_KUSTOMIZE_DIRECTORIES 2000u
#define LIMIT_KUSTOMIZE_WORK 5000000u
#define LIMIT_KUSTOMIZE_DATA (4u << 20)

/* What one archive may unpack to: a saved plan holds text that people wrote. */
#define LIMIT_ZIP_BYTES ((uint64_t)256 << 20)

/* A chart: its files, their bytes, and what helm may take to render them. Templates are programs,
 * and may loop or print without end. */
#define LIMIT_CHART_FILES 20000u
#define LIMIT_CHART_BYTES ((size_t)256 << 20)
#define LIMIT_HELM_SECONDS 60u
#define LIMIT_HELM_OUTPUT ((size_t)64 << 20)
#define LIMIT_HELM_MEMORY ((size_t)4 << 30)

/* A CEL expression: nesting, as the specification's parsers allow at least 32, and the work that
 * one evaluation may do, in machine steps. */
#define LIMIT_CEL_DEPTH 250u
#define LIMIT_CEL_STEPS 10000000u

/* Admission policies that lie in a scanned tree are nobody's choice: objects among which they and
 * their parameters are looked for, rules that they make, and machine steps of one worker for all of
 * these. */
#define LIMIT_POLICY_OBJECTS 5000u
#define LIMIT_POLICY_RULES 2000u
#define LIMIT_POLICY_STEPS 1000000000u

/* Work and depth that one regular expression may use on one text (PCRE2 match and depth limit). */
#define LIMIT_REGEX_MATCH 1000000u
#define LIMIT_REGEX_DEPTH 10000u

/* Files and directories in one of git's trees. Trees may share their parts, so that a few objects
 * can stand for any number of files. */
#define LIMIT_GIT_ENTRIES 2000000u

/* Faults of one Kubernetes object's form that are told, as each costs a search for what was meant;
 * and names that are compared on the way, since definitions may be as long as they like. */
#define LIMIT_FAULTS 50u
#define LIMIT_SHAPE_WORK 1000000u

/* Diagnostics that one unit keeps; what comes after is counted only. */
#define LIMIT_UNIT_DIAGS 1000u
/* Bytes of a message with its end: it may quote an input, and a name there may be a book. */
#define LIMIT_DIAG_TEXT 2000u

#ifdef PLUMB_TINY
#define ARENA_FIRST_BLOCK ((size_t)64)
#define ARENA_LARGEST_BLOCK ((size_t)256)
#else
#define ARENA_FIRST_BLOCK ((size_t)32 << 10)
#define ARENA_LARGEST_BLOCK ((size_t)8 << 20)
#endif

#endif
