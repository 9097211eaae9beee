import type { DeploymentEvent, LockHolder } from '#model/event.ts';
import type { ObservedInstance } from '#model/instance.ts';
import type { ProjectStatus } from '#model/status.ts';

/** The Docker Engine that a lone daemon uses, and how long a call to it may last. */
export interface EngineAccess {
  readonly socketPath: string;
  readonly deadlines?: Readonly<Partial<Record<'ping' | 'read' | 'change' | 'start' | 'reconnect', number>>>;
}

/** What a test tells a lone daemon. */
export type Order =
  | { readonly kind: 'plan'; readonly cwd: string }
  | { readonly kind: 'deploy'; readonly cwd: string }
  | { readonly kind: 'down'; readonly project: string }
  | { readonly kind: 'status'; readonly project: string }
  | { readonly kind: 'look'; readonly project: string };

/** What it answers. */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'planned'; readonly steps: readonly string[] }
  | { readonly kind: 'event'; readonly event: DeploymentEvent }
  | { readonly kind: 'status'; readonly status: ProjectStatus; readonly unfinished: number }
  | {
      readonly kind: 'seen';
      readonly instances: readonly ObservedInstance[];
      /** Ids of instances that are kept warm. */
      readonly parked: readonly string[];
      readonly holder: LockHolder | undefined;
    }
  /** The order could not be carried out. */
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'problem'; readonly text: string };
