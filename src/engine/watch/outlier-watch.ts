import type { OutlierRule } from '#model/policy.ts';
import type { Member, ServiceTraffic } from '#model/traffic.ts';
import { type Candidate, judgeOutliers, type Memory } from '#monitor/outliers/judge.ts';
import type { World } from '#world/world.ts';
import type { EventBook } from '../events/event-book.ts';
import { outlierReason } from '../measured.ts';
import type { TrafficKeeper } from '../traffic-keeper.ts';

interface Parts {
  readonly world: Pick<World, 'meter' | 'clock'>;
  readonly traffic: TrafficKeeper;
  readonly events: Pick<EventBook, 'tell'>;
  readonly onFailure: (doing: string, error: unknown) => void;
}

const secondMs = 1000;

/** Takes instances that fail out of the rotation for a while, where a route asks for it. Costs nothing elsewhere. */
export class OutlierWatch {
  readonly #parts: Parts;
  readonly #memories = new Map<string, ReadonlyMap<string, Memory>>();
  #watching: AbortController | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.traffic.onRules(() => this.#wake());
    this.#wake();
  }

  /** Why and until when an instance gets nothing new; undefined for one that is in the rotation. */
  outlier(project: string, service: string, instance: string): Memory | undefined {
    for (const [group, memory] of this.#memories) {
      const known = group.startsWith(`${project}/${service}/`) ? memory.get(instance) : undefined;
      if (known?.until !== undefined) return known;
    }
    return undefined;
  }

  close(): void {
    this.#watching?.abort();
    this.#watching = undefined;
  }

  #wake(): void {
    if (this.#watching !== undefined || this.#ruled().length === 0) return;
    this.#watching = new AbortController();
    void this.#watch(this.#watching.signal);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts.world;
    while (!signal.aborted) {
      const ruled = this.#ruled();
      const groups = ruled.flatMap((one) => groupsOf(one.traffic).map((members) => ({ ...one, members })));
      const live = new Set(groups.map(groupKey));
      for (const key of this.#memories.keys()) if (!live.has(key)) this.#memories.delete(key);
      for (const group of groups) this.#judge(group);
      this.#act();
      if (ruled.length === 0) break;
      await clock.wait(secondMs, signal).catch(() => undefined);
    }
    this.#watching = undefined;
  }

  #judge(group: Group): void {
    const key = groupKey(group);
    const memory = this.#memories.get(key) ?? new Map<string, Memory>();
    const { clock } = this.#parts.world;
    const now = clock.now();
    const candidates = group.members.map((member) => this.#candidate(group, member, memory.get(member.id), now));
    const judged = judgeOutliers({ rule: group.rule, now, candidates, memory });
    this.#memories.set(key, judged);
    for (const [instance, known] of judged) this.#tell(group, instance, known, memory.get(instance));
  }

  #tell({ project, service }: Group, instance: string, now: Memory, before: Memory | undefined): void {
    const who = { project, service, instance };
    if (now.until !== undefined && now.until !== before?.until && now.cause !== undefined) {
      const forMs = now.until - this.#parts.world.clock.now();
      this.#parts.events.tell({ event: 'instance-ejected', ...who, reason: outlierReason(now.cause), forMs });
    } else if (now.until === undefined && before?.until !== undefined)
      this.#parts.events.tell({ event: 'instance-returned', ...who });
  }

  #candidate({ project, service, rule }: Group, member: Member, known: Memory | undefined, now: number): Candidate {
    const { meter } = this.#parts.world;
    const of = { project, service, instances: [member.id] };
    // The second that runs is not whole, and neither is that in which an instance was let back in.
    const to = Math.floor(now / secondMs) * secondMs;
    const from = Math.max(to - rule.windowMs, Math.ceil((known?.since ?? 0) / secondMs) * secondMs);
    const lately = (since: number) => {
      const { requests, answers, networkErrors } = meter.stats(of, { from: since, to });
      return { requests, errors: Math.min(requests, answers[5] + networkErrors) };
    };
    let streak = 0;
    for (let since = to - secondMs; since >= from; since -= secondMs) {
      const { requests, errors } = lately(since);
      if (errors < requests) break;
      streak = errors;
    }
    return { id: member.id, sick: this.#parts.traffic.isSick(project, member.id), window: lately(from), streak };
  }

  #act(): void {
    const out = [...this.#memories].flatMap(([key, memory]) =>
      [...memory].flatMap(([id, { until }]) => (until === undefined ? [] : [`${key.split('/')[0]}/${id}`])),
    );
    this.#parts.traffic
      .setOutliers(new Set(out))
      .catch((error: unknown) => this.#parts.onFailure('take failing instances out of the rotation', error));
  }

  #ruled(): readonly Ruled[] {
    return Object.entries(this.#parts.traffic.all()).flatMap(([project, services]) =>
      Object.entries(services).flatMap(([service, traffic]) => {
        const rule = traffic.exposure.routes.map((route) => route.policy?.outliers).find((one) => one !== undefined);
        return rule === undefined ? [] : [{ project, service, traffic, rule }];
      }),
    );
  }
}

interface Ruled {
  readonly project: string;
  readonly service: string;
  readonly traffic: ServiceTraffic;
  readonly rule: OutlierRule;
}

interface Group extends Ruled {
  /** Of one release: a canary is compared with the stable release by its analysis, and not here. */
  readonly members: readonly Member[];
}

function groupsOf({ members }: ServiceTraffic): readonly (readonly Member[])[] {
  const serving = members.filter((one) => one.share === 'serving');
  return Object.values(Object.groupBy(serving, (one) => one.release)).filter((group) => group !== undefined);
}

function groupKey({ project, service, members }: Group): string {
  return `${project}/${service}/${members[0]?.release}`;
}
