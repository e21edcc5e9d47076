#!/bin/sh
# Installs a list of requirements into .venv, at the versions and hashes of the lock beside it:
#     .ci/install.sh requirements.txt
# By uv, which takes seconds, or by pip where uv cannot be had. PYTHON names the interpreter, VENV
# another environment than .venv.
set -eu
cd "$(dirname "$0")/.."
list=$1
lock=${list%.txt}.lock
venv=${VENV:-.venv}
python=$venv/bin/python
log=$venv/install.log

if ! test -x $python; then
    "${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
    "${PYTHON:-python3}" -m venv "$venv"
fi
: >$log

by_pip() {
    $python -m pip install --quiet --disable-pip-version-check --no-compile "$@"
}
by_uv() {
    [ "$uv" ] && "$uv" pip install --quiet --python $python "$@" 2>>$log
}

# uv does not read pip's settings: the index and the certificates that pip is told to use.
pip_config=$($python -m pip config list 2>/dev/null || true)
setting() {
    echo "$pip_config" | sed -n "s/^.*\.$1='\(.*\)'$/\1/p" | tail -n 1
}
index=${UV_DEFAULT_INDEX:-$(setting index-url)}
cert=${SSL_CERT_FILE:-$(setting cert)}
[ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
[ -z "$cert" ] || export SSL_CERT_FILE="$cert"

# The uv on the PATH, or else the one that the tests' lock names.
uv=$(command -v uv || command -v .venv/bin/uv || true)
if [ -z "$uv" ]; then
    sed -n '/^uv==/,/# via/p' tests/requirements.lock >.venv/uv.txt
    if by_pip --only-binary :all: --require-hashes -r .venv/uv.txt 2>>$log; then
        uv=.venv/bin/uv
    else
        echo "uv cannot be had here: pip installs $list, which takes longer."
    fi
fi

if by_uv --require-hashes -r "$lock"; then
    : # the usual way
elif by_pip --require-hashes -r "$lock" 2>>$log; then
    [ -z "$uv" ] || echo "uv could not install $lock ($log says why): pip has done it."
else
    echo "$lock cannot be installed from this index ($log says why): $list is taken instead."
fi

# The list itself: everything where the lock could not be had, else what it lacks.
by_uv -r "$list" || by_pip -r "$list"
