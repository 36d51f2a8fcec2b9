# Two commands for a newcomer: "make demo" and "make test". Both install what they need.
.PHONY: demo test build bench history image lint check clean

demo: build
	@node dist/main.js demo $(if $(KEEP),--keep) $(if $(PORT),--port $(PORT)) $(DEMO_FLAGS)

test: node_modules/.installed
	npm run --silent typecheck
	npm run --silent test

build: dist/main.js

bench: build
	@node bench/build.mjs $(if $(N),--products $(N))
	@node bench/routes.mjs

# How a repository grows in a year of nights; DAYS=10 PRODUCTS=5000 is a smaller shop and a shorter time.
history: build
	@node bench/history.mjs $(if $(DAYS),--days $(DAYS)) $(if $(PRODUCTS),--products $(PRODUCTS)) $(if $(KEEP),--keep $(KEEP))

# The same commit has the same tag; changes that are in no commit say so. BUILD_FLAGS are docker build's.
REVISION = $(shell git describe --always --dirty --abbrev=12 --exclude='*')
VERSION = $(shell node -p 'require("./package.json").version')
IMAGE = storemap:$(VERSION)-$(REVISION)
image:
	docker build --label org.opencontainers.image.version=$(VERSION) --label org.opencontainers.image.revision=$(REVISION) \
	  $(BUILD_FLAGS) -t $(IMAGE) .
	@echo $(IMAGE)

lint: node_modules/.installed
	npm run --silent lint

clean:
	rm -rf dist node_modules .cache

dist/main.js: node_modules/.installed $(shell find src -type f) tsconfig.json tsconfig.build.json scripts/build.mjs
	@npm run --silent build

node_modules/.installed: package.json package-lock.json
	@npm ci --no-fund --no-audit --loglevel=error
	@touch $@
