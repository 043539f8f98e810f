# Everything that is done here, by name; `make help` lists it. `make test` is what has to pass.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

GO     ?= go
NPM_CI := npm ci --no-audit --no-fund --loglevel=error
LINT   := $(GO) tool -modfile=tools/go.mod golangci-lint

# What the page is made of, so that it is built again only when something of it changed.
PAGE_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -name '*.gen.ts' -prune \
	-o -path web/src/i18n/paraglide -prune -o -type f -print) \
	$(wildcard internal/signal/protocol/*.go internal/signal/protocol/*/*.go internal/ortc/*.go internal/auth/api/*.go)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build the program and try it: http://localhost:8080/, where anyone may start a meeting
	STUBE_CREATE=$${STUBE_CREATE:-anyone} bin/stube serve

build: page ## Build the program: bin/stube
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/stube ./cmd/stube

page: web/dist/index.html ## Build the page that the program embeds

web/dist/index.html: $(PAGE_SOURCES) web/node_modules/.package-lock.json
	cd web && npm run build
	@touch $@

generate: web/node_modules/.package-lock.json ## Generate what git ignores: the page's protocol types and messages
	cd web && npm run generate

test: packages build check test-go test-web e2e ## Everything that has to pass; installs what is missing (apt)

check: page e2e/node_modules/.package-lock.json ## Linters and type checks, of Go, the page and the browser flows
	$(LINT) run
	cd tools/acme && $(GO) tool -modfile=../go.mod golangci-lint run
	cd web && npm run check
	cd e2e && npm run check

# Tests whose figures are to be seen: cases of rights, times of answers, lines of logs, files, and the attack.
FIGURES    := ^TestCriterion(3Time|11Matrix|11WhoActs|11Enforced|18LogOf|19Disk|30Attack)
FIGURES_IN := ./internal/room/rights ./internal/room ./internal/app

test-go: page ## Tests of the Go packages, with the race detector
	$(GO) test -race -skip '$(FIGURES)' ./...
	$(GO) test -race -v -run '$(FIGURES)' $(FIGURES_IN)

test-web: web/node_modules/.package-lock.json ## Tests of the page's parts without a browser
	cd web && npm test

e2e: build e2e/node_modules/.package-lock.json ## Tests in Chromium and Firefox against the program
	cd e2e && npm test

bench: build ## Cost of a packet: inside one process, and of the server beside the least that is possible; scaling
	$(GO) test -run '^$$' -bench Forward ./internal/sfu
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/floor ./internal/load/floor
	$(GO) run ./internal/load/bench

quality: build e2e/node_modules/.package-lock.json ## How good calls stay on bad networks: writes docs/quality.md
	tools/packages.sh espeak-ng:espeak-ng
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/relay ./internal/relay/command
	cd e2e && npm run quality
	$(GO) run ./internal/quality/measure -chromium e2e/output/quality.json -out docs/quality.md

scale: build ## How far server and machine carry 500 in a room, 200 rooms of 3, 1000 idle: writes docs/scale.md
	$(GO) run ./internal/load/scale -out docs/scale.md

soak: build ## Half an hour of people who come, go and act: what is left of them? Writes docs/soak.md
	$(GO) run ./internal/load/soak/command -out docs/soak.md

format: web/node_modules/.package-lock.json e2e/node_modules/.package-lock.json ## Format all sources
	$(LINT) fmt
	cd web && npm run format
	cd e2e && npm run format

packages: ## Install with apt what tests need and is missing: browsers, and a C compiler for the race detector
	tools/packages.sh

clean: ## Remove everything that was built
	rm -rf bin web/dist web/node_modules web/src/i18n/paraglide web/src/signal/protocol.gen.ts web/src/account/api.gen.ts \
		e2e/node_modules e2e/output

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && $(NPM_CI)
	@touch $@

e2e/node_modules/.package-lock.json: e2e/package.json e2e/package-lock.json
	cd e2e && $(NPM_CI)
	@touch $@

.PHONY: help run build page generate test check test-go test-web e2e bench quality scale soak format packages clean
