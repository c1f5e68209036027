#include "routes.h"

#include <string.h>

#include "handlers/handlers.h"

static const struct representation *const rows[] = {
    &representation_json, &representation_ndjson, &representation_csv, &representation_jsonld, NULL,
};
static const struct representation *const row[] = {
    &representation_json,
    &representation_jsonld,
    NULL,
};
static const struct representation *const references[] = {
    &representation_csl,
    &representation_bibtex,
    &representation_text,
    NULL,
};
static const struct representation *const json_only[] = {&representation_json, NULL};
static const struct representation *const sqlite_only[] = {&representation_sqlite, NULL};
static const struct representation *const html_only[] = {&representation_html, NULL};
static const struct representation *const yaml_only[] = {&representation_yaml, NULL};
static const struct representation *const linkset_only[] = {&representation_linkset, NULL};

#define SERVICE(path, operation, offered, handle)                                                  \
    {                                                                                              \
        path, operation, offered, NULL, handle, false                                              \
    }
#define COLLECTION(path, operation, resource)                                                      \
    {                                                                                              \
        path, operation, rows, resource, handle_collection, true                                   \
    }
#define ITEM(path, operation, resource)                                                            \
    {                                                                                              \
        path, operation, row, resource, handle_item, true                                          \
    }

const struct route routes[] = {
    SERVICE("/", "getHome", html_only, handle_home),
    {"/v1", "getIndex", json_only, "index", handle_index, true},

    COLLECTION("/v1/summits", "listSummits", "summits"),
    COLLECTION("/v1/participants", "listParticipants", "participants"),
    COLLECTION("/v1/proposals", "listProposals", "proposals"),
    COLLECTION("/v1/measures", "listMeasures", "measures"),
    COLLECTION("/v1/areas", "listAreas", "areas"),
    COLLECTION("/v1/statements", "listStatements", "statements"),
    COLLECTION("/v1/initiatives", "listInitiatives", "initiatives"),
    COLLECTION("/v1/mechanisms", "listMechanisms", "mechanisms"),
    COLLECTION("/v1/sources", "listSources", "sources"),

    ITEM("/v1/summits/{id}", "getSummit", "summits"),
    ITEM("/v1/participants/{id}", "getParticipant", "participants"),
    ITEM("/v1/proposals/{id}", "getProposal", "proposals"),
    ITEM("/v1/measures/{id}", "getMeasure", "measures"),
    ITEM("/v1/areas/{id}", "getArea", "areas"),
    ITEM("/v1/statements/{id}", "getStatement", "statements"),
    ITEM("/v1/initiatives/{id}", "getInitiative", "initiatives"),
    ITEM("/v1/mechanisms/{id}", "getMechanism", "mechanisms"),
    ITEM("/v1/sources/{id}", "getSource", "sources"),

    COLLECTION("/v1/summits/{id}/participants", "listSummitParticipants", "participants"),
    COLLECTION("/v1/summits/{id}/proposals", "listSummitProposals", "proposals"),
    COLLECTION("/v1/summits/{id}/measures", "listSummitMeasures", "measures"),
    COLLECTION("/v1/summits/{id}/areas", "listSummitAreas", "areas"),
    COLLECTION("/v1/summits/{id}/statements", "listSummitStatements", "statements"),
    COLLECTION("/v1/summits/{id}/mechanisms", "listSummitMechanisms", "mechanisms"),
    COLLECTION("/v1/summits/{id}/sources", "listSummitSources", "sources"),

    {"/v1/search", "search", json_only, "search", handle_search, true},
    {"/v1/graph", "getGraph", json_only, "graph", handle_graph, true},
    {"/v1/citations/{type}/{id}", "getCitation", references, "citations", handle_citation, true},
    {"/v1/summits/{id}/record", "getSummitRecord", json_only, NULL, handle_record, true},
    {"/v1/export.sqlite", "exportDatabase", sqlite_only, NULL, handle_export_sqlite, true},

    SERVICE("/openapi.yaml", "getOpenapiYaml", yaml_only, handle_openapi_yaml),
    SERVICE("/openapi.json", "getOpenapiJson", json_only, handle_openapi_json),
    SERVICE("/healthz", "getHealth", json_only, handle_health),
    SERVICE("/readyz", "getReadiness", json_only, handle_readiness),
    SERVICE("/.well-known/api-catalog", "getApiCatalog", linkset_only, handle_api_catalog),
    SERVICE("/problems/{slug}", "getProblemPage", html_only, handle_problem_page),
};

const size_t route_count = sizeof routes / sizeof routes[0];

static bool match(const struct route *route, const struct target *target,
                  const char **ret_parameters)
{
    const char *pattern = route->path + 1;
    size_t count = 0;
    memset(ret_parameters, 0, REQUEST_PARAMETERS_MAX * sizeof ret_parameters[0]);
    for (size_t i = 0; i < target->segment_count; i++) {
        size_t length = strcspn(pattern, "/");
        const char *segment = target->segments[i];
        if (pattern[0] == '{') {
            ret_parameters[count++] = segment;
        } else if (strlen(segment) != length || strncmp(segment, pattern, length) != 0) {
            return false;
        }
        pattern += length;
        pattern += *pattern == '/' ? 1 : 0;
    }
    return *pattern == '\0';
}

const struct route *routes_match(const struct target *target, const char **ret_parameters)
{
    for (size_t i = 0; i < route_count && !target->trailing_slash; i++) {
        if (match(&routes[i], target, ret_parameters)) {
            return &routes[i];
        }
    }
    return NULL;
}
