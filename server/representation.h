/* The forms in which an address can be had. */
#ifndef SERVER_REPRESENTATION_H
#define SERVER_REPRESENTATION_H

#include <stdbool.h>
#include <stddef.h>

struct representation {
    const char *name;       /* as in `format=NAME` */
    const char *media_type; /* with its parameters: the Content-Type */
    const char *extension;  /* of a file that holds it */
    const char *tag;        /* ends the entity tag, so that no two forms of an address share one */
    bool is_compressible;   /* a content coding makes it smaller */
    bool is_download;       /* is saved rather than looked at */
};

extern const struct representation representation_json;
extern const struct representation representation_ndjson;  /* one JSON text a line */
extern const struct representation representation_csv;     /* RFC 4180 */
extern const struct representation representation_jsonld;  /* JSON-LD 1.1 */
extern const struct representation representation_csl;     /* CSL-JSON, for citations */
extern const struct representation representation_bibtex;  /* for citations */
extern const struct representation representation_text;    /* a citation for people */
extern const struct representation representation_sqlite;  /* the database file */
extern const struct representation representation_html;    /* a page */
extern const struct representation representation_yaml;    /* RFC 9512 */
extern const struct representation representation_linkset; /* RFC 9264, with RFC 9727's profile */
extern const struct representation representation_problem; /* RFC 9457; no route offers it */

enum { REPRESENTATION_OFFER_MAX = 8 };

/* The one that an Accept field prefers (RFC 9110 section 12.5.1).
 *   accept   the field as sent; NULL where it is absent.
 *   offered  ends with NULL, at most REPRESENTATION_OFFER_MAX; the first of equals wins.
 * Returns NULL if none is acceptable. */
const struct representation *representation_choose(const char *accept,
                                                   const struct representation *const *offered);

/* The one of that name, or NULL. */
const struct representation *representation_find(const char *name,
                                                 const struct representation *const *offered);

/* Writes the media types offered, joined by ", ", cut to the size. */
void representation_list(const struct representation *const *offered, char *ret_list, size_t size);

#endif
