#ifndef FLOOR_RECORDS_H
#define FLOOR_RECORDS_H

#include "Work/batch.h"
#include "Work/session.h"

/* The symbols whose records have been read since their last change. Their content is dropped, because the floor does
 * not decide. */
struct records {
    struct seen_symbol *table;
    size_t capacity;
    size_t count;
    int has_heat;
};

void records_init(struct records *records);
void records_free(struct records *records);

/* Forget a changed record, or all of them. */
void records_forget(struct records *records, struct slice key);
void records_forget_all(struct records *records);

/* Whether all records of the batch are known. */
int records_suffice(const struct records *records, const struct batch *batch);

/* Queues the reads of missing records, with tracking; returns their number. */
size_t records_request(
    struct records *records, const struct batch *batch, struct session *session, struct bytes *scratch);
void records_receive(struct session *session, size_t count);

#endif
