import { message } from './message.ts';

type Measure = 'error-ratio' | 'p50' | 'p95' | 'p99';
export type CanaryVerdict = 'pass' | 'fail' | 'inconclusive';

const measureNames: Readonly<Record<Measure, { readonly en: string; readonly es: string }>> = {
  'error-ratio': { en: 'error ratio', es: 'proporción de errores' },
  p50: { en: 'p50', es: 'p50' },
  p95: { en: 'p95', es: 'p95' },
  p99: { en: 'p99', es: 'p99' },
};

/** `9.8 %` or `180 ms`. */
function measured(measure: Measure, value: number): string {
  return measure === 'error-ratio' ? `${round(value * 100)} %` : `${round(value)} ms`;
}

function shown(measure: Measure, value: number | undefined): string {
  return value === undefined ? '-' : measured(measure, value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

interface Share {
  readonly service: string;
  readonly percent: number;
}

interface Worse extends Share {
  readonly measure: Measure;
  readonly value: number;
  readonly limit: number;
  /** Undefined where the bound has nothing to do with the stable release. */
  readonly stable: number | undefined;
  readonly requests: number;
}

interface Compared {
  readonly measure: Measure;
  readonly canary: number | undefined;
  readonly stable: number | undefined;
  readonly limit: number | undefined;
  readonly verdict: CanaryVerdict;
}

interface Progress {
  readonly percent: number;
  readonly verdict: CanaryVerdict;
  readonly state: 'judging' | 'waiting' | 'paused';
  readonly canary: number;
  readonly stable: number;
  readonly seconds: number | undefined;
}

export const verdictWords = {
  pass: { en: 'good so far', es: 'bien hasta ahora' },
  fail: { en: 'not good enough', es: 'no es suficiente' },
  inconclusive: { en: 'too little to judge', es: 'muy poco para juzgar' },
};

/** What is said of a canary: its steps, its verdicts, and what people order. */
export const canaryMessages = {
  STEP_ANALYSE: message<Share & { ms: number | undefined }>({
    en: (f) =>
      `${f.service}: compare the new release with the old one at ${f.percent} % of the requests${f.ms === undefined ? ', until it is promoted' : `, for ${f.ms / 1000} s`}`,
    es: (f) =>
      `${f.service}: comparar la versión nueva con la anterior con el ${f.percent} % de las peticiones${f.ms === undefined ? ', hasta que se promueva' : `, durante ${f.ms / 1000} s`}`,
  }),
  PROGRESS_CANARY: message<Progress>({
    en: (f) =>
      `${f.percent} %, ${verdictWords[f.verdict]?.en}: ${f.canary} requests, the old release ${f.stable}${
        f.state === 'paused'
          ? '; paused, timonel resume goes on'
          : f.state === 'waiting'
            ? '; waits for timonel promote or timonel abort'
            : `; ${f.seconds ?? 0} s left`
      }`,
    es: (f) =>
      `${f.percent} %, ${verdictWords[f.verdict]?.es}: ${f.canary} peticiones, la versión anterior ${f.stable}${
        f.state === 'paused'
          ? '; en pausa, timonel resume la continúa'
          : f.state === 'waiting'
            ? '; espera timonel promote o timonel abort'
            : `; faltan ${f.seconds ?? 0} s`
      }`,
  }),
  CANARY_NOW: message<{ service: string; position: number; of: number; progress: string }>({
    en: (f) => `${f.service}: canary, share ${f.position} of ${f.of}: ${f.progress}`,
    es: (f) => `${f.service}: canario, paso ${f.position} de ${f.of}: ${f.progress}`,
  }),
  CANARY_COMPARED: message<Compared>({
    en: (f) =>
      `${measureNames[f.measure]?.en} ${shown(f.measure, f.canary)}, limit ${shown(f.measure, f.limit)}${f.stable === undefined ? '' : ` (the old release ${shown(f.measure, f.stable)})`}: ${verdictWords[f.verdict]?.en}`,
    es: (f) =>
      `${measureNames[f.measure]?.es} ${shown(f.measure, f.canary)}, límite ${shown(f.measure, f.limit)}${f.stable === undefined ? '' : ` (la versión anterior ${shown(f.measure, f.stable)})`}: ${verdictWords[f.verdict]?.es}`,
  }),
  CANARY_ASKED: message<{ asked: string; found: string | undefined; verdict: CanaryVerdict }>({
    en: (f) => `${f.asked} says ${f.found ?? '-'}: ${verdictWords[f.verdict]?.en}`,
    es: (f) => `${f.asked} dice ${f.found ?? '-'}: ${verdictWords[f.verdict]?.es}`,
  }),
  CANARY_WORSE: message<Worse>({
    en: (f) =>
      `${f.service}: at ${f.percent} % of the requests the new release is not good enough: ${measureNames[f.measure]?.en} ${measured(f.measure, f.value)} in ${f.requests} requests, the limit is ${measured(f.measure, f.limit)}${f.stable === undefined ? '' : ` (the old release has ${measured(f.measure, f.stable)})`}`,
    es: (f) =>
      `${f.service}: con el ${f.percent} % de las peticiones la versión nueva no es suficientemente buena: ${measureNames[f.measure]?.es} ${measured(f.measure, f.value)} en ${f.requests} peticiones, el límite es ${measured(f.measure, f.limit)}${f.stable === undefined ? '' : ` (la versión anterior tiene ${measured(f.measure, f.stable)})`}`,
    hint: {
      en: 'see what it wrote with timonel logs --release; limits are x-timonel.strategy.analysis',
      es: 'vea lo que escribió con timonel logs --release; los límites están en x-timonel.strategy.analysis',
    },
  }),
  CANARY_CHECK_FAILED: message<Share & { asked: string; found: string }>({
    en: (f) =>
      `${f.service}: at ${f.percent} % of the requests a check of the canary fails: ${f.asked} says ${f.found}`,
    es: (f) =>
      `${f.service}: con el ${f.percent} % de las peticiones falla una comprobación del canario: ${f.asked} dice ${f.found}`,
  }),
  CANARY_CHECK_SILENT: message<Share & { asked: string; found: string; seconds: number }>({
    en: (f) =>
      `${f.service}: at ${f.percent} % of the requests a check of the canary told nothing for ${f.seconds} s: ${f.asked}: ${f.found}`,
    es: (f) =>
      `${f.service}: con el ${f.percent} % de las peticiones una comprobación del canario no dijo nada durante ${f.seconds} s: ${f.asked}: ${f.found}`,
    hint: {
      en: 'ask it by hand from this machine, or choose inconclusive.action: pause',
      es: 'hágale la misma pregunta desde esta máquina, o elija inconclusive.action: pause',
    },
  }),
  CANARY_INCONCLUSIVE: message<Share & { requests: number; stable: number; needed: number; seconds: number }>({
    en: (f) =>
      `${f.service}: at ${f.percent} % of the requests there was too little to judge by for ${f.seconds} s: ${f.requests} requests reached the new release and ${f.stable} the old one, ${f.needed} of each are needed`,
    es: (f) =>
      `${f.service}: con el ${f.percent} % de las peticiones hubo muy poco para juzgar durante ${f.seconds} s: ${f.requests} peticiones llegaron a la versión nueva y ${f.stable} a la anterior, hacen falta ${f.needed} de cada una`,
    hint: {
      en: 'lower analysis.minRequests, give the first step more, or choose inconclusive.action: pause',
      es: 'baje analysis.minRequests, dé más al primer paso, o elija inconclusive.action: pause',
    },
  }),
  CANARY_ABORTED: message<{ by: string }>({
    en: (f) => `the canary was aborted by ${f.by}; the old release has all requests again`,
    es: (f) => `${f.by} abortó el canario; la versión anterior tiene otra vez todas las peticiones`,
  }),
  CANARY_NONE: message<{ project: string }>({
    en: (f) => `no canary of ${f.project} is under way`,
    es: (f) => `no hay ningún canario de ${f.project} en marcha`,
    hint: {
      en: (f) => `see what is: timonel status -p ${f.project}`,
      es: (f) => `vea qué hay: timonel status -p ${f.project}`,
    },
  }),
  CANARY_NOT_JUDGED_YET: message<{ project: string; step: string }>({
    en: (f) => `the canary of ${f.project} is between two shares, at ${f.step}: there is nothing to promote yet`,
    es: (f) => `el canario de ${f.project} está entre dos pasos, en ${f.step}: aún no hay nada que promover`,
    hint: {
      en: (f) => `try again in a moment, or skip the rest: timonel promote --full -p ${f.project}`,
      es: (f) => `pruebe en un momento, o salte el resto: timonel promote --full -p ${f.project}`,
    },
  }),
  CANARY_NEEDS_HTTP: message<{ service: string }>({
    en: (f) => `${f.service} answers no HTTP, so there are no requests to give a canary a share of`,
    es: (f) => `${f.service} no responde HTTP, así que no hay peticiones de las que dar una parte a un canario`,
    hint: {
      en: 'choose strategy: blue-green or rolling, or name the port in x-timonel.route',
      es: 'elija strategy: blue-green o rolling, o nombre el puerto en x-timonel.route',
    },
  }),
  CANARY_LEASTCONN: message<{ service: string }>({
    en: (f) =>
      `${f.service} balances by least connections, which cannot give a canary an exact share: it is balanced by turns instead`,
    es: (f) =>
      `${f.service} reparte por menos conexiones, lo que no da al canario una parte exacta: se reparte por turnos`,
    hint: { en: 'write balance: roundrobin', es: 'escriba balance: roundrobin' },
  }),
  CANARY_PROMOTED: message<{ project: string; full: boolean }>({
    en: (f) => `${f.project}: promoted ${f.full ? 'to all requests' : 'to the next share'}`,
    es: (f) => `${f.project}: promovido ${f.full ? 'a todas las peticiones' : 'al paso siguiente'}`,
  }),
  CANARY_PAUSED: message<{ project: string }>({
    en: (f) => `${f.project}: the canary stays at its share, still watched, until timonel resume or timonel promote`,
    es: (f) => `${f.project}: el canario se queda en su paso, todavía vigilado, hasta timonel resume o timonel promote`,
  }),
  CANARY_RESUMED: message<{ project: string }>({
    en: (f) => `${f.project}: the canary goes on`,
    es: (f) => `${f.project}: el canario continúa`,
  }),
};
