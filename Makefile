# Two commands do everything on a fresh machine with Swift 6.3: `make demo` and `make test`.
SWIFT ?= swift
JOBS ?= 2
PACKAGES := zlib1g-dev libdeflate-dev libbz2-dev liblzma-dev libzstd-dev liblz4-dev libyaml-dev pkg-config openssl

.PHONY: release corpus bench fuzz test setup lint format interop

# Rules, tables and catalogues are compiled in by one C file, and the build does not see when one of them changes: a newer
# one makes that file new.
EMBEDDING := Sources/AssayData/AssayData.c
DATA := $(shell find Sources/AssayData -type f -newer $(EMBEDDING) -exec touch $(EMBEDDING) ';' -quit)

setup:
	@for package in $(PACKAGES); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; \
	    else sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends $$missing; fi; \
	fi

# The compiler leaves folders behind where temporary files go: in one of its own they go away with it. Tests of a software
# token put it there too: the environment of a process with threads cannot be changed.
TIDY = sh -c 'TMPDIR=$$(mktemp -d) && SOFTHSM2_CONF=$$TMPDIR/softhsm2.conf && export TMPDIR SOFTHSM2_CONF && trap "rm -rf $$TMPDIR" EXIT && "$$@"' tidy

test: setup
	$(TIDY) $(SWIFT) build --build-tests -j $(JOBS)
	$(TIDY) $(SWIFT) test --skip-build

# The release binary: what `dist` ships, and what the targets below judge and measure. The Swift library, the C++ library
# and, where there are archives of them, the C libraries are linked in, so that it starts fast and needs libc and libm
# alone. Package files of our own name a folder that holds nothing but archives, so that the linker finds no shared ones.
RELEASE := .build-release
ASSAY := $(RELEASE)/release/assay
STATIC := $(CURDIR)/$(RELEASE)/static
STATIC_LIBRARIES := zlib:z libdeflate:deflate bzip2:bz2 liblzma:lzma libzstd:zstd liblz4:lz4 yaml-0.1:yaml
BUILD_RELEASE = PKG_CONFIG_PATH=$(STATIC) $(TIDY) $(SWIFT) build -c release -j $(JOBS) --scratch-path $(RELEASE) \
	--static-swift-stdlib $(LINKING)
ifeq ($(shell uname -s),Linux)
# Relocations in their packed form: few pages are touched before the program begins.
LINKING := -Xswiftc -use-ld=lld -Xswiftc -Xclang-linker -Xswiftc -static-libgcc \
	-Xswiftc -L$(STATIC) -Xlinker -z -Xlinker pack-relative-relocs
endif

.PHONY: static
static: setup
	@mkdir -p $(STATIC)
	@for pair in $(STATIC_LIBRARIES); do \
	    library=$${pair##*:}; file=$$(cc -print-file-name=lib$$library.a); \
	    if [ -f "$$file" ]; then cp -u "$$file" $(STATIC)/; \
	        printf 'Name: %s\nDescription: static\nVersion: 0\nLibs: -L%s -l%s\n' $$library $(STATIC) $$library > $(STATIC)/$${pair%%:*}.pc; \
	    else echo "release: lib$$library is linked dynamically"; fi; \
	done
	@file=$$(c++ -print-file-name=libstdc++.a); [ ! -f "$$file" ] || cp -u "$$file" $(STATIC)/

release: static
	$(BUILD_RELEASE) --product assay

# Labelled samples: every folder needs a manifest.jsonl (see Tests/Corpus/corpus.py).
CORPUS ?= ../shared/corpus/scan ../shared/corpus/peers

corpus: release
	python3 Tests/Corpus/corpus.py $(ASSAY) $(CORPUS)

# Attacks of the project's own, put together byte by byte; and harmless files, written by the frameworks themselves, which
# are installed into a virtual environment outside of the tree (some gigabytes) unless REAL_PYTHON names a Python that has them.
OWN ?= /tmp/assay-corpus-own
REAL ?= /tmp/assay-corpus-real
REAL_PYTHON ?= $(REAL)-venv/bin/python

.PHONY: corpus-own corpus-real secrets
corpus-own: release
	@test -x $(OWN)-venv/bin/python || { python3 -m venv $(OWN)-venv && $(OWN)-venv/bin/pip install -q numpy h5py py7zr zstandard lz4 brotli; }
	$(OWN)-venv/bin/python -W ignore Tests/Corpus/attacks/make_attacks.py $(OWN)
	python3 Tests/Corpus/corpus.py $(ASSAY) $(OWN)

# Other forms of the labelled samples that mean the same: other opcodes, encodings and archives around them.
VARIED ?= /tmp/assay-corpus-varied

.PHONY: corpus-varied
corpus-varied: release
	python3 Tests/Corpus/varied/vary.py $(CORPUS) --into $(VARIED)
	python3 Tests/Corpus/corpus.py $(ASSAY) $(VARIED)

corpus-real: release
	@test -x $(REAL_PYTHON) || { python3 -m venv $(REAL)-venv && \
	    $(REAL)-venv/bin/pip install -q -r Tests/Corpus/real/requirements.txt; }
	$(REAL_PYTHON) Tests/Corpus/real/make_real.py $(REAL)
	python3 Tests/Corpus/corpus.py $(ASSAY) $(REAL)

# Labelled texts with and without credentials (secrets/*.jsonl and benign/*.jsonl).
SECRETS ?= ../shared/guard

secrets: static
	$(BUILD_RELEASE) --product secret-log
	python3 Tests/Corpus/secrets.py $(RELEASE)/release/secret-log $(SECRETS)

# Speed beside the peers, which are installed into a virtual environment outside of the tree.
BENCH ?= /tmp/assay-bench
RUNS ?= 5
PEER_RUNS ?= 2

bench: release
	python3 -m venv $(BENCH)/venv
	$(BENCH)/venv/bin/pip install -q picklescan==1.0.5 modelscan==0.8.8 fickling==0.1.12 modelaudit==0.2.54 numpy h5py
	test -f $(BENCH)/data/model.gguf || $(BENCH)/venv/bin/python Benchmarks/make_data.py $(BENCH)/data
	python3 Benchmarks/bench.py $(ASSAY) $(BENCH)/data $(BENCH)/venv/bin --runs $(RUNS) --peer-runs $(PEER_RUNS)

# How long the program takes to start.
.PHONY: startup
startup: release
	python3 Benchmarks/startup.py $(ASSAY)

# Signing and verifying 2 GiB beside openssl, sha256sum, b3sum (where installed) and model_signing.
.PHONY: bench-signing
bench-signing: release
	python3 -m venv $(BENCH)/signing-venv
	$(BENCH)/signing-venv/bin/pip install -q model-signing==1.1.1 pyOpenSSL certifi
	python3 Benchmarks/signing.py $(ASSAY) $(BENCH)/signing-data --peer $(BENCH)/signing-venv/bin/model_signing --runs $(RUNS)

# libFuzzer with the address sanitizer on each format's reader and judge: make fuzz SECONDS=600 JOBS=2 FORMATS="zip".
SECONDS ?= 60

fuzz: setup
	SECONDS_EACH=$(SECONDS) JOBS=$(JOBS) CORPUS=$(abspath $(dir $(firstword $(CORPUS)))) Fuzz/run.sh $(FORMATS)

# Damaged copies of every sample: within 1 s and 64 MiB, never a crash, never clean when it breaks off.
MUTATIONS ?= 200

.PHONY: property
property: static
	$(BUILD_RELEASE) --product scan-mutations
	python3 Tests/Property/property.py $(RELEASE)/release/scan-mutations --count $(MUTATIONS) --seed $(SEED) \
	    --jobs $(JOBS) $(CORPUS) Examples

# Files with very many parts (archives of a million entries, models of a million nodes): under 64 MiB, a few seconds.
LARGE ?= /tmp/assay-large

.PHONY: large
large: release
	python3 Tests/Property/large.py $(ASSAY) $(LARGE)

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

# HDF5 files of random content, written by h5py, must read alike; COUNT files from seed SEED.
COUNT ?= 300
SEED ?= 1

.PHONY: oracle-objects
oracle-objects:
	$(TIDY) $(SWIFT) build -j $(JOBS) --product assay
	@test -x .build/oracle-objects/bin/python || python3 -m venv .build/oracle-objects
	@.build/oracle-objects/bin/pip install --quiet h5py numpy
	.build/oracle-objects/bin/python Tests/Oracle/objects.py .build/debug/assay $(COUNT) $(SEED)

# The OMS test vectors: a tar archive whose manifest.jsonl says what each signature should be answered with.
VECTORS ?= ../shared/vectors/oms.tar.gz

interop:
	$(TIDY) $(SWIFT) build -j $(JOBS) --product assay
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && tar -xzf $(VECTORS) -C $$folder && \
	python3 Tests/Interop/vectors.py .build/debug/assay $$folder && \
	python3 Tests/Interop/mutations.py .build/debug/assay $$folder && \
	python3 -m venv $$folder/venv && \
	$$folder/venv/bin/pip -q install model-signing==1.1.1 pyOpenSSL certifi securesystemslib && \
	python3 Tests/Interop/peer.py .build/debug/assay $$folder/venv/bin/model_signing && \
	python3 Tests/Interop/trees.py .build/debug/assay $$folder/venv/bin/model_signing && \
	$$folder/venv/bin/python Tests/Interop/statements.py .build/debug/assay && \
	$$folder/venv/bin/python Tests/Interop/certificates.py .build/debug/assay && \
	$$folder/venv/bin/python Tests/Interop/chains.py .build/debug/assay 400 $(SEED) && \
	$$folder/venv/bin/python Tests/Interop/hostile.py .build/debug/assay 600 $(SEED) && \
	$$folder/venv/bin/python Tests/Interop/identities.py .build/debug/assay $$folder/venv/bin/model_signing && \
	$$folder/venv/bin/python Tests/Interop/evidence.py .build/debug/assay

# The public verification cases of sigstore/sigstore-conformance, from a checkout of it, with the public instance's trusted
# root: make conformance SIGSTORE_CONFORMANCE=.../test/assets/bundle-verify SIGSTORE_TRUSTED_ROOT=trusted_root.json
.PHONY: conformance
conformance:
	$(TIDY) $(SWIFT) build --build-tests -j $(JOBS)
	SIGSTORE_CONFORMANCE=$(SIGSTORE_CONFORMANCE) SIGSTORE_TRUSTED_ROOT=$(SIGSTORE_TRUSTED_ROOT) \
	$(TIDY) $(SWIFT) test --skip-build --filter SigstoreConformanceTests
	python3 Tests/Interop/conformance.py .build/debug/assay $(SIGSTORE_CONFORMANCE) $(SIGSTORE_TRUSTED_ROOT)

# Signs through a software token; needs the package softhsm2.
.PHONY: pkcs11
pkcs11:
	$(TIDY) $(SWIFT) build -j $(JOBS) --product assay
	Tests/Interop/pkcs11.sh .build/debug/assay

# Bills of materials against the validator of cyclonedx-python-lib and the official binding of SPDX 3.0.1.
.PHONY: oracle-bom
oracle-bom:
	$(TIDY) $(SWIFT) build -j $(JOBS) --product assay
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv $$folder/venv && \
	$$folder/venv/bin/pip -q install 'cyclonedx-python-lib[validation]' spdx-python-model onnx && \
	$$folder/venv/bin/python Tests/Oracle/bom.py .build/debug/assay

# Python's archive libraries, py7zr, zstandard, lz4 and 7z (where installed) write; our readers must list the same content.
.PHONY: oracle-containers
oracle-containers: static
	$(BUILD_RELEASE) --product assay
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv $$folder/venv && \
	$$folder/venv/bin/pip -q install py7zr zstandard lz4 && \
	$$folder/venv/bin/python Tests/Oracle/containers.py $(ASSAY) 400 1

# Comparisons with what other programs make of the same bytes.
STREAMS ?= 100000

.PHONY: oracle oracle-pickle
oracle: oracle-pickle oracle-containers oracle-tensors oracle-objects oracle-jinja oracle-checkpoints

# CPython's unpickler over stubs, against the pickle machine.
oracle-pickle: static
	$(BUILD_RELEASE) --product pickle-log
	$${PYTHON:-python3} Tests/Oracle/pickle_oracle.py --binary .build-release/release/pickle-log --streams $(STREAMS) $(CORPUS)
# jinja2's own parser (PyPI) is the truth for ours: the same syntax trees, the same refusals.
.PHONY: oracle-jinja
oracle-jinja: static
	$(BUILD_RELEASE) --product assay
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv $$folder/venv && \
	$$folder/venv/bin/pip -q install jinja2==3.1.6 && \
	$$folder/venv/bin/python Tests/Oracle/jinja.py .build-release/release/assay 20000 1

# Python's jsonschema and PyYAML (PyPI) against our validator and our YAML; COUNT cases from seed SEED.
.PHONY: oracle-documents
oracle-documents:
	$(TIDY) $(SWIFT) build -j $(JOBS) --product assay
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv $$folder/venv && \
	$$folder/venv/bin/pip -q install 'jsonschema[format-nongpl]' PyYAML && \
	$$folder/venv/bin/python Tests/Oracle/schemas.py .build/debug/assay 3000 $(SEED) && \
	$$folder/venv/bin/python Tests/Oracle/documents.py .build/debug/assay 5000 $(SEED)

.PHONY: demo docs check-docs dist check-reports
demo: release
	@mkdir -p .build-release/demo
	@.build-release/release/assay scan Examples --html .build-release/demo/report.html --sarif .build-release/demo/report.sarif; \
	status=$$?; [ $$status -eq 1 ] || { echo "demo: expected findings (status 1), got $$status"; exit 1; }
	@echo "HTML report: .build-release/demo/report.html"
	@Examples/glyphs/demo.sh $(ASSAY) $(CURDIR)/$(RELEASE)/demo/glyphs

# Pages that are generated from data.
docs:
	$(TIDY) $(SWIFT) build --product assay -j $(JOBS)
	.build/debug/assay rules --format markdown > docs/rules.md
	.build/debug/assay controls list --format markdown > docs/control-rows.md

check-docs:
	$(TIDY) $(SWIFT) build --product assay -j $(JOBS)
	.build/debug/assay controls list --format markdown | diff docs/control-rows.md - >/dev/null || { echo "docs/control-rows.md is not current: make docs"; exit 1; }
	.build/debug/assay rules --format markdown | diff docs/rules.md - >/dev/null || { echo "docs/rules.md is not current: make docs"; exit 1; }

# Reports against their schemas, by other people's validators (PyPI, in a venv of its own).
check-reports:
	$(TIDY) $(SWIFT) build --product assay -j $(JOBS)
	@[ -d .build-reports ] || { python3 -m venv .build-reports && .build-reports/bin/pip -q install jsonschema PyYAML; }
	.build-reports/bin/python Tests/Interop/reports.py .build/debug/assay

# What is shipped: the release binary, stripped, with what belongs to it.
dist: release
	packaging/dist.sh $(ASSAY) dist

# TensorFlow writes checkpoints whose index the reader must list alike.
.PHONY: oracle-checkpoints
oracle-checkpoints: static
	$(BUILD_RELEASE) --product assay
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv $$folder/venv && \
	$$folder/venv/bin/pip -q install tensorflow-cpu && \
	$$folder/venv/bin/python Tests/Oracle/checkpoints.py $(ASSAY) 50 1

# The formats' own libraries write files that the readers must list alike: safetensors, gguf, onnx, npy.
.PHONY: oracle-tensors
oracle-tensors: static
	$(BUILD_RELEASE) --product assay
	folder=$$(mktemp -d) && python3 -m venv $$folder && $$folder/bin/pip install -q safetensors gguf onnx numpy && \
	$$folder/bin/python Tests/Oracle/tensors.py .build-release/release/assay 400 1; status=$$?; rm -rf $$folder; exit $$status

# Exports of controls against other people's validators. The schemas of OSCAL and SARIF are not part of this repository: give
# their paths, as OSCAL_SCHEMAS="oscal_complete_schema.json …" (of a release) and SARIF_SCHEMA=sarif-schema-2.1.0.json.
OSCAL_SCHEMAS ?=
SARIF_SCHEMA ?=
.PHONY: check-controls bench-controls
check-controls:
	$(TIDY) $(SWIFT) build --product assay -j $(JOBS)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv $$folder && \
	$$folder/bin/pip -q install jsonschema PyYAML 'cyclonedx-python-lib[validation]' && \
	$$folder/bin/python Tests/Interop/controls.py .build/debug/assay $(if $(OSCAL_SCHEMAS),--oscal $(OSCAL_SCHEMAS)) $(if $(SARIF_SCHEMA),--sarif $(SARIF_SCHEMA))

# 1,000 cards with 20 pieces of evidence each, against all catalogues, on one core: CPU below 5 s, memory below 200 MB.
bench-controls: release
	python3 Benchmarks/bench_controls.py $(ASSAY) $(BENCH)/controls --runs $(RUNS)

# Model and dataset cards beside huggingface_hub (PyPI, in a venv outside of the tree): read alike, written both ways.
CARDS ?= 400
.PHONY: interop-cards
interop-cards:
	$(TIDY) $(SWIFT) build -j $(JOBS) --product assay
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv $$folder/venv && \
	$$folder/venv/bin/pip -q install huggingface_hub==2.4.0 && \
	$$folder/venv/bin/python Tests/Interop/cards.py .build/debug/assay $(CARDS) $(SEED)

# Pages in a browser: axe-core finds nothing, the console is empty, nothing is requested, nothing is cut off.
BROWSER ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
.PHONY: check-pages
check-pages:
	$(TIDY) $(SWIFT) build -j $(JOBS) --product assay
	@[ -n "$(BROWSER)" ] || { echo "check-pages: needs a Chromium browser: apt-get install chromium"; exit 1; }
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv $$folder/venv && \
	$$folder/venv/bin/pip -q install axe-playwright-python==0.1.8 PyYAML && \
	$$folder/venv/bin/python Tests/Pages/cards.py .build/debug/assay $$folder && \
	$$folder/venv/bin/python Tests/Pages/pages.py $(BROWSER) $$folder/*.html
