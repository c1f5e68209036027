/* Deadlines on the monotonic clock: every wait in the tests ends, and none asserts how long it
 * took. */
#ifndef TESTS_DEADLINE_H
#define TESTS_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

/* How long anything that should simply happen may take before a test gives up on it. */
enum { DEADLINE_USUAL_MS = 10000 };

/* The moment `span_ms` from now, ten times as far when SUMMITD_WRAPPER slows the program down. */
int64_t deadline_after_ms(int64_t span_ms);

/* Milliseconds until `deadline`, 0 when it has passed; fits poll(). */
int deadline_left_ms(int64_t deadline);

bool deadline_passed(int64_t deadline);

/* Sleeps `span_ms` (not scaled). */
void deadline_pause_ms(int span_ms);

#endif
