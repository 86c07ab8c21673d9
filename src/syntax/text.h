/*
 * syntax/text.h - the bytes of a file to UTF-8
 *
 * Every reader takes UTF-8. Files from Windows may be UTF-16 or begin with a byte order mark, which
 * is no part of their text; spans count in the text that is left.
 */
#ifndef PLUMB_SYNTAX_TEXT_H
#define PLUMB_SYNTAX_TEXT_H

#include "base/diag.h"

/* Makes `source`'s text UTF-8 without a byte order mark, before anything else reads it: a view of
 * the same bytes where it can be, else a copy in `arena`. UTF-16 is known by its mark, or by the
 * zero byte beside its first character. Text that is neither reports an error at the first wrong
 * byte and returns false; false alone if `arena` is spent. Doing it twice changes nothing, and
 * notes in `source` what it sees of the text. */
bool text_decode(Source *source, Arena *arena, DiagSink *diags);

/* How many bytes at the start of `text` are ASCII that prints, or line feeds: most text is nothing
 * else, and whoever looks for anything else is done with it. */
uint32_t text_printable(Str text);

/* How many bytes at the start of `text` are valid UTF-8 (RFC 3629: no surrogates, no long forms);
 * its size when all are. */
uint32_t text_valid(Str text);

#endif
