#!/bin/sh
# Folders are floors: a file includes only its own room or a strictly lower
# floor, and outside libraries only where design allows them.
room() {
	case $1 in
	gateway/base/*) echo "0 base" ;;
	gateway/model/*) echo "1 model" ;;
	config/*) echo "2 config" ;;
	parsers/*) echo "3 parsers" ;;
	handlers/*) echo "4 handlers" ;;
	gateway/providers/*) echo "4 providers" ;;
	gateway/store/*) echo "4 store" ;;
	gateway/*) echo "5 gateway" ;;
	tests/*) echo "6 tests" ;;
	*) echo "9 $1" ;;
	esac
}
# The one room that may see a library.
library() {
	case $1 in
	sqlite3.h | csv.h) echo store ;;
	event2/* | curl/* | systemd/* | xlsxwriter.h) echo gateway ;;
	pcre2.h | utf8proc.h) echo parsers ;;
	yaml.h) echo config ;;
	openssl/ssl.h | openssl/x509.h | openssl/pem.h | openssl/err.h)
		echo gateway
		;; # the protocol; digests are base's
	jansson.h | expat.h | openssl/*) echo base ;;
	esac
}
rc=0
for f in $(find gateway config parsers handlers tests -name '*.[ch]'); do
	me=$(room "$f")
	for i in $(sed -n 's/^#include "\([^"]*\)".*/\1/p' "$f"); do
		it=$(room "$i")
		[ "$me" = "$it" ] || [ "${it% *}" -lt "${me% *}" ] || {
			echo "$f: ${me#* } may not include $i (${it#* })"
			rc=1
		}
	done
	[ "${me% *}" -lt 6 ] || continue
	for i in $(sed -n 's/^#include <\([^>]*\)>.*/\1/p' "$f"); do
		of=$(library "$i")
		[ -z "$of" ] || [ "${me#* }" = "$of" ] || {
			echo "$f: only $of may see <$i>"
			rc=1
		}
	done
done
exit $rc
