import type { Language } from './message.ts';

/** What a setting has to be, as it follows the setting's name. */
export const demands = {
  durationForm: {
    en: 'a duration such as 30s, 1m30s or 500ms',
    es: 'una duración como 30s, 1m30s o 500ms',
  },
  size: {
    en: 'a size such as 10MB or 512KB',
    es: 'un tamaño como 10MB o 512KB',
  },
  line: {
    en: 'a text without line breaks',
    es: 'un texto sin saltos de línea',
  },
  ranges: {
    en: 'addresses or ranges such as 10.0.0.0/8',
    es: 'direcciones o rangos como 10.0.0.0/8',
  },
  header: {
    en: 'a header name',
    es: 'un nombre de cabecera',
  },
  pattern: {
    en: 'a regular expression',
    es: 'una expresión regular',
  },
  directory: {
    en: 'letsencrypt, staging or a URL',
    es: 'letsencrypt, staging o una URL',
  },
  hook: {
    en: 'hook with challenge dns-01, and only with it',
    es: 'hook con challenge dns-01, y solo con él',
  },
  claim: {
    en: 'the name of a claim',
    es: 'el nombre de un claim',
  },
  averageOrWindows: {
    en: 'either average or windows',
    es: 'average o windows, uno de los dos',
  },
  statuses: {
    en: 'a status or a range such as 500-599',
    es: 'un estado o un rango como 500-599',
  },
  cookie: {
    en: 'letters, digits, _, - and .',
    es: 'letras, cifras, _, - y .',
  },
  oneProbe: {
    en: 'exactly one of http, tcp, command, log, running',
    es: 'exactamente uno de http, tcp, command, log, running',
  },
  strategy: {
    en: 'rolling, blue-green, canary or recreate, or {kind: canary} with its options',
    es: 'rolling, blue-green, canary o recreate, o {kind: canary} con sus opciones',
  },
  share: {
    en: 'a share of the requests such as 5%, from 0% to 100%; above 0% at least 0.4%',
    es: 'una parte de las peticiones como 5%, de 0% a 100%; por encima de 0% al menos 0.4%',
  },
  step: {
    en: 'a share such as 5%, or {weight: 5%, pause: 10m}',
    es: 'una parte como 5%, o {weight: 5%, pause: 10m}',
  },
  steps: {
    en: 'a list of shares such as [5%, 25%, 50%, 100%]',
    es: 'una lista de partes como [5%, 25%, 50%, 100%]',
  },
  someStep: {
    en: 'at least one share, such as 5%',
    es: 'al menos una parte, como 5%',
  },
  growing: {
    en: 'shares that grow, such as [5%, 25%, 50%, 100%]',
    es: 'partes que crecen, como [5%, 25%, 50%, 100%]',
  },
  name: {
    en: 'a name of letters, digits, - and _',
    es: 'un nombre de letras, cifras, - y _',
  },
  sticky: {
    en: 'true, false or {cookie: NAME, maxAge: 1h}',
    es: 'true, false o {cookie: NOMBRE, maxAge: 1h}',
  },
  ratio: {
    en: 'a ratio from 0 to 1, such as 0.05',
    es: 'una proporción de 0 a 1, como 0.05',
  },
  bound: {
    en: 'max, timesStable or both',
    es: 'max, timesStable o ambos',
  },
  address: {
    en: 'an address such as http://127.0.0.1:9090',
    es: 'una dirección como http://127.0.0.1:9090',
  },
  maxOrMin: {
    en: 'max, min or both',
    es: 'max, min o ambos',
  },
  addressOrPath: {
    en: 'an address, or a path such as /selftest',
    es: 'una dirección, o una ruta como /selftest',
  },
  analysis: {
    en: 'false, or bounds such as {errorRatio: 0.01}',
    es: 'false, o límites como {errorRatio: 0.01}',
  },
  pagesService: {
    en: 'the name of a service, with a port that speaks HTTP',
    es: 'el nombre de un servicio, con un puerto que habla HTTP',
  },
  statusRange: {
    en: 'ranges of statuses from the lower to the higher one',
    es: 'rangos de estados del menor al mayor',
  },
  rewriteRange: {
    en: 'ranges of statuses, each with a status that has a body',
    es: 'rangos de estados, cada uno con un estado que tiene cuerpo',
  },
  users: {
    en: 'users as NAME:HASH, as htpasswd writes them',
    es: 'usuarios como NOMBRE:HASH, como los escribe htpasswd',
  },
} as const satisfies Readonly<Record<string, Demand>>;

/** One demand in each language. */
export type Demand = Readonly<Record<Language, string>>;

/** The same demand in Spanish; undefined for one that is not ours. */
export function demandInSpanish(en: string): string | undefined {
  return Object.values(demands).find((one) => one.en === en)?.es;
}
