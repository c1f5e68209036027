/* The library ends the process when its allocator returns NULL, unless it was built otherwise. So
 * ours does not return then: it jumps back to where the library was called. The library's state is
 * lost in that, but not its memory, as we keep a list of all blocks it has; its state is one. */
#include "brotli.h"

#include <setjmp.h>
#include <stdlib.h>

#include <brotli/encode.h>

struct block {
    struct block *previous;
    struct block *next;
    max_align_t memory[];
};

struct brotli {
    struct block *blocks;
    BrotliEncoderState *state;
    jmp_buf out_of_memory; /* valid while the library is at work */
};

static void *block_allocate(void *opaque, size_t size)
{
    struct brotli *coder = opaque;
    struct block *block = malloc(sizeof *block + size);
    if (block == NULL) {
        longjmp(coder->out_of_memory, 1);
    }
    *block = (struct block){.next = coder->blocks};
    if (block->next != NULL) {
        block->next->previous = block;
    }
    coder->blocks = block;
    return block->memory;
}

static void block_free(void *opaque, void *memory)
{
    struct brotli *coder = opaque;
    if (memory == NULL) {
        return;
    }
    struct block *block = (struct block *)((char *)memory - offsetof(struct block, memory));
    if (block->next != NULL) {
        block->next->previous = block->previous;
    }
    if (block->previous != NULL) {
        block->previous->next = block->next;
    } else {
        coder->blocks = block->next;
    }
    free(block);
}

static bool make_state(struct brotli *coder)
{
    if (setjmp(coder->out_of_memory) != 0) {
        return false;
    }
    coder->state = BrotliEncoderCreateInstance(block_allocate, block_free, coder);
    return true;
}

struct brotli *brotli_new(uint32_t quality, uint32_t window_bits)
{
    struct brotli *coder = calloc(1, sizeof *coder);
    if (coder == NULL || !make_state(coder)) {
        brotli_free(coder);
        return NULL;
    }
    (void)BrotliEncoderSetParameter(coder->state, BROTLI_PARAM_QUALITY, quality);
    (void)BrotliEncoderSetParameter(coder->state, BROTLI_PARAM_LGWIN, window_bits);
    return coder;
}

bool brotli_write(struct brotli *coder, const char *data, size_t length, bool is_last, char *output,
                  size_t size, size_t *ret_used, size_t *ret_written, bool *ret_ended)
{
    if (setjmp(coder->out_of_memory) != 0) {
        return false;
    }
    const uint8_t *input = (const uint8_t *)data;
    uint8_t *place = (uint8_t *)output;
    size_t left = length;
    size_t room = size;
    BrotliEncoderOperation operation = is_last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    if (!BrotliEncoderCompressStream(coder->state, operation, &left, &input, &room, &place, NULL)) {
        return false;
    }
    *ret_used = length - left;
    *ret_written = size - room;
    *ret_ended = BrotliEncoderIsFinished(coder->state);
    return true;
}

void brotli_free(struct brotli *coder)
{
    while (coder != NULL && coder->blocks != NULL) {
        block_free(coder, coder->blocks->memory);
    }
    free(coder);
}
