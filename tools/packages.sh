#!/bin/sh
# Installs with apt what the tests need and this machine lacks, and what else is given as program:package. Where nothing
# is missing it does nothing.
set -eu

missing=
for pair in chromium:chromium firefox-esr:firefox-esr gcc:gcc "$@"; do
	command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"
done
# The race detector links against the C library.
[ -e /usr/include/stdlib.h ] || missing="$missing libc6-dev"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "The tests need these programs, and there is no apt-get to install them:$missing" >&2
	exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "The tests need these packages; install them as root:$missing" >&2
		exit 1
	fi
	as_root=sudo
fi
echo "Installing:$missing"
$as_root apt-get update -q
# shellcheck disable=SC2086 # a list of packages
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
