/* FTS5's bm25() counts the documents that have each phrase by reading all its postings, once a
 * query: with a word that stands in a million documents this takes longer than the answer may.
 * Publishing has counted them, so here they are given. The rest is bm25()'s formula, with the
 * weights of our columns. */
#include "relevance.h"

#include <math.h>
#include <stdlib.h>

#include "statement.h"
#include "tokenizer.h"

enum { COLUMNS = 3 };

/* Of title, text and aliases. */
static const double weights[COLUMNS] = {4.0, 1.0, 4.0};

/* What is the same for all rows of a query. */
struct scorer {
    double average_size; /* words a document */
    int phrase_count;
    double frequency[]; /* by phrase: of how many documents it tells one apart */
    /* then, by phrase: how often the row has it */
};

static double inverse_frequency(double documents, double having)
{
    double frequency = log((documents - having + 0.5) / (having + 0.5));
    return frequency <= 0 ? 1e-6 : frequency;
}

static int make_scorer(const Fts5ExtensionApi *api, Fts5Context *context, const char *counts,
                       struct scorer **ret_scorer)
{
    sqlite3_int64 rows = 0;
    sqlite3_int64 size = 0;
    int phrases = api->xPhraseCount(context);
    struct scorer *scorer =
        sqlite3_malloc64(sizeof *scorer + 2 * (size_t)phrases * sizeof scorer->frequency[0]);
    if (scorer == NULL) {
        return SQLITE_NOMEM;
    }
    int code = api->xRowCount(context, &rows);
    if (code == SQLITE_OK) {
        code = api->xColumnTotalSize(context, -1, &size);
    }
    *scorer = (struct scorer){.phrase_count = phrases,
                              .average_size = rows > 0 ? (double)size / (double)rows : 1};
    for (int i = 0; i < phrases; i++) {
        char *end = NULL;
        double having = strtod(counts, &end);
        counts = end;
        scorer->frequency[i] = inverse_frequency((double)rows, having);
    }
    if (code == SQLITE_OK) {
        code = api->xSetAuxdata(context, scorer, sqlite3_free);
    } else {
        sqlite3_free(scorer);
    }
    *ret_scorer = scorer;
    return code;
}

/* Counts how often the row has each phrase, weighed by column. */
static int count_phrases(const Fts5ExtensionApi *api, Fts5Context *context, struct scorer *scorer)
{
    double *found = scorer->frequency + scorer->phrase_count;
    int instances = 0;
    for (int i = 0; i < scorer->phrase_count; i++) {
        found[i] = 0;
    }
    int code = api->xInstCount(context, &instances);
    for (int i = 0; code == SQLITE_OK && i < instances; i++) {
        int phrase = 0;
        int column = 0;
        int offset = 0;
        code = api->xInst(context, i, &phrase, &column, &offset);
        if (code == SQLITE_OK && column < COLUMNS) {
            found[phrase] += weights[column];
        }
    }
    return code;
}

static double score(const struct scorer *scorer, int size)
{
    static const double k1 = 1.2;
    static const double b = 0.75;
    const double *found = scorer->frequency + scorer->phrase_count;
    double norm = k1 * (1 - b + b * (double)size / scorer->average_size);
    double sum = 0;
    for (int i = 0; i < scorer->phrase_count; i++) {
        sum += scorer->frequency[i] * (found[i] * (k1 + 1)) / (found[i] + norm);
    }
    return -sum;
}

static void relevance(const Fts5ExtensionApi *api, Fts5Context *context, sqlite3_context *result,
                      int count, sqlite3_value **values)
{
    struct scorer *scorer = api->xGetAuxdata(context, 0);
    int size = 0;
    int code = SQLITE_OK;
    if (scorer == NULL) {
        const char *counts = count == 0 ? "" : (const char *)sqlite3_value_text(values[0]);
        code = counts == NULL ? SQLITE_NOMEM : make_scorer(api, context, counts, &scorer);
    }
    if (code == SQLITE_OK) {
        code = count_phrases(api, context, scorer);
    }
    if (code == SQLITE_OK) {
        code = api->xColumnSize(context, -1, &size);
    }
    if (code == SQLITE_OK) {
        sqlite3_result_double(result, score(scorer, size));
    } else {
        sqlite3_result_error_code(result, code);
    }
}

static void places(const Fts5ExtensionApi *api, Fts5Context *context, sqlite3_context *result,
                   int count, sqlite3_value **values)
{
    int found = 0;
    (void)count;
    (void)values;
    int code = api->xInstCount(context, &found);
    if (code == SQLITE_OK) {
        sqlite3_result_int(result, found);
    } else {
        sqlite3_result_error_code(result, code);
    }
}

enum summit_status relevance_register(sqlite3 *db)
{
    fts5_api *api = NULL;
    enum summit_status status = tokenizer_find_api(db, &api);
    if (status != SUMMIT_OK) {
        return status;
    }
    int code = api->xCreateFunction(api, "relevance", NULL, relevance, NULL);
    if (code == SQLITE_OK) {
        code = api->xCreateFunction(api, "places", NULL, places, NULL);
    }
    return statement_status(code);
}
