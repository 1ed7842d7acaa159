#!/usr/bin/env bash
# Trains the networks of tests/Probe on this machine and, emulated by qemu-user, on Arm64, and
# compares the SHA-256 of their final weights: on Arm64 with vectors and without. Ends with 0 when
# all three are equal. Prints the figures as JSON; --out FILE also writes them.
#
#   bash tests/Probe/arm64.sh [--libraries DIR] [--out FILE]
#
# Needs qemu-aarch64 (Debian: qemu-user), Arm64's C and C++ libraries (libc6-arm64-cross,
# libstdc++6-arm64-cross), .NET's runtime for linux-arm64, which is restored as a package, and a
# folder with Arm64's libssl.so.3 and libcrypto.so.3 (from Debian's package libssl3 for arm64),
# which .NET takes SHA-256 from.
set -euo pipefail

out="" libraries=""
while [[ $# -gt 0 ]]; do
    case $1 in
    --out) out=${2:?--out wants a file} ;;
    --libraries) libraries=$(cd "${2:?--libraries wants a folder}" && pwd) ;;
    *)
        echo "error: there is no option '$1'; see the head of this script" >&2
        exit 2
        ;;
    esac
    shift 2
done
[[ -z $out || $out == /* ]] || out=$PWD/$out
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v qemu-aarch64 >/dev/null || {
    echo "error: the command 'qemu-aarch64' is missing; Debian has it in qemu-user" >&2
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A lock file of its own: those of the repository are for no architecture in particular.
published() {
    dotnet publish tests/Probe -c Release --nologo -v quiet "$@" \
        -p:NuGetLockFilePath=bin/arm64.lock.json \
        -p:RestoreLockedMode=false -p:RunAnalyzersDuringBuild=false \
        -p:GenerateDocumentationFile=false -p:PlatformTarget=AnyCPU >"$work/log" || {
        cat "$work/log" >&2
        exit 1
    }
}

published -r linux-arm64 --self-contained -o "$work/arm64" --artifacts-path "$work/build"
# The same assemblies, by this machine's own runtime.
mkdir "$work/here"
cp "$work"/arm64/{Repro.Probe,Repro.Engine,MathNet.Numerics}.dll "$work/here"
cat >"$work/here/Repro.Probe.runtimeconfig.json" <<'JSON'
{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }
JSON
here=$(dotnet exec "$work/here/Repro.Probe.dll")
emulated() {
    qemu-aarch64 -L /usr/aarch64-linux-gnu -E "LD_LIBRARY_PATH=$libraries" "$@" \
        "$work/arm64/Repro.Probe"
}
vectors=$(emulated)
scalar=$(emulated -E DOTNET_EnableHWIntrinsic=0)
equal=false
[[ ${here#* } == "${vectors#* }" && ${here#* } == "${scalar#* }" ]] && equal=true

figures=$(
    cat <<JSON
{
  "command": "bash tests/Probe/arm64.sh --libraries DIR",
  "machine": {
    "cpu": "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)",
    "architecture": "$(uname -m)",
    "emulator": "$(qemu-aarch64 --version | head -n 1)",
    "dotNet": "$(sed -n 's/.*Runtime.linux-arm64\/\([0-9.]*\)".*/\1/p' \
        "$work/arm64/Repro.Probe.deps.json" | head -n 1)"
  },
  "figures": {
    "commit": "$(git rev-parse HEAD)",
    "networks": 4,
    "updates": 30,
    "paths": ["${here% *} on $(uname -m)", "${vectors% *} on Arm64", "${scalar% *} on Arm64"],
    "weights": ["${here#* }", "${vectors#* }", "${scalar#* }"],
    "equal": $equal
  }
}
JSON
)
echo "$figures"
[[ -z $out ]] || printf '%s\n' "$figures" >"$out"
[[ $equal == true ]]
