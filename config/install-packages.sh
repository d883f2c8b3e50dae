#!/bin/sh
# Installs the Debian packages given as arguments, if any of them is missing.
# As root, or through sudo. The packages' daemons are kept from starting.
set -eu

missing=
for p in "$@"; do
	dpkg-query -W -f='${db:Status-Status}\n' "$p" 2>/dev/null |
		grep -qx installed || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "missing packages, and no apt-get to install them:$missing" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "missing packages:$missing" >&2
		echo "run this once as root: apt-get install -y$missing" >&2
		exit 1
	fi
	sudo=sudo
fi

# A policy that forbids service starts, unless the machine has one already.
policy=/usr/sbin/policy-rc.d
made=
drop() { [ -z "$made" ] || $sudo rm -f "$policy"; }
trap drop EXIT
trap 'exit 1' INT TERM
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
	$sudo chmod 755 "$policy"
	made=1
fi

echo "installing:$missing"
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	--no-install-recommends $missing
