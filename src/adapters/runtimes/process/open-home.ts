import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#world/clock.ts';
import type { RuntimeEvent } from '#world/runtime.ts';
import { claimBlock } from './addresses/block.ts';
import { AddressPool } from './addresses/pool.ts';
import { readHierarchies } from './cgroups/hierarchies.ts';
import type { Home } from './home.ts';
import { findInstances } from './instances/find.ts';
import { Instance } from './instances/instance.ts';
import type { Abilities } from './launch/abilities.ts';
import { watchHosts } from './launch/hosts-repair.ts';
import { MountPoints } from './launch/mount-points.ts';
import { installLauncher } from './launch/program.ts';
import { LogHub } from './logs/hub.ts';
import { claimHome } from './owner.ts';
import type { Parts } from './parts.ts';
import { removeDrafts } from './source/snapshot.ts';
import type { Tools } from './tools.ts';

interface OpenInput {
  readonly home: Home;
  readonly clock: Clock;
  readonly addressBlock: number | undefined;
  readonly tools: Tools;
  readonly abilities: Abilities;
  readonly emit: (event: RuntimeEvent) => void;
}

/** A home that is ours to work on. */
export interface OpenHome {
  readonly parts: Parts;
  /** By `project/id`; one-off runs are not among them. */
  readonly instances: Map<string, Instance>;
  close(): void;
}

/** Ends of processes that are not our children can only be asked for. */
const adoptedPollMs = 500;

/** Claims the home, takes over what runs, ends one-off runs whose caller died with the last runtime. */
export async function openHome({ home, clock, addressBlock, tools, abilities, emit }: OpenInput): Promise<OpenHome> {
  const release = claimHome(home);
  try {
    const hierarchies = readHierarchies();
    const found = findInstances({ home, hierarchies, clock });
    const taken = found.map(({ record }) => record.address);
    const logs = new LogHub({ home, clock, freeTool: tools.fallocate });
    const parts: Parts = {
      home,
      clock,
      tools,
      abilities,
      hierarchies,
      mountPoints: new MountPoints(join(home.process, 'mount-points.json')),
      addresses: new AddressPool(home, claimBlock(home, addressBlock), taken),
      logs,
      launcher: installLauncher(home.process),
      emit,
    };
    parts.mountPoints.retain(new Set(found.map(({ record }) => `${record.spec.project}/${record.spec.id}`)));
    const adopted = found.map(({ record, state }) => Instance.adopt(parts, record, state));
    const instances = new Map(adopted.filter((one) => one.record.once === undefined).map((one) => [keyOf(one), one]));
    await Promise.all(adopted.filter((one) => one.record.once !== undefined).map(discard));
    if (existsSync(home.projects)) for (const name of readdirSync(home.projects)) removeDrafts(home.sources(name));
    const stopWatching = watch(instances);
    return {
      parts,
      instances,
      close: () => {
        stopWatching();
        for (const instance of instances.values()) instance.close();
        logs.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Ends a one-off run and removes what is left of it. */
export async function discard(instance: Instance): Promise<void> {
  await instance.kill();
  await instance.remove();
}

function keyOf({ record }: Instance): string {
  return `${record.spec.project}/${record.spec.id}`;
}

function watch(instances: ReadonlyMap<string, Instance>): () => void {
  const repair = (): void => {
    for (const instance of instances.values()) void instance.repairHosts();
  };
  repair();
  const stopHosts = watchHosts(repair);
  const poll = setInterval(() => {
    for (const instance of instances.values()) if (instance.isAdopted) instance.checkAlive();
  }, adoptedPollMs).unref();
  return () => {
    stopHosts();
    clearInterval(poll);
  };
}
