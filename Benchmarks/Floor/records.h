#ifndef FLOOR_RECORDS_H
#define FLOOR_RECORDS_H

#include "Work/batch.h"
#include "Work/session.h"

/* Which records the host's gates read: five of each symbol, and the portfolio's heat. Their keys, or what these begin with. */
enum { SYMBOL_RECORDS = 5, RECORDS = SYMBOL_RECORDS + 1 };
extern const struct slice record_keys[RECORDS];

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

/* Queues the reading of what is missing for the batch; returns how many replies there will be. */
size_t records_request(struct records *records, const struct batch *batch, struct session *session, struct bytes *scratch);
void records_receive(struct session *session, size_t replies);

#endif
