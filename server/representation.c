#include "representation.h"

#include <stdio.h>
#include <string.h>

#include "negotiate.h"

/* JSON is the usual form, and its entity tags are as they are without any choice. */
const struct representation representation_json = {
    "json", "application/json", "json", "", true, false,
};
const struct representation representation_ndjson = {
    "ndjson", "application/x-ndjson", "ndjson", "-ndjson", true, false,
};
const struct representation representation_csv = {
    "csv", "text/csv; charset=utf-8; header=present", "csv", "-csv", true, true,
};
const struct representation representation_jsonld = {
    "jsonld", "application/ld+json", "jsonld", "-jsonld", true, false,
};
const struct representation representation_csl = {
    "csl", "application/vnd.citationstyles.csl+json", "json", "-csl", true, false,
};
const struct representation representation_bibtex = {
    "bibtex", "application/x-bibtex", "bib", "-bibtex", true, false,
};
const struct representation representation_text = {
    "text", "text/plain; charset=utf-8", "txt", "-text", true, false,
};
const struct representation representation_sqlite = {
    "sqlite", "application/vnd.sqlite3", "sqlite", "-sqlite", false, true,
};
const struct representation representation_html = {
    "html", "text/html; charset=utf-8", "html", "-html", true, false,
};
const struct representation representation_yaml = {
    "yaml", "application/yaml", "yaml", "-yaml", true, false,
};
const struct representation representation_linkset = {
    "linkset", "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"",
    "json",    "-linkset",
    true,      false,
};
const struct representation representation_problem = {
    "problem", "application/problem+json", "json", "-problem", false, false,
};

const struct representation *representation_choose(const char *accept,
                                                   const struct representation *const *offered)
{
    const char *media_types[REPRESENTATION_OFFER_MAX];
    size_t count = 0;
    while (count < REPRESENTATION_OFFER_MAX && offered[count] != NULL) {
        media_types[count] = offered[count]->media_type;
        count++;
    }
    int chosen = negotiate_media_type(accept, media_types, count);
    return chosen < 0 ? NULL : offered[chosen];
}

const struct representation *representation_find(const char *name,
                                                 const struct representation *const *offered)
{
    for (; *offered != NULL; offered++) {
        if (strcmp((*offered)->name, name) == 0) {
            return *offered;
        }
    }
    return NULL;
}

void representation_list(const struct representation *const *offered, char *ret_list, size_t size)
{
    size_t length = 0;
    ret_list[0] = '\0';
    for (size_t i = 0; offered[i] != NULL && length < size; i++) {
        int written = snprintf(ret_list + length, size - length, "%s%s", i == 0 ? "" : ", ",
                               offered[i]->media_type);
        length += written > 0 ? (size_t)written : 0;
    }
}
