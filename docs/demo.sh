#!/usr/bin/env bash
# The main job on the example study, step by step, as a researcher would type it. `make demo` runs it in build/demo.
#
#   bash docs/demo.sh FOLDER      FOLDER must not exist yet; qualcode must be on the PATH
set -euo pipefail

study=${1:?name a folder that does not exist yet}
out=$study/exports
started=$SECONDS

say() { printf '\n== %s\n' "$1"; }
run() { typed "$@"; "$@"; }
few() { typed "$@"; "$@" | head -n 9; echo "  ..."; }
typed() {  # the command as one would type it, words with spaces in quotes
  printf '$'
  for word in "$@"; do
    case $word in *" "*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
  done
  echo
}

say "A project with the example study: interviews, documents, a questionnaire, codebooks, two coders' layers"
run qualcode init "$study" --example
export QUALCODE_PROJECT=$study

say "What was read, and how far each coder is"
few qualcode sources

say "One of the three bundled codebooks"
run qualcode codebook show role

say "Suggestions with reasons, from the cues of the codebooks; a person decides"
run qualcode suggest --with cues
run qualcode suggestions list --code role/pastoral

say "How far the two coders agree"
few qualcode agreement --measure alpha_set

say "How often, by code, in cases and segments, as ann read it"
run qualcode report frequencies --layer ann

say "Quotations for the paper"
for format in md docx html csv; do
  run qualcode export quotations --layer ann --attribution '[{phase} coordinator]' \
    --format "$format" --out "$out/quotations.$format"
done

say "Made in $((SECONDS - started)) seconds:"
for made in "$study/qualcode.db" "$study/qualcode.yaml" "$out"/quotations.*; do
  printf '  %s\n' "$made"
done
echo "Go on with: cd $study && qualcode --help"
