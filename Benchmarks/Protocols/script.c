#include "committer.h"

/* The script checks for itself. */
static void prepare(struct committer *committer, const struct batch *batch) {
    (void)committer;
    (void)batch;
}

static void append(struct committer *committer, const struct batch *batch) {
    commit_append(&committer->session, &committer->commit, batch, &committer->scratch);
}

static void confirm(struct committer *committer, struct batch *batch) {
    struct turn turn = {0};
    commit_confirm(&committer->session, &committer->commit, batch, &turn);
}

const struct protocol script_protocol = {.prepare = prepare, .prepared = prepare, .append = append,
    .confirm = confirm};
