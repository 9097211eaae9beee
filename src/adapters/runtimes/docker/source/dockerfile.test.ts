import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDockerfile } from './dockerfile.ts';

test('ports and base are those of the built stage and what it builds on', () => {
  const text = `
# syntax is not said
FROM node:26 AS base
EXPOSE 3000
FROM base AS build
RUN npm ci
FROM base
EXPOSE 9090/tcp 53/udp \\
  8080
CMD ["node"]
`;
  assert.deepEqual(readDockerfile(text, undefined), {
    ports: [9090, 8080, 3000],
    base: 'node:26',
    needsBuildKit: false,
  });
  assert.deepEqual(readDockerfile(text, 'build').ports, [3000]);
});

test('scratch and variables name no base', () => {
  assert.equal(readDockerfile('FROM scratch', undefined).base, undefined);
  assert.equal(readDockerfile('ARG V\nFROM node:$V', undefined).base, undefined);
  assert.equal(readDockerfile('FROM --platform=linux/amd64 alpine', undefined).base, 'alpine');
});

test('what only BuildKit understands is noticed', () => {
  const needs = (line: string) => readDockerfile(`FROM a\n${line}\n`, undefined).needsBuildKit;
  assert.equal(readDockerfile('# syntax=docker/dockerfile:1\nFROM a', undefined).needsBuildKit, true);
  assert.equal(needs('RUN --mount=type=cache,target=/c make'), true);
  assert.equal(needs('COPY --link a b'), true);
  assert.equal(needs('COPY <<EOF /a\nhello\nEOF'), true);
  assert.equal(needs('RUN echo 1 << 2'), false);
  assert.equal(needs('COPY --from=x --chown=1:1 a b'), false);
});
