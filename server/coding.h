/* The content codings there are (RFC 9110 section 8.4.1). */
#ifndef SERVER_CODING_H
#define SERVER_CODING_H

/* In the order of preference, the best last: what is smaller. */
enum coding {
    CODING_IDENTITY,
    CODING_GZIP,   /* RFC 1952 */
    CODING_BROTLI, /* RFC 7932 */
    CODING_NONE    /* none of these; as a number, how many they are */
};

/* The name of a coding in header fields, such as "br". Not for CODING_NONE. */
const char *coding_token(enum coding coding);

/* What the entity tag of a coded body ends with (section 8.8.3.3), such as "-br"; "" for identity.
 * Not for CODING_NONE. */
const char *coding_tag(enum coding coding);

#endif
