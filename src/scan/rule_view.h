/*
 * scan/rule_view.h - which rules judge a resource, and how
 *
 * A view is what holds for some files: with no override in plumb.yaml there is one for all. It
 * knows for each resource type the rules that speak of it, made at the first resource of the type.
 * Views belong to one worker, and live in its evaluator's arena.
 */
#ifndef PLUMB_SCAN_RULE_VIEW_H
#define PLUMB_SCAN_RULE_VIEW_H

#include "scan/admission.h"
#include "scan/evaluate.h"
#include "scan/need_set.h"

/* A rule that runs. */
typedef struct RuleRef {
    const Rule *rule;
    uint32_t number; /* among all sets */
    uint32_t guard;  /* number of the answer to it among all sets; 0: not shared */
    uint32_t when;   /* the same of `when` */
    uint32_t each;
    uint32_t gate;              /* rule_gate() so: false here, it is for all with it */
    uint32_t behind;            /* how many rules that come next have the same */
    NeedSet needs;              /* of RuleList.paths: without all of them it says nothing; */
    NeedSet each_needs;         /* `each` is empty */
    const Admission *admission; /* of a rule that is made of an admission policy; else NULL */
    RuleParts parts;            /* what of it is wanted */
    uint8_t severity;           /* of all that it finds, or SEVERITY_OWN */
    bool enabled;               /* counts for the exit status */
    bool shipped;
} RuleRef;

typedef struct RuleList {
    RuleRef *items;
    uint32_t count;
    NeedPaths paths;
} RuleList;

typedef struct RuleView RuleView;

typedef struct RuleViews {
    const EvalOptions *options;
    Arena *arena;
    RuleView *base; /* for files that no override is about */
    RuleView *others;
    const char *path; /* the last one asked for, and its view */
    RuleView *view;
} RuleViews;

/* `options` and `arena` are kept. False if that is spent. */
bool rule_views_init(RuleViews *views, const EvalOptions *options, Arena *arena);

/* What holds for the file at `path`, from the boundary. Texts of paths are told apart by where they
 * lie, so that asking again for the same is cheap: rule_views_forget() before they are gone. */
RuleView *rule_views_at(RuleViews *views, Str path);
void rule_views_forget(RuleViews *views);

/* The rules that speak of a resource; NULL if the arena is spent. */
const RuleList *rule_view_rules(RuleView *view, const Resource *resource);

/* The parameters of a rule of the view. */
CelValue rule_view_params(RuleView *view, const RuleRef *ref);

#endif
