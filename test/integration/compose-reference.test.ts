import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { projectFiles } from '#adapters/files/project-files.ts';
import { listHashes, listImages, listProfiles, listServices, listVolumes } from '#compose/config.ts';
import { type LoadRequest, loadProject } from '#compose/load.ts';
import { say } from '#core/messages/say.ts';
import { comparable, differences } from '../conformance/compare.ts';
import { type GoldenCase, goldenRequest, parseGolden } from '../support/golden.ts';
import { goldenFolder } from '../support/golden-folder.ts';
import { referenceConfig, runReference } from '../support/reference.ts';

/*
 * Beside the recorded cases: the same files through a `docker compose` binary on this machine. Every Compose file of the
 * repository, and every golden case but those that say why docker compose 2.40.3 differs.
 */

const binary = process.env.DOCKER_COMPOSE ?? '';
const skip =
  binary === ''
    ? 'DOCKER_COMPOSE names no docker-compose binary: nothing to compare with'
    : !existsSync(binary) && `DOCKER_COMPOSE names ${binary}, which does not exist`;

const root = fileURLToPath(new URL('../../', import.meta.url));
const goldenRoot = join(root, 'test/golden/compose');
const environment = { HOME: '/home/user', PATH: process.env.PATH ?? '/usr/bin:/bin' };

const projects = globSync('**/{compose,docker-compose}*.{yaml,yml}', {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
});

test('the Compose files of the repository', { skip }, (t) => {
  for (const path of projects) {
    for (const profiles of [[], ['*']]) {
      const request: LoadRequest = {
        cwd: dirname(join(root, path)),
        env: environment,
        files: [join(root, path)],
        profiles,
        options: { allResources: true },
      };
      assert.equal(compared(request), undefined, path);
    }
  }
  assert.ok(projects.length > 0);
  t.diagnostic(`${projects.length} Compose files compared`);
});

test('the golden cases', { skip }, (t) => {
  const cases = globSync('**/*.txt', { cwd: goldenRoot }).toSorted();
  let differing = 0;
  const wrong: string[] = [];
  for (const path of cases) {
    const golden = parseGolden(readFileSync(join(goldenRoot, path), 'utf8'));
    if (golden.reference !== undefined) differing++;
    else wrong.push(...comparedGolden(golden).map((text) => `${path}: ${text}`));
  }
  assert.deepEqual(wrong, []);
  t.diagnostic(`${cases.length - differing} golden cases compared; ${differing} say why docker compose 2.40.3 differs`);
});

test('what config lists', { skip }, (t) => {
  let lists = 0;
  for (const path of projects) {
    const request: LoadRequest = { cwd: dirname(join(root, path)), env: environment, files: [join(root, path)] };
    const result = loadProject(request, projectFiles);
    if (result.project === undefined) continue;
    const ours = {
      '--services': listServices(result.project),
      '--volumes': listVolumes(result.project),
      '--images': listImages(result.project),
      '--profiles': listProfiles(result),
      '--hash=*': listHashes(result.project, '*'),
    };
    for (const [flag, lines] of Object.entries(ours)) {
      const printed = runReference(binary, request, [flag])
        .stdout.split('\n')
        .filter((line) => line !== '');
      assert.deepEqual(lines.toSorted(), printed.toSorted(), `${path} ${flag}`);
      lists++;
    }
  }
  t.diagnostic(`${lists} lists compared`);
});

function comparedGolden(golden: GoldenCase): string[] {
  using place = goldenFolder(golden);
  const text = compared(goldenRequest(golden, place.folder));
  return text === undefined ? [] : [text];
}

/** What differs between our load and the binary's; undefined when nothing does. */
function compared(request: LoadRequest): string | undefined {
  const ours = loadProject(request, projectFiles);
  const theirs = referenceConfig(binary, request);
  const errors = ours.findings.filter(({ severity }) => severity === 'error').map(({ said }) => say(said, 'en'));
  if (theirs.kind === 'refused') {
    return ours.project === undefined ? undefined : `docker compose refuses it, we do not: ${theirs.why}`;
  }
  if (ours.project === undefined) return `docker compose takes it, we do not: ${errors.join('; ')}`;
  const found = differences(comparable(ours.project), theirs.model);
  return found.length === 0 ? undefined : found.map(({ text }) => text).join('\n');
}
