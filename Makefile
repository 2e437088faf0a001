# Two commands do everything on a fresh machine with Swift 6.3: `make demo` and `make test`. `make` lists the others.
SWIFT ?= swift
JOBS ?= 2
PACKAGES := zlib1g-dev libdeflate-dev libbz2-dev liblzma-dev libzstd-dev liblz4-dev libyaml-dev pkg-config openssl

# Rules, tables and catalogues are compiled in by one C file, and the build does not see when one of them changes: a newer
# one makes that file new.
EMBEDDING := Sources/AssayData/AssayData.c
DATA := $(shell find Sources/AssayData -type f -newer $(EMBEDDING) -exec touch $(EMBEDDING) ';' -quit)

# The compiler leaves folders behind where temporary files go: in one of its own they go away with it. Tests of a software
# token put it there too: the environment of a process with threads cannot be changed.
TIDY = sh -c 'TMPDIR=$$(mktemp -d) && SOFTHSM2_CONF=$$TMPDIR/softhsm2.conf && export TMPDIR SOFTHSM2_CONF && trap "rm -rf $$TMPDIR" EXIT && "$$@"' tidy

# The debug binary, which is quick to make.
DEBUG := .build/debug/assay
BUILD_DEBUG = $(TIDY) $(SWIFT) build -j $(JOBS) --product assay

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

# Other people's programs come from PyPI, into a virtual environment that goes away: $(VENV) package… && $(VENV_PYTHON) script
VENV = folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv $$folder/venv && $$folder/venv/bin/pip -q install
VENV_PYTHON = $$folder/venv/bin/python

# Where random cases start.
SEED ?= 1

.PHONY: help $(shell sed -n 's/^\([a-z0-9-]*\):.* \#\# .*/\1/p' $(firstword $(MAKEFILE_LIST))) static

help: ## Lists these targets.
	@awk -F ':.*## ' '/^##@/ { print "\n" substr($$0, 5) } /^[a-z0-9-]+:.*## / { printf "  %-19s %s\n", $$1, $$2 }' \
	    $(firstword $(MAKEFILE_LIST))

##@ Build and use

demo: release ## Scans Examples/, and takes a model from training to its card.
	@mkdir -p $(RELEASE)/demo
	@$(ASSAY) scan Examples --html $(RELEASE)/demo/report.html --sarif $(RELEASE)/demo/report.sarif; \
	status=$$?; [ $$status -eq 1 ] || { echo "demo: expected findings (status 1), got $$status"; exit 1; }
	@echo "HTML report: $(RELEASE)/demo/report.html"
	@Examples/glyphs/demo.sh $(ASSAY) $(CURDIR)/$(RELEASE)/demo/glyphs

test: setup ## Runs all tests.
	$(TIDY) $(SWIFT) build --build-tests -j $(JOBS)
	$(TIDY) $(SWIFT) test --skip-build

setup: ## Installs the C libraries that are missing (apt-get).
	@for package in $(PACKAGES); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; \
	    else sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends $$missing; fi; \
	fi

static: setup
	@mkdir -p $(STATIC)
	@for pair in $(STATIC_LIBRARIES); do \
	    library=$${pair##*:}; file=$$(cc -print-file-name=lib$$library.a); \
	    if [ -f "$$file" ]; then cp -u "$$file" $(STATIC)/; \
	        printf 'Name: %s\nDescription: static\nVersion: 0\nLibs: -L%s -l%s\n' $$library $(STATIC) $$library > $(STATIC)/$${pair%%:*}.pc; \
	    else echo "release: lib$$library is linked dynamically"; fi; \
	done
	@file=$$(c++ -print-file-name=libstdc++.a); [ ! -f "$$file" ] || cp -u "$$file" $(STATIC)/

release: static ## Builds the release binary.
	$(BUILD_RELEASE) --product assay

# What is shipped: the release binary, stripped, with what belongs to it.
dist: release ## Packs a tarball, a Debian package and an install script.
	packaging/dist.sh $(ASSAY) dist

##@ Before a commit

lint: ## Checks the layout of the sources.
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

format: ## Lays the sources out.
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

docs: ## Writes the pages that are made from data.
	$(BUILD_DEBUG)
	$(DEBUG) rules --format markdown > docs/rules.md
	$(DEBUG) controls list --format markdown > docs/control-rows.md

check-docs: ## Checks that these pages are current.
	$(BUILD_DEBUG)
	$(DEBUG) controls list --format markdown | diff docs/control-rows.md - >/dev/null || { echo "docs/control-rows.md is not current: make docs"; exit 1; }
	$(DEBUG) rules --format markdown | diff docs/rules.md - >/dev/null || { echo "docs/rules.md is not current: make docs"; exit 1; }

##@ Verdicts on labelled files

# Every folder needs a manifest.jsonl (see Tests/Corpus/corpus.py).
CORPUS ?= ../shared/corpus/scan ../shared/corpus/peers

corpus: release ## Files that other people and this project collected (CORPUS).
	python3 Tests/Corpus/corpus.py $(ASSAY) $(CORPUS)

# Put together byte by byte.
OWN ?= /tmp/assay-corpus-own

corpus-own: release ## Attacks that were made to break Assay.
	@test -x $(OWN)-venv/bin/python || { python3 -m venv $(OWN)-venv && $(OWN)-venv/bin/pip install -q numpy h5py py7zr zstandard lz4 brotli; }
	$(OWN)-venv/bin/python -W ignore Tests/Corpus/attacks/make_attacks.py $(OWN)
	python3 Tests/Corpus/corpus.py $(ASSAY) $(OWN)

# With other opcodes, encodings and archives around them.
VARIED ?= /tmp/assay-corpus-varied

corpus-varied: release ## Other forms of the labelled files that mean the same.
	python3 Tests/Corpus/varied/vary.py $(CORPUS) --into $(VARIED)
	python3 Tests/Corpus/corpus.py $(ASSAY) $(VARIED)

# The frameworks are installed into a virtual environment outside of the tree (some gigabytes) unless REAL_PYTHON names a
# Python that has them.
REAL ?= /tmp/assay-corpus-real
REAL_PYTHON ?= $(REAL)-venv/bin/python

corpus-real: release ## Harmless files, as the frameworks write them.
	@test -x $(REAL_PYTHON) || { python3 -m venv $(REAL)-venv && \
	    $(REAL)-venv/bin/pip install -q -r Tests/Corpus/real/requirements.txt; }
	$(REAL_PYTHON) Tests/Corpus/real/make_real.py $(REAL)
	python3 Tests/Corpus/corpus.py $(ASSAY) $(REAL)

# Folders secrets/ and benign/ of *.jsonl.
SECRETS ?= ../shared/guard

secrets: static ## Texts with and without credentials.
	$(BUILD_RELEASE) --product secret-log
	python3 Tests/Corpus/secrets.py $(RELEASE)/release/secret-log $(SECRETS)

##@ Hostile and very large files

SECONDS ?= 60

fuzz: setup ## libFuzzer on each format's reader and judge: SECONDS=600 FORMATS="zip tar".
	SECONDS_EACH=$(SECONDS) JOBS=$(JOBS) CORPUS=$(abspath $(dir $(firstword $(CORPUS)))) Fuzz/run.sh $(FORMATS)

# Within 1 s and 64 MiB, never a crash, never clean when it breaks off.
MUTATIONS ?= 200

property: static ## Damaged copies of every labelled file: MUTATIONS=200 SEED=1.
	$(BUILD_RELEASE) --product scan-mutations
	python3 Tests/Property/property.py $(RELEASE)/release/scan-mutations --count $(MUTATIONS) --seed $(SEED) \
	    --jobs $(JOBS) $(CORPUS) Examples

# Archives of a million entries, models of a million nodes: under 64 MiB, a few seconds.
LARGE ?= /tmp/assay-large

large: release ## Files with very many parts.
	python3 Tests/Property/large.py $(ASSAY) $(LARGE)

##@ Beside the formats' own libraries

STREAMS ?= 100000
COUNT ?= 300

oracle: oracle-pickle oracle-containers oracle-tensors oracle-objects oracle-jinja oracle-checkpoints ## All of the next six.

oracle-pickle: static ## Pickles: CPython's unpickler over stubs.
	$(BUILD_RELEASE) --product pickle-log
	$${PYTHON:-python3} Tests/Oracle/pickle_oracle.py --binary $(RELEASE)/release/pickle-log --streams $(STREAMS) $(CORPUS)

oracle-containers: release ## Archives: Python's libraries, py7zr, zstandard, lz4, and 7z where it is installed.
	@$(VENV) py7zr zstandard lz4 && $(VENV_PYTHON) Tests/Oracle/containers.py $(ASSAY) 400 $(SEED)

oracle-tensors: release ## Tensors: safetensors, gguf, onnx, numpy.
	@$(VENV) safetensors gguf onnx numpy && $(VENV_PYTHON) Tests/Oracle/tensors.py $(ASSAY) 400 $(SEED)

oracle-objects: ## HDF5: h5py, COUNT files from SEED.
	$(BUILD_DEBUG)
	@$(VENV) h5py numpy && $(VENV_PYTHON) Tests/Oracle/objects.py $(DEBUG) $(COUNT) $(SEED)

oracle-jinja: release ## Templates: jinja2's parser.
	@$(VENV) jinja2==3.1.6 && $(VENV_PYTHON) Tests/Oracle/jinja.py $(ASSAY) 20000 $(SEED)

oracle-checkpoints: release ## Checkpoints: TensorFlow.
	@$(VENV) tensorflow-cpu && $(VENV_PYTHON) Tests/Oracle/checkpoints.py $(ASSAY) 50 $(SEED)

oracle-documents: ## YAML and JSON Schema: PyYAML and jsonschema.
	$(BUILD_DEBUG)
	@$(VENV) 'jsonschema[format-nongpl]' PyYAML && $(VENV_PYTHON) Tests/Oracle/schemas.py $(DEBUG) 3000 $(SEED) && \
	$(VENV_PYTHON) Tests/Oracle/documents.py $(DEBUG) 5000 $(SEED)

oracle-bom: ## Bills of materials: cyclonedx-python-lib and the official binding of SPDX 3.0.1.
	$(BUILD_DEBUG)
	@$(VENV) 'cyclonedx-python-lib[validation]' spdx-python-model onnx && $(VENV_PYTHON) Tests/Oracle/bom.py $(DEBUG)

##@ Beside other programs

# The OMS test vectors: a tar archive whose manifest.jsonl says what each signature should be answered with.
VECTORS ?= ../shared/vectors/oms.tar.gz

interop: ## Signatures and evidence: OMS vectors, model_signing, openssl, securesystemslib, sigstore-python.
	$(BUILD_DEBUG)
	@$(VENV) model-signing==1.1.1 pyOpenSSL certifi securesystemslib && tar -xzf $(VECTORS) -C $$folder && \
	python3 Tests/Interop/vectors.py $(DEBUG) $$folder && \
	python3 Tests/Interop/mutations.py $(DEBUG) $$folder && \
	python3 Tests/Interop/peer.py $(DEBUG) $$folder/venv/bin/model_signing && \
	python3 Tests/Interop/trees.py $(DEBUG) $$folder/venv/bin/model_signing && \
	python3 Tests/Interop/texts.py $(DEBUG) 1000 $(SEED) && \
	$(VENV_PYTHON) Tests/Interop/keys.py $(DEBUG) && \
	$(VENV_PYTHON) Tests/Interop/statements.py $(DEBUG) && \
	$(VENV_PYTHON) Tests/Interop/certificates.py $(DEBUG) && \
	$(VENV_PYTHON) Tests/Interop/chains.py $(DEBUG) 400 $(SEED) && \
	$(VENV_PYTHON) Tests/Interop/pieces.py $(DEBUG) 1000 $(SEED) && \
	$(VENV_PYTHON) Tests/Interop/signatures.py $(DEBUG) 200 $(SEED) && \
	python3 Tests/Interop/races.py $(DEBUG) 100 $(SEED) && \
	$(VENV_PYTHON) Tests/Interop/hostile.py $(DEBUG) 600 $(SEED) && \
	$(VENV_PYTHON) Tests/Interop/attacks.py $(DEBUG) && \
	$(VENV_PYTHON) Tests/Interop/keyless.py $(DEBUG) && \
	$(VENV_PYTHON) Tests/Interop/identities.py $(DEBUG) $$folder/venv/bin/model_signing && \
	$(VENV_PYTHON) Tests/Interop/evidence.py $(DEBUG)

# From a checkout of sigstore/sigstore-conformance, with the public instance's trusted root:
# make conformance SIGSTORE_CONFORMANCE=.../test/assets/bundle-verify SIGSTORE_TRUSTED_ROOT=trusted_root.json
conformance: ## Sigstore's public verification cases (SIGSTORE_CONFORMANCE, SIGSTORE_TRUSTED_ROOT).
	$(TIDY) $(SWIFT) build --build-tests -j $(JOBS)
	SIGSTORE_CONFORMANCE=$(SIGSTORE_CONFORMANCE) SIGSTORE_TRUSTED_ROOT=$(SIGSTORE_TRUSTED_ROOT) \
	$(TIDY) $(SWIFT) test --skip-build --filter SigstoreConformanceTests
	python3 Tests/Interop/conformance.py $(DEBUG) $(SIGSTORE_CONFORMANCE) $(SIGSTORE_TRUSTED_ROOT)

pkcs11: ## Signing through a software token; needs the package softhsm2.
	$(BUILD_DEBUG)
	Tests/Interop/pkcs11.sh $(DEBUG)

CARDS ?= 400

interop-cards: ## Model and dataset cards: huggingface_hub, read alike and written both ways.
	$(BUILD_DEBUG)
	@$(VENV) huggingface_hub==2.4.0 && $(VENV_PYTHON) Tests/Interop/cards.py $(DEBUG) $(CARDS) $(SEED)

check-reports: ## Reports against their schemas: jsonschema.
	$(BUILD_DEBUG)
	@$(VENV) jsonschema PyYAML && $(VENV_PYTHON) Tests/Interop/reports.py $(DEBUG)

# The schemas of OSCAL and SARIF are not part of this repository: give their paths, as OSCAL_SCHEMAS="oscal_complete_schema.json …"
# (of a release) and SARIF_SCHEMA=sarif-schema-2.1.0.json.
OSCAL_SCHEMAS ?=
SARIF_SCHEMA ?=

check-controls: ## Exports of controls: cyclonedx-python-lib, jsonschema (OSCAL_SCHEMAS, SARIF_SCHEMA).
	$(BUILD_DEBUG)
	@$(VENV) jsonschema PyYAML 'cyclonedx-python-lib[validation]' && $(VENV_PYTHON) Tests/Interop/controls.py $(DEBUG) \
	$(if $(OSCAL_SCHEMAS),--oscal $(OSCAL_SCHEMAS)) $(if $(SARIF_SCHEMA),--sarif $(SARIF_SCHEMA))

BROWSER ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

check-pages: ## Pages in Chromium: axe-core finds nothing, nothing is requested, nothing is cut off.
	$(BUILD_DEBUG)
	@[ -n "$(BROWSER)" ] || { echo "check-pages: needs a Chromium browser: apt-get install chromium"; exit 1; }
	@$(VENV) axe-playwright-python==0.1.8 PyYAML && $(VENV_PYTHON) Tests/Pages/cards.py $(DEBUG) $$folder && \
	$(VENV_PYTHON) Tests/Pages/pages.py $(BROWSER) $$folder/*.html

##@ Speed

# Peers are installed into virtual environments outside of the tree.
BENCH ?= /tmp/assay-bench
RUNS ?= 5
PEER_RUNS ?= 2

bench: release ## Scans, beside picklescan, modelscan, fickling and modelaudit.
	python3 -m venv $(BENCH)/venv
	$(BENCH)/venv/bin/pip install -q picklescan==1.0.5 modelscan==0.8.8 fickling==0.1.12 modelaudit==0.2.54 numpy h5py
	test -f $(BENCH)/data/model.gguf || $(BENCH)/venv/bin/python Benchmarks/make_data.py $(BENCH)/data
	python3 Benchmarks/bench.py $(ASSAY) $(BENCH)/data $(BENCH)/venv/bin --runs $(RUNS) --peer-runs $(PEER_RUNS)

startup: release ## The program's start.
	python3 Benchmarks/startup.py $(ASSAY)

bench-signing: release ## Signing and verifying 2 GiB, beside openssl, sha256sum, b3sum and model_signing.
	python3 -m venv $(BENCH)/signing-venv
	$(BENCH)/signing-venv/bin/pip install -q model-signing==1.1.1 pyOpenSSL certifi
	python3 Benchmarks/signing.py $(ASSAY) $(BENCH)/signing-data --peer $(BENCH)/signing-venv/bin/model_signing --runs $(RUNS)

# On one core: CPU below 5 s, memory below 200 MB.
bench-controls: release ## 1,000 cards with 20 pieces of evidence each, against all catalogues.
	python3 Benchmarks/bench_controls.py $(ASSAY) $(BENCH)/controls --runs $(RUNS)
