/* References for people, a line each: title, then what is known of where and when it was published
 * and which paragraphs are meant, with what the row is called, then the address. */
#include "citing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Appends a comma unless the text is empty. */
static int append_comma(struct buffer *buffer)
{
    return buffer->length == 0 ? 0 : buffer_append(buffer, ", ");
}

static int append_part(struct buffer *buffer, const char *text)
{
    return text == NULL ? 0 : append_comma(buffer) | buffer_append(buffer, text);
}

static int append_date(struct buffer *buffer, const json_t *item)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int year = 0;
    int month = 0;
    int day = 0;
    if (!citing_date(item, &year, &month, &day)) {
        return 0;
    }
    char text[64];
    snprintf(text, sizeof text, "%d %s %d", day, months[month - 1], year);
    return append_part(buffer, text);
}

static int append_locator(struct buffer *buffer, const json_t *item)
{
    bool is_first = buffer->length == 0;
    if (citing_text(item, "locator") == NULL) {
        return 0;
    }
    return append_comma(buffer) |
           citing_append_locator(buffer, item, is_first ? "Paragraph" : "paragraph",
                                 is_first ? "Paragraphs" : "paragraphs");
}

/* Appends the title, and a full stop unless it has an end of its own. */
static int append_title(struct buffer *buffer, const char *title)
{
    if (title == NULL || *title == '\0') {
        return 0;
    }
    return buffer_append(buffer, title) | buffer_append(buffer, citing_is_ended(title) ? "" : ".");
}

/* Appends a blank unless a line starts here. */
static int append_blank(struct buffer *buffer)
{
    bool is_start = buffer->length == 0 || buffer->text[buffer->length - 1] == '\n';
    return is_start ? 0 : buffer_append(buffer, " ");
}

static int append_item(struct buffer *buffer, const json_t *item)
{
    const char *url = citing_text(item, "URL");
    buffer_auto middle = {.text = NULL};
    int failed = append_title(buffer, citing_text(item, "title"));
    failed |= append_part(&middle, citing_text(item, "publisher"));
    failed |= append_part(&middle, citing_text(item, "publisher-place"));
    failed |= append_date(&middle, item);
    failed |= append_locator(&middle, item);
    if (middle.length > 0) {
        failed |= append_blank(buffer);
        failed |= buffer_append(buffer, middle.text);
        failed |= buffer_append(buffer, citing_is_ended(middle.text) ? "" : ".");
    }
    if (url != NULL) {
        failed |= append_blank(buffer);
        failed |= buffer_append(buffer, url);
    }
    return failed | buffer_append(buffer, "\n");
}

char *summit_cite_text(const json_t *items)
{
    struct buffer buffer = {.text = NULL};
    int failed = buffer_append(&buffer, "");
    for (size_t i = 0; i < json_array_size(items) && !failed; i++) {
        failed |= append_item(&buffer, json_array_get(items, i));
    }
    if (failed) {
        free(buffer.text);
        return NULL;
    }
    return buffer.text;
}
