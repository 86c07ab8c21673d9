/*
 * rules/questions.h - `when` and `each` that several rules have in common
 *
 * Rules about one thing often begin with the same question: is this an API server, which containers
 * are there. Such questions are numbered, so that whoever judges asks each once of a resource.
 */
#ifndef PLUMB_RULES_QUESTIONS_H
#define PLUMB_RULES_QUESTIONS_H

#include "base/arena.h"
#include "rules/blob.h"

/* Sets `shared` of the conditions and `each_shared` of `rules`, whose code was written by one
 * BlobWriter. A `when` about an element is the same only where `each` is the same too; what reads a
 * rule's parameters is its own. Returns the highest number given. */
uint32_t questions_share(Rule *rules, uint32_t count, Arena *arena);

#endif
