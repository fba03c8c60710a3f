# Modelgate's image. Three stages: what it runs with, what it is compiled to, and these two on a slim system. Versions are pinned;
# the two numbers of Node.js must be the same.

# The dependencies of a running server. Their one native part (sqlite3) is compiled against this system's own libraries, with the
# headers of Node.js that the image has.
FROM node:24.21.0-bookworm AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm_config_build_from_source=true npm_config_nodedir=/usr/local npm ci --omit=dev

FROM node:24.21.0-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci --ignore-scripts
COPY proto proto
COPY src src
COPY envoy envoy
RUN npm run build

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
# A running server installs nothing: package managers would only serve whoever gets in. The folders are for volumes, and open, so
# that any user can be chosen to run as; what the server makes in them (data, the socket's folder) is closed.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-* /usr/local/bin/yarn* \
 && mkdir -p /var/lib/modelgate /run/modelgate \
 && chmod 1777 /var/lib/modelgate /run/modelgate \
 && ln -s /app/dist/src/main.js /usr/local/bin/modelgate
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/ui dist/ui
COPY --from=build /app/dist/envoy/sample-model.js /app/dist/envoy/run-sample-model.js dist/envoy/
COPY proto proto
COPY package.json LICENSE ./
USER 10001:10001
ENV MODELGATE_DATA=/var/lib/modelgate/data
ENTRYPOINT ["node", "--max-semi-space-size=2", "/app/dist/src/main.js"]
CMD ["serve"]
# Readiness, which needs no credential.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "/app/dist/src/main.js", "status"]
