/* A counter decides which allocation fails, another one counts what is not freed. Both are of the
 * whole process, as the server allocates in threads of its own; a thread of the test's can stand
 * aside.
 *
 * libc's, libz's and libmicrohttpd's own calls of malloc are not seen. Where such a library hands
 * memory to us or takes it from us, its function is wrapped too: to keep the count right, and to
 * fail in its place. */
#include "alloc.h"

#include "../support/check.h"

#include <errno.h>
#include <execinfo.h>
#include <jansson.h>
#include <microhttpd.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t number, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
int __real_deflateInit2_(z_streamp stream, int level, int method, int window_bits, int memory_level,
                         int strategy, const char *version, int size);
struct MHD_Response *__real_MHD_create_response_from_buffer(size_t size, void *buffer,
                                                            enum MHD_ResponseMemoryMode mode);
struct MHD_Response *__real_MHD_create_response_from_fd64(uint64_t size, int fd);
struct MHD_Response *__real_MHD_create_response_from_callback(
    uint64_t size, size_t block_size, MHD_ContentReaderCallback read, void *context,
    MHD_ContentReaderFreeCallback free_context);
enum MHD_Result __real_MHD_add_response_header(struct MHD_Response *response, const char *name,
                                               const char *value);
int __real_memfd_create(const char *name, unsigned flags);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t number, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);
int __wrap_asprintf(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));
FILE *__wrap_open_memstream(char **text, size_t *length);
int __wrap_deflateInit2_(z_streamp stream, int level, int method, int window_bits, int memory_level,
                         int strategy, const char *version, int size);
struct MHD_Response *__wrap_MHD_create_response_from_buffer(size_t size, void *buffer,
                                                            enum MHD_ResponseMemoryMode mode);
struct MHD_Response *__wrap_MHD_create_response_from_fd64(uint64_t size, int fd);
struct MHD_Response *__wrap_MHD_create_response_from_callback(
    uint64_t size, size_t block_size, MHD_ContentReaderCallback read, void *context,
    MHD_ContentReaderFreeCallback free_context);
enum MHD_Result __wrap_MHD_add_response_header(struct MHD_Response *response, const char *name,
                                               const char *value);
int __wrap_memfd_create(const char *name, unsigned flags);

static atomic_int_fast64_t live;
static atomic_int_fast64_t until_failure;
static atomic_bool armed;
static atomic_bool persists;
static atomic_bool injected;
static _Thread_local bool spared;

enum { WAYS_MAX = 1 << 20, SEEN_MAX = 1 << 18, FRAMES_MAX = 48 };

/* By which way each allocation of a recorded run was reached: a hash of its call stack. */
static uint64_t *ways;
static atomic_size_t way_count;
static atomic_bool recording;

void alloc_spare_this_thread(void)
{
    spared = true;
}

void alloc_arm(int64_t index, enum alloc_mode mode)
{
    atomic_store(&until_failure, index);
    atomic_store(&persists, mode == ALLOC_FROM_ON);
    atomic_store(&injected, false);
    atomic_store(&armed, true);
}

bool alloc_disarm(void)
{
    atomic_store(&armed, false);
    return atomic_load(&injected);
}

int64_t alloc_live(void)
{
    return atomic_load(&live);
}

static void record_way(void)
{
    void *frames[FRAMES_MAX];
    int depth = backtrace(frames, FRAMES_MAX);
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int i = 0; i < depth; i++) {
        hash = (hash ^ (uint64_t)(uintptr_t)frames[i]) * UINT64_C(1099511628211);
    }
    size_t index = atomic_fetch_add(&way_count, 1);
    if (index < WAYS_MAX) {
        ways[index] = hash;
    }
}

void alloc_record(void)
{
    if (ways == NULL) {
        ways = __real_calloc(WAYS_MAX, sizeof ways[0]);
        assert_non_null(ways);
    }
    atomic_store(&way_count, 0);
    atomic_store(&recording, true);
}

/* Puts a hash into an open-addressed set; false if it was there. */
static bool see(uint64_t *seen, uint64_t hash)
{
    size_t place = hash % SEEN_MAX;
    while (seen[place] != 0 && seen[place] != hash) {
        place = (place + 1) % SEEN_MAX;
    }
    bool is_new = seen[place] == 0;
    seen[place] = hash;
    return is_new;
}

size_t alloc_recorded(bool *ret_is_new, size_t size)
{
    atomic_store(&recording, false);
    size_t count = atomic_load(&way_count);
    assert_true(count <= WAYS_MAX && count <= size);
    uint64_t *seen = __real_calloc(SEEN_MAX, sizeof seen[0]);
    assert_non_null(seen);
    for (size_t i = 0; i < count; i++) {
        ret_is_new[i] = see(seen, ways[i]);
    }
    __real_free(seen);
    __real_free(ways);
    ways = NULL;
    return count;
}

static bool fails(void)
{
    if (!spared && atomic_load(&recording)) {
        record_way();
    }
    if (spared || !atomic_load(&armed)) {
        return false;
    }
    int64_t left = atomic_fetch_sub(&until_failure, 1);
    if (left > 0 || (left < 0 && !atomic_load(&persists))) {
        return false;
    }
    atomic_store(&injected, true);
    return true;
}

static void *counted(void *memory)
{
    if (memory != NULL) {
        atomic_fetch_add(&live, 1);
    }
    return memory;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t number, size_t size)
{
    return fails() ? NULL : counted(__real_calloc(number, size));
}

void *__wrap_realloc(void *memory, size_t size)
{
    if (fails()) {
        return NULL;
    }
    return memory == NULL ? counted(__real_malloc(size)) : __real_realloc(memory, size);
}

void __wrap_free(void *memory)
{
    if (memory != NULL) {
        atomic_fetch_sub(&live, 1);
        __real_free(memory);
    }
}

char *__wrap_strndup(const char *text, size_t length)
{
    size_t used = strnlen(text, length);
    char *copy = __wrap_malloc(used + 1);
    if (copy != NULL) {
        memcpy(copy, text, used);
        copy[used] = '\0';
    }
    return copy;
}

char *__wrap_strdup(const char *text)
{
    return __wrap_strndup(text, strlen(text));
}

int __wrap_asprintf(char **text, const char *format, ...)
{
    va_list arguments;
    if (fails()) {
        return -1;
    }
    va_start(arguments, format);
    int length = vasprintf(text, format, arguments);
    va_end(arguments);
    if (length >= 0) {
        (void)counted(*text);
    }
    return length;
}

struct memstream {
    char **text;
    size_t *length;
    char *buffer;
    size_t size;
    size_t used;
};

static ssize_t memstream_write(void *cookie, const char *bytes, size_t length)
{
    struct memstream *stream = cookie;
    if (stream->used + length >= stream->size) {
        size_t size = 2 * (stream->used + length + 1);
        char *larger = __wrap_realloc(stream->buffer, size);
        if (larger == NULL) {
            return 0;
        }
        stream->buffer = larger;
        stream->size = size;
    }
    memcpy(stream->buffer + stream->used, bytes, length);
    stream->used += length;
    return (ssize_t)length;
}

static int memstream_close(void *cookie)
{
    struct memstream *stream = cookie;
    stream->buffer[stream->used] = '\0';
    *stream->text = stream->buffer;
    *stream->length = stream->used;
    __real_free(stream);
    return 0;
}

/* A stream like libc's whose buffer is one of the allocations that can fail. */
FILE *__wrap_open_memstream(char **text, size_t *length)
{
    enum { FIRST_SIZE = 64 };
    char *buffer = __wrap_malloc(FIRST_SIZE);
    if (buffer == NULL) {
        return NULL;
    }
    struct memstream *stream = __real_malloc(sizeof *stream);
    assert_non_null(stream);
    *stream = (struct memstream){text, length, buffer, FIRST_SIZE, 0};
    cookie_io_functions_t functions = {.write = memstream_write, .close = memstream_close};
    FILE *file = fopencookie(stream, "w", functions);
    assert_non_null(file);
    setvbuf(file, NULL, _IONBF, 0);
    return file;
}

int __wrap_deflateInit2_(z_streamp stream, int level, int method, int window_bits, int memory_level,
                         int strategy, const char *version, int size)
{
    if (fails()) {
        return Z_MEM_ERROR;
    }
    return __real_deflateInit2_(stream, level, method, window_bits, memory_level, strategy, version,
                                size);
}

struct MHD_Response *__wrap_MHD_create_response_from_buffer(size_t size, void *buffer,
                                                            enum MHD_ResponseMemoryMode mode)
{
    if (fails()) {
        return NULL;
    }
    struct MHD_Response *response = __real_MHD_create_response_from_buffer(size, buffer, mode);
    if (response != NULL && mode == MHD_RESPMEM_MUST_FREE) {
        atomic_fetch_sub(&live, 1);
    }
    return response;
}

enum MHD_Result __wrap_MHD_add_response_header(struct MHD_Response *response, const char *name,
                                               const char *value)
{
    return fails() ? MHD_NO : __real_MHD_add_response_header(response, name, value);
}

struct MHD_Response *__wrap_MHD_create_response_from_fd64(uint64_t size, int fd)
{
    return fails() ? NULL : __real_MHD_create_response_from_fd64(size, fd);
}

struct MHD_Response *__wrap_MHD_create_response_from_callback(
    uint64_t size, size_t block_size, MHD_ContentReaderCallback read, void *context,
    MHD_ContentReaderFreeCallback free_context)
{
    return fails() ? NULL
                   : __real_MHD_create_response_from_callback(size, block_size, read, context,
                                                              free_context);
}

int __wrap_memfd_create(const char *name, unsigned flags)
{
    if (fails()) {
        errno = EMFILE;
        return -1;
    }
    return __real_memfd_create(name, flags);
}

static struct sqlite3_mem_methods sqlite_memory;

static void *sqlite_malloc(int size)
{
    return fails() ? NULL : counted(sqlite_memory.xMalloc(size));
}

static void sqlite_free(void *memory)
{
    if (memory != NULL) {
        atomic_fetch_sub(&live, 1);
        sqlite_memory.xFree(memory);
    }
}

static void *sqlite_realloc(void *memory, int size)
{
    return fails() ? NULL : sqlite_memory.xRealloc(memory, size);
}

void alloc_install(void)
{
    json_set_alloc_funcs(__wrap_malloc, __wrap_free);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory), SQLITE_OK);
    struct sqlite3_mem_methods hooked = sqlite_memory;
    hooked.xMalloc = sqlite_malloc;
    hooked.xFree = sqlite_free;
    hooked.xRealloc = sqlite_realloc;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &hooked), SQLITE_OK);
    /* Small things too come from the allocator, not from a block taken once. */
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
}
