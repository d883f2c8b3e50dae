#!/bin/sh
# No mutable globals, nor static locals that change: no object of ours may
# have a symbol in a section that is writable while the program runs. Tables
# of pointers are in .data.rel.ro, which is read-only once loaded.
# globals.sh BUILD
rc=0
for c in $(find gateway config parsers handlers -name '*.c'); do
	o=$1/${c%.c}.o
	found=$(objdump -t "$o" | awk '
		/ \.(data|bss|tdata|tbss)[.\t]| \*COM\*\t/ &&
		!/ \.data\.rel\.ro/ && $NF !~ /^\./ { print $NF }')
	[ -z "$found" ] || {
		echo "$c: mutable: "$found
		rc=1
	}
done
exit $rc
