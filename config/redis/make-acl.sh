#!/bin/sh
# Makes the ACL file that Redis loads: users.acl in the form that Redis reads, with the hashes of the passwords. A user without a password is off.
#
#   config/redis/make-acl.sh PASSWORDS FILE      # PASSWORDS: a line `user password` for each; two of one user while its password is changed
#
# FILE is written whole or not at all: Redis takes an empty one to mean that everybody may do everything.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 PASSWORDS FILE" >&2; exit 2; }
rules=$(dirname "$0")/users.acl
umask 077

# Redis checks a hundred thousand guesses a second.
shortest=16

hashes=$(
    while read -r user password || [ -n "$user" ]; do
        case $user in '' | '#'*) continue ;; esac
        [ ${#password} -ge $shortest ] || { echo "$0: the password of $user is shorter than $shortest characters" >&2; exit 1; }
        echo "$user $(printf %s "$password" | sha256sum | cut -d ' ' -f 1)"
    done <"$1"
)
trap 'rm -f "$2.new"' EXIT
echo "$hashes" | awk -v name="$0" '
    function finish() { if (line != "") print line; line = "" }
    FNR == NR { if (NF == 2) hashes[$1] = hashes[$1] " #" $2; next }
    /^[[:space:]]*(#|$)/ { next }
    /^user / { finish(); known[$2]; line = "user " $2 ($2 in hashes ? " on" hashes[$2] : " off"); next }
    { $1 = $1; line = line " " $0 }
    END {
        finish()
        for (user in hashes) if (!(user in known)) { print name ": there is no user " user >"/dev/stderr"; wrong = 1 }
        exit wrong
    }
' - "$rules" >"$2.new"
mv "$2.new" "$2"
