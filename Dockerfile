# One image for all roles; docker-compose.yml and the chart choose the command.
# For CUDA build with --build-arg ONNXRUNTIME_NODE_INSTALL=cuda12 on an image that has CUDA 12 and cuDNN 9.
FROM node:22-bookworm-slim AS build
WORKDIR /app
ARG ONNXRUNTIME_NODE_INSTALL=skip
ENV ONNXRUNTIME_NODE_INSTALL=$ONNXRUNTIME_NODE_INSTALL
COPY package.json package-lock.json .npmrc tsconfig.base.json tsconfig.json prisma.config.ts ./
COPY prisma prisma
COPY scripts scripts
COPY packages packages
COPY apps apps
RUN npm ci && npm run build

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /app /app
# Data must be writable for the unprivileged account; everything else stays read-only.
RUN mkdir -p /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
# Little room for new objects: an export of a million trials then stays below 300 MB (docs/adr/0018).
CMD ["node", "--max-semi-space-size=4", "apps/api/dist/main.js"]
