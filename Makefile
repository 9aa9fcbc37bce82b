# Two commands are enough: "make run" and "make test". "make" alone lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BUILD  := build
SERVER := $(BUILD)/petra
DATA   ?= data/petra
ARGS   ?=
STEP   := go run ./internal/build

##@ Use

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: build ## Build, create demo data on the first start, and serve (DATA=folder, ARGS="-addr host:port")
	@exec $(SERVER) -demo -log warn -data $(DATA) $(ARGS)

.PHONY: build
build: need-go ## Build the browser's program and the server into build/ (RELEASE=1: smallest)
# The go command knows what is out of date better than a list of files could; where nothing is, it takes half a second.
	@$(STEP) wasm
	@go build -trimpath -buildvcs=false -o $(SERVER) .

.PHONY: clean
clean: ## Remove what was built; data stays
	@rm -rf $(BUILD)

##@ Check

# A test run leaves its output in build/test, and ends with the lines in which the test runners sum it up.
LOGS := $(BUILD)/test

.PHONY: test
test: need-go need-node ## Everything: format, vet, staticcheck, vulnerabilities, unit tests with -race, WebAssembly, browser, JavaScript client
	@rm -rf $(LOGS); mkdir -p $(LOGS)
	@$(MAKE) fmt-check
	@$(MAKE) -j2 --output-sync=target lint test-race
	@$(MAKE) test-wasm
	@$(MAKE) test-browser
	@$(MAKE) test-jsclient
	@echo; for log in $(LOGS)/*.log; do echo "== $$(basename $$log .log)"; grep -E '^(ok|FAIL|---)\s' $$log || true; done

.PHONY: test-unit
test-unit: ## Unit tests, quickly
	@go test ./...
	@cd examples/tui && go test ./...

.PHONY: test-race
test-race: ## Unit tests with the race detector, in random order
	@mkdir -p $(LOGS); go test -race -shuffle=on ./... 2>&1 | grep -v 'no test files' | tee $(LOGS)/1-race.log
	@cd examples/tui && go test -race -shuffle=on ./... 2>&1 | tee -a $(CURDIR)/$(LOGS)/1-race.log

.PHONY: test-wasm
test-wasm: need-node ## Tests of the platform-neutral packages as WebAssembly in node
	@mkdir -p $(LOGS); $(STEP) testwasm 2>&1 | grep -v 'no test files' | tee $(LOGS)/2-wasm.log

# Packages with tests that need a browser carry the build tag "browser".
BROWSER_TESTS = $(sort $(dir $(shell grep -lsr --include='*_test.go' --exclude-dir=node_modules '^//go:build.*\bbrowser\b' . 2>/dev/null)))

.PHONY: test-browser
test-browser: build e2e/node_modules/.package-lock.json ## Tests in a real browser against the real server (installs Debian's Chromium where it may)
	@mkdir -p $(LOGS); test -n "$(BROWSER_TESTS)" || { echo "no browser tests"; exit 0; }; \
	chromium=$$($(STEP) chromium); \
	PETRA_SERVER=$(CURDIR)/$(SERVER) PETRA_WASM=$(CURDIR)/$(BUILD)/web CHROMIUM=$$chromium \
		go test -tags browser -count=1 -timeout 10m $(BROWSER_TESTS) 2>&1 | tee $(LOGS)/3-browser.log

.PHONY: test-jsclient
test-jsclient: $(addsuffix /node_modules/.package-lock.json,backend/jsclient bench/js store/devtools/remotetest) ## The real JavaScript programs: iCure client, Redux DevTools, peers of the benchmarks
	@mkdir -p $(LOGS); go test -tags jsclient -count=1 ./backend/jsclient ./bench/cmd ./store/devtools/remotetest 2>&1 | tee $(LOGS)/4-jsclient.log

# What tests need from npm, in the versions of the folder's package-lock.json.
%/node_modules/.package-lock.json: %/package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: install it ("apt-get install npm", or with node from https://nodejs.org)'; exit 1; }
	@npm ci --prefix $* --no-fund --no-audit --loglevel=error
	@touch $@

.PHONY: lint
lint: vet staticcheck vuln ## All checks that run nothing

.PHONY: fmt-check
fmt-check: # fails with the names of the files that "make fmt" would change
	@files=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go' 2>/dev/null || find . -name '*.go')); \
	if [ -n "$$files" ]; then printf 'not formatted, run "make fmt":\n%s\n' "$$files"; exit 1; fi

.PHONY: vet
vet: # for the server, for the browser, and with the browser's tests
	@go vet ./...
	@$(STEP) vetwasm
	@go vet -tags browser,jsclient ./...
	@cd examples/tui && go vet ./...

.PHONY: staticcheck
staticcheck:
	@go tool staticcheck -tags browser,jsclient ./...
	@tool=$$(go tool -n staticcheck); cd examples/tui && $$tool ./...

.PHONY: vuln
vuln:
	@$(STEP) vuln

##@ Measure

.PHONY: bench
bench: need-node ## Go, WebAssembly, Redux Toolkit, redux and zustand in one run, into docs/benchmarks.md (ARGS="-rounds 5 -run Dispatch")
	@go run ./bench/cmd $(ARGS)

.PHONY: bench-go
bench-go: ## All of Go's benchmarks (BENCH=regexp, COUNT=repetitions)
	@go test -run '^$$' -bench '$(or $(BENCH),.)' -benchmem -count $(or $(COUNT),1) ./...

.PHONY: size
size: ## The program's size beside go-app's hello world and the last record (RECORD=1 records it)
	@$(STEP) size $(if $(RECORD),record)

##@ Write

.PHONY: fmt
fmt: ## Format all Go files
	@gofmt -w $$(git ls-files -co --exclude-standard '*.go')

.PHONY: icons
icons: ## Draw the icons again from internal/build/logo
	@$(STEP) icons

# What must be there, said in a sentence.

.PHONY: need-go
need-go:
	@command -v go >/dev/null || { echo 'Go is missing: install Go 1.26 or newer from https://go.dev/dl'; exit 1; }

.PHONY: need-node
need-node:
	@command -v node >/dev/null || { echo 'node is missing: install it ("apt-get install nodejs" or https://nodejs.org), version 20 or newer'; exit 1; }
