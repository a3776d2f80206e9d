#ifndef FLOOR_RECORDS_H
#define FLOOR_RECORDS_H

#include "Work/batch.h"
#include "Work/session.h"

/* Of which symbols the records have been read since they changed last. What they say is dropped: the floor does not decide. */
struct records {
    struct seen_symbol *table;
    size_t capacity;
    size_t count;
    int has_heat;
};

void records_init(struct records *records);
void records_free(struct records *records);

/* A record has changed, or all may have. */
void records_forget(struct records *records, struct slice key);
void records_forget_all(struct records *records);

/* Whether all is known that the batch needs. */
int records_suffice(const struct records *records, const struct batch *batch);

/* Queues the reading of what is missing for the batch, to be told of its changes; returns how many records that is. */
size_t records_request(struct records *records, const struct batch *batch, struct session *session, struct bytes *scratch);
void records_receive(struct session *session, size_t count);

#endif
