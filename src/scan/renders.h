/*
 * scan/renders.h - what several renders of one chart have in common is said once
 */
#ifndef PLUMB_SCAN_RENDERS_H
#define PLUMB_SCAN_RENDERS_H

#include "scan/sink.h"

/* Makes one verdict of those that only differ in the values that the chart was rendered with. It
 * names these, unless all `count` renders have it. Where some renders failed and others did not,
 * that is a warning only; with `strict`, since the user named their values, each is an error. */
void renders_merge(VerdictSink *sink, uint32_t count, bool strict);

#endif
