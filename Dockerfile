# Build: the compiled sources, the portal, the documentation, and the packages that run them.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY tools/package.json tools/
COPY portal/package.json portal/
RUN npm ci --ignore-scripts --workspace=portal --include-workspace-root
COPY tsconfig.json tsconfig.client.json ./
COPY scripts scripts
COPY src src
COPY portal portal
COPY docs docs
COPY deploy deploy
COPY examples examples
COPY ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md SECURITY.md ./
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts --workspaces=false --include-workspace-root

# Run: nothing of the build but what is published, as a user who owns nothing but the data.
FROM node:24-bookworm-slim
ENV NODE_ENV=production TENANTRY_DATA_DIR=/data TENANTRY_HOST=0.0.0.0 TENANTRY_METRICS_PORT=9464 TENANTRY_METRICS_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY bin bin
COPY generated generated
RUN install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 8080 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/tenantry.js"]
CMD ["serve"]
