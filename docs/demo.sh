#!/usr/bin/env bash
# The main job on the example study, step by step, as a researcher would type it. `make demo` runs it in build/demo.
#
#   bash docs/demo.sh FOLDER      FOLDER must not exist yet; qualcode must be on the PATH
set -euo pipefail

study=${1:?name a folder that does not exist yet}
out=$study/exports
started=$SECONDS

say() { printf '\n== %s\n' "$1"; }
run() { printf '$ %s\n' "$*"; "$@"; }
few() { printf '$ %s\n' "$*"; "$@" | head -n 9; echo "  ..."; }

say "A project with the example study: interviews, documents, a questionnaire, codebooks, two coders' layers"
run qualcode init "$study" --example
export QUALCODE_PROJECT=$study

say "What was read, and how far each coder is"
few qualcode sources

say "The codebooks"
few qualcode codebook show

say "Suggestions with reasons, from the cues of the codebooks; a person decides"
run qualcode suggest --with cues
few qualcode suggestions list

say "How far the two coders agree"
run qualcode agreement

say "How often, by code, in cases and segments"
run qualcode report frequencies

say "Quotations for the paper"
for format in md docx html csv; do
  run qualcode export quotations --format "$format" --out "$out/quotations.$format"
done

say "Made in $((SECONDS - started)) seconds:"
for made in "$study/qualcode.db" "$study/qualcode.yaml" "$out"/quotations.*; do
  printf '  %s\n' "$made"
done
echo "Go on with: cd $study && qualcode --help"
