/*
 * cel/host_url.h - URLs taken apart
 */
#ifndef PLUMB_CEL_HOST_URL_H
#define PLUMB_CEL_HOST_URL_H

#include "base/str.h"

typedef struct Url {
    Str scheme;   /* empty for an absolute path */
    Str host;     /* with the port */
    Str hostname; /* without port and brackets */
    Str port;
    Str path;  /* as written */
    Str query; /* without `?` */
} Url;

/* An absolute URI or an absolute path; the parts are views into `text`. False for anything else. */
bool url_read(Str text, Url *url);

#endif
