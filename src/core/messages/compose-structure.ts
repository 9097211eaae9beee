import { message } from './message.ts';

type Word = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'mapping' | 'list';

const words: Readonly<Record<'en' | 'es', Readonly<Record<Word, string>>>> = {
  en: {
    string: 'a string',
    integer: 'an integer',
    number: 'a number',
    boolean: 'a boolean',
    null: 'null',
    mapping: 'a mapping',
    list: 'a list',
  },
  es: {
    string: 'un texto',
    integer: 'un entero',
    number: 'un número',
    boolean: 'un booleano',
    null: 'null',
    mapping: 'un mapa',
    list: 'una lista',
  },
};

const needs = {
  en: {
    string: 'text',
    boolean: 'true or false',
    integer: 'an integer',
    count: 'an integer that is not negative, without quotes',
    number: 'a number',
    list: 'a list',
    mapping: 'a mapping',
    command: 'a text or a list of texts',
    bytes: 'a size such as 64m or 1.5gb',
    duration: 'a duration such as 1m30s',
    mode: 'an octal file mode such as 0440',
    'device count': "'all' or a number",
  },
  es: {
    string: 'texto',
    boolean: 'true o false',
    integer: 'un entero',
    count: 'un entero no negativo, sin comillas',
    number: 'un número',
    list: 'una lista',
    mapping: 'un mapa',
    command: 'un texto o una lista de textos',
    bytes: 'un tamaño como 64m o 1.5gb',
    duration: 'una duración como 1m30s',
    mode: 'un modo de archivo octal como 0440',
    'device count': "'all' o un número",
  },
} as const;

/** What the Compose loader says about the shape of values: known keys, types, forms. */
export const composeStructureMessages = {
  COMPOSE_UNKNOWN_KEY: message<{ where: string; key: string; nearest: string | undefined }>({
    en: (f) => `${f.where === '' ? 'the top level' : f.where} does not allow the key "${f.key}"`,
    es: (f) => `${f.where === '' ? 'el primer nivel' : f.where} no admite la clave "${f.key}"`,
    hint: {
      en: (f) =>
        f.nearest === undefined
          ? 'remove it, or begin it with x- to keep it as an extension'
          : `did you mean ${f.nearest}?`,
      es: (f) =>
        f.nearest === undefined
          ? 'elimínela o empiécela con x- para dejarla como extensión'
          : `¿quería decir ${f.nearest}?`,
    },
  }),
  COMPOSE_NAME_NOT_ALLOWED: message<{ where: string; name: string }>({
    en: (f) => `${f.where} does not allow the name "${f.name}"`,
    es: (f) => `${f.where} no admite el nombre "${f.name}"`,
    hint: { en: 'use letters, digits, . _ and - only', es: 'use solo letras, dígitos, . _ y -' },
  }),
  COMPOSE_WRONG_TYPE: message<{ path: string; demanded: readonly Word[]; found: Word }>({
    en: (f) => `${f.path} must be ${choice(f.demanded, 'en')}, not ${words.en[f.found]}`,
    es: (f) => `${f.path} debe ser ${choice(f.demanded, 'es')}, no ${words.es[f.found]}`,
    hint: {
      en: (f) => (isQuotable(f) ? 'put the value in quotes' : `write ${choice(worthWriting(f), 'en')}`),
      es: (f) => (isQuotable(f) ? 'ponga el valor entre comillas' : `escriba ${choice(worthWriting(f), 'es')}`),
    },
  }),
  COMPOSE_KEY_MISSING: message<{ path: string; key: string }>({
    en: (f) => `${f.path} needs the key "${f.key}"`,
    es: (f) => `${f.path} necesita la clave "${f.key}"`,
    hint: { en: (f) => `add ${f.key}:`, es: (f) => `añada ${f.key}:` },
  }),
  COMPOSE_NOT_A_CHOICE: message<{
    path: string;
    value: string;
    choices: readonly string[];
    nearest: string | undefined;
  }>({
    en: (f) => `${f.path} must be one of ${f.choices.join(', ')}, not "${f.value}"`,
    es: (f) => `${f.path} debe ser uno de ${f.choices.join(', ')}, no "${f.value}"`,
    hint: {
      en: (f) => (f.nearest === undefined ? 'choose one of these' : `did you mean ${f.nearest}?`),
      es: (f) => (f.nearest === undefined ? 'elija uno de estos' : `¿quería decir ${f.nearest}?`),
    },
  }),
  COMPOSE_PATTERN: message<{ path: string; value: string; pattern: string }>({
    en: (f) => `${f.path} "${f.value}" does not match ${f.pattern}`,
    es: (f) => `${f.path} "${f.value}" no cumple ${f.pattern}`,
    hint: {
      en: (f) => (f.pattern.includes('|') ? 'choose one of these forms' : 'write the value in that form'),
      es: (f) => (f.pattern.includes('|') ? 'elija una de estas formas' : 'escriba el valor con esa forma'),
    },
  }),
  COMPOSE_TOO_SMALL: message<{ path: string; value: number; min: number }>({
    en: (f) => `${f.path} must be greater than or equal to ${f.min}, not ${f.value}`,
    es: (f) => `${f.path} debe ser mayor o igual que ${f.min}, no ${f.value}`,
    hint: { en: (f) => `write ${f.min} or more`, es: (f) => `escriba ${f.min} o más` },
  }),
  COMPOSE_TOO_LARGE: message<{ path: string; value: number; max: number }>({
    en: (f) => `${f.path} must be less than or equal to ${f.max}, not ${f.value}`,
    es: (f) => `${f.path} debe ser menor o igual que ${f.max}, no ${f.value}`,
    hint: { en: (f) => `write ${f.max} or less`, es: (f) => `escriba ${f.max} o menos` },
  }),
  COMPOSE_NOT_FINITE: message<{ path: string; value: string }>({
    en: (f) => `${f.path} is not a finite number`,
    es: (f) => `${f.path} no es un número finito`,
    hint: { en: 'put it in quotes if text is meant', es: 'póngalo entre comillas si es texto' },
  }),
  COMPOSE_ITEM_REPEATED: message<{ path: string; first: number; second: number }>({
    en: (f) => `${f.path} has the same item twice, at ${f.first} and ${f.second}`,
    es: (f) => `${f.path} tiene el mismo elemento dos veces, en ${f.first} y ${f.second}`,
    hint: { en: 'remove one of them', es: 'elimine uno de ellos' },
  }),
  COMPOSE_VALUE: message<{ path: string; value: string; needed: keyof typeof needs.en }>({
    en: (f) => `${f.path}: "${f.value}" is not ${needs.en[f.needed]}`,
    es: (f) => `${f.path}: "${f.value}" no es ${needs.es[f.needed]}`,
    hint: { en: (f) => `write ${needs.en[f.needed]}`, es: (f) => `escriba ${needs.es[f.needed]}` },
  }),
  COMPOSE_TARGET_MISSING: message<{ path: string; what: 'mount' | 'device' | 'port' }>({
    en: (f) => `${f.path} is missing its target`,
    es: (f) => `a ${f.path} le falta target`,
    hint: {
      en: (f) =>
        f.what === 'port'
          ? 'add target: with the port inside the container'
          : 'add target: with the path inside the container',
      es: (f) =>
        f.what === 'port'
          ? 'añada target: con el puerto dentro del contenedor'
          : 'añada target: con la ruta dentro del contenedor',
    },
  }),
  COMPOSE_EMPTY_VALUE: message<{ path: string }>({
    en: (f) => `${f.path} must not be empty`,
    es: (f) => `${f.path} no puede estar vacío`,
    hint: { en: 'write a value', es: 'escriba un valor' },
  }),
  COMPOSE_KEY_VALUE: message<{ path: string; value: string }>({
    en: (f) => `${f.path}: "${f.value}" is not of the form key=value`,
    es: (f) => `${f.path}: "${f.value}" no tiene la forma clave=valor`,
    hint: { en: 'write key=value', es: 'escriba clave=valor' },
  }),
  COMPOSE_SSH_KEY: message<{ value: string }>({
    en: (f) => `invalid ssh key "${f.value}"`,
    es: (f) => `clave ssh no válida "${f.value}"`,
    hint: { en: 'write default, or id=path', es: 'escriba default o id=ruta' },
  }),
  COMPOSE_DEVICE: message<{ value: string }>({
    en: (f) => `device "${f.value}" has more than three parts`,
    es: (f) => `el dispositivo "${f.value}" tiene más de tres partes`,
    hint: {
      en: 'write /dev/host:/dev/container:rwm, or the long form with source: and target:',
      es: 'escriba /dev/anfitrion:/dev/contenedor:rwm o la forma larga con source: y target:',
    },
  }),
  COMPOSE_PORT_FRACTION: message<{ value: string }>({
    en: (f) => `port ${f.value} is not a whole number`,
    es: (f) => `el puerto ${f.value} no es un número entero`,
    hint: { en: 'write the port in quotes: "8080:80"', es: 'escriba el puerto entre comillas: "8080:80"' },
  }),
  COMPOSE_TOO_MANY_PORTS: message<{ limit: number }>({
    en: (f) => `the port ranges of this project become more than ${f.limit} ports`,
    es: (f) => `los rangos de puertos de este proyecto suman más de ${f.limit} puertos`,
    hint: { en: 'publish smaller ranges', es: 'publique rangos más pequeños' },
  }),
  COMPOSE_ADDRESS: message<{ path: string; address: string }>({
    en: (f) => `${f.path}: invalid ip address: ${f.address}`,
    es: (f) => `${f.path}: dirección IP no válida: ${f.address}`,
    hint: { en: 'write a literal address such as 127.0.0.1', es: 'escriba una dirección como 127.0.0.1' },
  }),
  COMPOSE_HOST_ADDRESS: message<{ entry: string }>({
    en: (f) => `extra host "${f.entry}" has no address`,
    es: (f) => `el host adicional "${f.entry}" no tiene dirección`,
    hint: { en: (f) => `write "${f.entry}=192.0.2.1"`, es: (f) => `escriba "${f.entry}=192.0.2.1"` },
  }),
  COMPOSE_HOST_NAME: message<{ host: string }>({
    en: (f) => `bad host name "${f.host}"`,
    es: (f) => `nombre de host no válido "${f.host}"`,
    hint: { en: 'write host=address', es: 'escriba host=dirección' },
  }),
  COMPOSE_VARIABLE_SPACE: message<{ path: string; name: string }>({
    en: (f) => `${f.path}: variable ${f.name} is declared with a trailing space`,
    es: (f) => `${f.path}: la variable ${f.name} se declara con un espacio al final`,
    hint: { en: (f) => `write ${f.name}=value without the space`, es: (f) => `escriba ${f.name}=valor sin el espacio` },
  }),
  COMPOSE_COMMAND_TAIL: message<{ path: string; tail: string }>({
    en: (f) => `${f.path}: "${f.tail}" is cut off, because no shell runs this command`,
    es: (f) => `${f.path}: se corta "${f.tail}", porque ningún shell ejecuta esta orden`,
    hint: {
      en: 'call a shell: ["sh", "-c", "first && second"]',
      es: 'llame a un shell: ["sh", "-c", "primero && segundo"]',
    },
  }),
};

/** Quotes make a text of a number or a boolean, but not of a list, a mapping or nothing. */
function isQuotable({ demanded, found }: { demanded: readonly Word[]; found: Word }): boolean {
  if (!demanded.includes('string') || !['integer', 'number', 'boolean'].includes(found)) return false;
  // A quoted number is cast again where a number is wanted, so quotes do not help there.
  return !(found === 'number' && demanded.includes('integer'));
}

function worthWriting({ demanded, found }: { demanded: readonly Word[]; found: Word }): readonly Word[] {
  if (found === 'number' && demanded.includes('integer')) return ['integer'];
  return demanded.filter((word) => word !== 'null');
}

function choice(demanded: readonly Word[], language: 'en' | 'es'): string {
  const names = demanded.map((word) => words[language][word]).toSorted();
  const last = names.pop() ?? '';
  if (names.length === 0) return last;
  return `${names.join(', ')} ${language === 'en' ? 'or' : 'o'} ${last}`;
}
