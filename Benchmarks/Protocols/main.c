/* Compares ways to commit a batch of decisions on the same plans: the host's script, the same Lua code as a Redis
 * function, and MULTI/EXEC with watched keys. */
#include "options.h"
#include "report.h"
#include "stage.h"
#include "trial.h"

#include <stdlib.h>

static const struct contender contenders[] = {
    {.name = "script", .protocol = &script_protocol, .committers = 1},
    {.name = "function", .protocol = &script_protocol, .call = CALL_FUNCTION, .committers = 1},
    {.name = "transaction", .protocol = &transaction_protocol, .guards_permits = 1, .committers = 1},
    {.name = "transaction, foreign permits aside", .protocol = &transaction_protocol, .committers = 1},
};
enum { CONTENDERS = sizeof contenders / sizeof *contenders };

int main(int count, char **arguments) {
    struct options options = options_parse(count, arguments);
    struct bytes lua = {0};
    stage_read_script(options.script_path, &lua);
    struct cost *costs = calloc(CONTENDERS * options.rounds, sizeof *costs);
    if (costs == NULL) fail("out of memory");
    for (size_t round = 0; round < options.rounds; round++) {
        /* The contender that goes first changes from round to round. */
        for (size_t turn = 0; turn < CONTENDERS; turn++) {
            size_t index = (turn + round) % CONTENDERS;
            costs[index * options.rounds + round] = trial_run(&contenders[index], &options, bytes_slice(&lua));
        }
    }
    report_print(contenders, CONTENDERS, costs, &options);
    if (options.json_path != NULL) report_write_json(options.json_path, contenders, CONTENDERS, costs, &options);
    free(costs);
    bytes_free(&lua);
    return 0;
}
