/* Both fields are lists of elements of one shape, `value *( ";" parameter )` with a parameter named
 * q as the weight, so one reader serves both: field_next cuts the field at commas outside quoted
 * strings, element_parse reads one cut. Nothing is copied; all parts are slices of the field.
 *
 * Choosing a media type goes from the offers to the ranges, not the other way round: precedence is
 * per offer, "text/" and star with q=1 must not outweigh "text/html;q=0" for text/html. */
#include "negotiate.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { WEIGHT_MAX = 1000 };

struct slice {
    const char *start;
    const char *end;
};

struct element {
    struct slice value;
    struct slice parameters; /* those before the weight */
    int weight;              /* 0 to WEIGHT_MAX */
};

static bool slice_is(struct slice slice, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(slice.end - slice.start) == length &&
           strncasecmp(slice.start, text, length) == 0;
}

static bool slice_equal(struct slice a, struct slice b)
{
    size_t length = (size_t)(a.end - a.start);
    return (size_t)(b.end - b.start) == length && strncasecmp(a.start, b.start, length) == 0;
}

static void skip_blanks(struct slice *rest)
{
    while (rest->start < rest->end && (*rest->start == ' ' || *rest->start == '\t')) {
        rest->start++;
    }
}

/* Takes the token at the start of rest (RFC 9110 section 5.6.2), with the bytes of extra as well;
 * empty if there is none. */
static struct slice take_token(struct slice *rest, const char *extra)
{
    struct slice token = {rest->start, rest->start};
    while (token.end < rest->end) {
        char byte = *token.end;
        bool alphanumeric = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                            (byte >= 'a' && byte <= 'z');
        if (!alphanumeric && (byte == '\0' || (strchr("!#$%&'*+-.^_`|~", byte) == NULL &&
                                               strchr(extra, byte) == NULL))) {
            break;
        }
        token.end++;
    }
    rest->start = token.end;
    return token;
}

/* The end of the quoted string (section 5.6.4) that begins at start: after its closing quote, or
 * NULL. */
static const char *quoted_end(const char *start, const char *end)
{
    for (const char *at = start + 1; at < end; at++) {
        if (*at == '"') {
            return at + 1;
        }
        if (*at == '\\') {
            at++;
        }
    }
    return NULL;
}

/* A token, or a quoted string without its quotes. Escapes in it stay: no value we offer has any. */
static bool take_value(struct slice *rest, struct slice *ret_value)
{
    if (rest->start < rest->end && *rest->start == '"') {
        const char *end = quoted_end(rest->start, rest->end);
        if (end == NULL) {
            return false;
        }
        *ret_value = (struct slice){rest->start + 1, end - 1};
        rest->start = end;
        return true;
    }
    *ret_value = take_token(rest, "");
    return ret_value->start < ret_value->end;
}

enum parameter_result { PARAMETER_TAKEN, PARAMETER_END, PARAMETER_MALFORMED };

/* Takes the next `;name=value` (section 5.6.6), past empty ones. */
static enum parameter_result take_parameter(struct slice *rest, struct slice *ret_name,
                                            struct slice *ret_value)
{
    for (;;) {
        skip_blanks(rest);
        if (rest->start == rest->end) {
            return PARAMETER_END;
        }
        if (*rest->start != ';') {
            return PARAMETER_MALFORMED;
        }
        rest->start++;
        skip_blanks(rest);
        if (rest->start == rest->end) {
            return PARAMETER_END;
        }
        if (*rest->start != ';') {
            break;
        }
    }
    *ret_name = take_token(rest, "");
    if (ret_name->start == ret_name->end || rest->start == rest->end || *rest->start != '=') {
        return PARAMETER_MALFORMED;
    }
    rest->start++;
    return take_value(rest, ret_value) ? PARAMETER_TAKEN : PARAMETER_MALFORMED;
}

/* A weight (section 12.4.2) in thousandths, or -1. */
static int weight_parse(struct slice text)
{
    int weight = 0;
    const char *at = text.start;
    if (at < text.end && (*at == '0' || *at == '1')) {
        weight = (*at++ - '0') * WEIGHT_MAX;
    }
    if (at == text.end) {
        return at > text.start ? weight : -1;
    }
    if (*at++ != '.' || text.end - at > 3) {
        return -1;
    }
    for (int unit = WEIGHT_MAX / 10; at < text.end; at++, unit /= 10) {
        if (*at < '0' || *at > '9') {
            return -1;
        }
        weight += (*at - '0') * unit;
    }
    return weight <= WEIGHT_MAX ? weight : -1;
}

static bool element_parse(struct slice text, struct element *ret_element)
{
    struct slice rest = text;
    struct slice value = take_token(&rest, "/");
    struct element element = {
        .value = value, .parameters = {rest.start, rest.end}, .weight = WEIGHT_MAX};
    bool weighted = false;
    for (;;) {
        const char *before = rest.start;
        struct slice name, content;
        switch (take_parameter(&rest, &name, &content)) {
        case PARAMETER_MALFORMED:
            return false;
        case PARAMETER_END:
            *ret_element = element;
            return value.start < value.end;
        case PARAMETER_TAKEN:
            break;
        }
        if (!weighted && slice_is(name, "q")) {
            weighted = true;
            element.parameters.end = before;
            element.weight = weight_parse(content);
            if (element.weight < 0) {
                return false;
            }
        }
    }
}

/* Takes the next well-formed element of a field. */
static bool field_next(struct slice *field, struct element *ret_element)
{
    while (field->start < field->end) {
        skip_blanks(field);
        const char *stop = field->start;
        while (stop < field->end && *stop != ',') {
            const char *end = *stop == '"' ? quoted_end(stop, field->end) : stop + 1;
            stop = end != NULL ? end : field->end;
        }
        struct slice text = {field->start, stop};
        field->start = stop < field->end ? stop + 1 : stop;
        if (element_parse(text, ret_element)) {
            return true;
        }
    }
    return false;
}

static struct slice field_of(const char *text)
{
    return (struct slice){text, text + strlen(text)};
}

static bool offer_has(const struct element *offer, struct slice name, struct slice value)
{
    struct slice rest = offer->parameters;
    struct slice own_name, own_value;
    if (slice_is(name, "charset") && slice_is(value, "utf-8")) {
        return true;
    }
    /* A profile (RFC 6906) is a wish that an offer without one is free to leave aside. */
    bool is_met = slice_is(name, "profile");
    while (take_parameter(&rest, &own_name, &own_value) == PARAMETER_TAKEN) {
        if (slice_equal(own_name, name)) {
            return slice_equal(own_value, value);
        }
    }
    return is_met;
}

/* How specific range is as a description of offer; -1 if it does not match. */
static int range_specificity(const struct element *range, const struct element *offer)
{
    int specificity = 2;
    size_t major = (size_t)(range->value.end - range->value.start);
    if (slice_is(range->value, "*") || slice_is(range->value, "*/*")) {
        specificity = 0;
    } else if (major > 2 && memcmp(range->value.end - 2, "/*", 2) == 0) {
        specificity = 1;
        if (strncasecmp(range->value.start, offer->value.start, major - 1) != 0) {
            return -1;
        }
    } else if (!slice_equal(range->value, offer->value)) {
        return -1;
    }
    struct slice rest = range->parameters;
    struct slice name, value;
    while (take_parameter(&rest, &name, &value) == PARAMETER_TAKEN) {
        if (!offer_has(offer, name, value)) {
            return -1;
        }
        specificity++;
    }
    return specificity;
}

/* The weight accept gives to an offer; -1 if the field has no well-formed element at all. */
static int offer_weight(const char *accept, const char *offered)
{
    struct slice field = field_of(accept);
    struct element range;
    struct element offer = {.value = {offered, offered}};
    int weight = -1;
    int best = -1;
    (void)element_parse(field_of(offered), &offer);
    while (field_next(&field, &range)) {
        int specificity = range_specificity(&range, &offer);
        if (weight < 0) {
            weight = 0;
        }
        if (specificity > best ||
            (specificity >= 0 && specificity == best && range.weight > weight)) {
            best = specificity;
            weight = range.weight;
        }
    }
    return weight;
}

int negotiate_media_type(const char *accept, const char *const *offered, size_t count)
{
    int chosen = -1;
    int highest = 0;
    if (accept == NULL || strcmp(accept, "*/*") == 0) {
        return count > 0 ? 0 : -1; /* so say most clients */
    }
    for (size_t i = 0; i < count; i++) {
        int weight = offer_weight(accept, offered[i]);
        if (weight < 0) {
            weight = WEIGHT_MAX;
        }
        if (weight > highest) {
            highest = weight;
            chosen = (int)i;
        }
    }
    return chosen;
}

/* The coding of that name; CODING_NONE if there is none. "x-gzip" is gzip (section 8.4.1.3). */
static enum coding coding_named(struct slice name)
{
    for (int coding = 0; coding < CODING_NONE; coding++) {
        if (slice_is(name, coding_token((enum coding)coding))) {
            return (enum coding)coding;
        }
    }
    return slice_is(name, "x-gzip") ? CODING_GZIP : CODING_NONE;
}

enum coding negotiate_coding(const char *accept_encoding)
{
    if (accept_encoding == NULL) {
        return CODING_IDENTITY;
    }
    struct slice field = field_of(accept_encoding);
    struct element element;
    int weights[CODING_NONE] = {0};
    bool is_named[CODING_NONE] = {false};
    int others = -1; /* what "*" gives to those not named; -1 without it */
    while (field_next(&field, &element)) {
        enum coding coding = coding_named(element.value);
        if (coding != CODING_NONE) {
            is_named[coding] = true;
            weights[coding] = element.weight > weights[coding] ? element.weight : weights[coding];
        } else if (slice_is(element.value, "*")) {
            others = element.weight;
        }
    }
    enum coding chosen = CODING_NONE;
    int highest = 0;
    for (int coding = CODING_NONE - 1; coding >= 0; coding--) {
        int weight = is_named[coding] ? weights[coding] : others;
        if (weight > highest) {
            highest = weight;
            chosen = (enum coding)coding;
        }
    }
    bool is_free = !is_named[CODING_IDENTITY] && others < 0;
    return chosen == CODING_NONE && is_free ? CODING_IDENTITY : chosen;
}
