/*
 * report/html_assets.h - what every HTML report carries along; the build makes it of files
 */
#ifndef PLUMB_REPORT_HTML_ASSETS_H
#define PLUMB_REPORT_HTML_ASSETS_H

#include "base/str.h"

extern const Str html_css; /* report/html.css */
extern const Str html_js;  /* report/html.js */

#endif
