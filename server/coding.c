#include "coding.h"

static const struct {
    const char *token;
    const char *tag;
} codings[] = {
    [CODING_IDENTITY] = {"identity", ""},
    [CODING_GZIP] = {"gzip", "-gzip"},
    [CODING_BROTLI] = {"br", "-br"},
};

const char *coding_token(enum coding coding)
{
    return codings[coding].token;
}

const char *coding_tag(enum coding coding)
{
    return codings[coding].tag;
}
