# Everything that the project does to itself. `make` alone tells what there is.

GO       ?= go
FUZZTIME ?= 60s
BENCH    ?= .
COUNT    ?= 6
BASE     ?=
PKGS     ?= ./...
MODELS   ?= 1000
N        ?= 10000
EACH     ?= 50
SIGNALS  ?= 200

.DEFAULT_GOAL := help
.PHONY: help run build test lint vet fmt staticcheck bench fuzz oracle promtool crosscheck longrun torture agree signals attack falsepages

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS="$$(printf '\t')" read -r target text; do \
		printf '  make %-12s %s\n' "$$target" "$$text"; done

run: ## forecast the hospital booking example
	@$(GO) run ./cmd/tightrope forecast examples/booking

build: ## build bin/tightrope, without cgo
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/tightrope ./cmd/tightrope

# A clone that belongs to another user, or a machine without git, must still
# pass: nothing below needs the revision in the binary.
test lint vet staticcheck bench fuzz oracle crosscheck longrun torture agree signals attack falsepages: export GOFLAGS := $(GOFLAGS) -buildvcs=false
# As the program is shipped, so that nothing is compiled twice.
test lint vet staticcheck bench fuzz oracle crosscheck longrun torture agree signals attack falsepages: export CGO_ENABLED := 0

test: lint ## lint, then all tests, with what they need installed first
	@GO="$(GO)" scripts/test -vet=off

lint: vet fmt staticcheck ## vet, gofmt and staticcheck

vet:
	$(GO) vet ./...

fmt:
	@unformatted="$$("$$($(GO) env GOROOT)/bin/gofmt" -l .)" || exit 1; \
	if [ -n "$$unformatted" ]; then \
		printf 'not formatted, run gofmt -w on:\n%s\n' "$$unformatted" >&2; exit 1; \
	fi

staticcheck:
	$(GO) tool staticcheck ./...

bench: ## benchmarks; with BASE=revision old against new, COUNT=6 times each
	@if [ -n "$(BASE)" ]; then \
		GO="$(GO)" scripts/bench-compare "$(BASE)" "$(BENCH)" "$(COUNT)" $(PKGS); \
	else \
		$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem $(PKGS); \
	fi

fuzz: ## each fuzz target for FUZZTIME=60s
	@GO="$(GO)" scripts/fuzz-all "$(FUZZTIME)" $(PKGS)

oracle: ## the forecast against a million drawn windows, on MODELS=1000 models without redundancy
	$(GO) test -count 1 -timeout 0 -run '^TestForecastsOfRandomModelsAgreeWithDraws$$' ./internal/forecast -args -oracle.models=$(MODELS) -oracle.windows=1000000

promtool: ## the rules that tightrope writes, played by Prometheus itself: needs its promtool
	scripts/promtool

crosscheck: ## the forecast against an independent simulation, on MODELS=1000 hard models
	CROSSCHECK_MODELS=$(MODELS) $(GO) test -count 1 -timeout 0 -v -run '^TestHardStructures$$' ./internal/crosscheck

longrun: ## the simulation against exact averages and the forecast, on EACH=50 random models of each lot
	$(GO) test -count 1 -timeout 0 -run '^(TestRandomModelsInTheLongRun|TestForecastsAgreeWithSimulations)$$' ./internal/simulate -args -longrun.models=$(EACH)

falsepages: ## how often rules ring for nothing, against TIMES=100 times as many played weeks as in CI
	FALSEPAGE_WEEKS=$(or $(TIMES),100) $(GO) test -count 1 -timeout 0 -v -run '^TestBackgroundAgreesWithASimulation$$' ./internal/falsepage

torture: ## every command on N=10000 random models; KEEP=folder keeps what was found
	TORTURE=$(N) TORTURE_SEED=1000000 TORTURE_COMMANDS=1 TORTURE_KEEP="$(KEEP)" $(GO) test -count 1 -timeout 0 -v -run 'NoAcceptedModel|WorkEndsAtAny|ChangeNothing|ChangesNothing|ChangesNoNumber|ChangeNoNumber' ./internal/torture

signals: build ## every long command gets SIGINT or SIGTERM at SIGNALS=200 random moments; ONLY=plan is one of them
	SIGNALS=$(SIGNALS) SIGNALS_PROGRAM="$(CURDIR)/bin/tightrope" SIGNALS_ONLY="$(ONLY)" $(GO) test -count 1 -timeout 0 -v -run '^TestASignalIsAnsweredAtAnyMoment$$' ./internal/cli

agree: ## whatever two commands or pages can both answer, on MODELS=1000 models; FROM=1 is the first seed
	AGREE_MODELS=$(MODELS) AGREE_FROM=$(or $(FROM),1) AGREE_WHOLE=1 $(GO) test -count 1 -timeout 0 -run '^TestRandomModels$$' ./internal/agree

attack: build ## attack a server of the booking example for LONG=3m, and print how it answers others
	$(GO) run ./scripts/attack -binary bin/tightrope -for $(or $(LONG),3m)
