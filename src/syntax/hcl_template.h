/*
 * syntax/hcl_template.h - templates of HCL: quoted strings, heredocs, whole files
 */
#ifndef PLUMB_SYNTAX_HCL_TEMPLATE_H
#define PLUMB_SYNTAX_HCL_TEMPLATE_H

#include "syntax/hcl_expr.h"

/* Each reads on behind `open`, the token that was taken, to the end of the template, which it takes
 * too. Results as hcl_expression(). */
const HclExpr *hcl_quoted(HclParser *p, HclToken open);
const HclExpr *hcl_heredoc(HclParser *p, HclToken open);

/* All that is left of the source. */
const HclExpr *hcl_template_rest(HclParser *p);

/* The text of a quoted label, in which nothing is interpolated. False after a mistake. */
bool hcl_quoted_label(HclParser *p, HclToken open, Str *text);

/* Where a string ends that begins with the quote at `pos`: after its closing quote, else at the end
 * of the line. For skipping, so nothing is reported. */
uint32_t hcl_skip_string(const HclParser *p, uint32_t pos, uint32_t depth);

/* Where the heredoc ends whose opener is `open`: after its marker. */
uint32_t hcl_skip_heredoc(const HclParser *p, HclToken open);

#endif
