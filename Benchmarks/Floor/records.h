#ifndef FLOOR_RECORDS_H
#define FLOOR_RECORDS_H

#include "expected.h"
#include "Work/ledger.h"
#include "Work/session.h"

/* What was read of the symbols since its last change. Of the content only the times of records are kept, by which
 * accounts are tidied, because the floor does not decide. */
struct records {
    struct symbols symbols;
    /* The digest of the host's script that reads an account. */
    struct slice account_script;
    struct account *heat;
    /* Whether the records of no symbol are known. */
    int has_common;
    /* The number of the order to read all accounts again, from 1, and the one that the heat's account has followed. */
    unsigned long long account_reading, heat_reading;
    /* The replies to come. */
    struct expected expected;
    struct bytes scratch;
};

void records_init(struct records *records, struct ledger *ledger, struct slice account_script);
void records_free(struct records *records);

/* Forget a changed record, or all of them. */
void records_forget(struct records *records, struct slice key);
void records_forget_all(struct records *records);

/* Forget all accounts, or all that a batch is judged by. */
void records_forget_accounts(struct records *records);
void records_forget_batch(struct records *records, const struct batch *batch);

/* Whether all records and accounts of the batch are known. */
int records_suffice(const struct records *records, const struct batch *batch);

/* Reads what is missing, with tracking. Nothing may be queued or in flight. */
void records_load(struct records *records, const struct batch *batch, struct session *session);

#endif
