# docker build -t lambdacheck . && docker run --rm -v "$PWD:/project" lambdacheck lint
FROM node:22-slim AS build
WORKDIR /build
COPY . .
RUN npm ci && npm pack --pack-destination /tmp

FROM node:22-slim
COPY --from=build /tmp/lambdacheck-*.tgz /tmp/
RUN npm install --global --no-audit --no-fund /tmp/lambdacheck-*.tgz vitest@4 && rm /tmp/lambdacheck-*.tgz
# The user `node` of the image.
USER 1000
WORKDIR /project
ENTRYPOINT ["lambdacheck"]
CMD ["--help"]
