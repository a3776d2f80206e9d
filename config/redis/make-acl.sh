#!/bin/sh
# Makes the ACL file for Redis from users.acl: joins the lines of a user and adds the hashes of the passwords. A user
# without a password is off.
#
#   config/redis/make-acl.sh PASSWORDS FILE
#
# PASSWORDS has one line `user password` per password. Give two lines for a user while its password changes.
# FILE is written whole or not at all: with an empty file Redis lets every client do everything.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 PASSWORDS FILE" >&2; exit 2; }
rules=$(dirname "$0")/users.acl
umask 077

# Redis checks a hundred thousand guesses per second, so short passwords are refused.
shortest=16

hashes=$(
    while read -r user password || [ -n "$user" ]; do
        case $user in '' | '#'*) continue ;; esac
        [ ${#password} -ge $shortest ] || {
            echo "$0: the password of $user is shorter than $shortest characters" >&2
            exit 1
        }
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
