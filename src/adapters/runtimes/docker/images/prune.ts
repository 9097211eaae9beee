import type { Source } from '#model/spec.ts';
import { listContainers } from '../container/lookup.ts';
import type { Engine } from '../engine/client.ts';
import { label } from '../labels.ts';
import { imageRepository, imageTag } from '../names.ts';
import type { ImageLedger, Pulled } from './ledger.ts';
import { findImage, type ImageAnswer, removeImage } from './lookup.ts';
import { originOf, wantedRebuilt } from './rebuilt.ts';

interface Pruning {
  readonly engine: Engine;
  readonly ledger: ImageLedger;
  readonly project: string;
  /** Sources of the releases that can still be returned to. */
  readonly keep: readonly Source[];
}

/**
 * Removes the project's images that no kept release and no container needs: our tags first, then what those leave behind and nobody
 * else names: pulled images that were not here before us, and steps of the classic builder. Images of others, also
 * untagged ones, are never touched.
 */
export async function pruneImages(pruning: Pruning): Promise<void> {
  const { ledger, project } = pruning;
  const kept = new Set(pruning.keep.map((source) => source.revision));
  const rebuilt = wantedRebuilt((await ledger.read()).rebuilt, project, kept);
  const keep = [...kept, ...rebuilt.map((one) => one.revision)];
  await removeTags(pruning, keep);
  await removePulled(pruning);
  await removeSteps(pruning, keep);
  await ledger.change((entries) => {
    const left = entries.rebuilt.filter((one) => one.project !== project || rebuilt.includes(one));
    return left.length === entries.rebuilt.length ? entries : { ...entries, rebuilt: left };
  });
}

async function removeTags({ engine, project }: Pruning, keep: readonly string[]): Promise<void> {
  const containers = await listContainers(engine, { [label.project]: project, [label.image]: undefined });
  const inUse = containers.map((one) => one.Labels[label.image] ?? '');
  const kept = new Set([...keep.map((revision) => imageTag(project, { revision })), ...inUse]);
  const images = await engine.json<readonly ImageAnswer[]>({
    what: 'list images',
    method: 'GET',
    path: '/images/json',
    query: { filters: { reference: [imageRepository(project)] } },
  });
  const tags = images.flatMap((image) => image.RepoTags ?? []);
  const ours = tags.filter((tag) => tag.startsWith(`${imageRepository(project)}:`));
  for (const tag of ours.filter((one) => !kept.has(one))) await removeImage(engine, tag);
}

async function removePulled({ engine, ledger }: Pruning): Promise<void> {
  const gone: Pulled[] = [];
  for (const one of (await ledger.read()).pulled) {
    const image = await findImage(engine, one.pinned);
    const isNeeded = (image?.RepoTags ?? []).some((tag) => tag !== one.tag);
    if (image === undefined || (!isNeeded && (await removePulledImage(engine, image, one)))) gone.push(one);
  }
  if (gone.length === 0) return;
  await ledger.change((entries) => ({ ...entries, pulled: entries.pulled.filter((one) => !gone.includes(one)) }));
}

/** Its tag only when the tag still means this image: a later pull may have moved it on. */
async function removePulledImage(engine: Engine, image: ImageAnswer, { pinned, tag }: Pulled): Promise<boolean> {
  const isTagged = (image.RepoTags ?? []).includes(tag);
  if (isTagged && !(await removeImage(engine, tag))) return false;
  return removeImage(engine, pinned);
}

async function removeSteps({ engine, ledger, project }: Pruning, keep: readonly string[]): Promise<void> {
  const { steps: noted, rebuilt } = await ledger.read();
  const kept = new Set(keep.map((revision) => `${project} ${originOf(rebuilt, project, revision).input}`));
  const dropped = Object.entries(noted).filter(([key]) => key.startsWith(`${project} `) && !kept.has(key));
  for (const [, steps] of dropped) {
    for (const step of steps.toReversed()) await removeNameless(engine, step);
  }
  if (dropped.length === 0) return;
  const keys = new Set(dropped.map(([key]) => key));
  await ledger.change((entries) => ({
    ...entries,
    steps: Object.fromEntries(Object.entries(entries.steps).filter(([key]) => !keys.has(key))),
  }));
}

/** Only when nobody named it; the engine itself refuses where another image is built on it. */
async function removeNameless(engine: Engine, id: string): Promise<void> {
  const image = await findImage(engine, id);
  const names = [...(image?.RepoTags ?? []), ...(image?.RepoDigests ?? [])].filter(
    (name) => !name.startsWith('<none>'),
  );
  if (image !== undefined && names.length === 0) await removeImage(engine, id);
}
