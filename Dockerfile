# Storemap with what it runs: git and an ssh client. As a user without rights, with nothing to write but /tmp.
#
#   make image                                            storemap:<version>-<commit>
#   docker run --rm -v "$PWD:/etc/storemap:ro" -e DATABASE_URL storemap:0.1.0-… run
#
# Another base has to be Debian with Node: --build-arg NODE_IMAGE=…
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
RUN npm run --silent build \
    && npm prune --omit=dev --ignore-scripts --no-fund --no-audit --loglevel=error \
    && find node_modules -type d -empty -delete

FROM ${NODE_IMAGE}
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates git openssh-client tini \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/cache/debconf/* /var/log/* /usr/share/doc /usr/share/man /usr/share/locale /usr/share/info
COPY --from=build /app/package.json /app/
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
RUN ln -s /app/dist/main.js /usr/local/bin/storemap

LABEL org.opencontainers.image.title="Storemap" \
      org.opencontainers.image.description="The sitemap engine for shops whose front end and back end are deployed apart" \
      org.opencontainers.image.licenses="MIT"

ENV NODE_ENV=production HOME=/tmp STOREMAP_HEARTBEAT=/tmp/storemap-heartbeat
# A number, so that Kubernetes sees that it is not root's; the base image's own user has it.
USER 1000:1000
WORKDIR /etc/storemap
# Of "serve" and "pull --watch", which touch the file every 15 seconds; what ends by itself needs no pulse.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD test ! -e "$STOREMAP_HEARTBEAT" || test -n "$(find "$STOREMAP_HEARTBEAT" -mmin -2)"
# tini passes signals on, and ends what git leaves behind.
ENTRYPOINT ["tini", "--", "storemap"]
CMD ["--help"]
