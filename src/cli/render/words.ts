import type { Change } from '#model/change.ts';
import type { BreakerState } from '#model/metrics.ts';
import type { StrategyReason } from '#model/spec.ts';
import type { DeploymentState, InstanceStatus, ProjectStatus } from '#model/status.ts';
import type { Pair } from '../pair.ts';
import type { Style } from '../terminal.ts';

/** Closed sets of the model in the reader's words, with the colour they are shown in. */
export interface Word {
  readonly text: Pair;
  readonly style: Style | undefined;
}

export const actionWords: Readonly<Record<Change['action'], Word>> = {
  keep: { text: { en: 'keep', es: 'conservar' }, style: 'dim' },
  create: { text: { en: 'create', es: 'crear' }, style: 'green' },
  replace: { text: { en: 'replace', es: 'reemplazar' }, style: 'yellow' },
  scale: { text: { en: 'scale', es: 'escalar' }, style: 'yellow' },
  remove: { text: { en: 'remove', es: 'quitar' }, style: 'red' },
};

export const breakerWords: Readonly<Record<BreakerState, Pair>> = {
  closed: { en: 'closed', es: 'cerrado' },
  open: { en: 'open, requests get an error at once', es: 'abierto: las peticiones reciben un error de inmediato' },
  recovering: { en: 'recovering', es: 'recuperándose' },
};

export const stateWords: Readonly<Record<ProjectStatus['state'], Word>> = {
  healthy: { text: { en: 'healthy', es: 'sano' }, style: 'green' },
  degraded: { text: { en: 'degraded', es: 'degradado' }, style: 'yellow' },
  down: { text: { en: 'down', es: 'caído' }, style: 'red' },
  stopped: { text: { en: 'stopped', es: 'detenido' }, style: 'dim' },
  deploying: { text: { en: 'deploying', es: 'desplegando' }, style: 'cyan' },
};

export const instanceWords: Readonly<Record<InstanceStatus['state'], Word>> = {
  starting: { text: { en: 'starting', es: 'arrancando' }, style: 'cyan' },
  healthy: { text: { en: 'healthy', es: 'sana' }, style: 'green' },
  unhealthy: { text: { en: 'unhealthy', es: 'no sana' }, style: 'red' },
  draining: { text: { en: 'draining', es: 'vaciándose' }, style: 'cyan' },
  warm: { text: { en: 'warm', es: 'en reserva' }, style: 'dim' },
  exited: { text: { en: 'exited', es: 'terminada' }, style: 'red' },
  completed: { text: { en: 'completed', es: 'completada' }, style: 'dim' },
};

export const deploymentWords: Readonly<Record<DeploymentState, Word>> = {
  running: { text: { en: 'under way', es: 'en marcha' }, style: 'cyan' },
  succeeded: { text: { en: 'succeeded', es: 'terminó bien' }, style: 'green' },
  'rolled-back': { text: { en: 'rolled back', es: 'revertido' }, style: 'yellow' },
  failed: { text: { en: 'failed', es: 'falló' }, style: 'red' },
  cancelled: { text: { en: 'cancelled', es: 'cancelado' }, style: 'yellow' },
};

/** Why a strategy was taken that nobody chose; nothing where that needs no word. */
export const strategyReasons: Readonly<Record<StrategyReason, Pair | undefined>> = {
  chosen: undefined,
  default: undefined,
  volume: { en: 'has data', es: 'tiene datos' },
  tcp: { en: 'not HTTP', es: 'no es HTTP' },
  'fixed-port': { en: 'fixed port', es: 'puerto fijo' },
};
