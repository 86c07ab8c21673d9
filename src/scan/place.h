/*
 * scan/place.h - where a verdict points
 *
 * A rule knows a node: the one that decided it, or the one that lacks what was asked for. Here it
 * becomes the path of an attribute and a place of one line in a file that somebody can edit.
 */
#ifndef PLUMB_SCAN_PLACE_H
#define PLUMB_SCAN_PLACE_H

#include "ir/unit.h"
#include "scan/verdict.h"

typedef struct Spot {
    Str attribute; /* "spec.containers[0].image", in the arena that was given; may be empty */
    Span span;     /* in the unit's sources; SPAN_NONE where only the file is known */
    bool found;    /* the node is in the resource's body */
    Span header;   /* of the resource */
    Span call;     /* of the module call that made it, or SPAN_NONE */
    Span plan;     /* where a plan has it, when `span` is in the plan's source; else SPAN_NONE */
} Spot;

/* Where a node stands in a resource: what spots of it, and of what it lacks, have in common. */
typedef struct Site {
    Str path;    /* of the node as an attribute */
    Span span;   /* of the node */
    Span key;    /* what it is known by, where something that it lacks is missed */
    bool inside; /* the node is in the resource's body; else it has no path */
    bool found;  /* the same, or nobody knows */
} Site;

/* A node that is not of the body, such as another resource's, has its own place; NULL has the
 * resource's header. Of what has no place itself, such as what a front end has made, it is that of
 * its holder, and of the top level the header. The path is in `arena`.
 *
 * `*effort` is how many nodes may still be looked at for this resource; beyond it a node has its
 * own place and no attribute. Without a limit, a hundred thousand findings in one body would each
 * walk through it. */
#define SPOT_EFFORT 20000000u
Site site_find(const Resource *resource, const Node *node, uint32_t *effort, Arena *arena);

/* The spot of the node or, with `missing`, of that key, which the node lacks. */
Spot site_spot(const Resource *resource, const Site *site, Str missing, Arena *arena);

/* Leads a spot in a plan to the source that the plan was made of, where that is here. */
void spot_to_source(Unit *unit, const Resource *resource, Spot *spot, Arena *arena);

/* The resource as a whole. */
Spot spot_header(const Resource *resource);

/* `span` as reports print it: led back out of decoded text, and its first line only. Texts are the
 * unit's. Without a span, the file of the unit. */
Place place_of(const Unit *unit, Span span);

/* Whether anything below `node` is sensitive. */
bool place_has_secrets(const Node *node);

/* The line of `span`, in `arena`; empty where it is too long to show, or where a sensitive value of
 * `resource` (which may be NULL) is on it. */
Str place_excerpt(const Unit *unit, const Resource *resource, Span span, Arena *arena);

#endif
