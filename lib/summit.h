/* libsummit: the record of a diplomatic summit, in a published SQLite database, as JSON.
 *
 * A *record* is a JSON document that states who met, what was proposed and where that can be read
 * (lib/records/record.schema.json describes it). *Publishing* turns records into a database file
 * that never changes again; a *store* is one read-only connection to such a file.
 *
 * Conventions. Every function that can fail returns an enum summit_status. Outputs are named ret_x
 * and are written only on SUMMIT_OK, except ret_problems and error, which explain a failure. What a
 * function gives out is the caller's: json_t values are released with json_decref, strings with
 * free. Strings are UTF-8 and end with NUL. Functions that release take NULL. A store and a query
 * may be used by one thread at a time; different ones by different threads. The library never logs,
 * exits or reads the environment. */
#ifndef SUMMIT_H
#define SUMMIT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SUMMIT_API __attribute__((visibility("default")))
#define SUMMIT_CHECKED SUMMIT_API __attribute__((warn_unused_result))

enum summit_status {
    SUMMIT_OK = 0,
    SUMMIT_NOT_FOUND, /* no such resource, row or file */
    SUMMIT_INVALID,   /* the caller's input is wrong; the problems say where */
    SUMMIT_GONE,      /* a cursor of another revision of the database */
    SUMMIT_BUSY,      /* somebody else holds the lock; try again */
    SUMMIT_TIMEOUT,   /* a statement used up its budget */
    SUMMIT_NOMEM,     /* out of memory */
    SUMMIT_CORRUPT,   /* the database file is damaged or cut short */
    SUMMIT_FOREIGN,   /* the file is not a published summit database, or of an older libsummit */
    SUMMIT_NEWER,     /* the database was published by a newer libsummit */
    SUMMIT_FULL,      /* the disk, or a size limit, is full */
    SUMMIT_IO,        /* the system refused or failed a file operation */
    SUMMIT_INTERNAL   /* a mistake of this library */
};

/* One line for people about a failure: what, where and what would be right. */
struct summit_error {
    char message[512];
};

/* A short English name of a status ("not found"). Never NULL; static. */
SUMMIT_API const char *summit_status_text(enum summit_status status);

/* The library's version, e.g. "0.1.0" (https://semver.org). Static. */
SUMMIT_API const char *summit_version(void);

/* For a program that uses SQLite through this library only, before all else: SQLite then keeps no
 * count of its memory, which is a tenth of the work of opening a store. */
SUMMIT_API void summit_own_sqlite(void);

/* The candidate that a mistyped word was probably meant to be, or NULL if none is near.
 *   candidates  ends with NULL; borrowed, as is the result. */
SUMMIT_API const char *summit_nearest(const char *word, const char *const *candidates);

/* ---- Records ------------------------------------------------------------------------------- */

/* The most bytes of a record file that are read. */
#define SUMMIT_RECORD_MAX_BYTES ((size_t)900000000)

/* Parses and checks a record (RFC 8259 JSON; see record.schema.json).
 *   text, length  the document; length in bytes.
 *   ret_record    the record, on SUMMIT_OK; with [] for each optional member it leaves out.
 *   ret_problems  on SUMMIT_INVALID an array of every problem found (at most 1000), each
 *                 {"pointer": RFC 6901 pointer into the document, "code": ..., "detail": ...,
 *                 "suggestion": text or null}; otherwise untouched.
 * Returns SUMMIT_OK, SUMMIT_INVALID or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_record_parse(const char *text, size_t length,
                                                      json_t **ret_record, json_t **ret_problems);

/* Reads a record file and does what summit_record_parse does.
 *   path   the file; "-" is not special.
 *   error  may be NULL; says why on SUMMIT_NOT_FOUND, SUMMIT_IO and SUMMIT_FULL (too large).
 * Returns what summit_record_parse returns, and SUMMIT_NOT_FOUND, SUMMIT_IO or SUMMIT_FULL. */
SUMMIT_CHECKED enum summit_status summit_record_load(const char *path, json_t **ret_record,
                                                     json_t **ret_problems,
                                                     struct summit_error *error);

/* The record that is built in: the China-Central Asia Summit in Xi'an, May 2023.
 * Returns SUMMIT_OK or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_record_builtin(json_t **ret_record);

/* ---- Publishing ---------------------------------------------------------------------------- */

enum { SUMMIT_PUBLISH_REPLACE = 1 /* the new database holds the given records only */ };

struct summit_publication {
    char revision[17];   /* of the content: equal records have equal revisions */
    size_t summit_count; /* summits in the new database */
};

/* Builds a new database from records and puts it in place of `path` atomically: a reader sees the
 * old database or the new one, never a mixture, also after a crash. Without the flag
 * SUMMIT_PUBLISH_REPLACE the summits of the old database stay, but for those the records bring
 * anew. The old file is kept as `path`.prev.
 *   path          the database file; its folder must exist and be writable.
 *   records       checked records (as summit_record_parse gives them), borrowed; count of them.
 *                 Optional members that one lacks may be added to it.
 *   flags         0 or SUMMIT_PUBLISH_REPLACE.
 *   ret_publication  may be NULL.
 *   ret_problems  on SUMMIT_INVALID the problems of the records taken together, as above.
 *   error         may be NULL; one line on every failure.
 * Returns SUMMIT_OK, SUMMIT_INVALID, SUMMIT_BUSY (another import is running), SUMMIT_NOMEM,
 * SUMMIT_FULL, SUMMIT_IO, SUMMIT_NOT_FOUND (the folder), or, of the old database, SUMMIT_CORRUPT,
 * SUMMIT_FOREIGN or SUMMIT_NEWER. On any failure the old database is in place, unchanged; with one
 * exception, which the error tells: when the folder cannot be synced after the rename, the new one
 * is in place and SUMMIT_IO says that a power cut may bring the old one back. */
SUMMIT_CHECKED enum summit_status summit_publish(const char *path, json_t *const *records,
                                                 size_t count, unsigned flags,
                                                 struct summit_publication *ret_publication,
                                                 json_t **ret_problems, struct summit_error *error);

/* ---- Stores -------------------------------------------------------------------------------- */

struct summit_store;

enum { SUMMIT_STORE_VERIFY = 1 /* read the whole file and check it before it is trusted */ };

/* Opens a published database for reading.
 *   path   the file.
 *   flags  0 or SUMMIT_STORE_VERIFY.
 *   error  may be NULL; one line on failure.
 * Returns SUMMIT_OK, SUMMIT_NOT_FOUND, SUMMIT_CORRUPT, SUMMIT_FOREIGN, SUMMIT_NEWER, SUMMIT_BUSY,
 * SUMMIT_IO or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_store_open(const char *path, unsigned flags,
                                                    struct summit_store **ret_store,
                                                    struct summit_error *error);

/* Closes a store and everything prepared in it. */
SUMMIT_API void summit_store_close(struct summit_store *store);

/* The most time one SQL statement of this store may take, in milliseconds; 0 is no limit (the
 * default). Past it the call returns SUMMIT_TIMEOUT. */
SUMMIT_API void summit_store_set_budget(struct summit_store *store, unsigned budget_ms);

/* The revision of the content: 16 hexadecimal digits. The store's. */
SUMMIT_API const char *summit_store_revision(const struct summit_store *store);

/* When the database was published, in seconds since 1970-01-01T00:00:00Z. */
SUMMIT_API int64_t summit_store_published_at(const struct summit_store *store);

/* How many bytes the database file has. */
SUMMIT_API int64_t summit_store_size(const struct summit_store *store);

enum { SUMMIT_DIGEST_BYTES = 32 };

/* Reads all of the database file, for its SHA-256 (FIPS 180-4). Returns as summit_store_read. */
SUMMIT_CHECKED enum summit_status summit_store_digest(struct summit_store *store,
                                                      uint8_t ret_digest[SUMMIT_DIGEST_BYTES]);

/* Reads bytes of the database file as they are. To copy the file this is the only safe way in a
 * process that has it open as a store: closing any other descriptor of the file drops the locks
 * that the store holds.
 *   offset  in bytes from the start.
 *   buffer  of length bytes; what it holds is of use on SUMMIT_OK only.
 * Returns SUMMIT_OK, SUMMIT_INVALID (not all of that is within summit_store_size), SUMMIT_CORRUPT
 * (the file is cut short, or somebody has written to it since it was opened), SUMMIT_IO,
 * SUMMIT_NOMEM or SUMMIT_INTERNAL. */
SUMMIT_CHECKED enum summit_status summit_store_read(struct summit_store *store, int64_t offset,
                                                    void *buffer, size_t length);

/* ---- Queries ------------------------------------------------------------------------------- */

struct summit_query;

/* What a query can be answered in. */
enum summit_format {
    SUMMIT_FORMAT_NONE,
    SUMMIT_JSON,
    SUMMIT_NDJSON, /* one row a line, each a JSON object */
    SUMMIT_CSV,    /* RFC 4180, with a header row */
    SUMMIT_JSONLD, /* JSON-LD 1.1 */
    SUMMIT_CSL,    /* Citation Style Language JSON */
    SUMMIT_BIBTEX,
    SUMMIT_TEXT
};

/* The name by which the parameter "format" asks for a format. Static. */
SUMMIT_API const char *summit_format_name(enum summit_format format);

/* What can be asked for: an array of {"name", "description", "filters": [...], "sorts": [...],
 * "includes": [...], "item_includes": [...] (of one row only), "fields": [...]}, one for each
 * resource. Returns SUMMIT_OK or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_resources(json_t **ret_resources);

/* Makes a query for a collection (id NULL) or for one item.
 *   resource  "summits", "measures", ...
 *   id        the item's id, copied; or NULL.
 * Returns SUMMIT_OK, SUMMIT_NOT_FOUND (no such resource) or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_query_new(const char *resource, const char *id,
                                                   struct summit_query **ret_query);

/* Makes a query for the list of what there is, for the search over all resources, for the graph, or
 * for the reference of a row. Returns as summit_query_new does. */
SUMMIT_CHECKED enum summit_status summit_query_new_index(struct summit_query **ret_query);
SUMMIT_CHECKED enum summit_status summit_query_new_search(struct summit_query **ret_query);
SUMMIT_CHECKED enum summit_status summit_query_new_graph(struct summit_query **ret_query);
SUMMIT_CHECKED enum summit_status summit_query_new_citation(const char *resource, const char *id,
                                                            struct summit_query **ret_query);

/* Frees a query. */
SUMMIT_API void summit_query_free(struct summit_query *query);

/* Restricts a collection to the rows of one summit, as a nested path does; the parameter "summit"
 * is then no longer known. A summit that does not exist makes the query SUMMIT_NOT_FOUND.
 * Returns SUMMIT_OK, SUMMIT_NOT_FOUND (rows of this resource belong to no summit) or
 * SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_query_within(struct summit_query *query,
                                                      const char *summit_id);

/* Sets one parameter: a filter, "q", "sort", "limit", "cursor", "include", "fields", "facet",
 * "format" or "pretty", where the query knows it.
 *   name, value  as the user gave them, decoded; each name at most once.
 *   problems     a JSON array, borrowed; on SUMMIT_INVALID one
 *                {"parameter", "code", "detail", "suggestion"} is appended to it.
 * Returns SUMMIT_OK, SUMMIT_INVALID or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_query_set(struct summit_query *query, const char *name,
                                                   const char *value, json_t *problems);

/* Ends the setting of parameters: checks what they say together.
 *   accepted  the format to answer in if no parameter says; SUMMIT_FORMAT_NONE is the usual one.
 *   problems  as in summit_query_set.
 * Returns SUMMIT_OK, SUMMIT_INVALID or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_query_settle(struct summit_query *query,
                                                      enum summit_format accepted,
                                                      json_t *problems);

/* What a settled query is to be answered in, and whether with line breaks and indents. */
SUMMIT_API enum summit_format summit_query_format(const struct summit_query *query);
SUMMIT_API bool summit_query_is_pretty(const struct summit_query *query);

/* Checks what only the database can tell: that there is what the filters name. summit_store_list
 * does so too; this is for those who want all problems of a query that has others already. problems
 * as in summit_query_set; on SUMMIT_INVALID one is appended for each wrong value. Returns
 * SUMMIT_OK, SUMMIT_NOT_FOUND (the summit of summit_query_within), SUMMIT_INVALID, SUMMIT_TIMEOUT,
 * SUMMIT_CORRUPT, SUMMIT_BUSY, SUMMIT_IO or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_store_check(struct summit_store *store,
                                                     const struct summit_query *query,
                                                     json_t *problems);

/* One page of a collection or of a search.
 *   ret_page      {"data": [...], "included": {...} (only with include), "meta": {"total",
 *                 "total_qualifier" ("exact", or "at_least" where counting would take long),
 *                 "limit", "revision", with q "ranking" ("bm25", or "none" where ranking would take
 *                 long: then rows stand in the order of the record) and of a collection
 *                 "highlights", with facet "facets" and "facets_qualifier"}}
 *   ret_next      the cursor of the next page, or NULL when this is the last.
 *   ret_problems  on SUMMIT_INVALID and SUMMIT_GONE an array of problems as summit_query_set
 *                 gives them.
 * Returns SUMMIT_OK, SUMMIT_NOT_FOUND (the summit of summit_query_within), SUMMIT_INVALID,
 * SUMMIT_GONE, SUMMIT_TIMEOUT, SUMMIT_CORRUPT (also when rows had to be read from the file after
 * somebody had written to it), SUMMIT_BUSY, SUMMIT_IO or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_store_list(struct summit_store *store,
                                                    const struct summit_query *query,
                                                    json_t **ret_page, char **ret_next,
                                                    json_t **ret_problems);

/* One item: {"data": {...}, "included": {...} (only with include), "meta": {"revision"}}.
 * Returns as summit_store_list does; SUMMIT_NOT_FOUND when no row has the id. */
SUMMIT_CHECKED enum summit_status summit_store_get(struct summit_store *store,
                                                   const struct summit_query *query,
                                                   json_t **ret_item, json_t **ret_problems);

/* Lets the two above give rows as one JSON string that holds their JSON text, `data` and each list
 * of `included` alike, where they are shown whole and unmarked (no fields, pretty or q;
 * SUMMIT_JSON). A document is then joined from what was made when the database was published. */
SUMMIT_API void summit_query_allow_texts(struct summit_query *query);

/* A document as text, with a line end; byte for byte the same for rows of either form.
 *   document   as the two above give it, with other members as may be; or any other.
 *   is_pretty  with line breaks and indents; not for rows that are a string.
 *   ret_text   for free(), with a NUL behind it; ret_length in bytes.
 * Returns SUMMIT_OK or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_document_text(json_t *document, bool is_pretty,
                                                       char **ret_text, size_t *ret_length);

/* ---- Streams -------------------------------------------------------------------------------- */

/* The rows of a collection as text, piece by piece, in flat memory: all of them, or as many as the
 * parameter "limit" says. */
struct summit_stream;

/* Begins a stream.
 *   query         settled, for a collection, in SUMMIT_NDJSON or SUMMIT_CSV; the stream's on
 *                 SUMMIT_OK, the caller's otherwise.
 *   ret_problems  as in summit_store_list.
 * Returns as summit_store_list does. */
SUMMIT_CHECKED enum summit_status summit_stream_new(struct summit_store *store,
                                                    struct summit_query *query,
                                                    struct summit_stream **ret_stream,
                                                    json_t **ret_problems);

/* The next piece.
 *   store       any store of the same file.
 *   ret_text    some tens of kilobytes, for free(); NULL at the end.
 *   ret_length  in bytes; 0 at the end.
 * Returns as summit_store_list does. */
SUMMIT_CHECKED enum summit_status summit_stream_next(struct summit_stream *stream,
                                                     struct summit_store *store, char **ret_text,
                                                     size_t *ret_length);

/* The cursor after what has been given, or NULL when nothing follows; for free(). Returns SUMMIT_OK
 * or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_stream_cursor(const struct summit_stream *stream,
                                                       const struct summit_store *store,
                                                       char **ret_next);

/* Ends a stream. */
SUMMIT_API void summit_stream_free(struct summit_stream *stream);

/* The whole database as one record that publishes to a database of the same revision.
 * Returns SUMMIT_OK, SUMMIT_TIMEOUT, SUMMIT_CORRUPT, SUMMIT_BUSY, SUMMIT_IO or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_store_export(struct summit_store *store,
                                                      json_t **ret_record);

/* ---- The record of one summit -------------------------------------------------------------- */

struct summit_excerpt;

/* Starts an excerpt of the database: the record of one summit, with its rows of all resources and
 * the areas, initiatives and sources that these refer to. Of rows that several summits share it has
 * what concerns this one: its entry of an area's summits, and citations of sources that it or no
 * summit cites. Paragraphs of a source that only rows of other summits cite are listed as omitted
 * for that reason. So it is a record by itself. Records of all summits, imported one after the
 * other, give the same rows; only shared rows may come in another order. The record of the only
 * summit is what summit_store_export gives.
 *   store        not kept.
 *   summit_id    copied.
 * Returns SUMMIT_OK, SUMMIT_NOT_FOUND (no such summit), SUMMIT_TIMEOUT, SUMMIT_CORRUPT,
 * SUMMIT_BUSY, SUMMIT_IO or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_excerpt_new(struct summit_store *store,
                                                     const char *summit_id,
                                                     struct summit_excerpt **ret_excerpt);

/* The next piece of the record's JSON text; the pieces joined are one document.
 *   store       any store of the same revision, not kept; another one at each call if need be.
 *   ret_text    the piece, at most 32 KiB, cut anywhere; a NUL follows it.
 *   ret_length  in bytes; 0 at the end.
 * Returns SUMMIT_OK, SUMMIT_GONE (the store is of another revision), SUMMIT_TIMEOUT,
 * SUMMIT_CORRUPT, SUMMIT_BUSY, SUMMIT_IO or SUMMIT_NOMEM. After a failure the same piece can be
 * asked for again. */
SUMMIT_CHECKED enum summit_status summit_excerpt_next(struct summit_excerpt *excerpt,
                                                      struct summit_store *store, char **ret_text,
                                                      size_t *ret_length);

/* Frees an excerpt. */
SUMMIT_API void summit_excerpt_free(struct summit_excerpt *excerpt);

/* ---- The record as a graph ----------------------------------------------------------------- */

/* Rows as nodes and what they say of each other as links, as drawing libraries take them.
 *   query      settled, as summit_query_new_graph makes it: of all summits, or those it names.
 *   limit      nodes at most, 0 or more. Those that come first are summits, participants,
 *              proposals, areas, initiatives, mechanisms, then measures.
 *   ret_graph  {"data": {"nodes": [{"id": "measures/ID", "type": "measures", "label", "summit_id":
 *              text or null}], "links": [{"source": node id, "target": node id, "type"}]}, "meta":
 *              {"is_complete": whether all nodes are here, "node_count", "link_count",
 *              "revision"}}. Source, type and target of a link read as a sentence; types are
 *              takes_part_in, part_of, proposed_by, concerns and names. Both ends of a link are
 *              nodes that are here.
 *   ret_problems  as in summit_store_list.
 * Returns as summit_store_list does. */
SUMMIT_CHECKED enum summit_status summit_store_graph(struct summit_store *store,
                                                     const struct summit_query *query,
                                                     int64_t limit, json_t **ret_graph,
                                                     json_t **ret_problems);

/* ---- References ---------------------------------------------------------------------------- */

/* What to cite for a row: one item for each source it cites, or for a source itself.
 *   resource, id  of the row.
 *   ret_items     CSL-JSON (https://citationstyles.org, csl-data.json 1.0.2): an array of {"id":
 *                 "measures:ID", after the first "measures:ID:SOURCE", "type", "title",
 *                 "publisher", "publisher-place", "issued", "language", "URL"}, less what the
 *                 source does not say. A row's have also "locator", as "3-5, 8", "custom", with
 *                 the "label" of what it counts, "paragraph", and "note", what the row is called.
 * Returns SUMMIT_OK, SUMMIT_NOT_FOUND (no such resource or row), SUMMIT_TIMEOUT, SUMMIT_CORRUPT,
 * SUMMIT_BUSY, SUMMIT_IO or SUMMIT_NOMEM. */
SUMMIT_CHECKED enum summit_status summit_store_cite(struct summit_store *store,
                                                    const char *resource, const char *id,
                                                    json_t **ret_items);

/* Such items as BibTeX entries, whose keys are their ids; or as plain text, a line each. The
 * caller frees it; NULL when out of memory. No items are an empty text. */
SUMMIT_CHECKED char *summit_cite_bibtex(const json_t *items);
SUMMIT_CHECKED char *summit_cite_text(const json_t *items);

#ifdef __cplusplus
}
#endif

#endif
