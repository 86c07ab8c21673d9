/*
 * report/xml.h - text inside of XML 1.0
 */
#ifndef PLUMB_REPORT_XML_H
#define PLUMB_REPORT_XML_H

#include "base/out.h"

/* `text` in an element or a quoted attribute: what has a meaning there is escaped, characters that
 * XML has no room for are dropped, and what is no UTF-8 becomes U+FFFD. */
void xml_text(Out *out, Str text);
void xml_attribute(Out *out, const char *name, Str text);

#endif
