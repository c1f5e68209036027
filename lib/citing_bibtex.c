/* References as BibTeX that BibTeX and BibLaTeX both read. Braces are counted by BibTeX whatever
 * stands before them, so those of a text become commands that have none. An address is taken
 * verbatim by both; only what would end the field is escaped, the way addresses escape. */
#include "citing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Appends a text with TeX's special characters as commands. */
static int append_tex(struct buffer *buffer, const char *text)
{
    static const char specials[] = "\\{}$&#%_~^";
    static const char *const commands[] = {
        "\\textbackslash{}",
        "\\textbraceleft{}",
        "\\textbraceright{}",
        "\\$",
        "\\&",
        "\\#",
        "\\%",
        "\\_",
        "\\textasciitilde{}",
        "\\textasciicircum{}",
    };
    int failed = 0;
    while (*text != '\0') {
        size_t plain = strcspn(text, specials);
        failed |= buffer_append_bytes(buffer, text, plain);
        text += plain;
        if (*text != '\0') {
            failed |= buffer_append(buffer, commands[strchr(specials, *text) - specials]);
            text++;
        }
    }
    return failed;
}

static int append_url(struct buffer *buffer, const char *text)
{
    int failed = 0;
    while (*text != '\0') {
        size_t plain = strcspn(text, "\\{}");
        failed |= buffer_append_bytes(buffer, text, plain);
        text += plain;
        if (*text != '\0') {
            char escaped[8];
            snprintf(escaped, sizeof escaped, "%%%02X", (unsigned char)*text);
            failed |= buffer_append(buffer, escaped);
            text++;
        }
    }
    return failed;
}

/* Appends a field; a title has braces around it that keep its capitals. */
static int append_field(struct buffer *buffer, const char *name, const char *text)
{
    bool is_title = strcmp(name, "title") == 0;
    if (text == NULL) {
        return 0;
    }
    int failed = buffer_append(buffer, ",\n  ");
    failed |= buffer_append(buffer, name);
    failed |= buffer_append(buffer, is_title ? " = {{" : " = {");
    failed |= strcmp(name, "url") == 0 ? append_url(buffer, text) : append_tex(buffer, text);
    return failed | buffer_append(buffer, is_title ? "}}" : "}");
}

/* Appends the date; BibTeX has the months' names as macros, which styles and languages spell out.
 */
static int append_date(struct buffer *buffer, const json_t *item)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    int year = 0;
    int month = 0;
    int day = 0;
    if (!citing_date(item, &year, &month, &day)) {
        return 0;
    }
    char text[96];
    snprintf(text, sizeof text, ",\n  year = {%04d},\n  month = %s,\n  day = {%d}", year,
             months[month - 1], day);
    return buffer_append(buffer, text);
}

static int append_note(struct buffer *buffer, const json_t *item)
{
    buffer_auto note = {.text = NULL};
    if (citing_text(item, "locator") == NULL) {
        return 0;
    }
    int failed = citing_append_locator(&note, item, "Paragraph", "Paragraphs");
    return failed | append_field(buffer, "note", note.text);
}

static int append_item(struct buffer *buffer, const json_t *item)
{
    const char *id = citing_text(item, "id");
    int failed = buffer_append(buffer, buffer->length == 0 ? "@misc{" : "\n@misc{");
    failed |= buffer_append(buffer, id == NULL ? "" : id);
    failed |= append_field(buffer, "title", citing_text(item, "title"));
    failed |= append_field(buffer, "publisher", citing_text(item, "publisher"));
    failed |= append_field(buffer, "address", citing_text(item, "publisher-place"));
    failed |= append_date(buffer, item);
    failed |= append_field(buffer, "language", citing_text(item, "language"));
    failed |= append_field(buffer, "url", citing_text(item, "URL"));
    failed |= append_note(buffer, item);
    return failed | buffer_append(buffer, "\n}\n");
}

char *summit_cite_bibtex(const json_t *items)
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
