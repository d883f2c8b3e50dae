#!/bin/sh
# All that is checked without running the product: one line a check, what is
# wrong above it. run.sh BUILD; LINT_ONLY=NAME runs one check.
build=${1:-build}
mkdir -p "$build/lint"
here=tests/lint
failed=0

sources() {
	find gateway config parsers handlers tests -name '*.c' | sort
}
headers() {
	find gateway config parsers handlers tests -name '*.h' | sort
}
texts() {
	git ls-files --cached --others --exclude-standard | while read -r f; do
		[ -f "$f" ] && grep -Iq . "$f" && echo "$f"
	done
}
scripts() {
	texts | while read -r f; do
		head -n 1 "$f" | grep -q '^#!.*\bsh\b' && echo "$f"
	done
}

format() {
	clang-format --dry-run -Werror $(sources) $(headers)
}
floors() {
	$here/floors.sh
}
# A header that needs another one to come first does not say what it needs.
alone() {
	flags="-std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -I. $(
		pkg-config --cflags libevent libcurl sqlite3 libpcre2-8 \
			jansson yaml-0.1 libutf8proc libcrypto)"
	rc=0
	for h in $(headers); do
		# As an include: a file of its own may have unused statics.
		echo "#include \"$h\"" |
			gcc $flags -fsyntax-only -x c - || rc=1
	done
	return $rc
}
tidy() {
	sources | xargs -P 2 -n 1 sh $here/tidy.sh "$build"
}
check_cpp() {
	mkdir -p "$build/lint/cppcheck"
	# Its knowledge of cmocka's and EMBED's macros comes from real headers
	# only, so those are not asked for.
	cppcheck --quiet --enable=warning,performance,portability \
		--error-exitcode=1 --inline-suppr --std=c11 -j 2 \
		--suppress=missingIncludeSystem -D_GNU_SOURCE \
		-DBANTIN_VERSION='"lint"' -I. \
		--cppcheck-build-dir="$build/lint/cppcheck" \
		gateway config parsers handlers
}
banned() {
	python3 -B $here/banned.py
}
sizes() {
	python3 -B $here/sizes.py
}
globals() {
	objects=$(find gateway config parsers handlers -name '*.c' |
		sed "s,\(.*\)\.c\$,$build/\1.o,")
	make -s -j2 BUILD="$build" $objects >"$build/lint/make.log" 2>&1 || {
		tail -n 20 "$build/lint/make.log"
		return 1
	}
	sh $here/globals.sh "$build"
}
# The man pages say what the program's own tables say, and render.
docs() {
	make -s BUILD="$build" "$build/bantin" >"$build/lint/make.log" 2>&1 || {
		tail -n 20 "$build/lint/make.log"
		return 1
	}
	"$build/bantin" help --man | diff -u docs/bantin.1 - &&
		"$build/bantin" help --man-config |
		diff -u docs/bantin.yaml.5 - &&
		for page in docs/bantin.1 docs/bantin.yaml.5; do
			! LC_ALL=C man --warnings -l "$page" 2>&1 >/dev/null |
				grep . || return 1
		done
}
# NOLINTNEXTLINE(check-name): reason
nolint() {
	! grep -rn NOLINT --include='*.[ch]' gateway config parsers handlers \
		tests | grep -v 'NOLINT[A-Z]*([a-z][a-zA-Z0-9.,-]*): [a-z]'
}
leftovers() {
	! texts | xargs grep -nwE 'TO''DO|FIX''ME|X''XX'
}
shell() {
	rc=0
	for f in $(scripts); do
		sh -n "$f" || rc=1
	done
	return $rc
}

check() {
	[ -z "$LINT_ONLY" ] || [ "$LINT_ONLY" = "$1" ] || return 0
	start=$(date +%s)
	if "$1" >"$build/lint/$1.log" 2>&1; then
		echo "ok $1 ($(($(date +%s) - start)) s)"
	else
		cat "$build/lint/$1.log"
		echo "FAILED $1: $2"
		failed=$((failed + 1))
	fi
}

check format "clang-format: run make fmt"
check floors "folders are floors"
check alone "every header compiles alone"
check banned "functions in $here/banned.txt"
check sizes "lengths of functions, files and lines"
check globals "no mutable globals"
check nolint "a NOLINT names its check and its reason"
check leftovers "words of unfinished work"
check shell "sh -n"
check docs "man pages: run make docs"
check check_cpp "cppcheck"
check tidy "clang-tidy"
[ $failed -eq 0 ] || echo "$failed checks failed"
[ $failed -eq 0 ]
