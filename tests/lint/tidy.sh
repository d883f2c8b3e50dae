#!/bin/sh
# clang-tidy over one file, unless it passed before and nothing that it
# includes, nor the rules, have changed since.
# tidy.sh BUILD FILE
stamp=$1/lint/$2.ok
flags="-std=gnu17 -D_GNU_SOURCE -DBANTIN_VERSION=\"lint\" -I. $(pkg-config \
	--cflags libevent libcurl sqlite3 libpcre2-8 jansson expat yaml-0.1 \
	libutf8proc libcrypto libsystemd)"
needs=$(gcc $flags -MM "$2" | sed 's/^[^:]*://; s/\\$//') || exit 1
now=$(cat .clang-tidy tests/lint/tidy.sh $needs | sha256sum)
[ "$now" = "$(cat "$stamp" 2>/dev/null)" ] && exit 0
out=$(clang-tidy --quiet "$2" -- $flags 2>&1) || {
	echo "$out" | grep -v ' warnings\? generated\|^Suppressed \|^Use -header'
	exit 1
}
mkdir -p "${stamp%/*}"
echo "$now" >"$stamp"
