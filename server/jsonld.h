/* Rows as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/) in the terms of https://schema.org.
 *
 * A row is a node: its "@id" is its path under /v1, its "@type" and properties are those of the
 * table. Null and what is not in the row are left out, and so is what schema.org has no honest term
 * for. The context stands in the document, so a processor needs no network for it; "@id"s are
 * path-absolute references, to be resolved against the address the document came from.
 *
 * - summits, Event: name, startDate (starts_on), endDate (ends_on), description (summary),
 *   superEvent: EventSeries (series), location: Place with a PostalAddress (city, region, country),
 *   subjectOf (citations)
 * - participants, Person: name, jobTitle (office), hasOccupation: Occupation of that name with an
 *   occupationLocation (country), performerIn (summit_id), subjectOf (citations)
 * - proposals, Claim: name (title), text (summary), position (number), author (proposed_by), about
 *   (area_ids), subjectOf (summit_id), appearance (citations)
 * - measures, Claim: text, position (number), isPartOf (proposal_id), keywords (modality), about
 *   (area_ids), mentions (initiative_ids, mechanism_ids, amounts),
 *   subjectOf (summit_id), appearance (citations)
 * - areas, DefinedTerm: name, description, subjectOf (citations)
 * - statements, Claim: text, keywords (kind), author (said_by), about (area_ids), mentions
 *   (initiative_ids), subjectOf (summit_id), appearance (citations)
 * - initiatives, Project: name, description, founder (launched_by), subjectOf (citations)
 * - mechanisms, EventSeries: name, description, keywords (standing), about (area_ids), subjectOf
 *   (summit_id, proposal_id, citations)
 * - sources, CreativeWork: name (title), publisher, locationCreated: Place (place), datePublished
 *   (published_on), inLanguage (language), url
 *
 * A citation is a CreativeWork, the paragraph: isPartOf the source, at a position. A Claim has it
 * as appearance, where it is reported; of anything else it is the subjectOf. An amount, and each of
 * its equivalents, is a MonetaryAmount: name (stated), currency, and value, minValue (at_least) or
 * maxValue (up_to); one that is about its value has the description "about". A country is a
 * Country: name, identifier (code). launched_by and publisher are plain texts, as the record does
 * not say whether they are people.
 *
 * From what was put forward or said at a summit subjectOf leads there: to schema.org that is "a
 * CreativeWork or Event about this Thing", while isPartOf leads to works only. The country of a
 * participant is that of the office, so it is no nationality, which is a person's, and no
 * affiliation, which is to an Organization.
 *
 * Left out: the role of a participant, which would need a node of its own between person and event;
 * an area's category, and all counts. */
#ifndef SERVER_JSONLD_H
#define SERVER_JSONLD_H

#include <jansson.h>

#include "summit.h"

/* Makes a document of rows as the API shows them.
 *   resource  "summits", "measures", ...
 *   data      a row, which becomes the one node of the document, or an array of rows, which become
 *             its @graph.
 *   included  {resource: [row, ...]}, or NULL; these follow the rows in the @graph, or stand under
 *             @included of the one node.
 *   ret_document  the caller's.
 * Returns SUMMIT_OK, SUMMIT_NOT_FOUND (no such resource) or SUMMIT_NOMEM. */
enum summit_status jsonld_make(const char *resource, const json_t *data, const json_t *included,
                               json_t **ret_document) __attribute__((warn_unused_result));

#endif
