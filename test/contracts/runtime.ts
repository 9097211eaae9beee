import { attendedContract } from './runtime/attended.ts';
import { lifeContract } from './runtime/life.ts';
import { logsContract } from './runtime/logs.ts';
import { surroundingsContract } from './runtime/surroundings.ts';
import { takeoverContract } from './runtime/takeover.ts';
import type { RuntimeStage } from './stage.ts';

/**
 * What every runtime must do, run over each of them: `runtimeContract('docker', makeDockerStage)`. Each test makes its
 * own stage.
 */
export function runtimeContract(kind: string, make: () => Promise<RuntimeStage>): void {
  lifeContract(kind, make);
  surroundingsContract(kind, make);
  attendedContract(kind, make);
  logsContract(kind, make);
  takeoverContract(kind, make);
}
