#ifndef FLOOR_RECORDS_H
#define FLOOR_RECORDS_H

#include "batch.h"
#include "session.h"

/* Reads the records that the host's gates read for this batch, in one round trip, and drops them. */
void records_read(struct session *session, const struct batch *batch, struct bytes *scratch);

#endif
