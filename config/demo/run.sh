#!/bin/sh
# The demo: a registry of four hamlets, one channel that prints what it would
# send, everything in var/. Run by `make run`; its argument is the binary.
set -eu

[ $# -eq 1 ] || {
	echo "usage: config/demo/run.sh BINARY" >&2
	exit 2
}
case $1 in
/*) bantin=$1 ;;
*) bantin=$PWD/$1 ;;
esac
cd "$(dirname "$0")/../.."
config=config/bantin.yaml
database=var/bantin.db

umask 077
mkdir -p var
if [ ! -e "$database" ]; then
	echo "first run: importing config/demo/registry into $database"
	"$bantin" import -c "$config" config/demo/registry || {
		rm -f "$database" "$database-wal" "$database-shm"
		exit 1
	}
fi

# What the file says, so that this text stays true when it is changed.
value() { sed -n "s/^[ ]*$1: *\([^ #]*\).*/\1/p" "$config" | head -n 1; }
url=http://$(value listen)/in/$(value '- name')/$(value token)
# Yesterday in Vietnam, where the demo's hamlets are.
day=$(TZ=UTC-7 date -d yesterday +%-d/%-m)

text() { printf "    curl -d '{\"from\":\"%s\",\"text\":\"%s\"}' %s\n" \
	"$1" "$2" "$url"; }
echo
echo "Be the secretary of hamlet MG07 and text yesterday's meeting, from a"
echo "second terminal. What goes back is shown there and printed here."
echo
text +84900000007 "HOP MG07 $day TS47 CM35 VP10 VK2"
echo
echo "Say that the echo is right, or send figures that do not add up:"
echo
text +84900000007 1
text +84900000007 "HOP MG07 $day TS47 CM35 VP10 VK5"
echo
echo "The whole story of the first text:"
echo
echo "    $1 why 1"
echo
echo "Ctrl-C stops it. To begin anew, remove var/."
echo

exec "$bantin" serve -c "$config"
