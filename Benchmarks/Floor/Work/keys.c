#include "keys.h"

const struct slice decision_stream = SLICE_OF_LITERAL("quantum:stream:governor.decision");
const struct slice dead_letter_stream = SLICE_OF_LITERAL("quantum:stream:apply.plan.dead");
const struct slice violation_stream = SLICE_OF_LITERAL("quantum:stream:budget.violation");
const struct slice commits_key = SLICE_OF_LITERAL("quantum:governor:intake:commits");
const struct slice permit_prefix = SLICE_OF_LITERAL("quantum:permit:");
const struct slice block_prefix = SLICE_OF_LITERAL("quantum:governor:block:");
const struct slice outcome_prefix = SLICE_OF_LITERAL("quantum:governor:outcome:");
const struct slice account_prefix = SLICE_OF_LITERAL("quantum:governor:account:");
const struct slice timely_prefix = SLICE_OF_LITERAL("quantum:governor:intake:timely:");
