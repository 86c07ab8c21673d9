/*
 * ir/selector.h - label selectors
 *
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/, meta/v1
 * LabelSelector. unit_selected() of ir/index.h is built on it.
 */
#ifndef PLUMB_IR_SELECTOR_H
#define PLUMB_IR_SELECTOR_H

#include "syntax/node.h"

typedef enum SelectorMatch {
    SELECTOR_NO,
    SELECTOR_YES,
    SELECTOR_UNKNOWN, /* it depends on a value that is not known */
} SelectorMatch;

/* Whether `selector`, a LabelSelector (matchLabels, matchExpressions) or a plain map of labels,
 * selects an object with these labels; each may be NULL. A null selector selects nothing, an empty
 * one everything. What is no selector at all, or has an unknown operator, selects nothing. With
 * SELECTOR_UNKNOWN, `*cause` is that of the unknown value. */
SelectorMatch selector_match(const Node *selector, const Node *labels, Str *cause);

#endif
