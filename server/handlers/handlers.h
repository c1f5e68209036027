/* The handlers, each in the file of its name; their contract is route_handler's in routes.h. */
#ifndef SERVER_HANDLERS_H
#define SERVER_HANDLERS_H

#include "../routes.h"

route_handler handle_home;          /* a page for people who meet the server in a browser */
route_handler handle_index;         /* what there is, with links */
route_handler handle_collection;    /* a page of rows; within one summit if the path names it */
route_handler handle_item;          /* one row */
route_handler handle_search;        /* rows of all resources that have some words */
route_handler handle_graph;         /* rows as nodes and links */
route_handler handle_citation;      /* the reference of one row */
route_handler handle_record;        /* one summit as a record that imports again */
route_handler handle_openapi_yaml;  /* the OpenAPI document, as written */
route_handler handle_openapi_json;  /* the same in JSON */
route_handler handle_health;        /* that the process lives */
route_handler handle_readiness;     /* what it serves */
route_handler handle_export_sqlite; /* the database file itself, or a part of it */
route_handler handle_api_catalog;   /* RFC 9727 */
route_handler handle_problem_page;  /* what a problem type means */

#endif
