import type { Pair } from './pair.ts';

/** One option of a command. `value` is its placeholder in the help. */
export type Flag =
  | { readonly kind: 'switch'; readonly short?: string; readonly text: Pair }
  | {
      readonly kind: 'value' | 'list';
      readonly short?: string;
      readonly value: string;
      readonly choices?: readonly string[];
      readonly text: Pair;
    };

export type Flags = Readonly<Record<string, Flag>>;

/** Options that every command takes. */
export const commonFlags = {
  help: { kind: 'switch', short: 'h', text: { en: 'show this help', es: 'muestra esta ayuda' } },
  lang: {
    kind: 'value',
    value: 'en|es',
    choices: ['en', 'es'],
    text: { en: 'language (default: TIMONEL_LANG, then LANG)', es: 'idioma (por omisión: TIMONEL_LANG, luego LANG)' },
  },
  json: { kind: 'switch', text: { en: 'print JSON for programs', es: 'imprime JSON para programas' } },
} as const satisfies Flags;

/** Options that choose a Compose file and how to read it, and by its place a project that was deployed. */
export const composeFlags = {
  project: {
    kind: 'value',
    short: 'p',
    value: 'NAME',
    text: { en: 'project name', es: 'nombre del proyecto' },
  },
  file: {
    kind: 'list',
    short: 'f',
    value: 'FILE',
    text: {
      en: 'Compose file, - for standard input; may be repeated',
      es: 'archivo Compose, - para la entrada estándar; se puede repetir',
    },
  },
  'project-directory': {
    kind: 'value',
    value: 'DIR',
    text: { en: 'folder that relative paths start from', es: 'carpeta de la que parten las rutas relativas' },
  },
  'env-file': {
    kind: 'list',
    value: 'FILE',
    text: {
      en: 'file of variables instead of .env; may be repeated',
      es: 'archivo de variables en lugar de .env; se puede repetir',
    },
  },
  profile: {
    kind: 'list',
    value: 'NAME',
    text: { en: 'profile to turn on; may be repeated', es: 'perfil que se activa; se puede repetir' },
  },
} as const satisfies Flags;

/** Options of everything that tells line by line. */
export const lineFlags = {
  ...composeFlags,
  // -f follows, as everywhere else in the world.
  file: { kind: 'list', value: 'FILE', text: composeFlags.file.text },
  follow: {
    kind: 'switch',
    short: 'f',
    text: { en: 'go on with what comes from now on', es: 'sigue con lo que venga desde ahora' },
  },
  since: {
    kind: 'value',
    value: 'WHEN',
    text: { en: 'only after: 10m, 2h, 2026-11-22T10:00:00', es: 'solo después de: 10m, 2h, 2026-11-22T10:00:00' },
  },
  tail: {
    kind: 'value',
    short: 'n',
    value: 'COUNT|all',
    text: { en: 'only the last lines', es: 'solo las últimas líneas' },
  },
} as const satisfies Flags;

/** Where instances run. */
export const runtimeFlags = {
  runtime: {
    kind: 'value',
    value: 'process|docker',
    choices: ['process', 'docker'],
    text: {
      en: 'where instances run (default: docker where a service needs its image and Docker answers, else process)',
      es: 'dónde se ejecutan las instancias (por omisión: docker si un servicio necesita su imagen y Docker responde; si no, process)',
    },
  },
} as const satisfies Flags;

/** Options of what makes a new release, or says what it would be. */
export const releaseFlags = {
  ...composeFlags,
  ...runtimeFlags,
  'accept-new-volume': {
    kind: 'switch',
    text: {
      en: 'let services start on new, empty volumes where they had others',
      es: 'permite que los servicios arranquen sobre volúmenes nuevos y vacíos donde tenían otros',
    },
  },
} as const satisfies Flags;

/** Options of everything that deploys. */
export const deploymentFlags = {
  wait: {
    kind: 'value',
    value: 'DURATION',
    text: {
      en: 'wait this long (30s, 5m) for another deployment to end; without it: do not wait',
      es: 'espera este tiempo (30s, 5m) a que termine otro despliegue; sin ella no espera',
    },
  },
} as const satisfies Flags;

/** A flag that answers the question before something is taken down. */
export const yesFlags = {
  yes: { kind: 'switch', short: 'y', text: { en: 'do not ask', es: 'no pregunta' } },
} as const satisfies Flags;
