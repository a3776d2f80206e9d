#include "account.h"

#include "keys.h"

static const unsigned long long one = 100000000, largest_in_units = 10000;
/* As the deployment has them: `shown_margin`, and 10 s more for the heat. */
enum { POSITION_MARGIN_MS = 5000, HEAT_MARGIN_MS = 15000 };

struct parts parts_of(unsigned long long amount) {
    if (amount < largest_in_units * one) return (struct parts){.units = amount};
    return (struct parts){.units = amount % one, .whole = amount / one};
}

unsigned long long amount_of(struct slice text) {
    unsigned long long amount = 0;
    size_t decimals = 0, n = 0;
    for (; n < text.length && text.data[n] != '.'; n++) amount = amount * 10 + (unsigned long long)(text.data[n] - '0');
    for (n += 1; n < text.length && decimals < 8; n++, decimals++) {
        amount = amount * 10 + (unsigned long long)(text.data[n] - '0');
    }
    for (; decimals < 8; decimals++) amount *= 10;
    /* Up: no share is understated. */
    while (n < text.length && text.data[n] == '0') n++;
    return n < text.length ? amount + 1 : amount;
}

struct slice account_scope(const struct account *account) {
    return (struct slice){account->key.data + account_prefix.length, account->key.length - account_prefix.length};
}

void account_init_position(struct account *account, struct slice symbol) {
    *account = (struct account){.margin_ms = POSITION_MARGIN_MS, .lanes = SLICE("046"), .limit = 1000000000};
    bytes_append_slice(&account->key, account_prefix);
    bytes_append_slice(&account->key, SLICE("position:"));
    bytes_append_slice(&account->key, symbol);
}

void account_init_heat(struct account *account) {
    *account = (struct account){
        .margin_ms = HEAT_MARGIN_MS, .lanes = SLICE("0"), .limit = 189979989909, .is_told = 1};
    bytes_append_slice(&account->key, account_prefix);
    bytes_append_slice(&account->key, SLICE("heat"));
}
