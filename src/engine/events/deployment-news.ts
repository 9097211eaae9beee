import type { CanaryReport } from '#model/canary.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { DeploymentKind, Plan } from '#model/plan.ts';
import type { EventBook } from './event-book.ts';

interface Deployment {
  readonly id: string;
  readonly project: string;
  readonly kind: DeploymentKind;
  readonly by: string;
  /** Of one that goes on after a restart. */
  readonly plan?: Pick<Plan, 'from' | 'to'> | undefined;
}

/** What of a deployment's own events is worth telling about its project: that it began, what it judged, how it ended. */
export class DeploymentNews {
  readonly #events: Pick<EventBook, 'tell'>;
  readonly #deployment: Deployment;
  readonly #verdicts = new Map<string, string>();
  #plan: Deployment['plan'];

  constructor(events: Pick<EventBook, 'tell'>, deployment: Deployment) {
    this.#events = events;
    this.#deployment = deployment;
    this.#plan = deployment.plan;
  }

  take(event: DeploymentEvent): void {
    const { id: deployment, project, kind, by } = this.#deployment;
    if (event.event === 'plan') this.#plan = event;
    const who = { project, deployment, kind, by, from: this.#plan?.from, to: this.#plan?.to };
    if (event.event === 'plan') this.#events.tell({ event: 'deployment-began', ...who });
    if (event.event === 'canary') this.#judged(event.canary);
    if (event.event === 'end') {
      const { state, reason } = event;
      this.#events.tell({ event: 'deployment-ended', ...who, state, reason });
    }
  }

  /** The same verdict is taken again and again; only another one is news. */
  #judged({ service, position, of, percent, state, verdict, requests }: CanaryReport): void {
    const { id: deployment, project } = this.#deployment;
    const sight = `${position} ${state} ${verdict}`;
    if (this.#verdicts.get(service) === sight) return;
    this.#verdicts.set(service, sight);
    const facts = { service, position, of, percent, state, verdict, requests };
    this.#events.tell({ event: 'canary-verdict', project, deployment, ...facts });
  }
}
