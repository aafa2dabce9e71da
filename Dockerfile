# syntax=docker/dockerfile:1
# The image of Renown: built from the lockfile and the sources, without a compiler, tests or other platforms' binaries.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS manifests
WORKDIR /renown
COPY package.json package-lock.json .npmrc ./
COPY packages/cli/package.json packages/cli/
COPY packages/contract/package.json packages/contract/
COPY packages/dashboard/package.json packages/dashboard/
COPY packages/files/package.json packages/files/
COPY packages/inference/package.json packages/inference/
COPY packages/ml/package.json packages/ml/
COPY packages/models/package.json packages/models/
COPY packages/reputation/package.json packages/reputation/
COPY packages/server/package.json packages/server/

FROM manifests AS build
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.base.json ./
COPY scripts scripts
COPY packages packages
RUN npm run build
COPY ops/image ops/image
COPY LICENSE NOTICE package.json image/
COPY models/default image/models/default
COPY --chmod=755 ops/image/make-keys.sh image/ops/image/make-keys.sh
RUN node ops/image/gather-packages.mjs image/packages && node ops/image/normalize.mjs image

FROM manifests AS production
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund --omit=dev --workspace packages/cli
COPY ops/image ops/image
RUN node ops/image/trim-modules.mjs node_modules && mkdir -p empty && node ops/image/normalize.mjs node_modules empty

FROM ${NODE_IMAGE} AS run
LABEL org.opencontainers.image.title="Renown" \
      org.opencontainers.image.description="Online reputation monitor" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /renown
# The folders that volumes begin as: data, and secrets for other services.
COPY --from=production --chown=node:node /renown/empty /data
COPY --from=production --chown=node:node /renown/empty /secrets
COPY --from=production /renown/node_modules node_modules
COPY --from=build /renown/image/models models
COPY --from=build /renown/image/LICENSE /renown/image/NOTICE /renown/image/package.json ./
COPY --from=build /renown/image/ops ops
COPY --from=build /renown/image/packages packages
ENV NODE_ENV=production \
    PATH=/renown/node_modules/.bin:$PATH \
    HF_HOME=/data/huggingface \
    RENOWN_HOME=/data \
    RENOWN_HOST=0.0.0.0 \
    RENOWN_PORT=8000 \
    RENOWN_METRICS_HOST=0.0.0.0 \
    RENOWN_METRICS_PORT=9464
USER node
EXPOSE 8000 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.RENOWN_PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
WORKDIR /data
ENTRYPOINT ["node", "/renown/packages/cli/bin/renown.mjs"]
CMD ["serve"]
