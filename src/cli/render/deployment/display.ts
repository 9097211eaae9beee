import type { Language } from '#core/messages/message.ts';
import type { WireEvent } from '#daemon/contract.ts';
import type { Terminal } from '../../terminal.ts';
import type { DeploymentView } from './view.ts';

/** Shows a deployment while it runs. */
export interface Display {
  /** Called after `view` took `event` in. */
  show(event: WireEvent, view: DeploymentView): void;
  /** Takes away what only made sense while it ran, before something else is printed. */
  finish(): void;
}

export interface DisplayOptions {
  readonly terminal: Terminal;
  readonly language: Language;
  readonly project: string;
}
