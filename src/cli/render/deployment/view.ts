import type { WireEvent } from '#daemon/contract.ts';

export type PlanEvent = Extract<WireEvent, { event: 'plan' }>;
export type EndEvent = Extract<WireEvent, { event: 'end' }>;

/** One step as far as it is known. Times in milliseconds since the epoch. */
export interface StepView {
  readonly id: string;
  /** Undefined for what concerns the whole project. */
  readonly service: string | undefined;
  readonly text: string;
  readonly state: 'todo' | 'running' | 'done' | 'failed' | 'undoing' | 'undone';
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** The last thing worth telling: a probe's answer, a line of a build. */
  readonly progress: string | undefined;
}

/** A deployment as its events tell it; the same for a terminal that redraws and for a log. */
export class DeploymentView {
  readonly #steps = new Map<string, StepView>();
  #plan: PlanEvent | undefined;
  #end: EndEvent | undefined;
  #switchedServices = new Set<string>();

  get plan(): PlanEvent | undefined {
    return this.#plan;
  }

  get end(): EndEvent | undefined {
    return this.#end;
  }

  step(id: string): StepView | undefined {
    return this.#steps.get(id);
  }

  /** All steps, those of the plan in its order. */
  steps(): readonly StepView[] {
    return [...this.#steps.values()];
  }

  isSwitched(service: string): boolean {
    return this.#switchedServices.has(service);
  }

  apply(event: WireEvent): void {
    const at = Date.parse(event.time);
    switch (event.event) {
      case 'plan':
        this.#plan = event;
        for (const { id, service, text } of event.steps)
          this.#put(id, { service, text: withoutService(text, service) });
        return;
      case 'step-started':
        this.#put(event.step, {
          service: event.service,
          text: withoutService(event.text, event.service),
          state: 'running',
          startedAt: at,
        });
        return;
      case 'step-progress':
        this.#put(event.step, { progress: event.text });
        return;
      case 'step-done':
        this.#put(event.step, { state: 'done', endedAt: at });
        return;
      case 'step-failed':
        this.#put(event.step, { state: 'failed', endedAt: at, progress: event.reason });
        return;
      case 'undo-started':
        this.#undo(event.step, event.text, at);
        return;
      case 'undo-done':
        this.#put(event.step, { state: 'undone', endedAt: at });
        return;
      case 'switched':
        this.#switchedServices.add(event.service);
        return;
      case 'end':
        this.#end = event;
        return;
      case 'waiting':
      case 'canary':
        return;
      default:
        event satisfies never;
    }
  }

  /** A step back has an id of its own and names its service in its text alone. */
  #undo(id: string, text: string, startedAt: number): void {
    const services = this.#plan?.changes.map((change) => change.service) ?? [];
    const service = this.#steps.get(id)?.service ?? services.find((one) => text.startsWith(`${one}: `));
    this.#put(id, { service, text: withoutService(text, service), state: 'undoing', startedAt });
  }

  #put(id: string, known: Partial<StepView>): void {
    const before = this.#steps.get(id) ?? unknownStep(id);
    this.#steps.set(id, { ...before, ...known });
  }
}

function unknownStep(id: string): StepView {
  return {
    id,
    service: undefined,
    text: id,
    state: 'todo',
    startedAt: undefined,
    endedAt: undefined,
    progress: undefined,
  };
}

/** A step's text names its service for those who read it alone; here the service stands before it already. */
function withoutService(text: string, service: string | undefined): string {
  const prefix = `${service}: `;
  return service !== undefined && text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
